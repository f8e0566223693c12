"""Answers from knowledge over the phone: is it asked for, and is the right document found.

    python -m bench.knowledge KNOWLEDGE.json LOGS.json LABELS.json [--json] [--fit]

Takes the format of DSTC10, track 2, task 2 (spoken conversations): KNOWLEDGE.json domain → entity id → name, city and
docs{title, body}, with the entity `*` for what holds for a whole domain; LOGS.json dialogues that end in a caller's
turn, recognised text with n-best; LABELS.json in the same order: target, and where true the documents.

Fractions of 1. `f1` is that of finding the turns that need knowledge. `r1` and `r5` are the task's official figures:
the F-measure of turns that were found and have a right document among the first one or five, over the turns found
(precision) and the turns that need knowledge (recall), so a false alarm costs too. `recall_1` and `recall_5` rank
every turn that needs knowledge, found or not. `entity` is the share of those whose first document is about the right
thing. `turn_p95_ms` is the time of one whole turn, the embedding of documents not met before included.

With --fit the coefficients of dialog/knowledge/weights.py are fitted to these files and printed, with the figures of
a cross-validation in which no conversation is on both sides; nothing else uses the labels.
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
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression

from bench.report import parser_of, percentile, print_bars, print_json, print_table, tell
from dialog.encoder import Encoder
from dialog.knowledge.directory import Directory, Document, DocumentHit, Thing
from dialog.knowledge.names import Named, SpokenTurn
from dialog.knowledge.need import NeedEvidence, NeedHead
from dialog.knowledge.remembering import RememberingEncoder
from dialog.knowledge.weights import DIRECTORY, NEED
from models.shelf import ModelShelf

ANYWHERE = "*"
HYPOTHESES = 5
NEEDED = 0.5
SHARPNESS = 4.0
SOFT = 0.1
STRENGTH = 2.0
PARTS = ("name", "meaning", "sound")
Key = tuple[str, str, str]

ASKS = (
    "do they allow dogs",
    "do you know if they have free wifi",
    "do they accept credit cards",
    "is there parking for bikes",
    "can you check if they take reservations",
    "is it wheelchair accessible",
    "is it good for children",
    "do they serve alcohol",
    "do they offer delivery",
    "what time is check in",
    "do they have outdoor seating",
    "what is the ambience like",
    "is there an elevator",
    "do they offer a student discount",
    "does the hotel have a restaurant on site",
    "do they speak french",
    "how loud is it there",
)
TASKS = (
    "can i get the phone number",
    "what is the zip code",
    "can you give me the address and the phone number please",
    "where is it located",
    "how many stars does it have",
    "what is the star rating",
    "what is the price range",
    "what area is it in",
    "what kind of food do they serve",
    "what type of hotel is it",
    "i would like to book a table for two people on friday at seven",
    "can you book a room for three nights from monday",
    "what is the confirmation code",
    "i am looking for a place to eat in the same area",
    "i am also looking for a hotel in the moderate price range",
    "can you find a museum near there",
    "do you have any recommendations",
    "is there another one",
    "how about a cheap one instead",
    "what about chinese food instead",
    "is there a park nearby",
    "is there one on thursday",
    "thank you very much that is all",
    "let's go with the first one",
    "hi i am planning a trip to the city and need a place to stay",
)


@dataclass(frozen=True)
class Knowledge:
    """The things and the names of their documents in the files."""

    things: tuple[Thing, ...]
    keys: tuple[tuple[Key, ...], ...]


@dataclass(frozen=True)
class Conversation:
    """Turns up to the caller's last, and the documents that answer it; none where knowledge is not needed."""

    turns: tuple[SpokenTurn, ...]
    needs: bool
    right: frozenset[Key]


@dataclass(frozen=True)
class Outcome:
    """What was found for one conversation."""

    needs: bool
    right: frozenset[Key]
    evidence: NeedEvidence
    hits: tuple[DocumentHit, ...]
    ranked: tuple[Key, ...]
    took_s: float

    @property
    def found(self) -> bool:
        """Whether knowledge was thought to be needed."""
        return self.evidence.probability >= NEEDED

    def rank(self) -> int | None:
        """The place of the first right document; None where none was found."""
        return next((place for place, key in enumerate(self.ranked) if key in self.right), None)


