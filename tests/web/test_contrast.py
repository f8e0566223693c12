"""The colours of both themes, reckoned from the style sheet (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from pathlib import Path

import pytest

CSS = (Path(__file__).parents[2] / "web" / "static" / "base.css").read_text()
TEXT = [
    *[
        ("ink", ground)
        for ground in ("ground", "card", "sunk", "caller", "assistant", "agent", "note-ground")
    ],
    *[("soft", ground) for ground in ("ground", "card", "sunk", "caller", "assistant", "agent")],
    ("warm", "card"),
    ("on-warm", "warm"),
    ("on-go", "go"),
    ("good", "good-ground"),
    ("good", "card"),
    ("bad", "bad-ground"),
    ("bad", "card"),
    ("note", "note-ground"),
    ("card", "ink"),
]
PARTS = [("edge", "card"), ("focus", "card"), ("focus", "ground"), ("warm", "ground"), ("go", "card")]


def tokens(dark):
    blocks = re.findall(r":root \{(.*?)\}", CSS, re.DOTALL)
    found = {}
    for block in blocks[: 2 if dark else 1]:
        found |= dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", block))
    return found


def luminance(colour):
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize(("least", "pairs"), [(4.5, TEXT), (3.0, PARTS)], ids=["text", "edges and focus"])
def test_contrast_is_enough(dark, least, pairs):
    colours = tokens(dark)
    low = {f"{one} on {other}": round(contrast(colours[one], colours[other]), 2) for one, other in pairs}
    assert not {pair: value for pair, value in low.items() if value < least}
