"""Sentences as vectors: MiniLM on CTranslate2, int8."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from transformers import AutoTokenizer

MOST_TOKENS = 256
DIMENSIONS = 384
BATCH = 32
"""Sentences computed at a time: each costs as much as the longest of its batch."""

Vectors = NDArray[np.float32]


class Embedder:
    """Turns sentences into vectors of length 1, so that a dot product is their cosine. Thread-safe.

    `threads` compute one batch; `workers` batches are computed at a time, where there are several.
    """

    def __init__(self, folder: Path, threads: int = 1, workers: int = 2) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._encoder = ctranslate2.Encoder(
            str(folder), compute_type="int8", inter_threads=workers, intra_threads=threads
        )
        self._workers = workers

    def embed(self, texts: Sequence[str]) -> Vectors:
        """`texts` as a float32 array of shape (n, 384); the first 256 tokens of each count."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
        if len(texts) <= BATCH:
            return self._batch(texts)
        # Batches of like length, so that little is computed for padding.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        batches = [
            [texts[place] for place in order[start : start + BATCH]] for start in range(0, len(order), BATCH)
        ]
        with ThreadPoolExecutor(self._workers) as pool:
            parts = list(pool.map(self._batch, batches))
        vectors = np.empty((len(texts), DIMENSIONS), dtype=np.float32)
        vectors[order] = np.concatenate(parts)
        return vectors

    def _batch(self, texts: Sequence[str]) -> Vectors:
        ids = self._tokenizer(list(texts), truncation=True, max_length=MOST_TOKENS)["input_ids"]
        output = self._encoder.forward_batch(ids)
        hidden = np.array(output.last_hidden_state)
        real = np.zeros(hidden.shape[:2], dtype=np.float32)
        for row, sentence in enumerate(ids):
            real[row, : len(sentence)] = 1.0
        summed = (hidden * real[:, :, np.newaxis]).sum(axis=1)
        means = summed / real.sum(axis=1, keepdims=True)
        vectors: Vectors = (means / np.linalg.norm(means, axis=1, keepdims=True)).astype(np.float32)
        return vectors
