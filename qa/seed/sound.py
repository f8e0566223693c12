"""The sound of made-up calls: our real voice for the assistant, the same voice at other pitches for everybody else."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soxr

from calls.events import (
    CallEvent,
    StreamEnded,
    StreamStarted,
    TalkHeard,
    TransferEnded,
    TransferMoved,
    TurnHeard,
    TurnSaid,
)
from calls.wav import ASSISTANT, CALLER, RATE, Pcm, StereoWav
from dialog.phrasing import spell
from handoff.hold.music import HoldMusic
from handoff.transfer.types import Phase
from qa.seed.talks import AGENT
from telephony.media import ulaw
from voice.speaking.renderer import Renderer

DIGITS = re.compile(r"\d{3,}")
"""A caller says a number digit by digit."""
ANSWERED = re.compile(r"^(yes|yeah|no) |(?<=\w) (?=(?:thanks|thank you)$)", re.IGNORECASE)
"""Where a person makes a pause in a short answer. Said without it, "yes please" is a murmur of half a second, of which
no recogniser is sure."""
AUDIBLE = 200
"""Peak of a sample, int16, from which on it is no silence."""
MARGIN = RATE // 50
NOISE = 12.0
"""The noise of the line, int16, root mean square: some -69 dB below full scale."""
LINE_GAIN = 0.8
"""A caller is a little quieter than we are."""
TAIL_S = 0.5
NOTHING: Pcm = np.zeros((0, 2), np.int16)
HIGHEST, LOWEST = 1.15, 0.86
"""How high and how low callers speak, against the house voice: higher is quicker too, and short words are lost."""


class House:
    """The house voice. What was said once is kept: most of what is said in thousands of calls is the same."""

    def __init__(self, renderer: Renderer) -> None:
        self._renderer = renderer
        self._kept: dict[str, Pcm] = {}

    def said(self, text: str) -> Pcm:
        """A text in our own voice, int16 mono 8 kHz, without silence around it; always the same. Blocks."""
        kept = self._kept.get(text)
        if kept is None:
            kept = self._kept[text] = _trimmed(self._renderer.render(text, still=True))
        return kept


class Spoken:
    """How long things take in a call that is really spoken: as long as their sound. One call's own voices."""

    def __init__(self, house: House, pitch: float, agents: float) -> None:
        """`pitch` of the caller and of the agent, against the house voice; above 1 is higher and quicker."""
        self._house = house
        self._pitch = pitch
        self._agents = agents

    def assistant_s(self, text: str) -> float:
        """A sentence of ours."""
        return _seconds(self.assistant(text))

    def caller_s(self, text: str) -> float:
        """A turn of the caller's."""
        return _seconds(self.caller(text))

    def agent_s(self, text: str) -> float:
        """What a human says to the caller."""
        return _seconds(self.agent(text))

    def assistant(self, text: str) -> Pcm:
        """The sound of a sentence of ours."""
        return self._house.said(text)

    def caller(self, text: str) -> Pcm:
        """The sound of a turn of the caller's."""
        spoken = with_pauses(DIGITS.sub(lambda found: spell(found[0]), text))
        return _louder(_pitched(self._house.said(spoken), self._pitch), LINE_GAIN)

    def agent(self, text: str) -> Pcm:
        """The sound of what a human says."""
        return _pitched(self._house.said(text), self._agents)


@dataclass(frozen=True)
class Placed:
    """A sound and its place."""

    channel: int
    start: int
    """In samples."""
    sound: Pcm


def with_pauses(text: str) -> str:
    """What a caller says, with commas where they pause and an end: `yes please` becomes `yes, please.`"""
    paused = ANSWERED.sub(lambda found: f"{found[1] or ''}, ", text)
    return paused if paused[-1:] in {"", ".", "?", "!"} else f"{paused}."


