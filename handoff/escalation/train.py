"""Fits the score to turns of labelled calls: logistic regression, then calibration on turns it was not fitted to."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold, cross_val_predict

from handoff.escalation.signals import NAMES
from handoff.escalation.weights import Score, Weights

FOLDS = 5
STRENGTH = 1.0
"""Inverse of the regularisation: a few hundred turns do not bear more."""


@dataclass(frozen=True)
class Example:
    """One turn: its signals, and whether a person should have taken over by then."""

    signals: Mapping[str, float]
    due: bool


class TooFewExamplesError(ValueError):
    """There are not enough turns of both kinds to fit anything; the text says how many there are."""


def fitted(examples: Sequence[Example], before: Weights) -> Weights:
    """The weights with a score fitted to `examples`; thresholds and floors stay as they are.

    Raises:
        TooFewExamplesError: fewer than five turns of a kind.
    """
    due = np.array([one.due for one in examples], dtype=bool)
    if min(due.sum(), (~due).sum()) < FOLDS:
        raise TooFewExamplesError(f"needs {FOLDS} turns of each kind: {due.sum()} due, {(~due).sum()} not")
    table = np.array([[one.signals.get(name, 0.0) for name in NAMES] for one in examples])
    regression = LogisticRegression(C=STRENGTH, max_iter=1000)
    folds = StratifiedKFold(FOLDS, shuffle=True, random_state=0)
    unseen = cross_val_predict(regression, table, due, cv=folds, method="decision_function")
    calibration = LogisticRegression(C=1e6).fit(unseen.reshape(-1, 1), due)
    regression.fit(table, due)
    score = Score(
        intercept=_rounded(regression.intercept_[0]),
        weights={name: _rounded(weight) for name, weight in zip(NAMES, regression.coef_[0], strict=True)},
        slope=_rounded(calibration.coef_[0, 0]),
        shift=_rounded(calibration.intercept_[0]),
    )
    digest = hashlib.sha256(score.model_dump_json().encode()).hexdigest()[:8]
    return before.model_copy(update={"score": score, "version": f"fitted-{digest}"})


def write_weights(path: Path, weights: Weights) -> None:
    """As TOML, which `read_weights` reads."""
    told = weights.model_dump()
    lines = [f'version = "{told["version"]}"', f"window = {told['window']}"]
    for name in ("score", "levels", "floors"):
        lines += ["", f"[{name}]"]
        lines += [f"{key} = {value}" for key, value in told[name].items() if not isinstance(value, dict)]
    lines += ["", "[score.weights]", *(f"{key} = {value}" for key, value in told["score"]["weights"].items())]
    path.write_text("\n".join(lines) + "\n", "utf-8")


def _rounded(value: float) -> float:
    return round(float(value), 4)
