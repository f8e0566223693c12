"""How well intents are told apart: trained on one file, measured on another.

    python -m bench.intents TRAIN.csv TEST.csv [--json]

Both files have the columns text and category. `training_s` holds the embedding of the training sentences, which is
also given by itself. Sentences are ranked one by one, as calls bring them.
"""

import csv
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track

from bench.report import parser_of, percentile, print_bars, print_table, tell
from dialog.encoder import Encoder, Vectors
from dialog.intents import IntentClassifier
from models.heads.calibration import expected_calibration_error
from models.shelf import ModelShelf

Sentence = tuple[str, str]
TARGET_PERCENT = 94.5


class TimedEncoder:
    """An encoder that knows how long it has worked."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self.spent_s = 0.0

    def embed(self, texts: Sequence[str]) -> Vectors:
        """As the encoder itself."""
        began = time.perf_counter()
        vectors = self._encoder.embed(texts)
        self.spent_s += time.perf_counter() - began
        return vectors


def read_sentences(path: Path) -> list[Sentence]:
    """Text and category of each row.

    Raises:
        SystemExit: a column is missing, or there is no row; says which.
    """
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = {"text", "category"} - set(reader.fieldnames or ())
        if missing:
            raise SystemExit(f"{path}: the columns {', '.join(sorted(missing))} are missing")
        rows = [(row["text"], row["category"]) for row in reader]
    if not rows:
        raise SystemExit(f"{path}: there is no sentence")
    return rows


def by_intent(sentences: Sequence[Sentence]) -> dict[str, list[str]]:
    """The sentences of each intent, intents in the order of their names."""
    grouped: dict[str, list[str]] = {name: [] for name in sorted({name for _, name in sentences})}
    for text, name in sentences:
        grouped[name].append(text)
    return grouped


def macro_f1(truth: Sequence[str], given: Sequence[str]) -> float | None:
    """The mean over the intents that were meant; a fraction of 1."""
    values = []
    for name in set(truth):
        both = sum(one == other == name for one, other in zip(truth, given, strict=True))
        values.append(2 * both / (truth.count(name) + given.count(name)))
    return sum(values) / len(values) if values else None


def measure(
    train: Sequence[Sentence], test: Sequence[Sentence], encoder: Encoder, quiet: bool
) -> dict[str, Any]:
    """Train on one, measure on the other."""
    timed = TimedEncoder(encoder)
    began = time.perf_counter()
    classifier = IntentClassifier.of_examples(by_intent(train), (), timed)
    trained_s, embedded_s = time.perf_counter() - began, timed.spent_s
    given, sure, times = [], [], []
    for text, _ in track(test, "ranking", disable=quiet, console=Console(stderr=True)):
        began = time.perf_counter()
        chances = in_scope(classifier.probabilities([text])[0], classifier)
        times.append(1000 * (time.perf_counter() - began))
        best = max(chances, key=lambda name: chances[name])
        given.append(best)
        sure.append(chances[best])
    truth = [name for _, name in test]
    right = [one == other for one, other in zip(truth, given, strict=True)]
    score = macro_f1(truth, given)
    return {
        "accuracy": round(float(np.mean(right)), 4),
        "macro_f1": None if score is None else round(score, 4),
        "ece": round(expected_calibration_error(sure, right), 4),
        "training_s": round(trained_s, 2),
        "embedding_s": round(embedded_s, 2),
        "ms_p50": percentile(times, 50),
        "ms_p95": percentile(times, 95),
        "train": len(train),
        "test": len(test),
        "intents": len(classifier.head.names),
        "head": classifier.version,
    }


def in_scope(chances: Mapping[str, float], classifier: IntentClassifier) -> dict[str, float]:
    """The probabilities given that the sentence is in scope: every sentence here is."""
    total = sum(chances[name] for name in classifier.head.names) or 1.0
    return {name: chances[name] / total for name in classifier.head.names}


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    print_table(console, "Intents", ("", "value"), list(figures.items()))
    bars = [("accuracy", 100 * figures["accuracy"]), ("macro F1", 100 * (figures["macro_f1"] or 0.0))]
    print_bars(console, "Right", bars, "%", limit=TARGET_PERCENT)


def main() -> None:
    """Run from the command line."""
    parser = parser_of("intents", __doc__)
    parser.add_argument("train", type=Path)
    parser.add_argument("test", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(
        read_sentences(arguments.train),
        read_sentences(arguments.test),
        ModelShelf().embedder(),
        arguments.json,
    )
    tell(figures, show, as_json=arguments.json)


if __name__ == "__main__":
    main()
