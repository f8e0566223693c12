"""Sentences as vectors: MiniLM on CTranslate2, int8."""

from collections.abc import Sequence
from pathlib import Path

import ctranslate2
import numpy as np
from numpy.typing import NDArray
from transformers import AutoTokenizer

MOST_TOKENS = 256
DIMENSIONS = 384

Vectors = NDArray[np.float32]


class Embedder:
    """Turns sentences into vectors of length 1, so that a dot product is their cosine. Thread-safe."""

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._tokenizer = AutoTokenizer.from_pretrained(folder, local_files_only=True)
        self._encoder = ctranslate2.Encoder(str(folder), compute_type="int8", intra_threads=threads)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """`texts` as a float32 array of shape (n, 384); the first 256 tokens of each count."""
        if not texts:
            return np.zeros((0, DIMENSIONS), dtype=np.float32)
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
