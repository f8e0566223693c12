"""Codes and postcodes: letters and digits in a known shape."""

import re
from collections.abc import Sequence

from dialog.grammar.letters import Reading, dictated

MOST_WORDS = 18
"""Longer texts are not searched for a code."""
MOST_ALIKE = 10
"""Texts longer than this are not searched for words that merely sound like letters: they are sentences."""
CLEAR_LENGTH = 4
"""A code that nobody asked for has at least this many places, with a digit among them."""
SWAPS = {"O": "0", "I": "1", "0": "O", "1": "I"}
"""What is written for the other where letters and digits look alike."""
SWAPPED = 0.6


def codes_in(text: str, pattern: str, *, strict: bool) -> list[tuple[str, float]]:
    """Codes that the whole `pattern` matches, with scores, likeliest first.

    Not `strict`: only what is dictated clearly, or written as one word, and long enough to be nothing else.
    """
    shape = re.compile(pattern)
    written = [
        (word, 1.0)
        for word in re.findall(r"[A-Z0-9]+", re.sub(r"(?<=\w)[-/](?=\w)", "", text.upper()))
        if shape.fullmatch(word) and (strict or _clear(word))
    ]
    if written:
        return list(dict.fromkeys(written))
    words = text.split()
    if len(words) > MOST_WORDS:
        return []
    alike_too = strict and len(words) <= MOST_ALIKE
    for alike in (False, True) if alike_too else (False,):
        found = _longest(words, shape, sound_alikes=alike, strict=strict)
        if found:
            return found
    return []


def _longest(
    words: Sequence[str], shape: re.Pattern[str], *, sound_alikes: bool, strict: bool
) -> list[tuple[str, float]]:
    """The codes in the longest part of the text that holds any: what surrounds a code is in nobody's pattern."""
    for length in range(len(words), 0, -1):
        found: dict[str, float] = {}
        for start in range(len(words) - length + 1):
            part = " ".join(words[start : start + length])
            for reading in dictated(part, sound_alikes=sound_alikes):
                for value, weight in _fitting(reading, shape):
                    if strict or _clear(value):
                        found[value] = max(found.get(value, 0.0), weight)
        if found:
            return sorted(found.items(), key=lambda item: -item[1])
    return []


def _fitting(reading: Reading, shape: re.Pattern[str]) -> list[tuple[str, float]]:
    if shape.fullmatch(reading.value):
        return [(reading.value, reading.weight)]
    found = []
    for at, letter in enumerate(reading.value):
        if letter in SWAPS:
            other = reading.value[:at] + SWAPS[letter] + reading.value[at + 1 :]
            if shape.fullmatch(other):
                found.append((other, reading.weight * SWAPPED))
    return found


def _clear(value: str) -> bool:
    return len(value) >= CLEAR_LENGTH and any(one.isdigit() for one in value)
