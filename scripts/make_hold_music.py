"""Write Warmline's own hold music to a WAV file, and tell what it is like: `python scripts/make_hold_music.py FILE`."""

import sys
from pathlib import Path

import numpy as np

from handoff.hold.composition import BAND_HZ, hold_music
from telephony.media import ulaw
from telephony.media.playout import RATE
from telephony.media.ulaw import Pcm
from telephony.media.wav import wav_file


def main() -> None:
    """Write the file that the first argument names; without one, only tell."""
    music = hold_music()
    for path in sys.argv[1:2]:
        write(Path(path), music)
    for name, value in figures(music).items():
        print(f"{name:<44} {value}")


def write(path: Path, music: Pcm) -> None:
    """8 kHz, mono, 16 bit."""
    path.write_bytes(wav_file(music))


def figures(music: Pcm) -> dict[str, str]:
    """Length, loudness, band and seam."""
    sound = music.astype(np.float64) / 32768
    seconds = sound[: sound.size // RATE * RATE].reshape(-1, RATE)
    levels = 10 * np.log10((seconds**2).mean(axis=1))
    heard = ulaw.decode(ulaw.encode(music)).astype(np.float64) / 32768
    power = np.abs(np.fft.rfft(sound)) ** 2
    hertz = np.fft.rfftfreq(sound.size, 1 / RATE)
    inside = power[(hertz >= BAND_HZ[0]) & (hertz <= BAND_HZ[1])].sum() / power.sum()
    steps = np.abs(np.diff(sound))
    rms, peak = float(np.sqrt(np.mean(sound**2))), float(np.abs(sound).max())
    return {
        "length, s": f"{sound.size / RATE:.1f}",
        "loudness, dBFS RMS": f"{20 * np.log10(rms):.1f}",
        "loudness by second, dBFS": f"{levels.min():.1f} to {levels.max():.1f}",
        "peak, dBFS": f"{20 * np.log10(peak):.1f}",
        "power within 300-3400 Hz": f"{inside:.6f}",
        "step over the seam / 99th percentile of steps": (
            f"{abs(sound[0] - sound[-1]):.5f} / {np.percentile(steps, 99):.5f}"
        ),
        "signal to noise after u-law, dB": f"{10 * np.log10((sound**2).mean() / ((sound - heard) ** 2).mean()):.1f}",
    }


if __name__ == "__main__":
    main()
