"""From a risk to what is done about it, with hysteresis: one bad turn is no trouble, one good turn no end of it."""

from dataclasses import dataclass
from enum import StrEnum

from handoff.escalation.weights import Levels


class Level(StrEnum):
    """What is done. Names never change meaning."""

    NORMAL = "normal"
    WATCH = "watch"
    """Shorter prompts, a word of empathy."""
    OFFER = "offer"
    """A person is offered."""
    HAND_OVER = "hand_over"

    @property
    def rank(self) -> int:
        """0 for normal, 3 for a hand-over."""
        return list(Level).index(self)


@dataclass(frozen=True)
class Standing:
    """Where a call stands."""

    level: Level = Level.NORMAL
    offer_turns: int = 0
    """So many turns running the risk was high enough to offer."""
    hand_over_turns: int = 0
    calm_turns: int = 0


def moved(standing: Standing, risk: float, levels: Levels, *, valued: bool) -> Standing:
    """The standing after one more turn."""
    raised = risk + (levels.valued_shift if valued else 0.0)
    offer_turns = standing.offer_turns + 1 if raised >= levels.offer else 0
    hand_over_turns = standing.hand_over_turns + 1 if raised >= levels.hand_over else 0
    calm_turns = standing.calm_turns + 1 if raised <= levels.leave else 0
    if raised >= levels.at_once or hand_over_turns >= levels.turns:
        level = Level.HAND_OVER
    elif offer_turns >= levels.turns:
        level = Level.OFFER
    elif raised >= levels.watch or (standing.level is not Level.NORMAL and calm_turns < levels.turns):
        level = Level.WATCH
    else:
        level = Level.NORMAL
    return Standing(level, offer_turns, hand_over_turns, calm_turns)
