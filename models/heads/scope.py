"""Whether a sentence is one of the known wishes at all: a small logistic model over what the scores look like."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float64]
SHARPNESS = 8.0
RESTRAINT = 1e-3
"""Of the logistic weights' squares, so that a handful of examples gives no certainty."""
USUAL = 0.7
"""The share of in-scope sentences that the probability takes for granted."""
ANSWERED = 0.85
"""What answering a sentence in scope is worth, against refusing one out of scope: most calls are in scope."""
UNSEEN = 20
"""Intents that the model had not seen weigh as much as so many out-of-scope examples: they are harder than most."""


def evidence(scores: NDArray[np.float32], intents: int) -> Floats:
    """What speaks for and against: shape (sentences, 3).

    The best score; the soft maximum of all (free energy); the score for out of scope, 0 where it has no examples.
    """
    known = scores[:, :intents].astype(np.float64)
    out = scores[:, intents:].sum(axis=1).astype(np.float64)
    best = known.max(axis=1)
    soft = best + np.log(np.exp(SHARPNESS * (known - best[:, np.newaxis])).sum(axis=1)) / SHARPNESS
    return np.column_stack((best, soft, out))


@dataclass(frozen=True)
class ScopeModel:
    """In scope with which probability."""

    weights: tuple[float, ...]
    bias: float
    threshold: float
    """From which probability on accepting a sentence does more good than harm."""

    def probability(self, seen: Floats) -> Floats:
        """`seen`: (sentences, 3) as `evidence` gives it."""
        return _logistic(seen @ np.array(self.weights) + self.bias)


def train_scope(inside: Floats, right: NDArray[np.bool_], given: Floats, unseen: Floats) -> ScopeModel:
    """From evidence on sentences which the scores' model had not seen.

    `inside`: in-scope sentences, `right`: whether their best intent is the true one; `given`: out-of-scope examples;
    `unseen`: sentences of intents that the model was kept from. Without any of the last two all is in scope.
    """
    if not len(given) and not len(unseen):
        return ScopeModel((0.0, 0.0, 0.0), 10.0, 0.0)
    outside = np.vstack((given, unseen))
    shares = _outside_weights(len(given), len(unseen))
    sure = np.concatenate((np.full(len(inside), USUAL / len(inside)), (1.0 - USUAL) * shares))
    rows = np.vstack((inside, outside))
    middle, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-6
    scaled = np.column_stack(((rows - middle) / spread, np.ones(len(rows))))
    truth = np.concatenate((np.ones(len(inside)), np.zeros(len(outside))))
    fitted = _fit_logistic(scaled, truth, sure)
    weights = fitted[:-1] / spread
    bias = float(fitted[-1] - weights @ middle)
    model = ScopeModel(tuple(float(one) for one in weights), bias, 0.0)
    threshold = _best_threshold(model.probability(inside), right, model.probability(outside), shares)
    return ScopeModel(model.weights, bias, threshold)


def _outside_weights(given: int, unseen: int) -> Floats:
    """One weight an out-of-scope sentence; they sum to 1."""
    share = given / (given + UNSEEN) if unseen else 1.0
    return np.concatenate(
        (np.full(given, share / max(given, 1)), np.full(unseen, (1.0 - share) / max(unseen, 1)))
    )


def _fit_logistic(rows: Floats, truth: Floats, sure: Floats) -> Floats:
    """Weights, the bias last, by penalised maximum likelihood."""

    def loss(weights: Floats) -> tuple[float, Floats]:
        drawn = rows @ weights
        surprise = np.logaddexp(0.0, drawn) - truth * drawn
        slope = rows.T @ (sure * (_logistic(drawn) - truth)) + 2 * RESTRAINT * weights
        return float(sure @ surprise + RESTRAINT * weights @ weights), slope

    return np.asarray(optimize.minimize(loss, np.zeros(rows.shape[1]), jac=True, method="L-BFGS-B").x)


def _best_threshold(inside: Floats, right: NDArray[np.bool_], outside: Floats, shares: Floats) -> float:
    """Where most sentences are treated rightly: answered with their intent in scope, refused out of scope."""
    steps = np.unique(np.concatenate((inside, outside, (0.0, 1.0))))
    answered = _share_from(steps, inside, right / len(inside))
    refused = shares.sum() - _share_from(steps, outside, shares)
    best = int(np.argmax(ANSWERED * answered + (1.0 - ANSWERED) * refused))
    below = steps[best - 1] if best else steps[0]
    return float((below + steps[best]) / 2)


def _share_from(steps: Floats, values: Floats, weights: Floats) -> Floats:
    """The weight of the values at or above each step."""
    order = np.argsort(values)
    tail = np.concatenate((np.cumsum(weights[order][::-1])[::-1], (0.0,)))
    return np.asarray(tail[np.searchsorted(values[order], steps)])


def _logistic(values: Floats) -> Floats:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * values)))
