"""A Hugging Face sequence-classification model from a folder, for intents or sentiment.

The folder holds `model.onnx` (or `onnx/model.onnx`), the tokenizer's files and a `config.json` with `id2label`,
as `optimum-cli export onnx` writes them. Nothing is fetched. A folder with a torch checkpoint alone is run by
torch, where that is installed.
"""

import hashlib
import importlib
import json
from collections.abc import Mapping, Sequence
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import onnxruntime
from numpy.typing import NDArray
from onnxruntime.capi import onnxruntime_pybind11_state as onnx_errors
from transformers import AutoTokenizer

Logits = NDArray[np.float32]
Tokens = Mapping[str, NDArray[np.int64]]

MOST_TOKENS = 256
ONNX_FILES = ("model.onnx", "onnx/model.onnx")
TORCH_FILES = ("model.safetensors", "pytorch_model.bin")
TOKENIZER_FILES = ("tokenizer.json", "vocab.txt", "vocab.json", "spiece.model", "sentencepiece.bpe.model")
UNREADABLE = (
    onnx_errors.Fail,
    onnx_errors.InvalidArgument,
    onnx_errors.InvalidGraph,
    onnx_errors.InvalidProtobuf,
    onnx_errors.NotImplemented,
    onnx_errors.RuntimeException,
)
POLARITIES = {"negative": -1.0, "neutral": 0.0, "positive": 1.0}


class ClassifierFault(StrEnum):
    """Why a model cannot be used."""

    MISSING = "missing"
    BROKEN = "broken"
    LABELS = "labels"
    SHAPE = "shape"
    TORCH = "torch"


class ClassifierError(Exception):
    """The folder holds no model that can be used; the text says what is missing or wrong."""

    def __init__(self, fault: ClassifierFault, text: str) -> None:
        super().__init__(text)
        self.fault = fault


class Network(Protocol):
    """From tokens to one number a label."""

    def __call__(self, tokens: Tokens) -> Logits:
        """`tokens`: int64 arrays of shape (texts, tokens) by name; gives shape (texts, labels)."""


class SequenceClassifier:
    """Gives each text a probability for each label. Thread-safe.

    Raises:
        ClassifierError: MISSING, a file is not there; BROKEN, one cannot be read; LABELS, `id2label` is not 0, 1,
            2 ... with distinct labels; TORCH, the model is a torch checkpoint and torch is not installed.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self.labels = _labels(folder)
        if not any((folder / name).is_file() for name in TOKENIZER_FILES):
            needed = ", ".join(TOKENIZER_FILES)
            raise ClassifierError(
                ClassifierFault.MISSING, f"{folder}: there is no tokenizer (one of {needed})"
            )
        self._network = _network(folder, threads)
        self._tokenizer = _tokenizer(folder)
        self.version = _version(folder)
        """The folder's name and the start of the sha256 of its model file."""

    def classify(self, texts: Sequence[str]) -> list[dict[str, float]]:
        """The labels' probabilities, which sum to 1, for each text; the first 256 tokens of each count.

        Raises:
            ClassifierError: SHAPE, the model does not give one number a label.
        """
        if not texts:
            return []
        tokens = self._tokenizer(
            list(texts), truncation=True, max_length=MOST_TOKENS, padding=True, return_tensors="np"
        )
        logits = self._network({name: np.asarray(rows, np.int64) for name, rows in tokens.items()})
        if logits.shape != (len(texts), len(self.labels)):
            raise ClassifierError(
                ClassifierFault.SHAPE,
                f"the model must give shape {(len(texts), len(self.labels))} as config.json has "
                f"{len(self.labels)} labels; it gave {logits.shape}",
            )
        raised = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares = raised / raised.sum(axis=1, keepdims=True)
        return [dict(zip(self.labels, row.tolist(), strict=True)) for row in shares]


