"""Calls that were recorded by somebody else: a table of utterances and one sound file a side become a call's record.

The table has the columns of HarperValleyBank's: sid, speaker (`caller` or `agent`), start_ms_in_channel_wav,
duration_ms, offset_ms_in_call, human_transcript; the sound is in AUDIO_DIR/<speaker>/<sid>.wav, 16-bit mono. The agent
of then takes the assistant's place: what they said is `turn.said`, what the caller said `turn.heard`.
"""

import csv
import wave
from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import soxr

from calls.events import (
    CallEnded,
    CallEndReason,
    CallEvent,
    CallStarted,
    EventBody,
    StreamStarted,
    TurnHeard,
    TurnSaid,
)
from calls.wav import RATE, Pcm
from qa.rerun.difference import Known
from qa.rerun.run import Call

NEEDED = frozenset(
    {"sid", "speaker", "start_ms_in_channel_wav", "duration_ms", "offset_ms_in_call", "human_transcript"}
)
BEGAN = datetime(2026, 1, 5, 12, tzinfo=UTC)
"""A call of unknown date happened on a Monday at noon."""
THEN = "gridspace_asr_transcript"
"""The column with what a recogniser of then heard, where there is one; otherwise what was really said stands for it."""
STREAM = "imported"
LATER_S = 1.0
"""Until they hang up after the last word."""


class UnreadableCallsError(Exception):
    """The table or a sound file cannot be read; the text names file, line and column."""


def read_calls(table: Path, audio: Path) -> list[Call]:
    """The calls of a table, in its order.

    Raises:
        UnreadableCallsError: naming what is missing.
    """
    rows = _rows(table)
    return [_call(sid, rows[sid], audio, table) for sid in rows]


def read_truth(table: Path) -> dict[str, Known]:
    """By call: what the caller really said in each turn.

    Raises:
        UnreadableCallsError: naming what is missing.
    """
    truth = {}
    for sid, rows in _rows(table).items():
        said = [row["human_transcript"].strip() for row in _in_order(rows) if row["speaker"] == "caller"]
        truth[sid] = Known(texts=dict(enumerate(said, start=1)))
    return truth


def _in_order(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    return sorted(rows, key=lambda one: int(one["offset_ms_in_call"]))


def _rows(table: Path) -> dict[str, list[dict[str, str]]]:
    rows: dict[str, list[dict[str, str]]] = defaultdict(list)
    try:
        with table.open(newline="") as file:
            reader = csv.DictReader(file, delimiter="\t")
            missing = NEEDED - set(reader.fieldnames or ())
            if missing:
                raise UnreadableCallsError(f"{table}: the columns {', '.join(sorted(missing))} are missing")
            for row in reader:
                rows[row["sid"]].append(row)
    except OSError as error:
        raise UnreadableCallsError(f"{table}: {error.strerror or error}") from None
    return rows


def _call(sid: str, rows: list[dict[str, str]], audio: Path, table: Path) -> Call:
    sound = _read_wave(audio / "caller" / f"{sid}.wav")
    bodies: list[tuple[float, EventBody]] = []
    turn = 0
    for row in _in_order(rows):
        start_s, length_s = int(row["offset_ms_in_call"]) / 1000, int(row["duration_ms"]) / 1000
        text = row["human_transcript"].strip()
        if row["speaker"] == "caller":
            # Each side's file has its own beginning; the caller's is the axis of the call.
            start_s = int(row["start_ms_in_channel_wav"]) / 1000
            turn += 1
            heard = TurnHeard(
                turn=turn,
                text=row.get(THEN, text).strip(),
                confidence=1.0,
                start_s=start_s,
                end_s=round(start_s + length_s, 3),
            )
            bodies.append((start_s + length_s, heard))
        elif row["speaker"] == "agent":
            shift_s = _shift_s(rows)
            start_s = round(max(0.0, start_s - shift_s), 3)
            said = TurnSaid(
                turn=turn, text=text, heard=text, start_s=start_s, end_s=round(start_s + length_s, 3)
            )
            bodies.append((start_s + length_s, said))
        else:
            raise UnreadableCallsError(f"{table}: the speaker of a row of {sid} must be caller or agent")
    last_s = max((at_s for at_s, _ in bodies), default=0.0) + LATER_S
    first: list[tuple[float, EventBody]] = [
        (0.0, CallStarted(playbook=STREAM)),
        (0.0, StreamStarted(stream_sid=STREAM)),
    ]
    end = (last_s, CallEnded(reason=CallEndReason.CALLER, duration_s=round(last_s, 3)))
    return Call(tuple(_events(sid, (*first, *sorted(bodies, key=lambda one: one[0]), end))), sound, last_s)


def _shift_s(rows: Iterable[dict[str, str]]) -> float:
    """How much later than the caller's file the call begins."""
    for row in rows:
        if row["speaker"] == "caller":
            return (int(row["offset_ms_in_call"]) - int(row["start_ms_in_channel_wav"])) / 1000
    return 0.0


def _events(sid: str, bodies: Iterable[tuple[float, EventBody]]) -> Iterable[CallEvent]:
    for seq, (at_s, body) in enumerate(bodies, start=1):
        yield CallEvent(call_id=sid, seq=seq, at=BEGAN + timedelta(seconds=at_s), body=body)


def _read_wave(path: Path) -> Pcm:
    try:
        with wave.open(str(path)) as file:
            if file.getsampwidth() != 2 or file.getnchannels() != 1:
                raise UnreadableCallsError(f"{path}: must be 16-bit mono")
            pcm = np.frombuffer(file.readframes(file.getnframes()), dtype=np.int16)
            rate = file.getframerate()
    except FileNotFoundError:
        raise UnreadableCallsError(f"{path} does not exist") from None
    except wave.Error as error:
        raise UnreadableCallsError(f"{path}: {error}") from None
    if rate == RATE:
        return pcm
    resampled: Pcm = np.asarray(soxr.resample(pcm, rate, RATE), dtype=np.int16)
    return resampled
