"""A head: which of a set of labels a sentence has, how sure that is, and whether it has any of them."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.heads.calibration import best_temperature, shares
from models.heads.ridge import Matrix, Places, Ridge
from models.heads.scope import ScopeModel, evidence, train_scope
from models.heads.similarity import Memory
from models.heads.words import Terms, Wording

FORM = 1
"""Of the files; a head in another form is refused."""
MOST_EXAMPLES = 20_000
"""The likeness of all pairs is held in memory: 1.6 GB at this size."""
TRUSTED = 2_000
"""From how many examples, drawn by whole labels, the confidence is calibrated."""
MOST_OUTSIDE = 500
BLOCKS = 10
"""Into how many parts each label's examples are cut, each judged by a model without it. With fewer, one by one."""
EVENNESS = 0.02
"""By how much a label's score is lowered where it has e times the usual number of examples."""


class HeadError(ValueError):
    """A head cannot be trained on these examples, or not be read from this file; the text says which rule is broken."""


@dataclass(frozen=True)
class Judgement:
    """One sentence."""

    shares: NDArray[np.float32]
    """The probability of each label, given that it is one of them; in the order of the head's names."""
    in_scope: float
    """The probability that it is one of them."""


@dataclass(frozen=True)
class Head:
    """A trained head. Stateless, and safe to use from many threads."""

    names: tuple[str, ...]
    memory: Memory
    weights: Matrix
    """Shape (examples, labels), and one column more where out of scope has examples."""
    offsets: Matrix
    """Added to the labels' scores: a label is no likelier for having more examples. Shape (labels,)."""
    temperature: float
    scope: ScopeModel

    def judge(self, texts: Sequence[str], vectors: Matrix) -> list[Judgement]:
        """`vectors`: the texts' vectors by the encoder that the head was trained with, shape (texts, dimensions)."""
        if not texts:
            return []
        scores = self.memory.likeness(texts, vectors) @ self.weights
        scores[:, : len(self.names)] += self.offsets
        each = shares(scores[:, : len(self.names)], self.temperature)
        inside = self.scope.probability(evidence(scores, len(self.names)))
        return [Judgement(row, float(one)) for row, one in zip(each, inside, strict=True)]

    @cached_property
    def version(self) -> str:
        """Twelve hexadecimal digits of everything that decides."""
        digest = hashlib.sha256(json.dumps(self._described(), sort_keys=True).encode())
        for name, array in sorted(self._arrays().items()):
            digest.update(name.encode())
            digest.update(np.ascontiguousarray(array).tobytes())
        return digest.hexdigest()[:12]

    def save(self, folder: Path) -> None:
        """Write `head.npz` and `head.json` into `folder`. The training sentences themselves are not in them."""
        folder.mkdir(parents=True, exist_ok=True)
        np.savez_compressed(folder / "head.npz", **self._arrays())  # type: ignore[arg-type]
        described = {**self._described(), "version": self.version}
        (folder / "head.json").write_text(json.dumps(described), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> "Head":
        """Read what `save` wrote.

        Raises:
            HeadError: the files have another form, or their content is not what was saved.
            FileNotFoundError: there is no head in `folder`.
        """
        described = json.loads((folder / "head.json").read_text(encoding="utf-8"))
        if described.get("form") != FORM:
            raise HeadError(f"{folder}: the head has form {described.get('form')}, needed is {FORM}")
        with np.load(folder / "head.npz", allow_pickle=False) as stored:
            arrays = dict(stored)
        kinds = tuple(
            Terms(kind, {term: place for place, term in enumerate(terms)}, arrays[f"terms_{kind}"])
            for kind, terms in described["terms"].items()
        )
        shape = (len(arrays["vectors"]), sum(len(kind.index) for kind in kinds))
        rows = sparse.csr_matrix(
            (arrays["row_values"], arrays["row_places"], arrays["row_ends"]), shape=shape
        )
        scope = ScopeModel(**{**described["scope"], "weights": tuple(described["scope"]["weights"])})
        memory = Memory(arrays["vectors"], Wording(kinds), rows)
        head = cls(
            tuple(described["names"]),
            memory,
            arrays["weights"],
            arrays["offsets"],
            described["temperature"],
            scope,
        )
        if head.version != described["version"]:
            raise HeadError(
                f"{folder}: the head is not the one that was saved (version {described['version']})"
            )
        return head

    def _described(self) -> dict[str, object]:
        return {
            "form": FORM,
            "names": list(self.names),
            "temperature": self.temperature,
            "scope": {**asdict(self.scope), "weights": list(self.scope.weights)},
            "terms": {kind.kind: list(kind.index) for kind in self.memory.wording.kinds},
        }

    def _arrays(self) -> dict[str, NDArray[np.generic]]:
        rows = self.memory.rows
        return {
            "vectors": self.memory.vectors,
            "weights": self.weights,
            "offsets": self.offsets,
            "row_values": rows.data,
            "row_places": rows.indices,
            "row_ends": rows.indptr,
            **{f"terms_{kind.kind}": kind.weights for kind in self.memory.wording.kinds},
        }


def train_head(
    examples: Mapping[str, Sequence[int]], outside: Sequence[int], texts: Sequence[str], vectors: Matrix
) -> Head:
    """Train on `texts` with their `vectors`, shape (texts, dimensions), rows of length 1.

    `examples` gives each label's places in `texts`, `outside` those of out-of-scope sentences. The same input
    gives the same head.

    Raises:
        HeadError: fewer than two labels, a label without examples, or too many examples.
    """
    _check(examples, texts)
    labels = np.full(len(texts), len(examples))
    for column, places in enumerate(examples.values()):
        labels[list(places)] = column
    used = np.array(sorted({*outside, *(place for places in examples.values() for place in places)}))
    labels = labels[used]
    memory = Memory.of([texts[place] for place in used], vectors[used])
    columns = len(examples) + bool(len(outside))
    ridge = Ridge.fit(memory.among_itself(), np.eye(columns, dtype=np.float32)[labels])
    offsets = _offsets(np.bincount(labels, minlength=len(examples))[: len(examples)])
    temperature, scope = _calibrate(ridge, labels, offsets)
    return Head(tuple(examples), memory, ridge.weights, offsets, temperature, scope)


def _check(examples: Mapping[str, Sequence[int]], texts: Sequence[str]) -> None:
    if len(examples) < 2:
        raise HeadError("a head needs at least two labels")
    empty = [name for name, places in examples.items() if not len(places)]
    if empty:
        raise HeadError(f"a label needs at least one example; without any: {', '.join(empty)}")
    if len(texts) > MOST_EXAMPLES:
        raise HeadError(f"a head is trained on at most {MOST_EXAMPLES} examples, not {len(texts)}")


def _offsets(counts: Places) -> Matrix:
    return np.asarray(-EVENNESS * np.log(counts / counts.mean()), np.float32)


def _calibrate(ridge: Ridge, labels: Places, offsets: Matrix) -> tuple[float, ScopeModel]:
    """Temperature and scope model, from what the model says of examples and of labels it has not seen."""
    intents = len(offsets)
    drawn = _draw(labels, intents)
    inverse = ridge.inverse_at(drawn)
    blocks = [block for label in np.unique(labels[drawn]) for block in _blocks(labels[drawn] == label)]
    alone = np.zeros((len(drawn), ridge.weights.shape[1]), np.float32)
    alone[np.concatenate(blocks)] = np.concatenate(ridge.without_groups(drawn, inverse, blocks))
    alone[:, :intents] += offsets
    known = labels[drawn] < intents
    truth = labels[drawn][known]
    inside = alone[known]
    right = inside[:, :intents].argmax(axis=1) == truth
    groups = [np.flatnonzero(labels[drawn] == one) for one in np.unique(truth)]
    unseen = _without_their_label(ridge.without_groups(drawn, inverse, groups), np.unique(truth))
    unseen[:, :intents] += offsets
    return best_temperature(inside[:, :intents], truth), train_scope(
        evidence(inside, intents), right, evidence(alone[~known], intents), evidence(unseen, intents)
    )


def _blocks(chosen: NDArray[np.bool_]) -> list[Places]:
    """One label's examples in runs of a tenth, in their order: neighbours are often one thought in two wordings."""
    places = np.flatnonzero(chosen)
    return np.array_split(places, min(len(places), BLOCKS))


def _without_their_label(groups: Sequence[Matrix], labels: Places) -> Matrix:
    """The groups' scores with that of the label, which such a model would not have, far below all others."""
    for scores, label in zip(groups, labels, strict=True):
        scores[:, label] = -9.0
    return np.concatenate(groups)


def _draw(labels: Places, intents: int) -> Places:
    """All examples of as many labels as give enough, and out-of-scope examples."""
    chance = np.random.default_rng(0)
    kept: list[Places] = [chance.permutation(np.flatnonzero(labels == intents))[:MOST_OUTSIDE]]
    count = 0
    for label in chance.permutation(intents):
        if count < TRUSTED:
            kept.append(np.flatnonzero(labels == label))
            count += len(kept[-1])
    return np.sort(np.concatenate(kept))
