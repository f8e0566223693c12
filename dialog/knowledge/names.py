"""Which named thing a conversation is about: names found in heard text, however the recogniser spelled them.

A name is compared without spaces and small words, as a window of the text slides along, so "dragon eats" is DragonEats
and "parke averon" is near to Park Tavern. A name that stands for an area ("in union square") counts little, and so
does a name inside a longer one ("Alamo Square" in "Alamo Square Seafood Grill").
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

Scores = NDArray[np.float64]

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
SMALL = frozenset({"the", "a", "an", "at", "in", "of", "and"})
BEFORE_AREA = frozenset({"in", "near", "around", "from"})
KINDS_OF_PLACE = frozenset(
    {
        "hotel",
        "restaurant",
        "cafe",
        "bar",
        "grill",
        "suites",
        "inn",
        "house",
        "museum",
        "shop",
        "store",
        "office",
    }
)
LONGEST_WORDS = 8
SHORTEST, LONGEST = 4, 45
"""Letters of a window that is compared at all."""
SAME = 0.86
"""From this likeness on a window is taken for the name when shorter names inside it are weighed."""
PLAIN, BASE, BARE = 1.0, 1.0, 0.95
"""Trust in the whole name, the name without its branch, and the name without what kind of place it is."""
AREA, INSIDE, ELSEWHERE = 0.3, 0.3, 0.3
"""What is left of a name that stands for an area, inside a longer name, or for a thing in another town."""
OURS_FLOOR, THEIRS_FLOOR = 0.72, 0.62
THEIRS = 0.6
"""Callers' turns are heard, ours are known."""
FADE = 0.88
"""What is left of a mention after one more turn."""
TAKEN_UP = 0.5
"""Weight of the caller taking up a name that we said."""
LATER = 0.02
"""What the first word of a turn loses against its last: of two names the last is a little likelier taken up."""
BRANCH = 0.12
KIND = 0.05


@dataclass(frozen=True)
class Named:
    """A thing with a name. Town and kind may be unknown."""

    name: str
    town: str | None = None
    kind: str | None = None


@dataclass(frozen=True)
class SpokenTurn:
    """One turn: the texts that it may have been, likeliest first, and whether we said it."""

    texts: tuple[str, ...]
    ours: bool = False


@dataclass(frozen=True)
class _Window:
    joined: str
    start: int
    end: int
    area: bool


