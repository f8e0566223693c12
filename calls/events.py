"""The facts of a call, each a typed event with a stable dotted name.

An event is `CallEvent(call_id, seq, at, body)`; bodies form a closed union told apart by `name`. Names never
change meaning; a body that must change gets a higher `version` and a reader for the older one. Times inside a
body ending in `_s` are seconds since the start of the call's recording, unless the field says otherwise.
Fields marked `Personal` may identify a caller: logs and metrics leave them out.
"""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

PERSONAL = "personal"
"""Marker in a field's metadata: personal data, kept out of logs and metrics."""

Personal = Annotated[str, PERSONAL]


class Body(BaseModel):
    """Base of all event bodies."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    version: int = 1


class CallStarted(Body):
    """A call has come in."""

    name: Literal["call.started"] = "call.started"
    direction: Literal["inbound", "outbound"] = "inbound"
    caller: Personal | None = None
    callee: str | None = None
    playbook: str
    models: dict[str, str] = {}


class StreamStarted(Body):
    """The call's sound reaches us; the recording's time starts with the first of these."""

    name: Literal["stream.started"] = "stream.started"
    stream_sid: str
    resumed: bool = False
    recording: str | None = None
    """File name of the stereo recording, relative to the data directory."""


class StreamEnded(Body):
    """The call's sound has ended, with a stable reason code."""

    name: Literal["stream.ended"] = "stream.ended"
    stream_sid: str
    reason: str


class HeardWord(BaseModel):
    """One word with its place in the recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Personal
    start_s: float
    end_s: float
    probability: float


class TurnHeard(Body):
    """What the caller said in one turn."""

    name: Literal["turn.heard"] = "turn.heard"
    turn: int
    text: Personal
    confidence: float
    unsure: bool = False
    language: str = "en"
    words: tuple[HeardWord, ...] = ()
    """Where the answer depended on them; otherwise `turn.words` brings them."""
    alternatives: tuple[Personal, ...] = ()
    """What it may have been instead, likeliest first."""
    prosody: dict[str, float] = {}
    """How it was said, in standard deviations from how this caller speaks."""
    start_s: float
    end_s: float
    heard_of_us: str | None = None
    """What the caller had heard of our sentence when they cut in."""


class TurnWords(Body):
    """When each word of a turn was said: found after the answer has been worked out, where nothing hangs on it."""

    name: Literal["turn.words"] = "turn.words"
    turn: int
    words: tuple[HeardWord, ...]


class TurnKeyed(Body):
    """What the caller keyed in one turn."""

    name: Literal["turn.keyed"] = "turn.keyed"
    turn: int
    digits: Personal
    start_s: float
    end_s: float


class TurnSilent(Body):
    """The caller said nothing for as long as we waited."""

    name: Literal["turn.silent"] = "turn.silent"
    turn: int
    at_s: float


class TurnDropped(Body):
    """Sound that was no turn: no speech, a back-channel, our own echo. Kept so that QA can check it."""

    name: Literal["turn.dropped"] = "turn.dropped"
    reason: str
    text: str = ""
    """What was heard, where there were words."""
    start_s: float
    end_s: float


class TurnPlanned(Body):
    """What the dialog decided, and the state from which the call can be resumed."""

    name: Literal["turn.planned"] = "turn.planned"
    turn: int
    moment: str
    """What made the dialog decide: `opened`, `hearing`, `silence`, `waiting`, `done`, `resumed`, `handed_back`,
    `escalated`."""
    intent: str | None = None
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    entities: dict[str, Personal] = {}
    more: tuple[str, ...] = ()
    """Further intents of the same breath."""
    sources: tuple[str, ...] = ()
    """The articles that the answer rests on."""
    unanswered: Personal | None = None
    """A question that no article answers."""
    nearest: str | None = None
    """The article that came nearest to it."""
    nearest_score: float | None = None
    """How likely that article was the answer, 0 to 1."""
    proposed: str | None = None
    """What came of asking a language model: `proposed`, `slow`, `wrong` and so on; None where none was asked."""
    say: tuple[str, ...] = ()
    then: str
    expect: str
    repair: str = "none"
    certainty: float | None = None
    """How likely the turn was understood as meant, words and meaning together, 0 to 1; None where the caller neither
    spoke nor keyed."""
    sentiment: float = 0.0
    """Of this turn, -1 to 1."""
    mood: float = 0.0
    """Smoothed over the call, -1 to 1."""
    dissatisfaction: float | None = None
    """How likely the caller is dissatisfied at this turn, by the course of the call, 0 to 1; None: not judged."""
    discontent: float = 0.0
    """Dissatisfaction smoothed over the call, 0 to 1."""
    hand_over: str | None = None
    """The queue whose people should take the call."""
    reason: str | None = None
    """Why they should, a stable code of `dialog.reasons`."""
    why: str = ""
    state: dict[str, JsonValue] = {}
    """The whole dialog state after this plan."""


class TurnSaid(Body):
    """One sentence of ours that the caller has heard, or the part they heard before cutting in."""

    name: Literal["turn.said"] = "turn.said"
    turn: int
    text: str
    heard: str
    """Equal to `text` when all of it was played."""
    start_s: float
    end_s: float
    interrupted: bool = False


class TurnAnswered(Body):
    """How long the answer took, from the caller's last sound to our first, and where the time went."""

    name: Literal["turn.answered"] = "turn.answered"
    turn: int
    total_s: float
    parts: dict[str, float] = {}
    """Seconds by stage: `end_of_turn`, `transcript`, `plan`, `action`, `first_audio`; stages may overlap."""


