"""The values of a transfer: what is ordered, what happens, what is to be done, and where it stands.

Everything is frozen and serialises to JSON and back, so that any worker can go on with a transfer. Times are seconds
since the epoch, given by whoever reports an event: nothing here has a clock.
"""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field


class Value(BaseModel):
    """Base of all of them: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Kind(StrEnum):
    """What kind of transfer it is. Names never change meaning."""

    WARM = "warm"
    """A human is briefed, presses 1, and is connected with the caller."""
    COLD = "cold"
    """The caller is put through at once, and nobody is briefed."""
    CONSULT = "consult"
    """A human is asked a yes-no question while the caller holds; then the assistant goes on with the answer."""
    CALL_BACK = "call_back"
    """Nobody is on the line: a human is briefed, presses 1, and only then the caller is rung as it was promised."""


class Phase(StrEnum):
    """Where a transfer stands, as the desk and the record of the call tell it. Names never change meaning."""

    REQUESTED = "requested"
    HOLDING = "holding"
    RINGING = "ringing"
    BRIEFING = "briefing"
    ACCEPTED = "accepted"
    BRIDGING = "bridging"
    BRIDGED = "bridged"
    DONE = "done"


class Outcome(StrEnum):
    """How a transfer ended. Names never change meaning."""

    CONNECTED = "connected"
    """Caller and human were in one conference."""
    HANDED_BACK = "handed_back"
    """They were, and the human gave the caller back to the assistant."""
    PUT_THROUGH = "put_through"
    """A cold transfer was answered."""
    CONSULTED = "consulted"
    """The human has answered the question, and the assistant goes on."""
    NOBODY = "nobody"
    """Nobody took it: the assistant goes on."""
    STAYED = "stayed"
    """The caller would rather stay with the assistant."""
    CALL_BACK = "call_back"
    """The caller would rather be called back."""
    VOICEMAIL = "voicemail"
    """The caller would rather leave a message."""
    CALLER_GONE = "caller_gone"
    """The caller hung up before they were connected."""
    AGENT_GONE = "agent_gone"
    """The human was lost between key 1 and the connection: the assistant goes on."""
    NOT_REACHED = "not_reached"
    """Of a call-back: the caller's telephone was busy, not answered or not reachable (`Transfer.caller_result`)."""
    FAILED = "failed"
    """The carrier refused what had to be done: the assistant goes on."""


class LegState(StrEnum):
    """Where the leg of one human stands. Names never change meaning."""

    PLACED = "placed"
    RINGING = "ringing"
    BRIEFING = "briefing"
    """Answered: by whom, only a key tells."""
    ACCEPTED = "accepted"
    JOINED = "joined"
    OVER = "over"


class LegResult(StrEnum):
    """Why a leg is over. Names never change meaning."""

    DECLINED = "declined"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    """It rang for too long, or whoever rang it says so (408, 480)."""
    NO_KEY = "no_key"
    """Something answered, but nobody pressed a key: a voicemail, a queue's music, a distracted human."""
    UNREACHABLE = "unreachable"
    """The target refused or failed (404, 503, a wrong password), or the carrier did not place the call."""
    HUNG_UP = "hung_up"
    """The human hung up without a decision."""
    TAKEN = "taken"
    """Another human was faster."""
    WITHDRAWN = "withdrawn"
    """The transfer ended before this leg decided anything."""
    ANSWERED = "answered"
    """Of a consultation: yes or no was keyed."""
    FINISHED = "finished"
    """Connected, and over."""


class Target(Value):
    """Somebody who may be rung."""

    address: str
    """A `sip:` URI from the playbook's allow-list or the roster."""
    name: str
    """Who that is, for desk and QA."""
    queue: str
    agent: str | None = None
    """The roster's id, where it is one of Warmline's own agents and not an outside queue."""


class Limits(Value):
    """How long things may take, in seconds, and how often they are tried."""

    ring_s: float = 20.0
    key_s: float = 75.0
    """From answer to key: the briefing three times with pauses."""
    join_s: float = 6.0
    caller_ring_s: float = 30.0
    """Of a call-back: how long the caller's telephone rings."""
    patience_s: float = 120.0
    """How long a caller is kept on hold in all."""
    most_legs: int = 6
    at_once: int = 1
    """How many humans are rung at the same time."""


class Order(Value):
    """What is ordered."""

    transfer_id: str
    call_id: str
    queue: str
    """The queue that the matter belongs to; targets may be of its overflow queues too."""
    kind: Kind = Kind.WARM
    reason: str
    """Why, a stable code of `handoff.escalation.reasons`."""
    words: str = ""
    """The same in words, for people."""
    question: str | None = None
    """Of a consultation: what the human is asked."""
    promise: str | None = None
    """Of a call-back: the promise that it keeps. The number to be dialled stands there, and only there."""
    targets: tuple[Target, ...] = ()
    may_wait: bool = False
    """Whether more targets may be found while the caller holds (an agent is there, but busy)."""
    introduction: str | None = None
    """One sentence that the caller hears from the assistant before they are connected."""
    limits: Limits = Limits()


