"""How well the audit finds the categories of labelled texts.

    python -m bench.audit FOLDER [--json]

Takes every .csv and .tsv below FOLDER that has the columns utterance and intent. The audit chooses its number of
clusters itself. Beside it, k-means on TF-IDF with the same number and with the true number of labels; the better of the
two counts. `ami` is the adjusted mutual information with the labels: 0 by chance, 1 the same.
"""

import csv
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
from rich.console import Console
from sklearn.cluster import KMeans
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import adjusted_mutual_info_score

from bench.report import parser_of, print_bars, print_table, tell
from dialog.encoder import Encoder
from models.shelf import ModelShelf
from qa.audit.clusters import clustered
from qa.audit.tickets import mask

Labelled = tuple[str, str]
SEED = 0


def read_labelled(folder: Path) -> list[Labelled]:
    """Text and label of each row that has both.

    Raises:
        SystemExit: there is no file with such columns.
    """
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".csv", ".tsv"})
    rows = [row for path in files for row in _rows(path)]
    if len({label for _, label in rows}) < 2:
        raise SystemExit(f"{folder}: has no .csv or .tsv with the columns utterance and intent")
    return rows


def _rows(path: Path) -> Iterator[Labelled]:
    with path.open(newline="", encoding="utf-8-sig") as file:
        if path.suffix == ".tsv":
            reader = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        else:
            reader = csv.DictReader(file)
        for row in reader:
            text, label = row.get("utterance"), row.get("intent")
            if text and label:
                yield text, label


def measure(rows: list[Labelled], encoder: Encoder) -> dict[str, Any]:
    """Both on the same texts."""
    texts, labels = [text for text, _ in rows], [label for _, label in rows]
    true = len(set(labels))
    began = time.perf_counter()
    ours = clustered([mask(text) or text for text in texts], encoder, SEED)
    took = time.perf_counter() - began
    sizes = len(np.unique(ours.labels))
    table = TfidfVectorizer().fit_transform(texts)
    theirs = {
        size: adjusted_mutual_info_score(labels, KMeans(size, n_init=3, random_state=SEED).fit_predict(table))
        for size in sorted({sizes, true})
    }
    best = max(theirs, key=lambda size: theirs[size])
    return {
        "texts": len(rows),
        "labels": true,
        "ours": {
            "ami": round(float(adjusted_mutual_info_score(labels, ours.labels)), 4),
            "clusters": sizes,
            "seconds": round(took, 1),
        },
        "tfidf_kmeans": {
            "ami": round(float(theirs[best]), 4),
            "clusters": best,
            "by_clusters": {str(size): round(float(value), 4) for size, value in theirs.items()},
        },
    }


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    rows = [(name, figures[name]["ami"], figures[name]["clusters"]) for name in ("ours", "tfidf_kmeans")]
    print_table(
        console,
        f"{figures['texts']} texts with {figures['labels']} labels",
        ("", "adjusted mutual information", "clusters"),
        rows,
    )
    print_bars(console, "Adjusted mutual information", [(name, value) for name, value, _ in rows], "")


def main() -> None:
    """Run from the command line."""
    parser = parser_of("audit", __doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    tell(measure(read_labelled(arguments.folder), ModelShelf().embedder()), show, as_json=arguments.json)


if __name__ == "__main__":
    main()
