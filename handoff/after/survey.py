"""The survey by keypad, as a table: where it stands and a key give the next question. Pure, and knows no carrier.

A caller may hang up at any time. Each part that was asked leaves one event, with or without a score: whoever counts
answers must know how often it was asked.
"""

from dataclasses import dataclass
from enum import StrEnum

from calls.events import SurveyAnswered
from dialog.schema.queues import Survey, SurveyPart

SCORES = {str(score): score for score in range(1, 6)}


class Part(StrEnum):
    """What is asked about. Names never change meaning."""

    ASSISTANT = "assistant"
    AGENT = "agent"


@dataclass(frozen=True)
class SurveyState:
    """Where a survey stands: small enough for an address."""

    part: Part
    again: bool = False
    """Whether this part was asked once already."""

    @property
    def code(self) -> str:
        """As text, such as `agent` or `agent-again`."""
        return f"{self.part.value}-again" if self.again else self.part.value

    @classmethod
    def of(cls, code: str) -> "SurveyState":
        """The state of a text.

        Raises:
            ValueError: it is none.
        """
        part, dash, again = code.partition("-")
        if dash and again != "again":
            raise ValueError(f"{code} is no state of a survey")
        return cls(Part(part), bool(dash))


@dataclass(frozen=True)
class Question:
    """What the caller hears, and what is waited for: one key."""

    state: SurveyState
    sentences: tuple[str, ...]
    wait_s: int


@dataclass(frozen=True)
class Goodbye:
    """The survey is over; the call ends."""

    sentences: tuple[str, ...]


def first_question(survey: Survey, *, with_agent: bool = True) -> Question | None:
    """How a survey begins; None where nothing is asked.

    Args:
        survey: The playbook's.
        with_agent: Whether the caller has talked with a human.
    """
    asked = [part for part in _parts(survey) if with_agent or part is not Part.AGENT]
    if not survey.enabled or not asked:
        return None
    return _question(survey, SurveyState(asked[0]), survey.introduction)


def answered(
    survey: Survey, state: SurveyState, digits: str, *, with_agent: bool = True
) -> tuple[Question | Goodbye, SurveyAnswered | None]:
    """What follows a key, or none: the next question or the goodbye, and what the record says of this part.

    Args:
        survey: The playbook's.
        state: The question that was asked.
        digits: What was keyed; empty: nothing in time.
        with_agent: Whether the caller has talked with a human.
    """
    score = SCORES.get(digits)
    if score is None and not state.again:
        return _question(survey, SurveyState(state.part, again=True)), None
    event = SurveyAnswered(part=state.part.value, score=score)
    follows = state.part is Part.ASSISTANT and with_agent and survey.agent is not None
    # Who keys nothing twice does not want to be asked more.
    if follows and digits:
        return _question(survey, SurveyState(Part.AGENT)), event
    return Goodbye((survey.thanks,)), event


def hung_up(state: SurveyState) -> SurveyAnswered:
    """What the record says where the caller has hung up at a question."""
    return SurveyAnswered(part=state.part.value, score=None)


def _parts(survey: Survey) -> tuple[Part, ...]:
    return tuple(part for part in Part if _asked(survey, part) is not None)


def _asked(survey: Survey, part: Part) -> SurveyPart | None:
    return survey.assistant if part is Part.ASSISTANT else survey.agent


def _question(survey: Survey, state: SurveyState, *before: str) -> Question:
    """A part's question. One that the playbook has dropped meanwhile is asked in the built-in words."""
    part = _asked(survey, state.part) or _asked(Survey(), state.part)
    assert part is not None  # noqa: S101 - the built-in survey has both
    return Question(state, (*before, part.retry if state.again else part.ask), survey.wait_s)