class Leg(Value):
    """The connection to one human, or to what answers there."""

    number: int
    """From 1 on within the transfer."""
    target: Target
    state: LegState = LegState.PLACED
    placed_at: float
    listening_at: float | None = None
    """Since when the human has been asked for a key; begins anew when they want to hear the briefing again."""
    accepted_at: float | None = None
    sid: str | None = None
    """The carrier's call; None until it is known."""
    conference: str | None = None
    """The carrier's conference that the human has joined; None where it is not known."""
    result: LegResult | None = None
    tells: bool = False
    """Something is still to be said to the human before the leg is hung up: that they were too late, say."""
    lost_at: float | None = None
    """Since when that is so."""

    @property
    def rung(self) -> bool:
        """Whether a telephone may have rung: somebody who was in another call already was not even tried."""
        return not (self.sid is None and self.result is LegResult.BUSY)

    @property
    def live(self) -> bool:
        """Whether it may still lead to a decision."""
        return self.state not in {LegState.OVER, LegState.JOINED}


class Transfer(Value):
    """A transfer: complete, nothing about it is kept anywhere else."""

    order: Order
    version: int = 0
    """Counts its changes: who saves must have read the version before."""
    requested_at: float
    targets: tuple[Target, ...] = ()
    """Not rung yet, in order."""
    may_wait: bool = False
    legs: tuple[Leg, ...] = ()
    held_at: float | None = None
    """Since when the caller hears that they are held."""
    introduced: bool = False
    asked: int = 0
    """How often the carrier was asked who is in the conference, because nobody had told it."""
    moving_at: float | None = None
    """Since when the caller is on the way into the conference."""
    caller_moved: bool = False
    """The carrier has confirmed it."""
    caller_in: bool = False
    caller_conference: str | None = None
    """The carrier's conference that the caller has joined: one of our name may be over, and the human in the next."""
    dialled_at: float | None = None
    """Of a call-back: since when the caller's telephone is rung."""
    caller_sid: str | None = None
    """Of a call-back: the carrier's call to the caller; None until it is known."""
    caller_over: bool = False
    """Of a call-back: the caller's leg is over, or was told to end."""
    caller_result: LegResult | None = None
    """Of a call-back: why the caller was not reached."""
    started: bool = False
    """The conference runs."""
    bridged_at: float | None = None
    trying: Target | None = None
    """Of a cold transfer: the target that the caller is connected with."""
    answer: bool | None = None
    """Of a consultation."""
    task: str | None = None
    """What the human handed back for."""
    outcome: Outcome | None = None
    ended_at: float | None = None

    @property
    def id(self) -> str:
        """Its id, which is also the conference's name: random, nothing personal."""
        return self.order.transfer_id

    @property
    def accepted(self) -> Leg | None:
        """The leg whose human has taken the call."""
        return next((leg for leg in self.legs if leg.state in {LegState.ACCEPTED, LegState.JOINED}), None)

    @property
    def together(self) -> bool:
        """Whether caller and human are in one conference, and it runs."""
        leg = self.accepted
        if leg is None or leg.state is not LegState.JOINED or not (self.caller_in and self.started):
            return False
        return may_be_one(leg.conference, self.caller_conference)

    @property
    def may_have_moved(self) -> bool:
        """Whether the carrier may have taken the caller from their stream, be it that they are back since."""
        return self.order.kind is Kind.COLD or any(leg.accepted_at is not None for leg in self.legs)

    def leg(self, number: int) -> Leg | None:
        """One leg; None where there is none of that number."""
        return next((leg for leg in self.legs if leg.number == number), None)


def may_be_one(conference: str | None, other: str | None) -> bool:
    """Whether two of the carrier's ids may name one conference; None is not known."""
    return conference is None or other is None or conference == other


# What happens


class Event(Value):
    """Base of what happens. `at` is when."""

    at: float


class CallerHeld(Event):
    """The caller is being told that they are put through, and hears music from then on."""

    kind: Literal["caller_held"] = "caller_held"


class CallerIntroduced(Event):
    """The caller has heard who takes over."""

    kind: Literal["caller_introduced"] = "caller_introduced"


class Choice(StrEnum):
    """What a caller on hold would rather have."""

    STAY = "stay"
    CALL_BACK = "call_back"
    VOICEMAIL = "voicemail"


class CallerChose(Event):
    """The caller does not want to wait."""

    kind: Literal["caller_chose"] = "caller_chose"
    choice: Choice


class CallerLeft(Event):
    """The caller has hung up."""

    kind: Literal["caller_left"] = "caller_left"


class CallerMoved(Event):
    """The carrier has taken the caller into the conference's TwiML."""

    kind: Literal["caller_moved"] = "caller_moved"


class CallerPlaced(Event):
    """Of a call-back: the carrier has placed the call to the caller. That they answer is told by `CallerMoved`."""

    kind: Literal["caller_placed"] = "caller_placed"
    sid: str


class CallerEnded(Event):
    """Of a call-back: the caller's leg is over, by the carrier: why, if it was never answered."""

    kind: Literal["caller_ended"] = "caller_ended"
    result: LegResult


