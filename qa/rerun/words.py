"""How alike two texts are, by their words. Pure."""

import re
from collections.abc import Sequence

WORD = re.compile(r"[\w']+")
WITHIN_A_NUMBER = re.compile(r"(?<=\d)(?:[,\u2013-]|,? )(?=\d)")
"""What a recogniser puts between digits that are read out, now so and now so."""


def words_of(text: str) -> list[str]:
    """The words, without case and punctuation."""
    plain = WITHIN_A_NUMBER.sub("", text.casefold().replace("\u2019", "'"))
    return WORD.findall(plain)


def errors(said: Sequence[str], heard: Sequence[str]) -> int:
    """The fewest words to be put in, left out or replaced that make `said` into `heard` (Levenshtein)."""
    row = list(range(len(heard) + 1))
    for number, word in enumerate(said, start=1):
        above, row[0] = row[0], number
        for place, other in enumerate(heard, start=1):
            above, row[place] = row[place], min(row[place] + 1, row[place - 1] + 1, above + (word != other))
    return row[-1]


def word_error(said: str, heard: str) -> float:
    """Word errors in `heard` for each word of `said`; 0 to 1 and above. Without words, 0 or the number of words."""
    one, other = words_of(said), words_of(heard)
    return errors(one, other) / max(1, len(one))
