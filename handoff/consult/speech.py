"""Sentences as sound, made before anybody waits for them."""

from collections.abc import Iterable
from typing import Protocol

import numpy as np

from handoff.briefing.ear import spoken
from handoff.briefing.types import Briefing, Spoken
from telephony.media.ulaw import Pcm
from voice.speaking.synthesis import Synthesiser

FASTEST_S_PER_CHARACTER = 1 / 30
"""No voice says a sentence faster: what is not measured yet is taken to last so long, and measured to know better."""
MARGIN = 1.03
"""A sentence may take a little longer than it was measured: no voice says it twice in quite the same time."""


class Speaks(Protocol):
    """What of the speech models of a process a leg needs."""

    @property
    def synthesiser(self) -> Synthesiser:
        """The voice that all calls share."""


async def rendered(synthesiser: Synthesiser, text: str, owner: str) -> Pcm:
    """All of a sentence, int16 mono 8 kHz; `owner` is the call that it belongs to.

    It is kept in the memory of the process only, as anything that is said to one caller is.
    """
    pieces = [piece async for piece in synthesiser.start(text).pieces(owner)]
    return np.concatenate(pieces) if pieces else np.zeros(0, dtype=np.int16)


async def all_rendered(synthesiser: Synthesiser, texts: Iterable[str], owner: str) -> dict[str, Pcm]:
    """Several sentences, each once."""
    return {text: await rendered(synthesiser, text, owner) for text in dict.fromkeys(texts)}


async def spoken_by(synthesiser: Synthesiser, briefing: Briefing, owner: str) -> Spoken:
    """A briefing for the ear, measured by the real voice, which makes no sound for it yet."""
    known: dict[str, float] = {}
    while True:
        made = spoken(briefing, lambda text: known.get(text, len(text) * FASTEST_S_PER_CHARACTER))
        unknown = [text for text in (*made.sentences, made.keys) if text not in known]
        if not unknown:
            return made
        for text in unknown:
            known[text] = MARGIN * await synthesiser.seconds(text, owner)