class MoveRefused(Event):
    """The carrier has not. `gone` where it says that the caller's leg is over (21220, 20404)."""

    kind: Literal["move_refused"] = "move_refused"
    gone: bool


class TargetsFound(Event):
    """Somebody became free, or nobody will."""

    kind: Literal["targets_found"] = "targets_found"
    targets: tuple[Target, ...] = ()
    may_wait: bool


class LegPlaced(Event):
    """The carrier has placed the call."""

    kind: Literal["leg_placed"] = "leg_placed"
    leg: int
    sid: str


class LegRinging(Event):
    """The human's telephone rings."""

    kind: Literal["leg_ringing"] = "leg_ringing"
    leg: int


class LegAnswered(Event):
    """Something has answered."""

    kind: Literal["leg_answered"] = "leg_answered"
    leg: int


class LegKeyed(Event):
    """A key was pressed on the human's leg, or the same was done on the desk's page."""

    kind: Literal["leg_keyed"] = "leg_keyed"
    leg: int
    key: str


class LegAsked(Event):
    """The leg's stream is over, and the carrier asks what comes next."""

    kind: Literal["leg_asked"] = "leg_asked"
    leg: int


class LegTold(Event):
    """What was still to be said to the human has been said."""

    kind: Literal["leg_told"] = "leg_told"
    leg: int


class LegEnded(Event):
    """The leg is over, by the carrier: why, if it was never answered."""

    kind: Literal["leg_ended"] = "leg_ended"
    leg: int
    result: LegResult


class Party(StrEnum):
    """Who is in the conference, by the label of the participant."""

    CALLER = "caller"
    AGENT = "agent"


class Joined(Event):
    """Somebody has come into the conference; `conference` is the carrier's id of it."""

    kind: Literal["joined"] = "joined"
    party: Party
    conference: str | None = None


class ConferenceStarted(Event):
    """The conference runs: those in it hear each other."""

    kind: Literal["conference_started"] = "conference_started"


class WhoIsIn(Event):
    """The carrier tells, because it was asked, who is in the conference now, and whether it runs."""

    kind: Literal["who_is_in"] = "who_is_in"
    conference: str | None = None
    parties: tuple[Party, ...] = ()
    running: bool = False


class Left(Event):
    """Somebody has left the conference."""

    kind: Literal["left"] = "left"
    party: Party


class ConferenceEnded(Event):
    """A conference is over. `caller_asks` where the caller's own leg says so, and asks what to do now."""

    kind: Literal["conference_ended"] = "conference_ended"
    conference: str | None = None
    caller_asks: bool = False


class ColdEnded(Event):
    """The carrier has tried one target of a cold transfer, and asks what the caller does now."""

    kind: Literal["cold_ended"] = "cold_ended"
    answered: bool


class HandedBack(Event):
    """The human gives the caller back to the assistant, for a task or for nothing in particular."""

    kind: Literal["handed_back"] = "handed_back"
    task: str | None = None


class TimePassed(Event):
    """Nothing happened but time."""

    kind: Literal["time_passed"] = "time_passed"


TransferEvent = Annotated[
    CallerHeld
    | CallerIntroduced
    | CallerChose
    | CallerLeft
    | CallerMoved
    | CallerPlaced
    | CallerEnded
    | MoveRefused
    | TargetsFound
    | LegPlaced
    | LegRinging
    | LegAnswered
    | LegKeyed
    | LegAsked
    | LegTold
    | LegEnded
    | Joined
    | ConferenceStarted
    | WhoIsIn
    | Left
    | ConferenceEnded
    | ColdEnded
    | HandedBack
    | TimePassed,
    Field(discriminator="kind"),
]


# What is to be done with the carrier. What the parties hear follows from the state alone: `handoff.transfer.views`.


class Ring(Value):
    """Place the call to a human."""

    kind: Literal["ring"] = "ring"
    leg: int
    target: Target
    timeout_s: float


class Cancel(Value):
    """End a leg that was not answered."""

    kind: Literal["cancel"] = "cancel"
    sid: str


class HangUp(Value):
    """End a leg that was answered."""

    kind: Literal["hang_up"] = "hang_up"
    sid: str


class MoveCaller(Value):
    """Take the caller from the media stream into the conference."""

    kind: Literal["move_caller"] = "move_caller"


class AskWhoIsIn(Value):
    """Ask the carrier who is in the conference: what it told may be lost."""

    kind: Literal["ask_who_is_in"] = "ask_who_is_in"


class DialCaller(Value):
    """Of a call-back: ring the caller, at the number of the promise."""

    kind: Literal["dial_caller"] = "dial_caller"
    timeout_s: float


class PutThrough(Value):
    """Take the caller from the media stream to a target, of a cold transfer."""

    kind: Literal["put_through"] = "put_through"
    target: Target
    timeout_s: float


class RecallCaller(Value):
    """Take the caller out of the conference, back to the media stream; whom we have called, out of the call."""

    kind: Literal["recall_caller"] = "recall_caller"


TransferCommand = Annotated[
    Ring | Cancel | HangUp | MoveCaller | AskWhoIsIn | DialCaller | PutThrough | RecallCaller,
    Field(discriminator="kind"),
]
