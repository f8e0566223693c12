"""The recording: every sample at its place, and readable whatever happens."""

import asyncio
import os
from datetime import date

import numpy as np
import pytest

from calls.ids import InvalidCallIdError
from calls.recording import Recording, RecordingFailure, recording_path
from calls.wav import RecordingError
from tests.calls.killed import kill_after
from tests.sound import read_recording

DAY = date(2026, 11, 23)


def sound(value, samples=160):
    return np.full(samples, value, np.int16)


def read(path):
    """Both channels."""
    both = read_recording(path)
    return both[:, 0], both[:, 1]


async def test_both_sides_stand_at_their_samples_and_gaps_are_silence(tmp_path):
    recording = Recording.open(tmp_path, "CA1", DAY)
    assert recording.name == "recordings/2026/11/23/CA1.wav"
    recording.write_caller(0, sound(1))
    recording.write_caller(320, sound(3))
    recording.write_assistant(100, sound(7, 200))
    await recording.close()
    caller, assistant = read(recording.path)
    assert caller.tolist() == [1] * 160 + [0] * 160 + [3] * 160
    assert assistant.tolist() == [0] * 100 + [7] * 200 + [0] * 180


async def test_the_assistants_side_may_come_late(tmp_path):
    recording = Recording.open(tmp_path, "CA1", DAY)
    for at in range(0, 80_000, 160):
        recording.write_caller(at, sound(1))
    recording.write_assistant(1000, sound(5, 500))
    recording.write_assistant(79_000, sound(6, 500))
    await recording.close()
    caller, assistant = read(recording.path)
    assert (caller == 1).all()
    assert (assistant[1000:1500] == 5).all()
    assert (assistant[79_000:79_500] == 6).all()
    assert np.count_nonzero(assistant) == 1000


async def test_a_resumed_call_goes_on_behind_what_there_is(tmp_path):
    first = Recording.open(tmp_path, "CA1", DAY)
    first.write_caller(0, sound(1, 800))
    await first.close()
    second = Recording.open(tmp_path, "CA1", date(2026, 11, 24))
    assert second.next_sample == 800
    second.write_caller(800, sound(2, 800))
    await second.close()
    caller, _ = read(first.path)
    assert caller.tolist() == [1] * 800 + [2] * 800


async def test_two_calls_at_once_have_two_recordings(tmp_path):
    one, other = Recording.open(tmp_path, "CA1", DAY), Recording.open(tmp_path, "CA2", DAY)
    for at in range(0, 16_000, 160):
        one.write_caller(at, sound(1))
        other.write_caller(at, sound(2))
    await one.close()
    await other.close()
    assert set(read(one.path)[0].tolist()) == {1}
    assert set(read(other.path)[0].tolist()) == {2}


async def test_any_order_of_writes_gives_what_a_plain_array_would(tmp_path):
    rng = np.random.default_rng(7)
    recording, plain = Recording.open(tmp_path, "CA1", DAY), np.zeros((200_000, 2), np.int16)
    at = 0
    for number in range(1, 400):
        size = int(rng.integers(1, 400))
        at = max(0, min(199_000, at + int(rng.integers(-300, 900))))
        channel = int(rng.integers(0, 2))
        (recording.write_caller, recording.write_assistant)[channel](at, sound(number, size))
        plain[at : at + size, channel] = number
    await recording.close()
    caller, assistant = read(recording.path)
    assert (caller == plain[: caller.size, 0]).all()
    assert (assistant == plain[: caller.size, 1]).all()
    assert not plain[caller.size :].any()


async def test_what_is_not_sound_is_refused(tmp_path):
    recording = Recording.open(tmp_path, "CA1", DAY)
    for at, pcm in (
        (-1, sound(1)),
        (0, np.zeros(160, np.float32)),
        (0, np.zeros((80, 2), np.int16)),
        (2**40, sound(1)),
    ):
        with pytest.raises(RecordingError):
            recording.write_caller(at, pcm)
    await recording.close()
    with pytest.raises(RecordingError):
        recording.write_caller(0, sound(1))


def test_an_id_that_leads_elsewhere_and_a_file_that_is_none_of_ours_are_refused(tmp_path):
    with pytest.raises(InvalidCallIdError):
        recording_path(tmp_path, "../../evil", DAY)
    path = recording_path(tmp_path, "CA1", DAY)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"RIFF" + b"x" * 100)
    with pytest.raises(RecordingError):
        Recording.open(tmp_path, "CA1", DAY)
    assert path.read_bytes().startswith(b"RIFFx")


async def test_a_disk_that_fails_disturbs_nobody_and_is_tried_again(tmp_path, monkeypatch):
    recording = Recording.open(tmp_path, "CA1", DAY)
    recording.write_caller(0, sound(1, 8000))
    real, failing = os.pwrite, [True]

    def pwrite(*args):
        if failing[0]:
            raise OSError(28, "no space left")
        return real(*args)

    monkeypatch.setattr(os, "pwrite", pwrite)
    for at in range(8000, 40_000, 160):
        recording.write_caller(at, sound(2))
        await _a_moment()
    assert recording.failure is RecordingFailure.UNWRITABLE
    failing[0] = False
    for at in range(40_000, 56_000, 160):
        recording.write_caller(at, sound(3))
        await _a_moment()
    await recording.close()
    caller, _ = read(recording.path)
    assert (caller[8000:40_000] == 2).all()
    assert (caller[40_000:] == 3).all()


async def _a_moment():
    await asyncio.sleep(0.001)


def test_a_killed_process_leaves_a_recording_that_can_be_played(tmp_path):
    code = f"""
import asyncio
from datetime import date
from pathlib import Path
import numpy as np
from calls.recording import Recording
async def main():
    recording = Recording.open(Path({str(tmp_path)!r}), "CA1", date(2026, 11, 23))
    for frame in range(2000):
        recording.write_caller(frame * 160, np.full(160, 11, np.int16))
        recording.write_assistant(frame * 160, np.full(160, 22, np.int16))
        await asyncio.sleep(0.002)
        print(frame, flush=True)
asyncio.run(main())
"""
    kill_after(code, 300)
    caller, assistant = read(recording_path(tmp_path, "CA1", DAY))
    assert caller.size >= 160 * 300 - 8000
    assert (caller == 11).all()
    assert (assistant[: -160 * 2] == 22).all()
