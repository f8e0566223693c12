"""Which models and which playbook a call is run again with."""

import copy
import tomllib
from pathlib import Path
from typing import Annotated

from faster_whisper import WhisperModel
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from classifiers import ClassifierSettingError, load_stand_ins, minds_of
from dialog.load import load_playbook
from dialog.minds import StandIns
from dialog.plan import Dialog
from handoff.escalation.weights import read_weights
from models.shelf import ModelShelf
from qa.learning.lessons import taught
from qa.learning.versions import Version
from qa.virtual.speech import RerunSpeech
from settings import ClassifierSettings
from thinking import Thinking
from voice.hearing.encoder import SHORT_WINDOW_S
from voice.hearing.recogniser import BEAM, Decoding
from voice.speech_parts import SpeechParts

MODEL_FILE = "model.bin"
"""What a folder with a CTranslate2 model holds."""


class ModelsError(Exception):
    """What was given as `--models` cannot be used; the text names file and field."""


class ModelChoice(BaseModel):
    """What takes the place of the models of every day. Folders are relative to the file that names them."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    whisper: Path | None = None
    """Folder of a Whisper model for CTranslate2."""
    intents: Path | None = None
    """As WARMLINE_INTENT_MODEL."""
    sentiment: Path | None = None
    """As WARMLINE_SENTIMENT_MODEL."""
    beam: Annotated[int, Field(ge=1, le=20)] = BEAM
    window_s: Annotated[float, Field(ge=1.0, le=30.0)] = SHORT_WINDOW_S
    """How much of an utterance, with the silence behind it, is encoded at the first try."""

    @property
    def words(self) -> str:
        """What differs from every day, for a report."""
        return ", ".join(f"{name} {value}" for name, value in self.model_dump(exclude_defaults=True).items())


EVERY_DAY = ModelChoice()


def read_models(path: Path) -> ModelChoice:
    """The choice that a TOML file names, or a folder with a Whisper model.

    Raises:
        ModelsError: naming file and field.
    """
    if path.is_dir():
        if not (path / MODEL_FILE).is_file():
            raise ModelsError(f"{path}: there is no {MODEL_FILE} of a Whisper model for CTranslate2 in it")
        return ModelChoice(whisper=path)
    try:
        choice = ModelChoice.model_validate(tomllib.loads(path.read_text()))
    except OSError as error:
        raise ModelsError(f"{path}: {error.strerror or error}") from None
    except tomllib.TOMLDecodeError as error:
        raise ModelsError(f"{path}: {error}") from None
    except ValidationError as error:
        problem = error.errors(include_url=False)[0]
        where = ".".join(str(part) for part in problem["loc"])
        raise ModelsError(f"{path}: {where}: {problem['msg']}") from None
    folders = {name: getattr(choice, name) for name in ("whisper", "intents", "sentiment")}
    found = {name: path.parent / folder for name, folder in folders.items() if folder is not None}
    for name, folder in found.items():
        if not folder.is_dir():
            raise ModelsError(f"{path}: {name}: there is no folder {folder}")
    return choice.model_copy(update=found)


class Today:
    """Today's assistant, ready to be called again and again: a playbook with what was learnt and all the models."""

    def __init__(
        self,
        playbook: Path,
        choice: ModelChoice = EVERY_DAY,
        threads: int = 1,
        learnt: Version | None = None,
    ) -> None:
        """One thread for each model: with another number the last digit of a probability may differ.

        `learnt` is what was learnt from corrections; None: nothing.

        Raises:
            PlaybookError, ModelFileError, ClassifierSettingError: with what to do.
        """
        shelf = self._shelf = ModelShelf(threads=threads)
        self._given = load_playbook(playbook)
        self._stand_ins = stand_ins_of(choice)
        whisper = shelf.whisper() if choice.whisper is None else _whisper(choice.whisper, threads)
        parts = SpeechParts(
            whisper,
            shelf.voice_path(),
            shelf.silero_path(),
            shelf.smart_turn_path(),
            self._given.pronunciation,
        )
        self._parts = parts
        self.speech = RerunSpeech(parts, whisper, Decoding(choice.beam, choice.window_s))
        self._versions = {**shelf.versions(), **self._stand_ins.versions}
        if choice.words:
            self._versions["instead"] = choice.words
        self._learn(learnt)

    def having_learnt(self, learnt: Version) -> "Today":
        """The same with what another version has learnt; both speak and hear with the same models."""
        other = copy.copy(self)
        other._learn(learnt)
        return other

    def _learn(self, learnt: Version | None) -> None:
        """As a server builds its company."""
        self.playbook = taught(self._given, learnt.lessons) if learnt is not None else self._given
        self.weights = learnt.weights if learnt is not None else read_weights()
        said = learnt.lessons.sentences() if learnt is not None else ()
        with self._shelf.kept_vectors(said) as encoder:
            minds = minds_of(self.playbook, encoder, self._stand_ins)
        self.thinking = Thinking(Dialog(self.playbook, minds))
        self.standing = frozenset(self.thinking.dialog.fixed_prompts)
        self.versions = self._versions | ({"learnt": learnt.name} if learnt is not None else {})

    def close(self) -> None:
        """Let the models' threads end."""
        self._parts.stop()


def stand_ins_of(choice: ModelChoice) -> StandIns:
    """The models in place of the built-in heads.

    Raises:
        ClassifierSettingError: one cannot be used.
    """
    named = {"warmline_intent_model": choice.intents, "warmline_sentiment_model": choice.sentiment}
    try:
        settings = ClassifierSettings.model_validate(
            {**ClassifierSettings().model_dump(), **{k: v for k, v in named.items() if v is not None}}
        )
    except ValidationError as error:
        raise ClassifierSettingError(str(error.errors(include_url=False)[0]["msg"])) from None
    return load_stand_ins(settings)


def _whisper(folder: Path, threads: int) -> WhisperModel:
    return WhisperModel(
        str(folder), device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
    )
