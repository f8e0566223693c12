"""Knowledge about many named things (shops, branches, hotels): which thing is talked about, then which document.

The thing is followed through the whole conversation, the question is the last turn. Both are only scored, so a
document that fits well can outweigh a name that was heard badly.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from dialog.encoder import Encoder
from dialog.knowledge.names import Named, NameIndex, SpokenTurn
from dialog.knowledge.sounds import SoundIndex
from dialog.knowledge.weights import DIRECTORY
from dialog.knowledge.words import question_part, words

CANDIDATES = 5
WORTH = 0.3
"""Things whose name scores less than this share of the best are not looked at."""
WIDE = 0.6
"""Name score of what holds for a whole kind ("trains"), where the last turn names the kind."""
HYPOTHESES = 5
BODY = 0.7
"""What the wording of an answer counts against that of its question."""


@dataclass(frozen=True)
class Document:
    """A question and its answer about one thing."""

    title: str
    body: str


@dataclass(frozen=True)
class Thing:
    """A thing and what is known about it. Without a name it stands for its whole kind."""

    named: Named
    documents: tuple[Document, ...]


@dataclass(frozen=True)
class DocumentHit:
    """A document, by the places of its thing and of itself in that thing, and what speaks for it."""

    thing: int
    document: int
    name: float
    meaning: float
    sound: float
    named: float
    """How surely the thing was named at all; `name` is in relation to the likeliest thing."""

    @property
    def score(self) -> float:
        """The higher the likelier; comparable within one search only."""
        return (
            DIRECTORY["name"] * self.name
            + DIRECTORY["meaning"] * self.meaning
            + DIRECTORY["sound"] * self.sound
        )


class Directory:
    """Searches the documents of named things. The encoder is asked for the same texts again and should remember."""

    def __init__(self, things: Sequence[Thing], encoder: Encoder) -> None:
        self._things = tuple(things)
        self._encoder = encoder
        self._names = NameIndex([thing.named for thing in things])
        documents = [(one, thing.named.name) for thing in things for one in thing.documents]
        self._titles = SoundIndex([without_name(one.title, name) for one, name in documents])
        self._bodies = SoundIndex([without_name(one.body, name) for one, name in documents])
        self._starts = np.cumsum([0, *(len(thing.documents) for thing in things)])

    def search(self, turns: Sequence[SpokenTurn]) -> tuple[DocumentHit, ...]:
        """The documents of the likeliest things, best first; the last turn is the question."""
        if not turns or not turns[-1].texts:
            return ()
        names = self._named(turns)
        top = float(names.max(initial=0.0))
        likeliest = [int(index) for index in np.argsort(-names, kind="stable")[:CANDIDATES]]
        likeliest = [index for index in likeliest if names[index] > WORTH * top]
        asked = [question_part(text) for text in turns[-1].texts[:HYPOTHESES]]
        meant = self._encoder.embed(asked).mean(axis=0)
        in_titles = np.mean([self._titles.heard(text) for text in asked], axis=0)
        in_bodies = np.mean([self._bodies.heard(text) for text in asked], axis=0)
        hits = []
        for index in likeliest:
            thing = self._things[index]
            meanings = self._encoder.embed(_texts(thing)) @ meant
            places = range(self._starts[index], self._starts[index + 1])
            sounds = np.maximum(
                self._titles.scores_of(in_titles, places), BODY * self._bodies.scores_of(in_bodies, places)
            )
            named = min(1.0, float(names[index]))
            hits += [
                DocumentHit(index, at, float(names[index]) / top, float(meaning), float(sound), named)
                for at, (meaning, sound) in enumerate(zip(meanings, sounds, strict=True))
            ]
        return tuple(sorted(hits, key=lambda hit: -hit.score))

    def _named(self, turns: Sequence[SpokenTurn]) -> np.ndarray:
        names = self._names.follow(turns)
        last = set(words(turns[-1].texts[0]))
        for index, thing in enumerate(self._things):
            if not thing.named.name and thing.named.kind in last:
                names[index] = WIDE
        return names


def without_name(text: str, name: str) -> str:
    """`text` with "it" in place of the thing's name, so that it reads alike for every thing."""
    if not name:
        return text.lower()
    base = re.split(r" - |, ", name)[0]
    for form in dict.fromkeys((name, base)):
        text = re.sub(rf"\b(?:the )?{re.escape(form)}(?!\w)", "it", text, flags=re.IGNORECASE)
    return text.lower()


def _texts(thing: Thing) -> list[str]:
    return [without_name(f"{one.title} {one.body}", thing.named.name) for one in thing.documents]
