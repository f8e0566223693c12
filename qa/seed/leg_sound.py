"""The sound of a human's own leg: who answers, what they are told, and the key that they press."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from calls.events import CallEvent, TransferBriefed, TransferKeyed, TransferLeg
from calls.wav import ASSISTANT, CALLER, RATE, Pcm
from handoff.briefing.ear import KEYS
from handoff.consult.programme import BETWEEN_S, CONNECTING
from qa.seed.sound import Placed, Spoken, laid_out, over_the_network
from telephony.line.sources import tones
from telephony.media import ulaw

SENTENCE = re.compile(r"(?<=[.!?])\s+")
TOLD_AFTER_S = 0.6
"""The briefing begins while whoever has answered still says their name."""
CONNECTED_S = 1.0
"""From the key to the conference, where the leg's stream ends."""


@dataclass(frozen=True)
class RecordedLeg:
    """One leg that has a recording of its own."""

    transfer_id: str
    number: int
    who: str
    recording: str
    """Relative to the data directory."""
    began_at: datetime


def recorded_legs(events: Sequence[CallEvent]) -> list[RecordedLeg]:
    """All of a call, in order."""
    return [
        RecordedLeg(body.transfer_id, body.leg, body.target, body.recording, event.at)
        for event in events
        if isinstance(body := event.body, TransferLeg) and body.recording is not None
    ]


def leg_sound(events: Sequence[CallEvent], leg: RecordedLeg, voices: Spoken) -> Pcm:
    """Both channels of a leg, int16 8 kHz, shape (samples, 2): the human, and what they hear of us until their key."""
    told, key_s, by_phone = "", 0.0, False
    for event in events:
        match event.body:
            case TransferBriefed(transfer_id=leg.transfer_id, leg=leg.number, text=text):
                told = text
            case TransferKeyed(transfer_id=leg.transfer_id, leg=leg.number, where=where):
                key_s, by_phone = (event.at - leg.began_at).total_seconds(), where == "phone"
    placed = [Placed(CALLER, _sample(0.1), voices.agent(f"{leg.who.split()[0]} here, hello."))]
    at_s = TOLD_AFTER_S
    for sentence in (*SENTENCE.split(told.removesuffix(KEYS).strip()), KEYS) if told else ():
        sound = voices.assistant(sentence)[: max(0, _sample(key_s) - _sample(at_s))]
        placed.append(Placed(ASSISTANT, _sample(at_s), sound))
        at_s += sound.size / RATE + BETWEEN_S
    if key_s:
        placed.append(Placed(ASSISTANT, _sample(key_s), voices.assistant(CONNECTING)[: _sample(CONNECTED_S)]))
    if by_phone:
        placed.append(Placed(CALLER, _sample(key_s), ulaw.decode(tones("1"))))
    return over_the_network(laid_out([one for one in placed if one.sound.size]))


def _sample(seconds: float) -> int:
    return max(0, round(seconds * RATE))
