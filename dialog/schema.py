"""What may stand in the files of a playbook."""

import re
from datetime import date, time
from enum import StrEnum
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from phonenumbers import SUPPORTED_REGIONS
from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from actions.spec import ActionName, ActionSpec
from calls.redaction.kinds import Kind
from dialog.grammar.calendar_dates import When
from dialog.grammar.kinds import SlotKind
from dialog.parts import Condition, Ladder, Name, Text
from dialog.people_prompts import People
from dialog.reasons import Reason

END = "end"
HANG_UP = "hang_up"
TARGETS = frozenset({END, HANG_UP})
"""Where a `go` may lead besides a step or a flow: back to an open question, or to the end of the call."""


class Part(BaseModel):
    """Base of all parts of a playbook: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Command(StrEnum):
    """What the caller may ask of the conversation itself. Names never change meaning."""

    PERSON = "person"
    REPEAT = "repeat"
    SLOWER = "slower"
    HOLD_ON = "hold_on"
    GOODBYE = "goodbye"
    CANCEL = "cancel"
    THANKS = "thanks"


# playbook.yaml


class Prompts(Part):
    """What we say outside of flows."""

    opening: Ladder
    resumed: Text
    resumed_question: Text
    anything_else: Ladder
    go_ahead: Text
    cancelled: Text
    nothing_to_repeat: Text
    slower: Text
    hold_on: Text
    goodbye: Text
    bye: Text
    welcome: Text
    one_moment: Text
    working: Ladder
    trouble: Text
    promised: Ladder
    read_back: Ladder
    no_match: Ladder
    no_input: Ladder
    back_to: Text
    """Before going on with a flow that waited; may use `title`, the flow's."""
    also: Text
    """Before the second wish of one breath; may use `title`."""
    doubt: Text = "Is it about {{ title }}, yes or no?"
    """Asked back where a wish was not heard well; may use `title`."""
    dont_know: Ladder
    """To a question that no article answers."""
    unknown_outcome: Text
    """Where nobody can tell whether an action had its effect: it is not tried again."""
    undone: Text
    """What was already done has been taken back."""
    not_undone: Text
    """It could not be taken back."""
    empathy: Ladder
    """Before the answer to somebody who is upset; not in two turns running."""


class Persona(Part):
    """Who the assistant is; for the language model's phrasing, and for QA."""

    name: Text | None = None
    style: Text = "friendly, brief and clear"


class Voice(Part):
    """How the assistant sounds."""

    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0
    slow_speed: Annotated[float, Field(ge=0.5, le=1.0)] = 0.8
    """After "slower, please"."""


class Consent(Part):
    """How the caller agrees to being recorded."""

    mode: Literal["stay_on_line", "verbal", "off"] = "stay_on_line"
    """`stay_on_line`: told, and agrees by staying; `verbal`: asked, and recorded after a yes only; `off`: never."""
    ask: Text | None = None
    agreed: Text | None = None
    refused: Text | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Consent":
        if self.mode == "verbal" and not (self.ask and self.refused):
            raise ValueError("mode verbal needs ask and refused: what is said")
        return self


class Model(Part):
    """An optional language model. Where to reach it is the operator's setting, not the playbook's."""

    understand: bool = True
    """It may propose flows and slot values for turns that the built-in path does not understand."""
    phrase: bool = True
    """It may phrase answers out of articles."""
    budget_s: Annotated[float, Field(gt=0, le=5)] = 0.8
    """After this time the built-in path answers."""


class PlaybookFile(Part):
    """`playbook.yaml`."""

    name: Name
    brand: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    persona: Persona = Persona()
    voice: Voice = Voice()
    consent: Consent = Consent()
    model: Model = Model()
    hotwords: tuple[str, ...] = ()
    person_words: tuple[Text, ...]
    intent_threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    failure_cap: Annotated[int, Field(ge=1, le=20)] = 4
    person_flow: Name
    last_resort_flow: Name
    busy_flow: Name
    """Notes a call-back for a caller who found no free line. It asks nothing: nobody hears its sentences."""
    voicemail_flow: Name | None = None
    """Takes a message, in a question of `kind: text`, from a caller who would rather not wait for a person."""
    prompts: Prompts
    people: People = People()


# intents.yaml