class ActionRequested(Body):
    """An action was started."""

    name: Literal["action.requested"] = "action.requested"
    turn: int
    action: str
    key: str
    arguments: dict[str, JsonValue] = {}


class ActionDone(Body):
    """An action had its effect."""

    name: Literal["action.done"] = "action.done"
    turn: int
    action: str
    key: str
    data: dict[str, JsonValue] = {}
    duration_s: float


class ActionFailed(Body):
    """An action did not have its effect; `failure` is a stable code."""

    name: Literal["action.failed"] = "action.failed"
    turn: int
    action: str
    key: str
    failure: str
    reason: str | None = None
    """What the company's system says of a refusal: a code of its own, such as `too_late`."""
    duration_s: float


class PartFailed(Body):
    """A part of us failed and the call went on without it; `code` is stable."""

    name: Literal["part.failed"] = "part.failed"
    part: str
    code: str


class CallEndReason(StrEnum):
    """Who or what ended the call. Names never change meaning."""

    CALLER = "caller"
    ASSISTANT = "assistant"
    CARRIER = "carrier"
    PEOPLE = "people"
    """Caller and agent have ended their conversation."""
    LOST = "lost"


class CallQueued(Body):
    """There was no room for the call: it waits, or is called back."""

    name: Literal["call.queued"] = "call.queued"
    live_calls: int


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


class TalkHeard(Body):
    """What one of the two said after they were connected: for the desk, QA and learning."""

    name: Literal["talk.heard"] = "talk.heard"
    who: str
    """`caller` or `agent`."""
    text: Personal
    confidence: float
    start_s: float
    end_s: float


class SurveyAnswered(Body):
    """The caller was asked how it was; `score` is None where they did not answer."""

    name: Literal["survey.answered"] = "survey.answered"
    part: str
    """`assistant` or `agent`."""
    score: int | None = None
    """1 to 5."""


class CallDisposed(Body):
    """What a human says of the call that they took."""

    name: Literal["call.disposed"] = "call.disposed"
    agent: str
    disposition: str
    """A code of the playbook."""
    note: Personal = ""
    needless: bool = False
    """The assistant could have done it."""
    wrong: str | None = None
    """What the assistant got wrong: `intent`, `facts`, `identity`, `other`; None: nothing."""
    intended: str | None = None
    """The intent that it should have been."""


class CallBackPromised(Body):
    """The caller will be called back."""

    name: Literal["callback.promised"] = "callback.promised"
    promise_id: str
    phone: Personal
    queue: str
    due_at: datetime
    reason: str = ""


class CallBackDialled(Body):
    """An agent has pressed 1, and the telephone of the caller who was promised a call-back is rung."""

    name: Literal["callback.dialled"] = "callback.dialled"
    promise_id: str
    transfer_id: str


class CallBackTried(Body):
    """A promised call-back was tried."""

    name: Literal["callback.tried"] = "callback.tried"
    promise_id: str
    result: str
    """`kept`, `no_agent`, `no_answer`, `busy`, `failed`, `given_up`."""


class VoicemailLeft(Body):
    """The caller has left a message: a stretch of the call's recording."""

    name: Literal["voicemail.left"] = "voicemail.left"
    queue: str
    text: Personal
    start_s: float
    end_s: float


class RecordingPaused(Body):
    """Neither side is recorded from here on: the caller is asked for something that must not be kept."""

    name: Literal["recording.paused"] = "recording.paused"
    at_s: float
    reason: str
    """The kind of data that is asked for, of `calls.redaction.kinds.Kind`."""


class RecordingResumed(Body):
    """The call is recorded again."""

    name: Literal["recording.resumed"] = "recording.resumed"
    at_s: float


class RedactedSpan(BaseModel):
    """A stretch of a recording that was made silent."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: str
    """Of `calls.redaction.kinds.Kind`."""
    recording: str
    """File name relative to the data directory."""
    channel: Literal["caller", "assistant"]
    start_s: float
    end_s: float


class CallRedacted(Body):
    """Data of some kinds was masked in the events before this one, and made silent in the recordings."""

    name: Literal["call.redacted"] = "call.redacted"
    rules: str
    """The version of the rules."""
    kinds: tuple[str, ...]
    """What was found, of `calls.redaction.kinds.Kind`; `transcript` where all words went because their time is over."""
    events: tuple[int, ...]
    """The `seq` of each event whose body has changed."""
    spans: tuple[RedactedSpan, ...] = ()


class CallEnded(Body):
    """The call is over."""

    name: Literal["call.ended"] = "call.ended"
    reason: CallEndReason
    duration_s: float


EventBody = Annotated[
    CallStarted
    | CallQueued
    | StreamStarted
    | StreamEnded
    | TurnHeard
    | TurnWords
    | TurnKeyed
    | TurnSilent
    | TurnDropped
    | TurnPlanned
    | TurnSaid
    | TurnAnswered
    | ActionRequested
    | ActionDone
    | ActionFailed
    | PartFailed
    | EscalationJudged
    | TransferRequested
    | TransferMoved
    | TransferLeg
    | TransferBriefed
    | TransferKeyed
    | TransferEnded
    | TalkHeard
    | SurveyAnswered
    | CallDisposed
    | CallBackPromised
    | CallBackDialled
    | CallBackTried
    | VoicemailLeft
    | RecordingPaused
    | RecordingResumed
    | CallRedacted
    | CallEnded,
    Field(discriminator="name"),
]


class CallEvent(BaseModel):
    """One fact about one call. `seq` counts from 1 without gaps within a call; `at` is UTC."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    seq: int
    at: datetime
    body: EventBody
