"""The sequence-classification models that an operator names in place of the built-in heads."""

from pathlib import Path

from dialog.encoder import Encoder
from dialog.intents import LabelledIntents, LabelsError
from dialog.minds import StandIns, build_minds
from dialog.plan import Minds
from dialog.playbook import Playbook
from dialog.source import PlaybookError
from models.sequence_classifier import ClassifierError, SentimentModel, SequenceClassifier
from settings import ClassifierSettings

INTENT_MODEL, SENTIMENT_MODEL = "WARMLINE_INTENT_MODEL", "WARMLINE_SENTIMENT_MODEL"
TRIAL = "hello"


class ClassifierSettingError(Exception):
    """A model that a setting names cannot be used; the text names the setting and says why."""


def load_stand_ins(settings: ClassifierSettings) -> StandIns:
    """Load the models that the settings name, and run each once.

    Raises:
        ClassifierSettingError: a file is missing or broken, or the labels are not those of a sentiment model.
    """
    versions: dict[str, str] = {}
    intents = polarity = None
    if settings.warmline_intent_model is not None:
        intents = _loaded(INTENT_MODEL, settings.warmline_intent_model)
        versions["intent-model"] = intents.version
    if settings.warmline_sentiment_model is not None:
        classifier = _loaded(SENTIMENT_MODEL, settings.warmline_sentiment_model)
        versions["sentiment-model"] = classifier.version
        try:
            polarity = SentimentModel(classifier)
        except ClassifierError as error:
            raise ClassifierSettingError(f"{SENTIMENT_MODEL}: {error}") from error
    return StandIns(intents, polarity, versions)


def check_labels(playbook: Playbook, stand_ins: StandIns) -> None:
    """Check that the model for intents knows the playbook's.

    Raises:
        PlaybookError: it does not; the problem names the setting.
    """
    if stand_ins.intents is None:
        return
    try:
        LabelledIntents(playbook.intents, playbook.articles, stand_ins.intents)
    except LabelsError as error:
        raise PlaybookError([f"{INTENT_MODEL}: {error}"]) from error


def minds_of(playbook: Playbook, encoder: Encoder, stand_ins: StandIns) -> Minds:
    """What a dialog understands with.

    Raises:
        HeadError: see `build_minds`.
        PlaybookError: see `check_labels`; so that a new version of a playbook that does not fit is refused as a
            broken one is.
    """
    check_labels(playbook, stand_ins)
    return build_minds(playbook, encoder, stand_ins)


def _loaded(setting: str, folder: Path) -> SequenceClassifier:
    try:
        classifier = SequenceClassifier(folder)
        classifier.classify([TRIAL])
    except ClassifierError as error:
        raise ClassifierSettingError(f"{setting}: {error}") from error
    return classifier