class Intent(Part):
    """One thing that callers want. Exactly one of `flow`, `command` and `say`."""

    flow: Name | None = None
    command: Command | None = None
    say: Text | None = None
    examples: Annotated[tuple[Text, ...], Field(min_length=3)]

    @model_validator(mode="after")
    def _leads_somewhere(self) -> "Intent":
        if sum(one is not None for one in (self.flow, self.command, self.say)) != 1:
            raise ValueError("needs exactly one of flow, command and say")
        return self


class OutOfScope(Part):
    """What callers say and we do not answer."""

    examples: Annotated[tuple[Text, ...], Field(min_length=3)]


class IntentsFile(RootModel[dict[Name, OutOfScope | Intent]]):
    """`intents.yaml`."""


# flows.yaml and flows/*.yaml


class Digits(Part):
    """How many digits a number has."""

    least: Annotated[int, Field(ge=1, le=20, alias="from")]
    most: Annotated[int, Field(ge=1, le=20, alias="to")]

    @model_validator(mode="before")
    @classmethod
    def _exactly(cls, value: object) -> object:
        return {"from": value, "to": value} if isinstance(value, int) else value

    @property
    def exact(self) -> int | None:
        """The number of digits, when it is known."""
        return self.least if self.least == self.most else None


class Ask(Part):
    """Ask for one slot. What kind of value it takes: `kind`, or in short `digits`, `yes_no` or `choices`."""

    slot: Name
    kind: SlotKind | None = None
    digits: Digits | None = None
    yes_no: bool = False
    choices: Annotated[dict[Name, tuple[Text, ...]], Field(min_length=2)] | None = None
    """Each value with the ways to say it; on the keypad they are 1, 2, 3 … in their order."""
    pattern: str | None = None
    """For `kind: code`: a regular expression that the whole code must match, such as `[A-Z]{2}\\d{4}`."""
    say: Text
    short: Text | None = None
    """The same in fewer words, for a caller whose patience is short."""
    when: When = When.ANY
    """For dates: `past` for a date of birth, `future` for a delivery."""
    skip_without: Name | None = None
    """Leave this question out while that value is not known."""
    skip_if: Condition | None = None
    """Leave this question out when this is true."""
    read_back: Text | None = None
    read_back_below: float = 0.0
    """Have the caller confirm what was heard with less confidence than this; above 1: always."""
    hotwords: tuple[str, ...] = ()
    instead: Annotated[dict[Name, tuple[Text, ...]], Field(min_length=1)] | None = None
    """Answers of another kind, such as "send it again": the step that follows, with the ways to say it."""
    retry: Ladder
    silence: Ladder
    yes: Name | None = None
    no: Name | None = None
    private: Kind | None = None
    """The kind of data that must not be kept, such as `card_number`: while the answer is awaited, neither side is
    recorded, and the record of the call has a marker in its place. Only the action gets it."""

    @property
    def wants(self) -> SlotKind:
        """The kind of value."""
        if self.kind is not None:
            return self.kind
        if self.digits is not None:
            return SlotKind.DIGITS
        return SlotKind.YES_NO if self.yes_no else SlotKind.CHOICE

    @model_validator(mode="after")
    def _asks_one_thing(self) -> "Ask":
        ways = (self.kind is not None, self.digits is not None, self.yes_no, self.choices is not None)
        if sum(ways) != 1 or self.kind in {SlotKind.DIGITS, SlotKind.YES_NO, SlotKind.CHOICE}:
            raise ValueError("needs exactly one of kind, digits, yes_no and choices")
        if self.yes_no and not (self.yes and self.no):
            raise ValueError("a yes_no question needs yes and no: the steps that follow")
        if self.digits is not None and self.read_back is None:
            raise ValueError("a question for digits needs a read_back")
        if (self.pattern is not None) is not (self.kind is SlotKind.CODE):
            raise ValueError("pattern belongs to kind code, and kind code needs a pattern")
        if self.read_back_below > 0 and self.read_back is None:
            raise ValueError("read_back_below needs a read_back")
        return self

    @field_validator("pattern")
    @classmethod
    def _is_regular(cls, value: str | None) -> str | None:
        if value is not None:
            try:
                re.compile(value)
            except re.error as error:
                raise ValueError(f"is not a regular expression: {error}") from None
        return value


