"""How well the caller's sentiment and dissatisfaction are told.

    python -m bench.sentiment TEXTS LABELS [--json]
    python -m bench.sentiment DIALOGUES [LABELS] [--json]
    python -m bench.sentiment --meld FILE.csv [--json]

TEXTS has one text a line, LABELS one label a line. Labels 0 negative, 1 neutral, 2 positive give `macro_recall`, and
`auc` for negative against the rest. Other numbers are mean satisfaction, 1 to 5, and give `auc` for "below 3".
DIALOGUES has tab-separated lines of role (USER or SYSTEM), text, action and annotators' scores (1-5, with commas), and
an empty line between two dialogues; each USER turn with scores counts, given the dialogue so far, for "mean below 3",
except the line OVERALL. LABELS is then `-`, the same file, or one mean a counted turn. --meld takes a CSV file with the
columns Utterance and Sentiment. `vader` has the figures of VADER alone, with the thresholds that it recommends. Nothing
here was fitted on these files; all fractions are of 1, and null was not measured.
"""

import argparse
import csv
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.progress import track
from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer  # type: ignore[import-untyped]

from bench.report import percentile, print_bars, print_json, print_table
from dialog.sentiment.course import Turn
from dialog.sentiment.sentiment import Sentiment, label
from models.shelf import ModelShelf

CLASSES = ("negative", "neutral", "positive")
VADER_NEUTRAL = 0.05
SATISFIED = 3.0
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Moment:
    """One caller turn with all that was said before it."""

    turns: tuple[Turn, ...]
    satisfaction: float


def read_lines(path: Path) -> list[str]:
    """The lines of a file; a last line break ends the last line."""
    return path.read_text("utf-8").removesuffix("\n").split("\n")


def read_labels(path: Path, expected: int) -> list[float]:
    """One number a line.

    Raises:
        SystemExit: a line is no number, or there are not `expected` of them.
    """
    labels = []
    for number, line in enumerate(read_lines(path), start=1):
        try:
            labels.append(float(line))
        except ValueError:
            raise SystemExit(f"{path}, line {number}: {line!r} must be a number") from None
    if len(labels) != expected:
        raise SystemExit(f"{path}: has {len(labels)} labels, there are {expected} texts")
    return labels


def is_dialogues(path: Path) -> bool:
    """Whether the first line with text is a turn with its role."""
    with path.open(encoding="utf-8") as file:
        first = next((line for line in file if line.strip()), "")
    return first.startswith(("USER\t", "SYSTEM\t"))


def read_dialogues(path: Path) -> list[Moment]:
    """Every caller turn with scores, given the dialogue so far.

    Raises:
        SystemExit: a line has no role, or a score is no number.
    """
    moments: list[Moment] = []
    turns: list[Turn] = []
    for number, line in enumerate(read_lines(path), start=1):
        if not line.strip():
            turns = []
            continue
        role, _, rest = line.partition("\t")
        columns = rest.split("\t")
        if role not in {"USER", "SYSTEM"}:
            raise SystemExit(f"{path}, line {number}: the role {role!r} must be USER or SYSTEM")
        if columns[0] == "OVERALL":
            continue
        turns.append(("caller" if role == "USER" else "assistant", columns[0]))
        scores = columns[2] if len(columns) > 2 else ""
        if role == "USER" and scores.strip():
            try:
                mean = float(np.mean([float(score) for score in scores.split(",")]))
            except ValueError:
                raise SystemExit(f"{path}, line {number}: the scores {scores!r} must be numbers") from None
            moments.append(Moment(tuple(turns), mean))
    return moments


def read_meld(path: Path) -> tuple[list[str], list[float]]:
    """Utterances and their labels 0, 1, 2.

    Raises:
        SystemExit: a column is missing or a label unknown.
    """
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    if not rows or not {"Utterance", "Sentiment"} <= set(rows[0]):
        raise SystemExit(f"{path}: needs rows with the columns Utterance and Sentiment")
    unknown = {row["Sentiment"] for row in rows} - set(CLASSES)
    if unknown:
        raise SystemExit(f"{path}: the sentiments {', '.join(sorted(unknown))} are unknown")
    return [row["Utterance"] for row in rows], [float(CLASSES.index(row["Sentiment"])) for row in rows]


def macro_recall(told: Sequence[int], labels: Sequence[float]) -> float | None:
    """The mean of the classes' recalls; None unless all three occur."""
    recalls = class_recalls(told, labels)
    known = [value for value in recalls.values() if value is not None]
    return round(float(np.mean(known)), 4) if len(known) == len(CLASSES) else None


def class_recalls(told: Sequence[int], labels: Sequence[float]) -> dict[str, float | None]:
    """The recall of each class; None of a class that does not occur."""
    recalls: dict[str, float | None] = {}
    for value, name in enumerate(CLASSES):
        hits = [one == value for one, other in zip(told, labels, strict=True) if other == value]
        recalls[name] = round(sum(hits) / len(hits), 4) if hits else None
    return recalls


def auc(scores: Sequence[float], positive: Sequence[bool]) -> float | None:
    """The chance that one that is positive scores higher than one that is not, ties half; None where one kind lacks."""
    values: Floats = np.asarray(scores, np.float64)
    is_positive = np.asarray(positive, bool)
    many, few = int(is_positive.sum()), int((~is_positive).sum())
    if not many or not few:
        return None
    _, place, count = np.unique(values, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2.0)[place]
    return round(float((ranks[is_positive].sum() - many * (many + 1) / 2.0) / (many * few)), 4)


