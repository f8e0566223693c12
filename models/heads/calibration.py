"""Making confidence mean what it says."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

Floats = NDArray[np.float32]
COLDEST, HOTTEST = 0.01, 2.0
BINS = 15


def shares(scores: Floats, temperature: float) -> Floats:
    """Scores as probabilities: softmax over the last axis, sharper the lower the temperature."""
    raised = np.exp((scores - scores.max(axis=-1, keepdims=True)) / temperature)
    return np.asarray(raised / raised.sum(axis=-1, keepdims=True), np.float32)


def best_temperature(scores: Floats, labels: NDArray[np.int64]) -> float:
    """The temperature at which the true labels are likeliest; `scores` must be of examples the model did not see."""

    def surprise(logarithm: float) -> float:
        chosen = shares(scores, float(np.exp(logarithm)))[np.arange(len(labels)), labels]
        return float(-np.log(np.maximum(chosen, 1e-9)).mean())

    bounds = (np.log(COLDEST), np.log(HOTTEST))
    return float(np.exp(optimize.minimize_scalar(surprise, bounds=bounds, method="bounded").x))


def expected_calibration_error(confidence: Sequence[float], right: Sequence[bool]) -> float:
    """Mean gap between confidence and accuracy over 15 bins of equal width, weighted by their size (Guo 2017).

    Raises:
        ValueError: nothing was measured.
    """
    if not len(confidence):
        raise ValueError("a calibration error needs at least one prediction")
    sure, correct = np.asarray(confidence, float), np.asarray(right, float)
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(sure[bins == one].mean() - correct[bins == one].mean()) * (bins == one).sum()
        for one in np.unique(bins)
    ]
    return float(sum(gaps) / len(sure))