class Otherwise(Part):
    """What follows a failure."""

    say: Text
    go: Name
    undo: bool = False
    """First take back what this flow has done before."""
    most: Annotated[int, Field(ge=1, le=10)] = 1
    """From this many times on, the step's `exhausted` takes the place of `go`."""


class Declined(Part):
    """What follows when the caller does not agree."""

    say: Text
    go: Name = END


class Undo(Part):
    """The action that takes back what a step has done."""

    action: ActionName
    arguments: Annotated[dict[str, str], Field(alias="with")] = {}


class Act(Part):
    """Do something in the company's systems."""

    action: ActionName
    arguments: Annotated[dict[str, str], Field(alias="with")] = {}
    heard: dict[str, Name] = {}
    """Arguments that get all that was heard for a slot, attempt by attempt, and not only its likeliest value."""
    save: Name
    confirm: Text | None = None
    """The read-back and the question: what the caller agrees to. Required where the action needs confirmation."""
    declined: Declined | None = None
    skip_without: Name | None = None
    otherwise_say: Text | None = None
    """Said when the action is skipped; the flow ends there."""
    failed: dict[str, Otherwise]
    exhausted: Name | None = None
    undo: Undo | None = None
    anew: bool = False
    """Done again each time the flow comes here. Without it, the same change asked twice in a call is one change."""

    @model_validator(mode="after")
    def _knows_what_then(self) -> "Act":
        if "otherwise" not in self.failed:
            raise ValueError("failed needs an entry otherwise")
        if any(one.most > 1 for one in self.failed.values()) and self.exhausted is None:
            raise ValueError("needs exhausted: where it goes after the most tries")
        if (self.skip_without is None) is not (self.otherwise_say is None):
            raise ValueError("skip_without and otherwise_say need each other")
        if (self.confirm is None) is not (self.declined is None):
            raise ValueError("confirm and declined need each other")
        if any(name in self.arguments for name in self.heard):
            raise ValueError("an argument is in with or in heard, not in both")
        return self


class Choose(Part):
    """Say what belongs to a value."""

    by: Annotated[str, Field(pattern=r"^[a-z_][a-z0-9_.]*$")]
    say: Annotated[dict[str, Text], Field(min_length=1)]
    otherwise: Text | None = None


class Case(Part):
    """One way to go on."""

    when: Condition
    go: Name
    say: Text | None = None


class HandOver(Part):
    """Pass the caller to a person of a queue, or ask one."""

    queue: Name
    reason: Text
    code: Reason = Reason.FLOW
    """What kind of reason it is."""
    say: Text | None = None
    kind: Literal["warm", "cold", "consult"] = "warm"
    """`warm`: a human is briefed first; `cold`: put through at once; `consult`: a human answers a question with yes or
    no while the caller holds, and the flow goes on."""
    question: Text | None = None
    """Of a consultation: what the human is asked."""
    save: Name | None = None
    """Of a consultation: the name of the answer, which is true, false, or null where nobody answered."""

    @model_validator(mode="after")
    def _asks_or_passes(self) -> "HandOver":
        consults = self.kind == "consult"
        if (self.question is not None) is not consults or (self.save is not None) is not consults:
            raise ValueError("kind consult needs question and save, and nothing else has them")
        return self


class Step(Part):
    """One step of a flow.

    Exactly one of `ask`, `identify`, `act`, `branch`, `choose`, `say`, `hand_over`, or only `go`.
    """

    ask: Ask | None = None
    identify: Annotated[int, Field(ge=1, le=3)] | None = None
    """Make sure that the caller is identified at this level; skipped when they are."""
    act: Act | None = None
    branch: Annotated[tuple[Case, ...], Field(min_length=1)] | None = None
    """The first case that is true; when none is, `go`, or the next step."""
    choose: Choose | None = None
    say: Text | None = None
    hand_over: HandOver | None = None
    go: Name | None = None
    """Where it goes on; without, to the next step, and after the last to an open question."""

    @model_validator(mode="after")
    def _does_one_thing(self) -> "Step":
        parts = (self.ask, self.identify, self.act, self.branch, self.choose, self.say, self.hand_over)
        done = sum(one is not None for one in parts)
        if done > 1 or (done == 0 and self.go is None):
            raise ValueError(
                "needs exactly one of ask, identify, act, branch, choose, say and hand_over, or only go"
            )
        return self