def read_knowledge(path: Path) -> Knowledge:
    """The knowledge file."""
    things, keys = [], []
    for domain, entities in json.loads(path.read_text()).items():
        for entity, one in entities.items():
            name = "" if entity == ANYWHERE else one.get("name") or ""
            documents = tuple(Document(doc["title"], doc["body"]) for doc in one["docs"].values())
            things.append(Thing(Named(name, one.get("city"), domain), documents))
            keys.append(tuple((domain, entity, doc) for doc in one["docs"]))
    return Knowledge(tuple(things), tuple(keys))


def read_conversations(logs: Path, labels: Path) -> tuple[Conversation, ...]:
    """The logs with their labels. Raises ValueError where they are not of one length."""
    dialogues, truths = json.loads(logs.read_text()), json.loads(labels.read_text())
    return tuple(
        Conversation(
            tuple(_turn(turn) for turn in turns),
            bool(truth["target"]),
            frozenset(
                (one["domain"], str(one["entity_id"]), str(one["doc_id"]))
                for one in truth.get("knowledge", ())
            ),
        )
        for turns, truth in zip(dialogues, truths, strict=True)
    )


def _turn(turn: dict[str, Any]) -> SpokenTurn:
    others = [one["hyp"] for one in turn.get("nbest") or ()]
    texts = tuple(dict.fromkeys([turn["text"], *others]))[:HYPOTHESES]
    return SpokenTurn(texts, ours=turn["speaker"] == "S")


def answer_all(
    knowledge: Knowledge, conversations: Sequence[Conversation], encoder: Encoder, quiet: bool
) -> list[Outcome]:
    """Every conversation's last turn, looked up."""
    directory = Directory(knowledge.things, encoder)
    head = NeedHead(encoder, ASKS, TASKS)
    outcomes = []
    for one in track(conversations, "conversations", console=Console(stderr=True), disable=quiet):
        started = time.perf_counter()
        hits = directory.search(one.turns)
        best = hits[0] if hits else DocumentHit(0, 0, 0.0, 0.0, 0.0, 0.0)
        evidence = head.evidence(one.turns[-1].texts, best.meaning, best.sound, best.named)
        took = time.perf_counter() - started
        ranked = tuple(knowledge.keys[hit.thing][hit.document] for hit in hits)
        outcomes.append(Outcome(one.needs, one.right, evidence, hits, ranked, took))
    return outcomes


