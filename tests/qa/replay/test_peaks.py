"""Peaks of a recording: measured once, kept beside it, and measured anew when it has changed."""

import os

import numpy as np
import pytest

from calls.wav import ASSISTANT, CALLER, RATE, Block, RecordingError, StereoWav
from qa.replay.peaks import FULL, MOST_PEAKS, peaks_of, peaks_path
from tests.qa.replay.story import write_tones


def test_each_channel_is_loud_where_it_speaks(tmp_path):
    path = tmp_path / "one.wav"
    write_tones(path, 10.0, [(1.0, 2.0, CALLER), (4.0, 5.0, ASSISTANT)])
    peaks = peaks_of(path)
    caller, ours = (np.array(channel) for channel in peaks.channels)
    place = len(caller) / peaks.duration_s
    assert peaks.duration_s == 10.0
    assert len(caller) <= MOST_PEAKS
    assert caller[round(1.5 * place)] == pytest.approx(FULL * 16000 / 32767, abs=1)
    assert ours[: round(3.9 * place)].max() == 0
    assert ours[round(4.5 * place)] > 50


def test_they_are_kept_and_read_again_until_the_recording_changes(tmp_path):
    path = tmp_path / "one.wav"
    write_tones(path, 2.0, [(0.0, 2.0, CALLER)])
    first = peaks_of(path)
    kept = peaks_path(path)
    assert kept.parent == path.parent
    before = kept.stat().st_mtime_ns
    assert peaks_of(path) == first
    assert kept.stat().st_mtime_ns == before
    file = StereoWav(path)
    Block(0, np.zeros((RATE, 2), np.int16)).put(file)
    file.close()
    os.utime(path, ns=(before + 10**9, before + 10**9))
    silenced = peaks_of(path)
    assert max(silenced.channels[0][: len(silenced.channels[0]) // 2 - 1]) == 0, (
        "no trace of what was silenced"
    )
    assert peaks_of(path) == silenced


def test_peaks_that_cannot_be_read_are_measured_again(tmp_path):
    path = tmp_path / "one.wav"
    write_tones(path, 1.0, [(0.0, 1.0, CALLER)])
    peaks_path(path).write_text("{")
    assert peaks_of(path).duration_s == 1.0


def test_an_empty_recording_has_no_peaks_and_another_file_is_refused(tmp_path):
    empty, other = tmp_path / "empty.wav", tmp_path / "other.wav"
    write_tones(empty, 0.0, [])
    other.write_bytes(b"x" * 100)
    assert peaks_of(empty).channels == ((), ())
    with pytest.raises(RecordingError):
        peaks_of(other)
    with pytest.raises(FileNotFoundError):
        peaks_of(tmp_path / "none.wav")


def test_the_loudest_sample_is_full(tmp_path):
    path = tmp_path / "one.wav"
    file = StereoWav(path)
    Block(0, np.full((RATE, 2), -32768, np.int16)).put(file)
    file.commit()
    file.close()
    assert set(peaks_of(path).channels[0]) == {FULL}
