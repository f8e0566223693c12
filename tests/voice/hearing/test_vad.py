"""Voice activity on real sound: words of real callers begin a turn, and noise does not."""

import csv
import wave

import numpy as np
import pytest
import soxr
from pipecat.audio.vad.vad_analyzer import VADState

from models.shelf import ModelShelf
from telephony.media import ulaw
from telephony.media.halfband import Doubler
from voice.hearing.vad import RATE, WINDOW, CascadeVad
from voice.speech_parts import open_session

pytestmark = pytest.mark.models


@pytest.fixture(scope="module")
def silero():
    return open_session(ModelShelf().silero_path())


def on_the_phone(path, gain=1):
    """A file as it comes in over µ-law, at 16 kHz."""
    with wave.open(str(path)) as file:
        pcm = np.frombuffer(file.readframes(file.getnframes()), np.int16)
        rate = file.getframerate()
    if rate != 8000:
        pcm = np.asarray(soxr.resample(pcm, rate, 8000), np.int16)
    loud = np.clip(pcm.astype(int) * gain, -32768, 32767).astype(np.int16)
    return Doubler().double(ulaw.decode(ulaw.encode(loud)))


async def speaking(vad, sound):
    """For each window, whether the caller is taken to be speaking."""
    vad.set_sample_rate(RATE)
    windows = [sound[start : start + WINDOW] for start in range(0, sound.size - WINDOW, WINDOW)]
    states = [await vad.analyze_audio(window.tobytes()) for window in windows]
    return np.array([state in {VADState.SPEAKING, VADState.STOPPING} for state in states])


async def test_every_utterance_of_real_callers_is_noticed(silero, shared_data):
    folder = shared_data / "telephone_calls"
    with (folder / "segments.tsv").open() as file:
        rows = [row for row in csv.DictReader(file, delimiter="\t") if row["speaker"] == "caller"]
    missed = []
    for sid in sorted({row["sid"] for row in rows}):
        voiced = await speaking(CascadeVad(silero), on_the_phone(folder / "caller" / f"{sid}.wav"))
        for row in (row for row in rows if row["sid"] == sid):
            start = int(row["start_ms_in_channel_wav"]) / 1000
            end = start + int(row["duration_ms"]) / 1000 + 0.2
            if not voiced[int(start * RATE / WINDOW) : int(end * RATE / WINDOW)].any():
                missed.append((sid, row["text_clean"]))
    assert missed == []


@pytest.mark.parametrize("gain", [1, 4])
async def test_noise_begins_no_turn(silero, shared_data, gain):
    for path in sorted((shared_data / "noise").glob("*.wav")):
        assert not (await speaking(CascadeVad(silero), on_the_phone(path, gain))).any(), path.name


async def test_keypad_tones_begin_no_turn(silero, shared_data):
    for path in sorted((shared_data / "dtmf").glob("*.wav")):
        assert not (await speaking(CascadeVad(silero), on_the_phone(path))).any(), path.name


async def test_silence_never_wakes_silero():
    vad = CascadeVad(None)  # without a model: asking it would break
    assert not (await speaking(vad, np.zeros(RATE * 5, np.int16))).any()