def figures_of(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """The figures that the module's description names."""
    needing = [one for one in outcomes if one.needs]
    found = [one for one in outcomes if one.found]
    both = [one for one in needing if one.found]

    def within(some: Sequence[Outcome], places: int) -> int:
        return sum(1 for one in some if (rank := one.rank()) is not None and rank < places)

    return {
        "f1": f_measure(len(both), len(found), len(needing)),
        "precision": share(len(both), len(found)),
        "recall": share(len(both), len(needing)),
        "r1": f_measure(within(both, 1), len(found), len(needing)),
        "r5": f_measure(within(both, 5), len(found), len(needing)),
        "recall_1": share(within(needing, 1), len(needing)),
        "recall_5": share(within(needing, 5), len(needing)),
        "entity": share(
            sum(
                1 for one in needing if one.ranked[:1] and one.ranked[0][:2] in {key[:2] for key in one.right}
            ),
            len(needing),
        ),
        "conversations": len(outcomes),
        "needing": len(needing),
    }


def f_measure(good: int, found: int, wanted: int) -> float | None:
    """The harmonic mean of good/found and good/wanted; None of nothing."""
    return round(2 * good / (found + wanted), 4) if found + wanted else None


def share(part: int, whole: int) -> float | None:
    """A fraction of 1; None of nothing."""
    return round(part / whole, 4) if whole else None


def fit(outcomes: Sequence[Outcome], groups: Sequence[str]) -> dict[str, Any]:
    """Coefficients from these outcomes, and figures of those left out of the fit, conversation by conversation."""
    tests: list[Outcome | None] = [None] * len(outcomes)
    odds = np.zeros(len(outcomes))
    for group in dict.fromkeys(groups):
        rest = [one for one, of in zip(outcomes, groups, strict=True) if of != group]
        ranking, (weights, bias) = fit_ranking(rest), fit_need(rest)
        for place, of in enumerate(groups):
            if of == group:
                tests[place] = reranked(outcomes[place], ranking)
                odds[place] = weights @ _need_row(outcomes[place]) + bias
    left_out = [one for one in tests if one is not None]
    found = odds >= 0.0
    needs = np.array([one.needs for one in left_out])
    ranks = [one.rank() for one in left_out]

    def good(places: int) -> int:
        hit = [rank is not None and rank < places for rank in ranks]
        return int((found & needs & np.array(hit)).sum())

    total, wanted = int(found.sum()), int(needs.sum())
    weights, bias = fit_need(outcomes)
    return {
        "DIRECTORY": dict(zip(PARTS, fit_ranking(outcomes).round(2).tolist(), strict=True)),
        "NEED": dict(zip(NEED, weights.round(2).tolist(), strict=True)),
        "NEED_BIAS": round(float(bias), 2),
        "cross_validated": {
            "f1": f_measure(int((found & needs).sum()), total, wanted),
            "r1": f_measure(good(1), total, wanted),
            "r5": f_measure(good(5), total, wanted),
        },
    }


def fit_ranking(outcomes: Sequence[Outcome]) -> np.ndarray:
    """Weights under which the right documents have the greatest share of a softmax, kept small."""
    rows = []
    for one in outcomes:
        right = np.array([key in one.right for key in one.ranked], bool)
        if right.any():
            rows.append((np.array([[getattr(hit, part) for part in PARTS] for hit in one.hits]), right))

    def loss(weights: np.ndarray) -> float:
        total = SOFT * len(rows) * float(weights @ weights) / 2
        for values, right in rows:
            shares = np.exp(SHARPNESS * (values @ weights - (values @ weights).max()))
            total -= float(np.log(shares[right].sum() / shares.sum()))
        return total

    return np.asarray(minimize(loss, np.array([DIRECTORY[part] for part in PARTS])).x)


def fit_need(outcomes: Sequence[Outcome]) -> tuple[np.ndarray, float]:
    """Logistic regression: weights and bias."""
    rows = np.array([_need_row(one) for one in outcomes])
    head = LogisticRegression(C=STRENGTH, max_iter=1000).fit(rows, [one.needs for one in outcomes])
    return head.coef_[0], float(head.intercept_[0])


def reranked(one: Outcome, weights: np.ndarray) -> Outcome:
    """An outcome with its documents in the order of other weights."""
    values = np.array([[getattr(hit, part) for part in PARTS] for hit in one.hits]).reshape(-1, len(PARTS))
    ranked = tuple(one.ranked[place] for place in np.argsort(-(values @ weights), kind="stable"))
    return Outcome(one.needs, one.right, one.evidence, one.hits, ranked, one.took_s)


def _need_row(one: Outcome) -> np.ndarray:
    return np.array([getattr(one.evidence, name) for name in NEED])


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    names = ("f1", "r1", "r5", "precision", "recall", "recall_1", "recall_5", "entity")
    rows = [(name, None if figures[name] is None else 100 * figures[name]) for name in names]
    print_table(console, "Knowledge over the phone", ("", "%"), rows)
    print_bars(console, "Shares", rows, "%")
    console.print(f"{figures['needing']} of {figures['conversations']} conversations need knowledge.")


def main() -> None:
    """Run from the command line."""
    parser = parser_of("knowledge", __doc__)
    for name in ("knowledge", "logs", "labels"):
        parser.add_argument(name, type=Path)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--fit", action="store_true", help="print fitted coefficients instead")
    arguments = parser.parse_args()
    knowledge = read_knowledge(arguments.knowledge)
    conversations = read_conversations(arguments.logs, arguments.labels)
    encoder = RememberingEncoder(ModelShelf().embedder())
    outcomes = answer_all(knowledge, conversations, encoder, arguments.json or arguments.fit)
    if arguments.fit:
        # The same conversation occurs cut at several turns: it opens alike.
        print_json(fit(outcomes, [one.turns[0].texts[0][:60] for one in conversations]))
        return
    figures = figures_of(outcomes) | {"turn_p95_ms": _p95_ms(outcomes)}
    tell(figures, show, as_json=arguments.json)


def _p95_ms(outcomes: Sequence[Outcome]) -> float | None:
    return percentile([1000 * one.took_s for one in outcomes], 95)


if __name__ == "__main__":
    main()
