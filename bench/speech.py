"""How soon our voice is there, and whether streaming costs anything.

    python -m bench.speech [--repeats R] [--json]

Time to the first sound at the telephone's rate and the real-time factor, streamed as the server does it, against the
same voice rendered in one go (the whole ONNX file as Piper ships it). The largest sample difference is taken between
the two at the voice's own rate, without random variation, which both would draw anew.
"""

import time
from typing import Any

import numpy as np
import onnxruntime
from rich.console import Console

from bench.report import parser_of, percentile, print_bars, print_json, print_table
from models.shelf import ModelShelf
from voice.speaking.piper_stream import PiperStream, Variation, pieces
from voice.speaking.renderer import TELEPHONE_RATE, Renderer, speech_level_dbfs

SENTENCES = (
    "The return label for your rain jacket was sent to the address in your account this very morning already.",
    "Your parcel left our warehouse in Rotterdam on Tuesday evening and reaches you on Friday before noon.",
    "The refund for both pairs of hiking boots arrives in your bank account within five working days from now.",
    "Our colleagues in the workshop repair most tents and backpacks within two weeks after they have received them.",
)
WITH_A_CLAUSE = (
    "Order four seven one one has shipped with Parcel Express, and it should arrive on Wednesday, the twenty-fifth.",
    "You can send anything back within thirty days, unused and in its box, and we refund you within five days of that.",
)
SHORT = (
    "What else can I do for you?",
    "One moment, please.",
    "Is that right, yes or no?",
    "I'm sorry about that.",
)
TARGET_S = 0.08
STILL = Variation(0.0, 1.0, 0.0)


class OneShot:
    """The voice as it ships: a sentence in, all of its sound out."""

    def __init__(self, shelf: ModelShelf) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        model = next(path for path in shelf.voice_path().glob("*medium.onnx"))
        self._session = onnxruntime.InferenceSession(str(model), options, providers=["CPUExecutionProvider"])

    def render(self, ids: list[int], variation: Variation) -> np.ndarray[Any, np.dtype[np.float32]]:
        """The sound at the voice's rate."""
        scales = np.array([variation.noise, variation.length, variation.noise_w], dtype=np.float32)
        inputs = {"input": np.array([ids]), "input_lengths": np.array([len(ids)]), "scales": scales}
        sound: np.ndarray[Any, np.dtype[np.float32]] = self._session.run(None, inputs)[0].reshape(-1)
        return sound


def measure(repeats: int) -> dict[str, Any]:
    """All figures."""
    shelf = ModelShelf()
    voice = PiperStream(shelf.voice_path())
    renderer = Renderer(voice)
    one_shot = OneShot(shelf)
    renderer.render("This sentence warms everything up.")
    one_shot.render(voice.sentences("This sentence warms everything up.")[0], voice.variation)
    plain = _time(renderer, SENTENCES, repeats)
    clauses = _time(renderer, WITH_A_CLAUSE, repeats)
    whole = [_time_one_shot(one_shot, voice, text) for text in SENTENCES for _ in range(repeats)]
    return {
        "sentence_s": percentile([speech for _, _, speech in plain], 50),
        "first_audio_p50_s": percentile([first for first, _, _ in plain], 50),
        "first_audio_p95_s": percentile([first for first, _, _ in plain], 95),
        "first_audio_s": [round(first, 4) for first, _, _ in plain],
        "first_audio_with_clause_p50_s": percentile([first for first, _, _ in clauses], 50),
        "one_shot_p50_s": percentile([took for took, _ in whole], 50),
        "streamed_rtf": round(sum(took for _, took, _ in plain) / sum(speech for _, _, speech in plain), 4),
        "one_shot_rtf": round(sum(took for took, _ in whole) / sum(speech for _, speech in whole), 4),
        "largest_sample_difference": max(difference(voice, one_shot, text) for text in (*SENTENCES, *SHORT)),
        "level_spread_db": _level_spread(renderer),
    }


def _time(renderer: Renderer, texts: tuple[str, ...], repeats: int) -> list[tuple[float, float, float]]:
    """For each rendering: seconds to the first piece and to the last, and of speech."""
    times = []
    for text in texts:
        for _ in range(repeats):
            began = time.perf_counter()
            steps = renderer.steps(text)
            samples = next(steps).size
            first = time.perf_counter() - began
            samples += sum(piece.size for piece in steps)
            times.append((first, time.perf_counter() - began, samples / TELEPHONE_RATE))
    return times


def _time_one_shot(one_shot: OneShot, voice: PiperStream, text: str) -> tuple[float, float]:
    began = time.perf_counter()
    sound = one_shot.render(voice.sentences(text)[0], voice.variation)
    return time.perf_counter() - began, sound.size / voice.rate


def difference(voice: PiperStream, one_shot: OneShot, text: str) -> float:
    """The largest difference of a sample between the streamed and the whole rendering."""
    worst = 0.0
    for ids in voice.sentences(text):
        frames = voice.encode(ids, STILL)
        streamed = np.concatenate(
            [voice.generate(frames, start, end) for start, end in pieces(frames.shape[2])]
        )
        whole = one_shot.render(ids, STILL)
        if streamed.size != whole.size:
            raise SystemExit(f"streamed {streamed.size} samples, whole {whole.size}: not the same sentence")
        worst = max(worst, float(np.abs(streamed - whole).max()))
    return worst


def _level_spread(renderer: Renderer) -> float:
    """How far the loudest sentence is from the quietest, in decibels, short ones among them."""
    levels = [
        speech_level_dbfs(renderer.render(text).astype(np.float32) / 32768.0, TELEPHONE_RATE)
        for text in (*SENTENCES, *WITH_A_CLAUSE, *SHORT)
    ]
    return round(max(levels) - min(levels), 2)


def main() -> None:
    """Run from the command line."""
    parser = parser_of("speech", __doc__)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(arguments.repeats)
    if arguments.json:
        print_json(figures)
        return
    console = Console()
    print_table(
        console, "Speech", ("", "figure"), [(k, v) for k, v in figures.items() if not isinstance(v, list)]
    )
    bars = [
        ("streamed", figures["first_audio_p50_s"]),
        ("streamed, first clause cut off", figures["first_audio_with_clause_p50_s"]),
        ("in one go", figures["one_shot_p50_s"]),
    ]
    print_bars(console, "Time to the first sound of a sentence of 6 s", bars, "s", TARGET_S)


if __name__ == "__main__":
    main()