class NameIndex:
    """Finds names in turns. Pure after it was built."""

    def __init__(self, things: Sequence[Named]) -> None:
        self._count = len(things)
        forms = [(form, trust, index) for index, one in enumerate(things) for form, trust in _forms(one.name)]
        self._forms = [form for form, _, _ in forms]
        self._trust = np.array([trust for _, trust, _ in forms])
        self._owner = np.array([index for _, _, index in forms], np.intp)
        self._towns = [(one.town or "").lower() for one in things]
        self._kinds = [one.kind for one in things]
        self._branches = [" ".join(_words(one.name.partition(" - ")[2])) for one in things]

    def follow(self, turns: Sequence[SpokenTurn]) -> Scores:
        """How much the last of `turns` is about each thing, 0 to about 1.7; shape (things,)."""
        said, heard = np.zeros(self._count), np.zeros(self._count)
        for age, turn in enumerate(reversed(turns)):
            floor = OURS_FLOOR if turn.ours else THEIRS_FLOOR
            found = np.clip((self._in_turn(turn) - floor) / (1.0 - floor), 0.0, 1.0) ** 2 * FADE**age
            if turn.ours:
                said = np.maximum(said, found)
            else:
                heard = np.maximum(heard, found)
        scores = np.maximum(said, THEIRS * heard) + TAKEN_UP * np.minimum(said, heard)
        return self._with_hints(scores, turns)

    def _with_hints(self, scores: Scores, turns: Sequence[SpokenTurn]) -> Scores:
        text = " ".join(" ".join(_words(turn.texts[0])) for turn in turns if turn.texts)
        towns = {town for town in self._towns if town and town in text} or self._likeliest_town(scores)
        last = _words(turns[-1].texts[0]) if turns and turns[-1].texts else []
        for index in np.flatnonzero(scores):
            if towns and self._towns[index] and self._towns[index] not in towns:
                scores[index] *= ELSEWHERE
            if self._branches[index] and self._branches[index] in text:
                scores[index] += BRANCH * min(1.0, scores[index])
            if self._kinds[index] in last:
                scores[index] += KIND * min(1.0, scores[index])
        return scores

    def _likeliest_town(self, scores: Scores) -> set[str]:
        """The town of most of what was named, where none was named itself."""
        weight: dict[str, float] = {}
        for index in np.flatnonzero(scores):
            weight[self._towns[index]] = weight.get(self._towns[index], 0.0) + float(scores[index])
        return {max(weight, key=weight.__getitem__)} if weight else set()

    def _in_turn(self, turn: SpokenTurn) -> Scores:
        best = np.zeros(self._count)
        for text in dict.fromkeys(turn.texts):
            best = np.maximum(best, self._in_text(text))
        return best

    def _in_text(self, text: str) -> Scores:
        """The likeness of each thing's name to the nearest window of the text."""
        best = np.zeros(self._count)
        windows = _windows(text)
        if not windows or not self._forms:
            return best
        likeness = process.cdist(
            [window.joined for window in windows],
            self._forms,
            scorer=fuzz.ratio,
            score_cutoff=60,
            dtype=np.uint8,
        )
        scores = likeness / 100.0 * self._trust
        nearest = scores.argmax(axis=0)
        top = scores[nearest, np.arange(len(self._forms))]
        firm = [(windows[nearest[form]], top[form]) for form in np.flatnonzero(top >= SAME)]
        for form in np.flatnonzero(top):
            window, score = windows[nearest[form]], top[form]
            if any(sure >= score and _inside(window, other) for other, sure in firm):
                score *= INSIDE
            elif window.area:
                score *= AREA
            score *= 1.0 - LATER * (1.0 - window.end / windows[-1].end)
            best[self._owner[form]] = max(best[self._owner[form]], score)
        return best


def _inside(one: _Window, other: _Window) -> bool:
    within = other.start <= one.start and one.end <= other.end
    return within and one.end - one.start < other.end - other.start


def _words(text: str) -> list[str]:
    """Words as a recogniser writes them: lower case, digits one by one, no punctuation."""
    plain = re.sub(r"['’]", "", text.lower().replace("&", " and "))
    split = re.sub(r"(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)", " ", plain)
    words = re.findall(r"[^\W_]+", split)
    return [name for word in words for name in (_digits(word) if word.isdecimal() else [word])]


def _digits(word: str) -> list[str]:
    return [DIGITS[int(digit)] for digit in word]


def _forms(name: str) -> Iterable[tuple[str, float]]:
    """The ways to say a name, without spaces, with the trust in each."""
    base = _words(re.split(r" - |, ", name)[0])
    bare = [word for word in base if word not in KINDS_OF_PLACE]
    forms: dict[str, float] = {}
    for words, trust in ((_words(name), PLAIN), (base, BASE), (bare, BARE), (_without_town(base), BARE)):
        joined = "".join(word for word in words if word not in SMALL)
        if len(joined) >= SHORTEST:
            forms.setdefault(joined, trust)
    return forms.items()


def _without_town(words: list[str]) -> list[str]:
    return words[:-2] if words[-2:] == ["san", "francisco"] and len(words) > 3 else []


def _windows(text: str) -> list[_Window]:
    words = _words(text)
    kept = [position for position, word in enumerate(words) if word not in SMALL]
    windows = []
    for start, first in enumerate(kept):
        before = words[max(0, first - 2) : first]
        area = bool(before) and (
            before[-1] in BEFORE_AREA or (before[-1] == "the" and before[0] in BEFORE_AREA)
        )
        for end in range(start + 1, min(start + LONGEST_WORDS, len(kept)) + 1):
            joined = "".join(words[position] for position in kept[start:end])
            if SHORTEST <= len(joined) <= LONGEST:
                windows.append(_Window(joined, start, end, area))
    return windows
