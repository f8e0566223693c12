"""Numbers that belong together because somebody dictates them in parts, within an utterance or over several."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from calls.redaction.numbers import Number, Piece
from calls.redaction.talk import Utterance
from calls.redaction.topics import topics_in

WORD = re.compile(r"\w+")
MOST_BETWEEN = 6
"""Words of the same speaker between two parts of one number."""
MOST_REPLY = 14
"""Words of the other in between, such as "Go on"."""
MOST_DIGITS = 30
"""The same, where they read digits back, which takes a word each."""
SAYS_DIGITS = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|zero|oh)\b", re.IGNORECASE)
MOST_AWAY = 4
"""Utterances further on, the other's included."""


@dataclass(frozen=True)
class Part:
    """A number of one utterance."""

    at: int
    number: Number


@dataclass(frozen=True)
class Chain:
    """Parts of what may be one number, in order."""

    parts: tuple[Part, ...]

    @property
    def places(self) -> list[tuple[int, Piece]]:
        """All pieces, each with its utterance."""
        return [(part.at, piece) for part in self.parts for piece in part.number.pieces]


def chains(talk: Sequence[Utterance], numbers: Sequence[Sequence[Number]]) -> Iterator[Chain]:
    """Each number with those that may go on with it; `numbers` are those of each utterance."""
    parts = [Part(at, number) for at, found in enumerate(numbers) for number in found]
    by_speaker: dict[str, list[Part]] = {}
    for part in parts:
        by_speaker.setdefault(talk[part.at].who, []).append(part)
    for own in by_speaker.values():
        chain: list[Part] = []
        for part in own:
            if chain and not _goes_on(talk, chain[-1], part):
                yield Chain(tuple(chain))
                chain = []
            chain.append(part)
        if chain:
            yield Chain(tuple(chain))


def _goes_on(talk: Sequence[Utterance], before: Part, part: Part) -> bool:
    """Whether little is said in between, and nothing that announces another number."""
    if part.at == before.at:
        own, others = [talk[part.at].text[before.number.end : part.number.start]], []
    else:
        between = talk[before.at + 1 : part.at]
        own = [talk[before.at].text[before.number.end :], talk[part.at].text[: part.number.start]]
        own += [one.text for one in between if one.who == talk[part.at].who]
        others = [one.text for one in between if one.who != talk[part.at].who]
    near = part.at - before.at <= MOST_AWAY and sum(map(_count, own)) <= MOST_BETWEEN
    return near and not any(map(topics_in, own)) and all(map(_is_reply, others))


def _is_reply(text: str) -> bool:
    return _count(text) <= (MOST_DIGITS if SAYS_DIGITS.search(text) else MOST_REPLY)


def _count(text: str) -> int:
    return len(WORD.findall(text))