class SentimentModel:
    """Sentiment by a model with the labels negative, positive and perhaps neutral, in any case.

    Raises:
        ClassifierError: LABELS, the labels are others.
    """

    def __init__(self, classifier: SequenceClassifier) -> None:
        given = {label.lower() for label in classifier.labels}
        if not {"negative", "positive"} <= given <= set(POLARITIES):
            raise ClassifierError(
                ClassifierFault.LABELS,
                "a sentiment model needs the labels negative, positive and perhaps neutral; "
                f"it has {', '.join(classifier.labels)}",
            )
        self._classifier = classifier

    def polarity(self, text: str) -> float:
        """From -1, surely negative, to 1, surely positive."""
        given = self._classifier.classify([text])[0]
        return sum(POLARITIES[label.lower()] * share for label, share in given.items())


class _OnnxNetwork:
    def __init__(self, path: Path, threads: int) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        try:
            self._session = onnxruntime.InferenceSession(
                str(path), options, providers=["CPUExecutionProvider"]
            )
        except UNREADABLE as error:
            raise ClassifierError(
                ClassifierFault.BROKEN, f"{path}: is no ONNX model that can be run"
            ) from error
        self._inputs = [one.name for one in self._session.get_inputs()]

    def __call__(self, tokens: Tokens) -> Logits:
        shape = next(iter(tokens.values())).shape
        # Some exports ask for token types although their tokenizer gives none: a single sentence is type 0.
        feed = {name: tokens.get(name, np.zeros(shape, np.int64)) for name in self._inputs}
        return np.asarray(self._session.run(None, feed)[0], np.float32)


class _TorchNetwork:
    def __init__(self, folder: Path) -> None:
        self._torch: Any = importlib.import_module("torch")
        models: Any = importlib.import_module("transformers")
        self._model = models.AutoModelForSequenceClassification.from_pretrained(folder, local_files_only=True)
        self._model.eval()

    def __call__(self, tokens: Tokens) -> Logits:
        with self._torch.inference_mode():
            given = {name: self._torch.from_numpy(rows) for name, rows in tokens.items()}
            return np.asarray(self._model(**given).logits.float().numpy(), np.float32)


def _network(folder: Path, threads: int) -> Network:
    for name in ONNX_FILES:
        if (folder / name).is_file():
            return _OnnxNetwork(folder / name, threads)
    if not any((folder / name).is_file() for name in TORCH_FILES):
        raise ClassifierError(ClassifierFault.MISSING, f"{folder}: there is no model.onnx")
    if find_spec("torch") is None:
        raise ClassifierError(
            ClassifierFault.TORCH,
            f"{folder}: holds a torch checkpoint and torch is not installed; install torch, or export the model "
            "to model.onnx",
        )
    return _TorchNetwork(folder)


def _tokenizer(folder: Path) -> Any:
    try:
        return AutoTokenizer.from_pretrained(folder, local_files_only=True)
    except (OSError, ValueError, KeyError) as error:
        raise ClassifierError(
            ClassifierFault.BROKEN, f"{folder}: the tokenizer's files cannot be used"
        ) from error


def _version(folder: Path) -> str:
    path = next(folder / name for name in (*ONNX_FILES, *TORCH_FILES) if (folder / name).is_file())
    with path.open("rb") as file:
        return f"{folder.name}@{hashlib.file_digest(file, 'sha256').hexdigest()[:12]}"


def _labels(folder: Path) -> tuple[str, ...]:
    path = folder / "config.json"
    if not path.is_file():
        raise ClassifierError(ClassifierFault.MISSING, f"{folder}: there is no config.json")
    try:
        given = json.loads(path.read_text(encoding="utf-8")).get("id2label") or {}
    except (ValueError, AttributeError) as error:
        raise ClassifierError(ClassifierFault.BROKEN, f"{path}: is not a JSON object") from error
    labels = tuple(given.get(str(place)) for place in range(len(given)))
    if len(labels) < 2 or None in labels or len(set(labels)) < len(labels):
        raise ClassifierError(
            ClassifierFault.LABELS,
            f"{path}: id2label must name each label from 0 on, at least two, each once",
        )
    return tuple(str(label) for label in labels)
