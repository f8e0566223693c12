"""What is kept of scorecards: versions of forms, evaluations, disputes, calibration sessions. Times are aware."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal
from qa.scorecards.form import Form
from qa.scorecards.scoring import Answer


class Value(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class FormState(StrEnum):
    """What a version of a form is for. Names never change meaning."""

    DRAFT = "draft"
    """It can still be changed, and nobody scores by it."""
    ACTIVE = "active"
    """Calls are scored by it. There is one; it never changes."""
    RETIRED = "retired"
    """It was active: what was scored by it stays, and so does it."""


class FormVersion(Value):
    """One version of a form."""

    form: Form
    version: int
    """From 1 on within the form's name."""
    state: FormState
    source: str
    """The YAML that it was read from, with its comments."""
    created_at: datetime
    created_by: str
    activated_at: datetime | None = None
    activated_by: str | None = None

    @property
    def label(self) -> str:
        """Name and number: `starter 1`."""
        return f"{self.form.name} {self.version}"


class ScorerKind(StrEnum):
    """Who has answered. Names never change meaning; the two are never averaged together."""

    HUMAN = "human"
    RULES = "rules"


class Build(Value):
    """What the call was answered by."""

    playbook: str | None = None
    models: dict[str, str] = {}


class Evaluation(Value):
    """One scorer's answers on one call, by one version of a form."""

    evaluation_id: str
    call_id: str
    form: str
    version: int
    kind: ScorerKind
    scorer: str
    """A person's id, or the rules with their version."""
    build: Build
    answers: tuple[Answer, ...] = ()
    points: float | None = None
    """0 to 100; of a draft, of the answers so far."""
    auto_fail: bool = False
    began_at: datetime
    submitted_at: datetime | None = None
    """None: a draft, which only its scorer sees. What is submitted never changes."""

    def answer(self, question: str) -> Answer | None:
        """The answer to one question."""
        return next((one for one in self.answers if one.question == question), None)


class DisputeState(StrEnum):
    """How a dispute stands. Names never change meaning."""

    OPEN = "open"
    UPHELD = "upheld"
    """The answer was wrong; the dispute has the right one."""
    REJECTED = "rejected"
    """The answer stays."""


class Dispute(Value):
    """Somebody does not agree with an answer. The evaluation itself stays as it was given."""

    dispute_id: str
    evaluation_id: str
    call_id: str
    question: str
    reason: Personal
    raised_by: str
    raised_at: datetime
    state: DisputeState = DisputeState.OPEN
    answer: Answer | None = None
    """The right one, where it was upheld."""
    note: Personal = ""
    """Why it was settled so."""
    settled_by: str | None = None
    settled_at: datetime | None = None


class Calibration(Value):
    """Several reviewers score the same call, and see nothing of each other until all have."""

    session_id: str
    call_id: str
    form: str
    version: int
    reviewers: tuple[str, ...]
    """Ids of people."""
    opened_by: str
    opened_at: datetime
