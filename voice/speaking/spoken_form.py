"""Written text as people say it: money, dates, times, numbers that are names, e-mail and web addresses.

The log and the screen keep what was written; only the voice gets this form. Ordinary numbers are left to the voice,
which reads them as quantities.
"""

import re
from collections.abc import Callable
from datetime import time

from num2words import num2words

from dialog.phrasing import TemplateError, spell, spoken_date

CURRENCIES = {
    "$": ("dollar", "dollars", "cent", "cents"),
    "€": ("euro", "euros", "cent", "cents"),
    "£": ("pound", "pounds", "penny", "pence"),
}
SIGNS = {".": "dot", "-": "dash", "_": "underscore", "+": "plus", "@": "at", "/": "slash"}
LONG_NUMBER = 5
"""From so many digits on, a number without separators is a name, not a quantity: an order, an account."""


def spoken_form(text: str) -> str:
    """`text` with everything that a voice would stumble over written out."""
    for pattern, say in _RULES:
        text = pattern.sub(say, text)
    return text.replace("m..", "m.")


def _address(match: re.Match[str]) -> str:
    """`anna.smith7@example.com` → `anna dot smith seven at example dot com`."""
    parts = re.findall(r"[A-Za-z]+|\d+|[^A-Za-z\d]", match[0])
    return " ".join(SIGNS.get(part) or (spell(part) if part.isdigit() else part) for part in parts)


def _money(match: re.Match[str]) -> str:
    one, many, small_one, small_many = CURRENCIES[match["sign"]]
    whole, small = int(match["whole"].replace(",", "")), int(match["small"] or 0)
    said = [f"{num2words(whole)} {one if whole == 1 else many}"] if whole or not small else []
    if small:
        said.append(f"{num2words(small)} {small_one if small == 1 else small_many}")
    return " and ".join(said)


def _date(match: re.Match[str]) -> str:
    try:
        return spoken_date(match[0])
    except TemplateError:
        return match[0]


def _time(match: re.Match[str]) -> str:
    """`14:30` → `two thirty p.m.`; a time that is none stays as written."""
    hour, minute = int(match["hour"]), int(match["minute"])
    try:
        at = time(hour, minute)
    except ValueError:
        return match[0]
    half = "a.m." if at.hour < 12 else "p.m."
    if match["half"]:
        half = "a.m." if match["half"].lower().startswith("a") else "p.m."
    said = [num2words(at.hour % 12 or 12)]
    if minute:
        said.append(num2words(minute) if minute >= 10 else f"oh {num2words(minute)}")
    return f"{' '.join(said)} {half}"


def _number_name(match: re.Match[str]) -> str:
    """`A1234`, `WL-20931`, `#4711`: letters one by one, digits one by one."""
    parts = re.findall(r"[A-Za-z]+|\d+", match[0])
    return ", ".join(spell(part) if part.isdigit() else " ".join(part.upper()) for part in parts)


def _percent(match: re.Match[str]) -> str:
    return f"{num2words(match[1])} percent"


_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), _address),
    (re.compile(r"\b(?:www\.)?[a-z][\w-]*(?:\.[a-z][\w-]*)*\.(?:com|org|net|io|de|co|eu|uk)\b"), _address),
    (re.compile(r"(?P<sign>[$€£])(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<small>\d\d))?(?!\d)"), _money),
    (re.compile(r"\b\d{4}-\d\d-\d\d\b"), _date),
    (re.compile(r"\b(?P<hour>\d{1,2}):(?P<minute>\d\d)(?:\s*(?P<half>[AaPp])\.?[Mm]\b\.?)?"), _time),
    (re.compile(r"\b(\d+(?:\.\d+)?)\s?%"), _percent),
    (
        re.compile(r"(?<![\d–-])(\d{1,3})\s?[–-]\s?(\d{1,3})(?=\s+[a-z])"),
        lambda match: f"{match[1]} to {match[2]}",
    ),
    (re.compile(r"#\d+\b|\b[A-Z]{1,4}-?\d{2,}\b|\b\d+[A-Z]{1,3}\d*\b"), _number_name),
    (re.compile(rf"(?<![\d,.])\+?\d{{{LONG_NUMBER},}}(?![\d,]|\.\d)"), lambda match: spell(match[0])),
)
