"""What escalation goes by: weights, thresholds and floors, from a file with a version."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handoff.escalation.signals import NAMES

BUILT_IN = Path(__file__).with_name("weights.toml")
Share = Annotated[float, Field(ge=0.0, le=1.0)]


class WeightsError(ValueError):
    """A file of weights cannot be used; the text names file and rule."""


class Part(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Score(Part):
    """The risk: logistic in the weighted sum of the signals."""

    intercept: float
    weights: dict[str, float]
    slope: float = 1.0
    """Calibration: the log-odds are multiplied by it."""
    shift: float = 0.0
    """Calibration: and this is added."""


class Levels(Part):
    """From which risk on what is done."""

    watch: Share
    offer: Share
    hand_over: Share
    at_once: Share
    """From this risk on one turn is enough."""
    leave: Share
    """At or below it for `turns` turns, all is well again."""
    turns: Annotated[int, Field(ge=1)]
    """So many turns running the risk must be that high to offer, to hand over, and to leave."""
    least_turns: Annotated[int, Field(ge=0)]
    """Before so many turns of the caller nobody is handed over for a risk."""
    offer_again: Annotated[int, Field(ge=1)]
    """So many turns lie between two offers, and after a hand-over that came to nothing."""
    valued_shift: Share
    """A valued customer's thresholds are so much lower."""


class Floors(Part):
    """Signs that are enough by themselves."""

    mood_offer: float
    mood_hand_over: float
    turn_is_bad: float
    """The newest turn must be this bad, too: nobody is handed over for what has blown over."""
    confidence: Share
    confidence_turns: Annotated[int, Field(ge=1)]
    """The mean confidence of so many spoken turns counts."""
    repairs: Annotated[int, Field(ge=1)]
    """So many turns of the window with a repair of any kind are too many."""
    failures: Annotated[int, Field(ge=1)]
    """So often the same action may not fail."""


class Weights(Part):
    """One file of weights."""

    version: str
    window: Annotated[int, Field(ge=1, le=9)]
    """So many turns count."""
    score: Score
    levels: Levels
    floors: Floors


def read_weights(path: Path = BUILT_IN) -> Weights:
    """The weights in a TOML file.

    Raises:
        WeightsError: it cannot be read, or breaks a rule.
    """
    try:
        weights = Weights.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise WeightsError(f"{path}: cannot be read: {error}") from None
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise WeightsError(f"{path}: {'.'.join(map(str, first['loc']))}: {first['msg']}") from None
    _known(path, weights.score.weights)
    return weights


def _known(path: Path, weights: Mapping[str, float]) -> None:
    unknown = sorted(set(weights) - set(NAMES))
    if unknown:
        raise WeightsError(f"{path}: score.weights: there is no signal {', '.join(unknown)}")