def mixed(
    events: Sequence[CallEvent],
    voices: Spoken,
    music: HoldMusic,
    noise: np.random.Generator,
    had: Pcm = NOTHING,
) -> Pcm:
    """Both channels of a call, int16 8 kHz, shape (samples, 2): each sound where its event says that it was.

    `had` is the sound of what was really had of it, from its beginning on. Keys make no sound here: the line tells
    them apart from it.
    """
    placed = [one for event in events if (one := _placed(event, voices)) is not None]
    placed += [
        Placed(ASSISTANT, _sample(start_s), music.piece(0, _sample(end_s) - _sample(start_s)))
        for start_s, end_s in held(events)
    ]
    whole = laid_out([one for one in placed if one.start >= len(had)], len(had))
    whole[len(had) :, CALLER] = with_noise(whole[len(had) :, CALLER], noise)
    whole[: len(had)] += had
    return over_the_network(whole)


def with_noise(sound: Pcm, noise: np.random.Generator) -> Pcm:
    """With the noise of a line, int16."""
    noisy = sound + np.rint(noise.normal(0.0, NOISE, sound.size))
    return np.asarray(np.clip(noisy, -32768, 32767), dtype=np.int16)


def held(events: Sequence[CallEvent]) -> list[tuple[float, float]]:
    """When the caller was on hold and heard music, in seconds of the recording: until we speak, or another does."""
    stream = next((event.at for event in events if isinstance(event.body, StreamStarted)), events[0].at)
    found: list[tuple[float, float]] = []
    begun: float | None = None
    for event in events:
        at_s = (event.at - stream).total_seconds()
        match event.body:
            case TransferMoved(phase=Phase.HOLDING) if begun is None:
                begun = at_s
            case TurnSaid(start_s=start_s) if begun is not None:
                found.append((begun, start_s))
                begun = None
            case TransferMoved(phase=Phase.BRIDGING) | TransferEnded() | StreamEnded() if begun is not None:
                found.append((begun, at_s))
                begun = None
    return [(start_s, end_s) for start_s, end_s in found if end_s > start_s]


def laid_out(placed: Sequence[Placed], least: int = 0) -> Pcm:
    """Sounds at their places, int16, shape (samples, 2); so many samples at least."""
    ends = max((one.start + one.sound.size for one in placed), default=0)
    length = max(ends + int(TAIL_S * RATE), least)
    both = np.zeros((length, 2), np.float32)
    for one in placed:
        both[one.start : one.start + one.sound.size, one.channel] += one.sound
    return np.clip(np.rint(both), -32768, 32767).astype(np.int16)


def over_the_network(whole: Pcm) -> Pcm:
    """As it comes over the telephone network."""
    for channel in (CALLER, ASSISTANT):
        whole[:, channel] = ulaw.decode(ulaw.encode(np.ascontiguousarray(whole[:, channel])))
    return whole


def write_recording(path: Path, both: Pcm) -> None:
    """Keep both channels as a recording. Blocks; what is there of an earlier try is overwritten."""
    path.unlink(missing_ok=True)
    file = StereoWav(path)
    try:
        file.write(0, both)
        file.commit()
    finally:
        file.close()


def _placed(event: CallEvent, voices: Spoken) -> Placed | None:
    match event.body:
        case TurnHeard(text=text, start_s=start_s):
            return Placed(CALLER, _sample(start_s), voices.caller(text))
        case TurnSaid(text=text, start_s=start_s, end_s=end_s):
            sound = voices.assistant(text)[: _sample(end_s) - _sample(start_s)]
            return Placed(ASSISTANT, _sample(start_s), sound)
        case TalkHeard(who=who, text=text, start_s=start_s):
            agent = who == AGENT
            sound = voices.agent(text) if agent else voices.caller(text)
            return Placed(ASSISTANT if agent else CALLER, _sample(start_s), sound)
    return None


def _sample(seconds: float) -> int:
    return max(0, round(seconds * RATE))


def _seconds(sound: Pcm) -> float:
    return round(sound.size / RATE, 3)


def _pitched(sound: Pcm, pitch: float) -> Pcm:
    return np.asarray(soxr.resample(sound, pitch, 1.0, quality="HQ"), dtype=np.int16)


def _louder(sound: Pcm, gain: float) -> Pcm:
    return np.asarray(np.rint(sound * gain), dtype=np.int16)


def _trimmed(sound: Pcm) -> Pcm:
    """Without the silence before and after."""
    loud = np.flatnonzero(np.abs(sound.astype(np.int32)) > AUDIBLE)
    if not loud.size:
        return sound
    return sound[max(0, int(loud[0]) - MARGIN) : int(loud[-1]) + MARGIN]
