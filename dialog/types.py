"""The values that pass between hearing, deciding and doing.

Everything here is frozen and serialises to JSON and back, so a dialog can be kept in the event log,
resumed on another machine and run again years later.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from actions.types import ActionRequest, ActionResult


class Value(BaseModel):
    """Base of all dialog values: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Word(Value):
    """One heard word. Times are seconds since the start of the call's media stream."""

    text: str
    start_s: float
    end_s: float
    probability: float


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


Moment = Annotated[Opened | Resumed | Hearing | Silence | Waiting | Done, Field(discriminator="kind")]
"""Anything that makes the dialog decide again."""


class ExpectationKind(StrEnum):
    """What the caller is likely to say next."""

    OPEN = "open"
    YES_NO = "yes_no"
    DIGITS = "digits"
    SPELLED = "spelled"
    """A name or a code, letter by letter."""
    NOTHING = "nothing"


class Expectation(Value):
    """What comes next: sets end-of-turn patience, hotwords, and how the keypad is read."""

    kind: ExpectationKind = ExpectationKind.OPEN
    digits: int | None = None
    """How many digits, when `kind` is DIGITS and the number is known. Keyed input ends at this many or at #."""
    hotwords: tuple[str, ...] = ()
    """Words likely to be heard now, for the recogniser."""
    no_input_s: float | None = 8.0
    """Seconds of silence after which the dialog gets a `Silence`, or a `Waiting` while an action runs; None: never."""


class Understanding(Value):
    """What the dialog made of a hearing; kept in the log so that QA can see why."""

    intent: str | None = None
    """None when nothing fitted (out of scope or unsure)."""
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    """The best intents with their scores, best first."""
    entities: dict[str, str] = {}


class Signals(Value):
    """What escalation will look at, per turn."""

    repair: Literal["none", "no_match", "no_input", "repeat", "correction"] = "none"
    repairs_in_a_row: int = 0
    asked_for_person: bool = False


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
    """A value that was read back and waits for a yes."""
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


class Next(StrEnum):
    """What follows when the plan's words have been spoken."""

    LISTEN = "listen"
    AWAIT_ACTIONS = "await_actions"
    HANG_UP = "hang_up"


class Plan(Value):
    """One decision. Making it changes nothing; committing it is the session's work."""

    say: tuple[str, ...] = ()
    """Sentences, written for the ear, in order."""
    act: tuple[ActionRequest, ...] = ()
    expect: Expectation = Expectation()
    then: Next = Next.LISTEN
    state: DialogState
    understanding: Understanding = Understanding()
    signals: Signals = Signals()
    why: str = ""
    """The rule or step that decided, in words, for QA."""
