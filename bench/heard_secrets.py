"""Card numbers and codes in real voices, as the recogniser writes them down: spoken digits, put together to numbers.

Where each digit went in the text nobody knows. What counts is how many digits can still be read when the text is
masked, by a plain list of words that is not the finder's.
"""

import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from bench.secret_sentences import FRESH
from bench.spoken_digits import DIGITS, card
from calls.redaction.kinds import Kind
from calls.redaction.talk import ASSISTANT, CALLER, Span, Utterance, masked
from telephony.line.sources import read_wav
from telephony.media.ulaw import Pcm

RATE = 8000
EDGE_S, BETWEEN_S, GROUP_S = 0.4, 0.12, 0.45
READABLE = re.compile(rf"\d|\b(?:{'|'.join(DIGITS)}|oh|o)\b", re.IGNORECASE)

Hear = Callable[[Pcm], str]


def spoken(digits: str, folder: Path, random_: random.Random) -> Pcm:
    """The digits by one of the folder's speakers, in groups of four, int16 mono 8 kHz."""
    speakers = sorted({path.name.split("_")[1] for path in folder.glob("0_*.wav")})
    speaker = random_.choice(speakers)
    parts = [np.zeros(round(EDGE_S * RATE), np.int16)]
    for at, digit in enumerate(digits):
        take = random_.choice(sorted(folder.glob(f"{digit}_{speaker}_*.wav")))
        pause_s = GROUP_S if at % 4 == 3 else BETWEEN_S
        parts += [read_wav(take.read_bytes()), np.zeros(round(pause_s * RATE), np.int16)]
    parts.append(np.zeros(round(EDGE_S * RATE), np.int16))
    return np.concatenate(parts)


def heard(
    folder: Path, hear: Hear, count: int, random_: random.Random
) -> Iterator[tuple[tuple[Utterance, ...], Kind]]:
    """Conversations of a question and what was understood of its answer: as many cards as codes."""
    for _ in range(count):
        asks = random_.choice(FRESH.card_asks)
        text = hear(spoken(card(random_), folder, random_))
        yield (Utterance(ASSISTANT, asks), Utterance(CALLER, text)), Kind.CARD_NUMBER
    for _ in range(count):
        asks, length = random_.choice(FRESH.code_asks)
        text = hear(spoken("".join(str(random_.randrange(10)) for _ in range(length)), folder, random_))
        yield (Utterance(ASSISTANT, asks), Utterance(CALLER, text)), Kind.CODE


def readable(text: str, spans: list[Span]) -> int:
    """How many digits of a text can be read when these spans of it are masked."""
    return len(READABLE.findall(masked(text, spans)))
