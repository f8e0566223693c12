"""The values that pass between hearing, deciding and doing.

Everything here is frozen and serialises to JSON and back, so a dialog can be kept in the event log,
resumed on another machine and run again years later.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from actions.types import ActionRequest, ActionResult

REMEMBERED = 4
"""So many turns of the caller a language model is told of."""


class Value(BaseModel):
    """Base of all dialog values: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(Value):
    """One heard word. Times are seconds since the start of the call's media stream."""

    text: str
    start_s: float
    end_s: float
    probability: float


class Alternative(Value):
    """Another text of the same sound."""

    text: str
    confidence: float


class Prosody(Value):
    """How a turn was said, against how this caller has spoken so far; 0 is as usual, each in standard deviations."""

    loudness: float = 0.0
    pitch: float = 0.0
    pitch_range: float = 0.0
    rate: float = 0.0


class ProposedCommand(Value):
    """One thing that a language model would do."""

    kind: Literal["start_flow", "set_slot", "answer", "person", "cancel", "repeat", "nothing"]
    flow: str | None = None
    slot: str | None = None
    value: str | None = None


class Proposal(Value):
    """What a language model proposes. The flows decide: everything in it is checked against the playbook."""

    commands: tuple[ProposedCommand, ...] = ()
    reply: str | None = None
    """Words for an answer out of the given articles, already found to be grounded in them."""
    sources: tuple[str, ...] = ()
    """The articles that `reply` rests on."""
    model: str = ""


