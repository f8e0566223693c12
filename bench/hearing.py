"""How well and how soon callers are understood.

    python -m bench.hearing SEGMENTS.tsv AUDIO_DIR [--data FOLDER] [--words] [--json]

Plays each segment of a telephone call in real time through VAD and recogniser, as a call does, and takes the word
error rate by speaker (Whisper's English text normalisation) and the time from the end of speech to the final text.
The end of speech is the end of the last 32 ms that Silero, alone and on the clean file, takes for a voice. SEGMENTS.tsv
has the columns of HarperValleyBank's (sid, speaker, start_ms_in_channel_wav, duration_ms, human_transcript); the sound
is in AUDIO_DIR/<speaker>/<sid>.wav, 8 kHz 16-bit mono. With --data the folder's spoken digits, spelled letters,
accented speech and noise at 10 dB are measured too (accuracy only, not in real time). With --words bare words (yes,
no, a digit, a name) are played as the calls are, in the house voice at several pitches: how many are heard at all, and
how many are right.
"""

import asyncio
import csv
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import jiwer
import numpy as np
import soxr
from rich.console import Console
from rich.progress import track
from transformers.models.whisper.english_normalizer import EnglishTextNormalizer

from bench.listener import Listener, recogniser_of
from bench.report import parser_of, percentile, print_bars, print_table, tell
from bench.telephone_sound import RATE, Segment, phone, read_segments, read_wave, with_noise
from dialog.grammar.digits import digits_in
from dialog.types import Expectation, ExpectationKind
from models.shelf import ModelShelf
from voice.hearing.limits import DIGIT_NAMES
from voice.hearing.recogniser import Recogniser
from voice.speaking.renderer import Renderer

PITCHES = (0.9, 1.0, 1.12, 1.2)
QUIETER = 0.5
"""Callers are 6 dB quieter than we are."""
BARE = {
    ExpectationKind.YES_NO: ("Yes.", "No.", "Yeah.", "Nope."),
    ExpectationKind.DIGITS: tuple(f"{name.capitalize()}." for name in DIGIT_NAMES),
    ExpectationKind.OPEN: (
        *("Maria.", "James.", "Anna.", "Peter.", "Sarah.", "Thomas.", "Laura.", "David.", "Emma.", "Robert."),
        *("Julia.", "Michael.", "Susan.", "Daniel.", "Elizabeth.", "George."),
    ),
}
normalise = EnglishTextNormalizer({})


def wer(said: Iterable[str], heard: Iterable[str]) -> float | None:
    """Word error rate in percent after Whisper's normalisation."""
    pairs = [(normalise(one), normalise(other)) for one, other in zip(said, heard, strict=True)]
    pairs = [pair for pair in pairs if pair[0]]
    if not pairs:
        return None
    return round(100 * float(jiwer.wer([one for one, _ in pairs], [other for _, other in pairs])), 2)


async def hear_calls(segments: Sequence[Segment], shelf: ModelShelf, quiet: bool) -> dict[str, Any]:
    """Word error rate and time to final by speaker, in real time."""
    listener = Listener(shelf)
    running = await listener.open()
    heard = [await listener.hear(one) for one in track(segments, "calls", disable=quiet, console=_progress())]
    await listener.close(running)
    figures: dict[str, Any] = {}
    for speaker in sorted({segment.speaker for segment in segments}):
        pairs = [(one, other) for one, other in zip(segments, heard, strict=True) if one.speaker == speaker]
        finals = [other.final_s for _, other in pairs if other.final_s is not None]
        figures[speaker] = {
            "wer": wer([one.said for one, _ in pairs], [other.text for _, other in pairs]),
            "final_p50_s": percentile(finals, 50),
            "final_p95_s": percentile(finals, 95),
            "finals_s": [round(value, 3) for value in finals],
            "segments": len(pairs),
            "not_heard": sum(other.final_s is None for _, other in pairs),
        }
    return figures


async def hear_words(shelf: ModelShelf, quiet: bool) -> dict[str, Any]:
    """Bare words, in real time: how many are heard, and how many are right."""
    voice = Renderer.load(shelf.voice_path())
    listener = Listener(shelf)
    running = await listener.open()
    figures: dict[str, Any] = {}
    for kind, words in BARE.items():
        digits = 1 if kind is ExpectationKind.DIGITS else None
        said = [(word, pitch) for word in words for pitch in PITCHES]
        heard = [
            (
                word,
                (await listener.hear(spoken(voice, word, pitch), Expectation(kind=kind, digits=digits))).text,
            )
            for word, pitch in track(said, f"bare words: {kind.value}", disable=quiet, console=_progress())
        ]
        right = sum(normalise(word) == normalise(text) for word, text in heard)
        figures[kind.value] = {
            "heard_percent": share(sum(bool(text) for _, text in heard), len(heard)),
            "right_percent": share(right, len(heard)),
            "words": len(heard),
            "wrong": [f"{word} {text}" for word, text in heard if normalise(word) != normalise(text)],
        }
    await listener.close(running)
    return figures


def spoken(voice: Renderer, word: str, pitch: float) -> Segment:
    """`word` as a caller says it."""
    sound = soxr.resample(voice.render(word), pitch, 1.0, quality="HQ") * QUIETER
    return Segment("caller", np.asarray(sound, dtype=np.int16), word)


