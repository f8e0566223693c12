"""The last of a caller's own voice: what they said before they were put on hold, without the pauses."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from calls.events import CallEvent, StreamStarted, TurnHeard
from calls.wav import RATE, Pcm, read_caller

MOST_S = 20.0
GAP_S = 0.2
"""The pause that is left between two turns."""

Span = tuple[float, float]


def last_spans(events: Iterable[CallEvent], most_s: float = MOST_S) -> tuple[Span, ...]:
    """Where the caller's last turns lie in the recording, in seconds, oldest first: at most `most_s` in all."""
    spans: list[Span] = []
    left = most_s
    turns = [event.body for event in events if isinstance(event.body, TurnHeard) and event.body.text]
    for turn in reversed(turns):
        start_s = max(turn.start_s, turn.end_s - left)
        if left <= 0 or turn.end_s <= start_s:
            break
        spans.append((start_s, turn.end_s))
        left -= turn.end_s - start_s + GAP_S
    return tuple(reversed(spans))


def recording_of(events: Iterable[CallEvent]) -> str | None:
    """The recording's file name, relative to the data directory; None where there is none."""
    names = [event.body.recording for event in events if isinstance(event.body, StreamStarted)]
    return next((name for name in reversed(names) if name is not None), None)


def last_words(path: Path, spans: Iterable[Span]) -> Pcm:
    """The caller's voice in these stretches of a recording, int16 mono 8 kHz. Blocks; empty where there is no file."""
    pause = np.zeros(round(GAP_S * RATE), np.int16)
    parts: list[Pcm] = []
    for start_s, end_s in spans:
        try:
            parts += [read_caller(path, round(start_s * RATE), round((end_s - start_s) * RATE)), pause]
        except FileNotFoundError:
            break
    return np.concatenate(parts) if parts else np.zeros(0, np.int16)
