"""Whether somebody who begins to speak only tells that they listen, by the first sounds alone.

A hum and a "yeah" last a quarter of a second and cannot be told from a first word by their text: Whisper writes their
beginning as anything. What its encoder makes of them can: a linear head on the mean and the largest of its states.
`scripts/train_listening_head.py` makes the weights.
"""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).with_name("listening_head.npz")
STATE_SAMPLES = 160
"""Samples at 8 kHz that one state of the encoder stands for: 20 ms."""
LOOKS_AT = 12
"""The last so many states of the sound: before them the caller was quiet."""
LISTENS = 0.7
"""From this probability on it is one of those sounds. Measured in docs/decisions/0010."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class ListeningHead:
    """The weights, one for each feature, and the bias."""

    weights: Floats
    bias: float

    @classmethod
    def load(cls, path: Path = WEIGHTS) -> "ListeningHead":
        """The weights as they were trained."""
        with np.load(path) as stored:
            return cls(stored["weights"], float(stored["bias"]))

    def listens(self, states: Floats, samples: int) -> bool:
        """Whether the encoder's `states`, shape (states, width), of `samples` at 8 kHz are such a sound."""
        return self.probability(states, samples) >= LISTENS

    def probability(self, states: Floats, samples: int) -> float:
        """The same, 0 to 1."""
        return float(1.0 / (1.0 + np.exp(-(features(states, samples) @ self.weights + self.bias))))


def features(states: Floats, samples: int) -> Floats:
    """Mean and maximum of the states at the end of the sound: twice their width."""
    end = samples // STATE_SAMPLES
    last = states[max(0, end - LOOKS_AT) : end + 1]
    return np.concatenate((last.mean(axis=0), last.max(axis=0)))
