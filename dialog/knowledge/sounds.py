"""How much of a text's wording was said, by spelling and by sound: finds "outdor seating" and "reserve ations"."""

import math
from collections import Counter
from collections.abc import Sequence

import jellyfish
import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from dialog.knowledge.words import content_words, words

Scores = NDArray[np.float64]

CHANCE = 0.5
"""Likeness of words that have nothing to do with each other."""
SHARPNESS = 1.5
JOINED = 3
"""So many heard words may be one written word."""
APART = 4
"""Letters by which a heard word may be longer or shorter than the written."""


class SoundIndex:
    """Compares heard text with the wording of many texts. Pure after it was built."""

    def __init__(self, texts: Sequence[str]) -> None:
        bags = [sorted(set(content_words(text))) for text in texts]
        counts = Counter(word for bag in bags for word in bag)
        self._vocabulary = sorted(counts)
        number = {word: index for index, word in enumerate(self._vocabulary)}
        weight = {word: math.log((1 + len(bags)) / (0.5 + counts[word])) for word in counts}
        self._bags = [np.array([number[word] for word in bag], np.intp) for bag in bags]
        self._weights = [np.array([weight[word] for word in bag]) for bag in bags]
        mass = np.array([weights.sum() for weights in self._weights])
        usual = float(mass[mass > 0].mean()) if (mass > 0).any() else 1.0
        self._scale = np.sqrt(np.maximum(mass, 1e-9) * usual)
        self._flat = np.concatenate([np.zeros(0, np.intp), *self._bags])
        self._flat_weights = np.concatenate([np.zeros(0), *self._weights])
        self._owners = np.repeat(np.arange(len(bags)), [len(bag) for bag in bags])
        self._lengths = np.array([len(word) for word in self._vocabulary])
        self._sounds = [jellyfish.metaphone(word) for word in self._vocabulary]

    def heard(self, text: str) -> Scores:
        """How surely each word of the vocabulary was said, 0 to 1; shape (vocabulary,)."""
        windows = _windows(text)
        if not windows or not self._vocabulary:
            return np.zeros(len(self._vocabulary))
        letters = process.cdist(windows, self._vocabulary, scorer=fuzz.ratio, dtype=np.float32)
        sounds = process.cdist(
            [jellyfish.metaphone(window) for window in windows],
            self._sounds,
            scorer=fuzz.ratio,
            dtype=np.float32,
        )
        likeness = (letters + sounds) / 200.0
        apart = np.abs(np.array([len(window) for window in windows])[:, np.newaxis] - self._lengths)
        best = np.where(apart > APART, 0.0, likeness).max(axis=0)
        shares: Scores = np.clip((best - CHANCE) / (1.0 - CHANCE), 0.0, 1.0) ** SHARPNESS
        return shares

    def scores(self, heard: Scores) -> Scores:
        """How much of the wording of each text is in it, shape (texts,); 1 is a usual text word by word."""
        said = np.bincount(self._owners, self._flat_weights * heard[self._flat], minlength=len(self._bags))
        shares: Scores = said / self._scale
        return shares

    def scores_of(self, heard: Scores, texts: Sequence[int]) -> Scores:
        """The same of some texts only, by their places."""
        said = np.array([float(self._weights[index] @ heard[self._bags[index]]) for index in texts])
        shares: Scores = said / self._scale[list(texts)]
        return shares


def _windows(text: str) -> list[str]:
    said = words(text)
    runs = (
        "".join(said[at : at + size]) for size in range(1, JOINED + 1) for at in range(len(said) - size + 1)
    )
    return list(dict.fromkeys(runs))