def measure_texts(
    texts: Sequence[str], labels: Sequence[float], sentiment: Sentiment, quiet: bool
) -> dict[str, Any]:
    """Single texts."""
    lexicon = SentimentIntensityAnalyzer()
    vader = [float(lexicon.polarity_scores(text)["compound"]) for text in texts]
    scores, took = timed(sentiment.score, texts, "texts", quiet)
    classes = set(labels) <= {0.0, 1.0, 2.0}
    bad = [value == 0.0 if classes else value < SATISFIED for value in labels]
    figures = one_scorer(scores, [label(score) for score in scores], labels, bad, classes)
    return {
        **figures,
        "vader": one_scorer(vader, [vader_label(score) for score in vader], labels, bad, classes),
        "texts": len(texts),
        "p95_ms": in_ms(took),
    }


def one_scorer(
    scores: Sequence[float], told: Sequence[int], labels: Sequence[float], bad: Sequence[bool], classes: bool
) -> dict[str, Any]:
    """The figures of one way to score."""
    return {
        "macro_recall": macro_recall(told, labels) if classes else None,
        "auc": auc([-score for score in scores], bad),
        "recalls": class_recalls(told, labels) if classes else None,
    }


def vader_label(score: float) -> int:
    """As VADER's authors recommend."""
    return 0 if score <= -VADER_NEUTRAL else 2 if score >= VADER_NEUTRAL else 1


def measure_dialogues(
    moments: Sequence[Moment], satisfaction: Sequence[float], sentiment: Sentiment, quiet: bool
) -> dict[str, Any]:
    """Caller turns in their dialogues."""
    lexicon = SentimentIntensityAnalyzer()
    bad = [value < SATISFIED for value in satisfaction]
    likely, took = timed(
        lambda moment: sentiment.dissatisfaction(moment.turns), moments, "caller turns", quiet
    )
    vader = [-float(lexicon.polarity_scores(moment.turns[-1][1])["compound"]) for moment in moments]
    words = [-sentiment.score(moment.turns[-1][1]) for moment in moments]
    return {
        "macro_recall": None,
        "auc": auc(likely, bad),
        "auc_turn_alone": auc(words, bad),
        "vader": {"macro_recall": None, "auc": auc(vader, bad)},
        "texts": len(moments),
        "dissatisfied": sum(bad),
        "p95_ms": in_ms(took),
    }


def timed(
    score: Callable[[Any], float], items: Sequence[Any], title: str, quiet: bool
) -> tuple[list[float], list[float]]:
    """The scores, and the seconds that each took."""
    scores, took = [], []
    for item in track(items, title, disable=quiet, console=Console(stderr=True)):
        began = time.perf_counter()
        scores.append(score(item))
        took.append(time.perf_counter() - began)
    return scores, took


def in_ms(took: Sequence[float]) -> float | None:
    """The 95th percentile of seconds, in milliseconds."""
    return percentile([1000.0 * value for value in took], 95)


def measure(
    texts: Path | None, labels: Path | None, meld: Path | None, sentiment: Sentiment, quiet: bool
) -> dict[str, Any]:
    """The figures of the files that were given.

    Raises:
        SystemExit: a file breaks its form; says where.
    """
    if meld is not None:
        return measure_texts(*read_meld(meld), sentiment, quiet)
    if texts is None:
        raise SystemExit("TEXTS or --meld must be given")
    if is_dialogues(texts):
        moments = read_dialogues(texts)
        inside = labels is None or str(labels) == "-" or labels.resolve() == texts.resolve()
        if labels is None or inside:
            satisfaction = [moment.satisfaction for moment in moments]
        else:
            satisfaction = read_labels(labels, len(moments))
        return measure_dialogues(moments, satisfaction, sentiment, quiet)
    if labels is None or str(labels) == "-":
        raise SystemExit("TEXTS that are no dialogues need LABELS")
    lines = read_lines(texts)
    return measure_texts(lines, read_labels(labels, len(lines)), sentiment, quiet)


def show(figures: dict[str, Any]) -> None:
    """For people."""
    console = Console()
    rows = [
        ("Warmline", figures["macro_recall"], figures["auc"], figures["p95_ms"]),
        ("VADER alone", figures["vader"]["macro_recall"], figures["vader"]["auc"], None),
    ]
    print_table(
        console, f"Sentiment of {figures['texts']} turns", ("", "macro recall", "AUC", "p95 ms"), rows
    )
    for key, title in (("macro_recall", "Macro recall"), ("auc", "AUC")):
        print_bars(console, title, [("Warmline", figures[key]), ("VADER", figures["vader"][key])], "")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="How well sentiment and dissatisfaction are told.")
    parser.add_argument("texts", type=Path, nargs="?")
    parser.add_argument("labels", type=Path, nargs="?")
    parser.add_argument("--meld", type=Path)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    sentiment = Sentiment(ModelShelf().embedder())
    figures = measure(given.texts, given.labels, given.meld, sentiment, given.json)
    if given.json:
        print_json(figures)
    else:
        show(figures)


if __name__ == "__main__":
    main()
