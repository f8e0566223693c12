"""Why and how a caller is handed over: told by escalation, by the transfer and by the briefing."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from calls.events.body import Body, Personal


class EscalationJudged(Body):
    """Whether a person should take over, as it was judged after a turn. Can be re-computed from the log."""

    name: Literal["escalation.judged"] = "escalation.judged"
    turn: int
    level: str
    """`normal`, `watch`, `offer` or `hand_over`."""
    risk: float
    """How likely the assistant will fail this caller, 0 to 1."""
    signals: dict[str, float] = {}
    """What the risk was reckoned from, each 0 to 1."""
    reasons: tuple[str, ...] = ()
    """Stable codes, the weightiest first."""
    words: str = ""
    """The reasons for people: "order number asked three times, confidence 0.41"."""
    queue: str | None = None
    weights: str = ""
    """The version of the weights."""


class TransferRequested(Body):
    """The caller is to be handed over."""

    name: Literal["transfer.requested"] = "transfer.requested"
    transfer_id: str
    kind: str = "warm"
    queue: str
    reason: str
    """A stable code."""
    words: str = ""
    question: Personal | None = None
    """Of a consultation: what the human is asked."""


class TransferMoved(Body):
    """The transfer has come into another phase (`handoff.transfer.types.Phase`)."""

    name: Literal["transfer.moved"] = "transfer.moved"
    transfer_id: str
    phase: str


class TransferLeg(Body):
    """The leg of a human has come into another state (`handoff.transfer.types.LegState`)."""

    name: Literal["transfer.leg"] = "transfer.leg"
    transfer_id: str
    leg: int
    target: str
    """Who is rung, as the playbook or the roster names them."""
    agent: str | None = None
    state: str
    result: str | None = None
    """Why it is over (`LegResult`)."""
    sid: str | None = None
    recording: str | None = None
    """File name of the leg's stereo recording, relative to the data directory."""


class BriefingFact(BaseModel):
    """One fact of a briefing, and the events that it rests on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: str
    """`who`, `wants`, `tried`, `why`, `mood`, `next`, or `question`."""
    text: Personal
    events: tuple[int, ...]
    """The `seq` of each event of this call that it rests on."""


class TransferBriefed(Body):
    """What a human was told before they took the call."""

    name: Literal["transfer.briefed"] = "transfer.briefed"
    transfer_id: str
    leg: int
    text: Personal
    facts: tuple[BriefingFact, ...] = ()
    seconds: float
    """How long it takes to say."""


class TransferKeyed(Body):
    """A human has pressed a key on their leg, or its button on the desk."""

    name: Literal["transfer.keyed"] = "transfer.keyed"
    transfer_id: str
    leg: int
    key: str
    where: str = "phone"
    """`phone` or `desk`."""
    reason: str | None = None
    """Why they declined, a code of the desk; None where they did not say."""


class TransferEnded(Body):
    """The transfer has its outcome (`handoff.transfer.types.Outcome`)."""

    name: Literal["transfer.ended"] = "transfer.ended"
    transfer_id: str
    outcome: str
    wait_s: float
    """How long the caller was on hold; 0 in a call-back."""
    talk_s: float | None = None
    """How long caller and human were connected."""
