"""Classes of sentences by their vectors: multinomial logistic regression, trained when the process starts."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax

from dialog.encoder import Encoder, Vectors

SPREAD = 10.0
"""How far the weights may go: the inverse of the penalty on their squares, against the summed loss."""
BATCH = 32
CLOSE = 1e-5
"""Training ends when a step gains less than this share of the loss."""
Floats = NDArray[np.float64]


class Head:
    """The probability of each class. Stateless after it was built; the same examples give the same weights."""

    def __init__(self, examples: Mapping[str, Sequence[str]], encoder: Encoder) -> None:
        """`examples` by class. Every class counts the same, however many examples it has."""
        texts = [plain(text) for group in examples.values() for text in group]
        labels = np.repeat(np.arange(len(examples)), [len(group) for group in examples.values()])
        parts = [encoder.embed(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)]
        self.names = tuple(examples)
        self._weights = _train(np.concatenate(parts), labels, len(examples))

    def shares(self, vectors: Vectors) -> Floats:
        """Probabilities of shape (texts, classes), in the order of `names`."""
        return np.asarray(softmax(_with_one(vectors) @ self._weights, axis=1))


def plain(text: str) -> str:
    """A text as it is embedded: case, hash signs and addresses carry no feeling."""
    words = (
        word.lstrip("#") for word in text.replace("’", "'").split() if not word.startswith(("@", "http"))
    )
    return " ".join(words).lower()


def _with_one(vectors: Vectors) -> Floats:
    return np.hstack([vectors.astype(np.float64), np.ones((len(vectors), 1))])


def _train(vectors: Vectors, labels: NDArray[np.int64], classes: int) -> Floats:
    inputs = _with_one(vectors)
    targets = np.eye(classes)[labels]
    balance = (len(labels) / classes / np.bincount(labels, minlength=classes))[labels][:, np.newaxis]
    penalised = np.ones((inputs.shape[1], 1))
    penalised[-1] = 0.0

    def loss(flat: Floats) -> tuple[float, Floats]:
        weights = flat.reshape(inputs.shape[1], classes)
        # Not by BLAS: on a busy machine its threads wait for each other far longer than this takes.
        scores = np.einsum("td,dc->tc", inputs, weights)
        penalty = penalised * weights / SPREAD
        wrong = balance * (softmax(scores, axis=1) - targets)
        each = balance[:, 0] * (logsumexp(scores, axis=1) - (scores * targets).sum(axis=1))
        value = float(each.sum()) + 0.5 * float((penalty * weights).sum())
        return value, (np.einsum("td,tc->dc", inputs, wrong) + penalty).ravel()

    found = minimize(
        loss, np.zeros(inputs.shape[1] * classes), jac=True, method="L-BFGS-B", options={"ftol": CLOSE}
    )
    return np.asarray(found.x, np.float64).reshape(inputs.shape[1], classes)
