"""µ-law and the doubling of the rate."""

import numpy as np
import pytest

from telephony.media import ulaw
from telephony.media.halfband import Doubler


def test_every_code_survives_decoding_and_encoding():
    codes = bytes(range(256))
    again = np.frombuffer(ulaw.encode(ulaw.decode(codes)), dtype=np.uint8)
    differing = np.flatnonzero(again != np.arange(256))
    assert differing.tolist() == [0x7F], "minus zero is written as zero, the only code lost"


def test_encoding_is_within_half_a_step_of_the_sample():
    samples = np.arange(-32768, 32768, dtype=np.int16)
    error = np.abs(ulaw.decode(ulaw.encode(samples)).astype(int) - samples)
    assert np.all(error <= np.maximum(4, np.abs(samples.astype(int)) // 16 + 4))


@pytest.mark.parametrize("hertz", [300, 1000, 2500, 3400])
def test_doubling_keeps_the_tone_and_leaves_no_image(hertz):
    tone = (10_000 * np.sin(2 * np.pi * hertz * np.arange(8000) / 8000)).astype(np.int16)
    doubler = Doubler()
    out = np.concatenate([doubler.double(tone[at : at + 160]) for at in range(0, 8000, 160)])[1600:]

    spectrum = np.abs(np.fft.rfft(out * np.blackman(out.size)))
    frequency = np.fft.rfftfreq(out.size, 1 / 16000)
    wanted = spectrum[np.abs(frequency - hertz) < 50].max()
    image = spectrum[np.abs(frequency - (8000 - hertz)) < 50].max()

    assert out.size == 16000 - 1600, "nothing is held back"
    assert 20 * np.log10(image / wanted) < -60


def test_frames_of_any_size_give_the_same_sound():
    rng = np.random.default_rng(3)
    noise = rng.integers(-20_000, 20_000, 3000).astype(np.int16)
    whole = Doubler().double(noise)
    parts, doubler, at = [], Doubler(), 0
    while at < noise.size:
        size = int(rng.integers(0, 300))
        parts.append(doubler.double(noise[at : at + size]))
        at += size
    assert np.array_equal(np.concatenate(parts), whole)


def test_two_streams_do_not_share_the_filter_memory():
    loud = np.full(160, 20_000, dtype=np.int16)
    quiet = np.zeros(160, dtype=np.int16)
    first, second = Doubler(), Doubler()
    first.double(loud)
    assert not second.double(quiet).any()