class Flow(Part):
    """One flow: its steps in order."""

    title: Text
    """What the caller is doing here, after "back to": `your return`."""
    wants: Ladder | None = None
    """What a human is told that the caller wants, after "Wants": `to cancel order {{ cancel_number | spell }}`.

    The first whose values are known is told; the last is the shortest. Without it, the title stands for it."""
    steps: Annotated[dict[Name, Step], Field(min_length=1)]


class FlowsFile(RootModel[dict[Name, Flow]]):
    """`flows.yaml`, and every file of `flows/`."""


# actions.yaml, identity.yaml, queues.yaml, escalation.yaml, pronunciation.yaml


class ActionsFile(RootModel[dict[ActionName, ActionSpec]]):
    """`actions.yaml`: what the assistant may do. Anything else that a flow asks for is refused at start."""


class Level(Part):
    """How one identity level is reached."""

    name: Text
    flow: Name
    briefing: Text | None = None
    """How a human is told of it, behind the caller's name: `verified by text code`. Without it, the name."""


class IdentityFile(Part):
    """`identity.yaml`."""

    levels: dict[Annotated[int, Field(ge=1, le=3)], Level] = {}
    most_failures: Annotated[int, Field(ge=1, le=10)] = 3
    locked_flow: Name | None = None
    """Where a caller goes who has failed that often; nothing personal is said or done in the rest of the call."""


