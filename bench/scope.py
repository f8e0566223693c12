"""How well a sentence that is none of the known intents is told from one that is.

    python -m bench.scope FILE.json [--json]

FILE holds lists of [text, intent] under train, val, test, oos_train, oos_val and oos_test; parts may be missing.
Where test or oos_test is missing, val and oos_val are measured, and are then kept from training. Where both are there,
oos_val is trained on too. An in-scope sentence is right only if it is accepted and has the right intent; the
threshold is the one that the trained head chose from its training sentences.
"""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from rich.progress import track
from scipy.stats import rankdata

from bench.intents import Sentence, by_intent
from bench.report import parser_of, percentile, print_bars, print_table, tell
from dialog.encoder import Encoder
from dialog.intents import IntentClassifier
from dialog.playbook import OUT_OF_SCOPE
from models.shelf import ModelShelf

PARTS = ("train", "val", "test", "oos_train", "oos_val", "oos_test")


@dataclass(frozen=True)
class Parts:
    """What is trained on, and what is measured."""

    train: list[Sentence]
    outside: list[str]
    test: list[Sentence]
    outside_test: list[str]
    measured: str


def read_parts(path: Path) -> Parts:
    """Which parts of the file serve for what.

    Raises:
        SystemExit: the file is no such file, or has nothing to train on or to measure; says which.
    """
    given = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(given, dict):
        raise SystemExit(f"{path}: must be an object with the keys {', '.join(PARTS)}")
    parts = {name: [(text, intent) for text, intent in given.get(name) or ()] for name in PARTS}
    whole = bool(parts["test"] and parts["oos_test"])
    test, outside_test = ("test", "oos_test") if whole else ("val", "oos_val")
    for name in ("train", test, outside_test):
        if not parts[name]:
            raise SystemExit(f"{path}: {name} is missing or empty")
    outside = parts["oos_train"] + (parts["oos_val"] if whole else [])
    return Parts(
        train=parts["train"],
        outside=[text for text, _ in outside],
        test=parts[test],
        outside_test=[text for text, _ in parts[outside_test]],
        measured=test,
    )


def auroc(inside: Sequence[float], outside: Sequence[float]) -> float | None:
    """How often a sentence in scope looks more so than one out of scope; None of nothing."""
    if not len(inside) or not len(outside):
        return None
    ranks = rankdata(np.concatenate((inside, outside)))[: len(inside)]
    return float((ranks.sum() - len(inside) * (len(inside) + 1) / 2) / (len(inside) * len(outside)))


def measure(parts: Parts, encoder: Encoder, quiet: bool) -> dict[str, Any]:
    """Train, and measure."""
    began = time.perf_counter()
    classifier = IntentClassifier.of_examples(by_intent(parts.train), parts.outside, encoder)
    trained_s = time.perf_counter() - began
    texts = [*(text for text, _ in parts.test), *parts.outside_test]
    best, inside, times = [], [], []
    for text in track(texts, "ranking", disable=quiet, console=Console(stderr=True)):
        began = time.perf_counter()
        chances = classifier.probabilities([text])[0]
        times.append(1000 * (time.perf_counter() - began))
        inside.append(1.0 - chances.pop(OUT_OF_SCOPE))
        best.append(max(chances, key=lambda name: chances[name]))
    accepted = np.array(inside) >= classifier.scope_threshold
    known = len(parts.test)
    right = np.array([one == name for one, (_, name) in zip(best, parts.test, strict=False)])
    area = auroc(inside[:known], inside[known:])
    return {
        "in_scope_accuracy": round(float((right & accepted[:known]).mean()), 4),
        "oos_recall": round(float((~accepted[known:]).mean()), 4),
        "auroc": None if area is None else round(area, 4),
        "accuracy_without_refusing": round(float(right.mean()), 4),
        "threshold": round(classifier.scope_threshold, 4),
        "measured": parts.measured,
        "training_s": round(trained_s, 2),
        "ms_p50": percentile(times, 50),
        "ms_p95": percentile(times, 95),
        "train": len(parts.train),
        "oos_train": len(parts.outside),
        "test": known,
        "oos_test": len(parts.outside_test),
        "head": classifier.version,
    }


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    print_table(console, "Scope", ("", "value"), list(figures.items()))
    names = ("in_scope_accuracy", "oos_recall", "auroc")
    print_bars(console, "Shares", [(name, 100 * figures[name]) for name in names], "%")


def main() -> None:
    """Run from the command line."""
    parser = parser_of("scope", __doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    figures = measure(read_parts(arguments.file), ModelShelf().embedder(), arguments.json)
    tell(figures, show, as_json=arguments.json)


if __name__ == "__main__":
    main()
