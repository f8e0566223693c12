"""One of a few values: by its words, by its place, or by something very like it."""

import re
from collections.abc import Mapping, Sequence

from rapidfuzz import fuzz

from dialog.grammar.digits import TEENS, UNITS
from dialog.grammar.number_words import ORDINALS

EXACT, PLACE, ALIKE = 1.0, 0.95, 0.7
ALIKE_ENOUGH = 84.0
"""Likeness in percent from which misheard words count."""
AHEAD = 12.0
"""How much more alike than the next choice, in percent: near-alike choices are asked again rather than guessed."""
SHORTEST_ALIKE = 4
"""Shorter words are too easily like others."""
PLACE_WORDS = re.compile(
    rf"\b(?:the )?({'|'.join(ORDINALS)}|\d+(?:st|nd|rd|th)|last|former|latter)(?: (?:one|option|choice|of|please))?\b"
)
NUMBERED = re.compile(rf"\b(?:number|option|choice|answer) (\d+|{'|'.join([*UNITS, *TEENS])})\b")
BARE = re.compile(r"^(?:the )?(\d)$")
NEGATED = re.compile(r"\b(?:not|don't want|no|isn't|rather than|instead of)(?: the| a| an)? $")


def choices_in(text: str, choices: Mapping[str, Sequence[str]], *, strict: bool) -> list[tuple[str, float]]:
    """The choices that a text names, with scores. Not `strict`: by their words only."""
    lowered = _plain(text)
    if not choices:
        return []
    named = _named(lowered, choices)
    if named:
        share = EXACT if len(named) == 1 else 0.5
        return [(value, share) for value in named]
    if not strict:
        return []
    place = _by_place(lowered, list(choices))
    if place is not None:
        return [(place, PLACE)]
    alike = _alike(lowered, choices)
    return [alike] if alike is not None else []


def _plain(text: str) -> str:
    lowered = text.lower().replace("’", "'")
    return " ".join(re.findall(r"[\w']+", lowered))


def _ways(value: str, said: Sequence[str]) -> list[str]:
    return [_plain(one) for one in (value.replace("_", " "), *said) if _plain(one)]


def _named(text: str, choices: Mapping[str, Sequence[str]]) -> list[str]:
    """Choices whose words stand in the text and are not refused; words within longer ones do not count."""
    spans: list[tuple[int, int, str]] = []
    for value, said in choices.items():
        for way in _ways(value, said):
            spans += [(*match.span(), value) for match in re.finditer(rf"\b{re.escape(way)}\b", text)]
    kept = [
        one
        for one in spans
        if not any(other[0] <= one[0] and one[1] <= other[1] and other[:2] != one[:2] for other in spans)
        and not NEGATED.search(text[: one[0]])
    ]
    return list(dict.fromkeys(value for _, _, value in sorted(kept)))


def _by_place(text: str, values: Sequence[str]) -> str | None:
    numbered = NUMBERED.search(text) or BARE.search(text)
    if numbered:
        word = numbered[1]
        place = int(word) if word.isdigit() else {**UNITS, **TEENS}[word]
        return values[place - 1] if 1 <= place <= len(values) else None
    places = {
        one for match in PLACE_WORDS.finditer(text) if (one := _place(match[1], len(values))) is not None
    }
    if len(places) != 1 or NEGATED.search(text[: PLACE_WORDS.search(text).start()]):  # type: ignore[union-attr]
        return None
    return values[places.pop()]


def _place(word: str, count: int) -> int | None:
    if word == "last" or (word == "latter" and count == 2):
        return count - 1
    if word in {"former", "latter"}:
        return 0 if word == "former" and count == 2 else None
    number = ORDINALS.get(word) or int(re.sub(r"\D", "", word))
    return number - 1 if 1 <= number <= count else None


def _alike(text: str, choices: Mapping[str, Sequence[str]]) -> tuple[str, float] | None:
    """The choice that the text is very like, if no other one is nearly as like."""
    scores = sorted(
        ((max(_likeness(text, way) for way in _ways(value, said)), value) for value, said in choices.items()),
        reverse=True,
    )
    best, value = scores[0]
    second = scores[1][0] if len(scores) > 1 else 0.0
    if best < ALIKE_ENOUGH or best - second < AHEAD:
        return None
    return value, ALIKE * best / 100


def _likeness(text: str, way: str) -> float:
    """Likeness of the text, or of as many of its words in a row, to one way of saying a choice."""
    if len(way) < SHORTEST_ALIKE:
        return 0.0
    words, count = text.split(), len(way.split())
    runs = [" ".join(words[at : at + count]) for at in range(max(1, len(words) - count + 1))]
    return max((fuzz.ratio(run, way) for run in [*runs, text]), default=0.0)