class Hours(Part):
    """When people are there: the days `mon` to `sun`, each a list of `08:00-18:00`."""

    mon: tuple[str, ...] = ()
    tue: tuple[str, ...] = ()
    wed: tuple[str, ...] = ()
    thu: tuple[str, ...] = ()
    fri: tuple[str, ...] = ()
    sat: tuple[str, ...] = ()
    sun: tuple[str, ...] = ()
    closed_on: tuple[date, ...] = ()

    @field_validator("mon", "tue", "wed", "thu", "fri", "sat", "sun")
    @classmethod
    def _spans(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for span in value:
            _span(span)
        return value

    def spans(self, weekday: int) -> tuple[tuple[time, time], ...]:
        """The opening times of a weekday, 0 for Monday."""
        days = (self.mon, self.tue, self.wed, self.thu, self.fri, self.sat, self.sun)
        return tuple(_span(span) for span in days[weekday])


def _span(text: str) -> tuple[time, time]:
    match = re.fullmatch(r"(\d\d:\d\d)-(\d\d:\d\d)", text)
    if match is None:
        raise ValueError(f"{text} must be written like 08:00-18:00")
    first, last = time.fromisoformat(match[1]), time.fromisoformat(match[2])
    if first >= last:
        raise ValueError(f"{text} ends before it begins")
    return first, last


class QueueLimits(Part):
    """How long the people of a queue are rung, and how often."""

    ring_s: Annotated[float, Field(ge=5, le=120)] = 20.0
    """Seconds that one of them is rung."""
    key_s: Annotated[float, Field(ge=5, le=1800)] = 75.0
    """Seconds from answer to key. A telephone exchange that answers before its people do needs its own waiting time."""
    patience_s: Annotated[float, Field(ge=10, le=1800)] = 120.0
    """Seconds that a caller is kept on hold in all."""
    most_legs: Annotated[int, Field(ge=1, le=20)] = 6
    """How many are rung at most for one caller."""
    at_once: Annotated[int, Field(ge=1, le=5)] = 1
    """How many are rung at the same time: the first to press 1 has the call."""
    wrap_up_s: Annotated[float, Field(ge=0, le=1800)] = 30.0
    """Seconds that one of our own agents has for writing down what came of a call."""

    @model_validator(mode="after")
    def _fit(self) -> "QueueLimits":
        if self.at_once > self.most_legs:
            raise ValueError("at_once must not be more than most_legs")
        if self.ring_s > self.patience_s:
            raise ValueError("ring_s must not be longer than patience_s")
        return self


DISPOSITIONS: dict[str, str] = {
    "solved": "Solved",
    "follow_up": "Something is still to be done",
    "passed_on": "Passed on to somebody else",
    "not_possible": "What was wanted is not possible",
    "caller_gone": "The caller hung up before it was settled",
    "wrong_number": "Wrong number, or no matter of ours",
}


class Queue(Part):
    """People who take calls."""

    name: Text
    """As callers hear it: `our returns team`."""
    skills: tuple[Name, ...] = ()
    """What one of our own agents must have, all of it."""
    targets: tuple[Annotated[str, Field(pattern=r"^sips?:[^\s<>]+$")], ...] = ()
    """The only outside addresses that may be rung, in order."""
    people_first: bool = True
    """Whether our own agents are rung before `targets`, or after them."""
    hours: Hours | None = None
    """Without it, the company's."""
    overflow: Name | None = None
    """The queue that takes over when nobody answers."""
    limits: QueueLimits = QueueLimits()
    introduction: Text | None = None
    """What the caller hears from the assistant just before they are connected, word for word."""
    dispositions: Annotated[dict[Name, Text], Field(min_length=1)] = DISPOSITIONS
    """What an agent may say of a call that they took: a code, which figures count, with its words for the desk."""

    @field_validator("introduction")
    @classmethod
    def _is_plain(cls, value: str | None) -> str | None:
        if value is not None and ("{{" in value or "{%" in value):
            raise ValueError("is said as it stands and takes no values")
        return value


class SurveyPart(Part):
    """One question, answered by a key from 1 to 5."""

    ask: Text
    retry: Text = "Please press a key from 1 to 5, or just hang up."


class Survey(Part):
    """What callers are asked after a call that a human took: by keypad, and by the carrier's own voice."""

    enabled: bool = True
    introduction: Text = (
        "Before you go: may we ask you two short questions? Press a key from 1, bad, to 5, very good."
    )
    assistant: SurveyPart | None = SurveyPart(ask="How was our automated assistant?")
    """Without it, this is not asked."""
    agent: SurveyPart | None = SurveyPart(ask="And how was the colleague you spoke to?")
    """Without it, this is not asked."""
    thanks: Text = "Thank you. Goodbye."
    wait_s: Annotated[int, Field(ge=2, le=30)] = 6
    """Seconds that a key is waited for."""


class QueuesFile(Part):
    """`queues.yaml`."""

    timezone: str = "UTC"
    region: Annotated[str, Field(pattern=r"^[A-Z]{2}$")] | None = None
    """The country of telephone numbers that are keyed in without a country code, such as `DE`."""
    hours: Hours = Hours()
    queues: dict[Name, Queue] = {}
    survey: Survey = Survey()
    hold_music: Annotated[str, Field(pattern=r"^[\w][\w.-]*\.wav$")] | None = None
    """A WAV file in the playbook's folder, 1 to 600 s long. Without it, Warmline's own."""

    @field_validator("timezone")
    @classmethod
    def _exists(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError):
            raise ValueError("must be a time zone such as Europe/Berlin") from None
        return value

    @field_validator("region")
    @classmethod
    def _has_numbers(cls, value: str | None) -> str | None:
        if value is not None and value not in SUPPORTED_REGIONS:
            raise ValueError("must be a country such as DE")
        return value


class EscalationFile(Part):
    """`escalation.yaml`: when a person takes over, whatever the flows say."""

    default_queue: Name | None = None
    value_line: Annotated[float, Field(gt=0)] | None = None
    """From this amount on a matter is a person's."""
    reserved: dict[Name, Name] = {}
    """Intents that are a person's from the start, with the queue that takes them."""
    danger_words: tuple[Text, ...] = ()
    """Said anywhere, these hand over at once: safety, fraud, legal threats."""
    danger_queue: Name | None = None
    queues: dict[Name, Name] = {}
    """Intents and articles with the queue that knows them best. Without it: the one that the intent's flow names, or
    `default_queue`."""
    tasks: tuple[Name, ...] = ()
    """Flows for which a human may give a caller back to the assistant, such as reading the terms."""


class PronunciationFile(RootModel[dict[Text, Text]]):
    """`pronunciation.yaml`: written words and how the voice should say them."""


class Article(Part):
    """The head of a Markdown article."""

    title: Text
    spoken: Text
    owner: Text
    updated: date
    expires: date | None = None
    questions: Annotated[tuple[Text, ...], Field(min_length=3)]
