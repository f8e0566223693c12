"""How a call went, over its time: mood, certainty, and how long each answer took. Pure."""

from collections.abc import Iterable, Sequence

from calls.events import TurnAnswered, TurnHeard, TurnKeyed, TurnPlanned, TurnSilent
from qa.replay.axis import Axis
from qa.replay.turns import ReplayTurn
from qa.replay.values import Shown

STAGES = {
    "end_of_turn": "end of turn",
    "plan": "deciding",
    "action": "action",
    "first_audio": "first sound",
}
"""The stages that follow one another, in order, in words. `transcript` is within them: it is made while they run."""
SLOW_S = 0.9
"""An answer above this is slow: the 95th percentile we allow (DESIGN.md, budgets)."""


class Point(Shown):
    """One value of a curve."""

    at_s: float
    value: float


class Stage(Shown):
    """A stage of an answer."""

    name: str
    start_s: float
    """Since the caller's last sound."""
    seconds: float


class Answer(Shown):
    """How long an answer took."""

    at_s: float
    """The caller's last sound."""
    total_s: float
    stages: tuple[Stage, ...]
    transcript_s: float | None = None

    @property
    def words(self) -> str:
        """In words."""
        parts = ", ".join(f"{STAGES[one.name]} {one.seconds:.2f} s" for one in self.stages)
        return f"answer after {self.total_s:.2f} s" + (f": {parts}" if parts else "")


class Course(Shown):
    """One turn as the charts show it. None where it was not told."""

    seq: int
    title: str
    at_s: float
    mood: float | None = None
    """After the turn, -1 to 1."""
    certainty: float | None = None
    """How likely it was understood as meant, 0 to 1."""
    answer: Answer | None = None


def course_of(turns: Iterable[ReplayTurn], axis: Axis) -> tuple[Course, ...]:
    """All turns."""
    return tuple(_course(turn, axis) for turn in turns)


def moods(course: Sequence[Course]) -> tuple[Point, ...]:
    """The curve of the mood."""
    return tuple(Point(at_s=one.at_s, value=one.mood) for one in course if one.mood is not None)


def certainties(course: Sequence[Course]) -> tuple[Point, ...]:
    """The curve of the certainty."""
    return tuple(Point(at_s=one.at_s, value=one.certainty) for one in course if one.certainty is not None)


def _course(turn: ReplayTurn, axis: Axis) -> Course:
    begun = turn.events[0]
    spoken = isinstance(begun.body, TurnHeard | TurnKeyed)
    at_s = float(getattr(begun.body, "end_s", axis.place(begun)))
    plans = list(turn.bodies(TurnPlanned))
    certain = [plan.certainty for plan in plans if plan.certainty is not None]
    answered = turn.first(TurnAnswered)
    whose = spoken or isinstance(begun.body, TurnSilent)
    return Course(
        seq=turn.seq,
        title=turn.title,
        at_s=at_s,
        mood=plans[-1].mood if plans and whose else None,
        certainty=certain[0] if certain else None,
        answer=_answer(answered, at_s) if answered is not None else None,
    )


def _answer(body: TurnAnswered, at_s: float) -> Answer:
    start = 0.0
    stages = []
    for name in STAGES:
        if (seconds := body.parts.get(name, 0.0)) > 0:
            stages.append(Stage(name=name, start_s=round(start, 3), seconds=seconds))
            start += seconds
    return Answer(
        at_s=at_s, total_s=body.total_s, stages=tuple(stages), transcript_s=body.parts.get("transcript")
    )