def reference(segments: Sequence[Segment], recogniser: Recogniser, quiet: bool) -> dict[str, float | None]:
    """The word error rate of the same model with beam 5 at 30 s: what the short window is measured against."""
    texts: dict[str, tuple[list[str], list[str]]] = {}
    for segment in track(segments, "beam 5 at 30 s", disable=quiet, console=_progress()):
        said, heard = texts.setdefault(segment.speaker, ([], []))
        said.append(segment.said)
        heard.append(recogniser.plain(phone(segment.sound), window_s=30.0))
    return {speaker: wer(*pair) for speaker, pair in texts.items()}


def hear_data(folder: Path, recogniser: Recogniser, quiet: bool) -> dict[str, Any]:
    """Digits, letters, accents, noise."""

    def each(paths: Sequence[Path], title: str) -> Iterable[Path]:
        return track(paths, title, disable=quiet, console=_progress())

    digit = Expectation(kind=ExpectationKind.DIGITS, digits=1)
    digits = sorted((folder / "spoken_digits").glob("*.wav"))
    right = sum(
        digits_in(recognise(recogniser, path, digit), 1, 1, sound_alikes=True) == path.name[0]
        for path in each(digits, "digits")
    )
    spelled = Expectation(kind=ExpectationKind.SPELLED)
    letters = [path for path in sorted((folder / "spoken_letters").rglob("*.wav")) if letter_of(path)]
    right_letters = sum(
        recognise(recogniser, path, spelled).strip(" .").lower() == letter_of(path)
        for path in each(letters, "letters")
    )
    accents = folder / "accented_english"
    with (accents / "transcripts.tsv").open(newline="") as file:
        rows = [(row["utt"], row["text"].lower()) for row in csv.DictReader(file, delimiter="\t")]
    noise = read_wave(next((folder / "noise").glob("*office*.wav")))
    clean, noisy = [], []
    for name in each([accents / f"{name}.wav" for name, _ in rows], "accents"):
        sound = read_wave(name)
        clean.append(recogniser.recognise(phone(sound)).text)
        noisy.append(recogniser.recognise(phone(with_noise(sound, noise))).text)
    said = [text for _, text in rows]
    return {
        "digits": {"right_percent": share(right, len(digits)), "files": len(digits)},
        "letters": {"right_percent": share(right_letters, len(letters)), "files": len(letters)},
        "accented": {"wer": wer(said, clean), "sentences": len(rows)},
        "noise_10_db": {"wer": wer(said, noisy), "sentences": len(rows)},
    }


def recognise(recogniser: Recogniser, path: Path, expected: Expectation) -> str:
    """The text of a short file, with the silence around it that a call has."""
    pad = np.zeros(int(0.3 * RATE), dtype=np.int16)
    return recogniser.recognise(phone(np.concatenate((pad, read_wave(path), pad))), expected).text


def letter_of(path: Path) -> str | None:
    """The letter that a file's name stands for: `w` or `ascii119`; None for other names."""
    code = path.stem.removeprefix("ascii")
    letter = chr(int(code)) if code.isdigit() else path.stem
    return letter.lower() if len(letter) == 1 and letter.isalpha() else None


def share(part: int, whole: int) -> float | None:
    """Percent."""
    return round(100 * part / whole, 2) if whole else None


def _progress() -> Console:
    return Console(stderr=True)


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    speakers = [
        name for name in figures if isinstance(figures[name], dict) and "final_p50_s" in figures[name]
    ]
    rows = [
        (
            name,
            figures[name]["segments"],
            figures[name]["wer"],
            figures["beam_5_at_30_s"].get(name),
            figures[name]["final_p50_s"],
            figures[name]["final_p95_s"],
        )
        for name in speakers
    ]
    columns = ("", "utterances", "WER %", "WER % at 30 s", "final p50, s", "final p95, s")
    print_table(console, "Telephone calls, in real time", columns, rows)
    bars = [(name, figures[name]["wer"]) for name in speakers]
    bars += [(name, figures[name]["wer"]) for name in ("accented", "noise_10_db") if name in figures]
    print_bars(console, "Word error rate", bars, "%")
    right = [(name, figures[name]["right_percent"]) for name in ("digits", "letters") if name in figures]
    if right:
        print_bars(console, "Right", right, "%")
    bare = [
        (kind, one["words"], one["heard_percent"], one["right_percent"], ", ".join(one["wrong"]))
        for kind, one in figures.get("bare_words", {}).items()
    ]
    if bare:
        print_table(console, "Bare words", ("", "words", "heard %", "right %", "wrong"), bare)


def main() -> None:
    """Run from the command line."""
    parser = parser_of("hearing", __doc__)
    parser.add_argument("segments", type=Path)
    parser.add_argument("audio", type=Path)
    parser.add_argument(
        "--data", type=Path, help="folder with spoken_digits, spoken_letters, accented_english, noise"
    )
    parser.add_argument("--words", action="store_true", help="bare words too")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    segments = read_segments(arguments.segments, arguments.audio)
    shelf = ModelShelf()
    figures = asyncio.run(hear_calls(segments, shelf, arguments.json))
    recogniser = recogniser_of(shelf)
    figures["beam_5_at_30_s"] = reference(segments, recogniser, arguments.json)
    if arguments.data:
        figures |= hear_data(arguments.data, recogniser, arguments.json)
    if arguments.words:
        figures["bare_words"] = asyncio.run(hear_words(shelf, arguments.json))
    tell(figures, show, as_json=arguments.json)


if __name__ == "__main__":
    main()
