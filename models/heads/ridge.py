"""Kernel ridge regression, with the predictions that the model would make had it not seen some of its examples.

For a kernel matrix K, penalty p and G = K + p·1 the weights are A = G⁻¹Y, and the scores of a group g of examples
by the model trained without them are Y_g - (G⁻¹_gg)⁻¹ A_g: honest figures for calibration without training anew.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import linalg

Matrix = NDArray[np.float32]
Places = NDArray[np.int64]
PENALTY = 0.1


@dataclass(frozen=True)
class Ridge:
    """A fitted regression. Only `weights`, shape (examples, columns), is needed to predict."""

    weights: Matrix
    targets: Matrix
    _factor: Matrix

    @classmethod
    def fit(cls, likeness: Matrix, targets: Matrix) -> "Ridge":
        """`likeness`: (examples, examples), overwritten; `targets`: (examples, columns)."""
        likeness[np.diag_indices_from(likeness)] += PENALTY
        factor, _ = linalg.cho_factor(likeness, lower=True, overwrite_a=True, check_finite=False)
        weights = linalg.cho_solve((factor, True), targets, check_finite=False)
        return cls(np.ascontiguousarray(weights, np.float32), targets, factor)

    def inverse_at(self, places: Places) -> Matrix:
        """The rows and columns `places` of G⁻¹."""
        unit = np.zeros((len(self.weights), len(places)), np.float32)
        unit[places, np.arange(len(places))] = 1.0
        half = linalg.solve_triangular(self._factor, unit, lower=True, overwrite_b=True, check_finite=False)
        block: Matrix = half.T @ half
        return block

    def without_groups(self, places: Places, inverse: Matrix, groups: Sequence[Places]) -> list[Matrix]:
        """The scores of each group (of positions in `places`) by a model that has seen none of the group."""
        return [
            np.asarray(
                self.targets[places[group]]
                - np.linalg.solve(inverse[np.ix_(group, group)], self.weights[places[group]]),
                np.float32,
            )
            for group in groups
        ]