class Hearing(Value):
    """One turn of the caller, spoken or keyed."""

    kind: Literal["hearing"] = "hearing"
    text: str = ""
    """What was said, as the recogniser wrote it; empty when the turn was keyed."""
    keyed: str = ""
    """DTMF digits, `0-9*#`, in order; empty when the turn was spoken."""
    confidence: float = 1.0
    """0 to 1: how sure the recogniser is of `text`. 1.0 for keyed turns."""
    unsure: bool = False
    """The recogniser suspects its own output (repetition, low probability): treat as not understood."""
    language: str = "en"
    words: tuple[Word, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    """Other texts that the recogniser found nearly as likely, likeliest first, `text` not among them."""
    prosody: Prosody | None = None
    """How it was said; None when it was keyed or could not be measured."""
    proposal: Proposal | None = None
    """What a language model makes of it, where there is one and it answered in time."""
    start_s: float = 0.0
    end_s: float = 0.0
    heard_of_us: str | None = None
    """What the caller had heard of our sentence when they cut in; None when they did not cut in."""


class Opened(Value):
    """The call has just been connected: greet."""

    kind: Literal["opened"] = "opened"


class Resumed(Value):
    """The call goes on after its worker was lost: apologise and repeat where we were."""

    kind: Literal["resumed"] = "resumed"


class Silence(Value):
    """The caller said and keyed nothing for as long as the expectation allowed."""

    kind: Literal["silence"] = "silence"


class Waiting(Value):
    """The caller has waited in silence for an action that is still running."""

    kind: Literal["waiting"] = "waiting"


class Done(Value):
    """An action that the last plan asked for has come back."""

    kind: Literal["done"] = "done"
    result: ActionResult


class HandedBack(Value):
    """A transfer is over, and the caller is the assistant's again."""

    kind: Literal["handed_back"] = "handed_back"
    outcome: Literal[
        "stayed", "nobody", "failed", "agent_gone", "call_back", "voicemail", "consulted", "handed_back"
    ]
    """As `handoff.transfer.types.Outcome`, those after which the assistant goes on."""
    task: str | None = None
    """What the human gave the caller back for: a flow that the playbook's `escalation.yaml` names in `tasks`."""
    answer: bool | None = None
    """Of a consultation: what the human said to the question; None where there was no answer."""


class Escalated(Value):
    """Escalation says that something must be done, besides what has just been planned or in its place."""

    kind: Literal["escalated"] = "escalated"
    level: Literal["watch", "offer", "hand_over"]
    queue: str | None = None
    """None: the one that the matter belongs to."""
    reason: str
    """A code of `dialog.reasons`."""
    words: str = ""
    """The same for people."""
    unsaid: tuple[str, ...] = ()
    """What the plan before would say and has not said: this moment's plan takes its place, with what still fits."""


Moment = Annotated[
    Opened | Resumed | Hearing | Silence | Waiting | Done | HandedBack | Escalated,
    Field(discriminator="kind"),
]
"""Anything that makes the dialog decide again."""


class ExpectationKind(StrEnum):
    """What the caller is likely to say next."""

    OPEN = "open"
    YES_NO = "yes_no"
    DIGITS = "digits"
    SPELLED = "spelled"
    """A name or a code, letter by letter."""
    CHOICE = "choice"
    """One of a few words or phrases, which are the hotwords."""
    NOTHING = "nothing"


class Expectation(Value):
    """What comes next: sets end-of-turn patience, hotwords, and how the keypad is read."""

    kind: ExpectationKind = ExpectationKind.OPEN
    digits: int | None = None
    """How many digits, when `kind` is DIGITS and the number is known. Keyed input ends at this many or at #."""
    hotwords: tuple[str, ...] = ()
    """Words likely to be heard now, for the recogniser."""
    vocabulary: tuple[str, ...] = ()
    """Names that the recogniser does not know: what was heard is looked through for them, and changes only where one of
    them is in it."""
    no_input_s: float | None = 8.0
    """Seconds of silence after which the dialog gets a `Silence`, or a `Waiting` while an action runs; None: never."""


class SlotCandidate(Value):
    """A value that may have been meant, 0 to 1."""

    value: str
    score: float


class Identity(Value):
    """What is known of who calls."""

    level: int = 0
    """0: nobody; from 1 on as the playbook's `identity.yaml` says."""
    customer: str | None = None
    failures: int = 0
    locked: bool = False
    """After too many failures nothing is tried any more in this call."""


class TakeBack(Value):
    """What takes back something that a flow has done."""

    request: ActionRequest
    done: str
    """What was done: the action and the fingerprint of its request, with a colon between them."""


class Waiter(Value):
    """A flow that waits underneath another one."""

    flow: str
    step: str
    offered: str | None = None
    tries: dict[str, int] = {}
    undo: tuple[TakeBack, ...] = ()
    """As the state's, for when it goes on."""
    quiet: bool = False
    """It waits for the caller's identity only, and goes on without an introduction."""


Spoken = tuple[Literal["caller", "assistant"], str]
"""Who has said what."""


class Doubt(Value):
    """A wish that was not heard well enough to act upon, and was asked back."""

    intent: str
    text: str
    """What was heard as it, with all that was said besides."""
    confidence: float
    """Of the words, 0 to 1."""
    certainty: float
    """Of the wish, words and meaning together, 0 to 1."""
    more: tuple[str, ...] = ()
    """Further intents of the same breath."""


class Understanding(Value):
    """What the dialog made of a hearing; kept in the log so that QA can see why."""

    intent: str | None = None
    """None when nothing fitted (out of scope or unsure)."""
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    """The best intents with their scores, best first."""
    entities: dict[str, str] = {}
    more: tuple[str, ...] = ()
    """Further intents named in the same breath."""
    sources: tuple[str, ...] = ()
    """The articles that the answer rests on."""
    unanswered: str | None = None
    """A question that no article answers, for the gap report."""
    nearest: str | None = None
    """The article that came nearest to it."""
    nearest_score: float | None = None
    """How likely that article was the answer, 0 to 1."""
    as_text: str | None = None
    """The text that was understood, where it is not the likeliest."""
    proposed: str | None = None
    """The language model's part in the decision, in words."""


class HandOver(Value):
    """A person should take over: what the session orders a transfer by."""

    queue: str
    """The queue that the matter belongs to; its overflow queues may be the ones whose people are there."""
    reason: str
    """A code of `dialog.reasons`."""
    words: str = ""
    """The same for people."""
    kind: Literal["warm", "cold", "consult"] = "warm"
    """As `handoff.transfer.types.Kind`."""
    question: str | None = None
    """Of a consultation: what the human is asked, to be answered with yes or no."""


class Signals(Value):
    """What escalation looks at, per turn."""

    repair: Literal["none", "no_match", "no_input", "repeat", "correction", "doubt"] = "none"
    repairs_in_a_row: int = 0
    asked_for_person: bool = False
    certainty: float | None = None
    """How likely this turn was understood as meant, words and meaning together, 0 to 1; None where the caller
    neither spoke nor keyed."""
    sentiment: float = 0.0
    """Of this turn, -1 to 1."""
    mood: float = 0.0
    """Smoothed over the call, -1 to 1."""
    dissatisfaction: float | None = None
    """How likely the caller is dissatisfied at this turn, by the course of the call, 0 to 1; None where nobody
    judged it."""
    discontent: float = 0.0
    """Dissatisfaction smoothed over the call, 0 to 1."""
    hand_over: str | None = None
    """The queue to which the flow hands the caller over."""
    reason: str | None = None
    """Why, in words."""
    code: str | None = None
    """Why, a code of `dialog.reasons`."""


class DialogState(Value):
    """Where the conversation is. Complete: nothing about a dialog is kept anywhere else."""

    playbook: str
    """Name and version of the playbook that this call runs on."""
    call_id: str
    caller_number: str | None = None
    turn: int = 0
    """Counts the caller's turns, spoken, keyed or silent."""
    flow: str | None = None
    """The flow we are in; None between flows."""
    step: str | None = None
    offered: str | None = None
    """A value, or the fingerprint of a request, that was read back and waits for a yes."""
    agreed: str | None = None
    """The fingerprint of the request that the caller has agreed to."""
    stack: tuple[Waiter, ...] = ()
    """Flows that go on when the current one is over, the last one first."""
    agenda: tuple[str, ...] = ()
    """Intents that were named in the same breath and have not had their turn."""
    identity: Identity = Identity()
    opened_at: str = "2026-01-01T12:00:00"
    """When the call began, the company's local time, ISO 8601: what "tomorrow" is counted from."""
    consent: bool | None = None
    """Whether the caller agreed to be recorded; None where nobody was asked."""
    slow: bool = False
    """The caller has asked us to speak more slowly."""
    doubt: Doubt | None = None
    """A wish that was asked back and waits for a yes."""
    mood: float = 0.0
    """Sentiment smoothed over the call, -1 to 1."""
    discontent: float = 0.0
    """Dissatisfaction smoothed over the call, 0 to 1."""
    course: tuple[Spoken, ...] = ()
    """What both sides have said lately, newest last, from the caller's first words on."""
    topics: tuple[str, ...] = ()
    """The caller's last turns that were no answers of theirs to us, newest last: what a question may refer to."""
    attempts: dict[str, tuple[tuple[SlotCandidate, ...], ...]] = {}
    """By slot: what each attempt at it may have been."""
    recalled: dict[str, tuple[tuple[SlotCandidate, ...], ...]] = {}
    """By slot that shows who calls: all that was heard for it, attempt by attempt, also what is no whole value."""
    confidences: dict[str, float] = {}
    """By slot: how sure we are of it."""
    undo: tuple[TakeBack, ...] = ()
    """What takes back what this flow has done, the last first."""
    anew: dict[str, int] = {}
    """By change (as `TakeBack.done`): how often it was begun anew, so that the same is no repetition."""
    after_undo: str | None = None
    """Where it goes on once that has been taken back; None while nothing is."""
    soothed_at: int | None = None
    """The turn in which we last said that we are sorry about it."""
    last_flow: str | None = None
    """The flow that came to its end last, to which a late correction belongs."""
    slots: dict[str, JsonValue] = {}
    tries: dict[str, int] = {}
    """How often a step has failed in the flow we are in, by `step:failure`."""
    repairs: int = 0
    """No-match and no-input since the last progress: the rung on the ladder."""
    failures: int = 0
    """Repairs in the whole call, against the cap."""
    promised: bool = False
    """The last resort was taken: there is nothing more to promise in this call."""
    last_said: str = ""
    expect: Expectation = Expectation()
    pending: tuple[ActionRequest, ...] = ()
    """Actions asked for whose results have not come back."""
    reachable: tuple[str, ...] = ()
    """The queues whose people can be rung now: a fact that the session gives, and may renew. Empty: nobody."""
    valued: bool = False
    """A customer whom the company would rather hand over too early than too late: a fact of the session's."""
    called_lately: bool = False
    """The same number called within the last seven days: a fact of the session's."""
    about: str | None = None
    """The last wish or question that was understood: an intent, or an article."""
    asked_for_person: int = 0
    """How often the caller has asked for a person."""
    finding_queue: bool = False
    """They were asked what it is about, so that the right person is found."""
    handed: HandOver | None = None
    """What a transfer was ordered by, while it is under way."""
    outcome: str | None = None
    """How the last transfer ended; None where there was none."""
    offer: HandOver | None = None
    """A person was offered, and the yes is awaited."""
    offered_at: int | None = None
    """The turn in which a person was offered last."""
    brief: bool = False
    """The caller's patience is short: so are our sentences."""

    @property
    def heard(self) -> tuple[str, ...]:
        """The caller's last turns, newest last."""
        return tuple(text for who, text in self.course if who == "caller")[-REMEMBERED:]


class Next(StrEnum):
    """What follows when the plan's words have been spoken."""

    LISTEN = "listen"
    AWAIT_ACTIONS = "await_actions"
    HANG_UP = "hang_up"
    HAND_OVER = "hand_over"
    """A transfer is started, by `Plan.hand_over`; the dialog goes on with a `HandedBack`, if at all."""


class Plan(Value):
    """One decision. Making it changes nothing; committing it is the session's work."""

    say: tuple[str, ...] = ()
    """Sentences, written for the ear, in order."""
    act: tuple[ActionRequest, ...] = ()
    expect: Expectation = Expectation()
    then: Next = Next.LISTEN
    hand_over: HandOver | None = None
    """With `then` HAND_OVER only: what the transfer is ordered by."""
    slow: bool = False
    """Speak more slowly."""
    state: DialogState
    understanding: Understanding = Understanding()
    signals: Signals = Signals()
    why: str = ""
    """The rule or step that decided, in words, for QA."""
