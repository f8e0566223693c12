"""A transfer told as a story: what happens, one line each, and what each party hears after it."""

from handoff.transfer.deadlines import deadline
from handoff.transfer.standing import phase
from handoff.transfer.table import start, step
from handoff.transfer.types import (
    CallerChose,
    CallerEnded,
    CallerHeld,
    CallerIntroduced,
    CallerLeft,
    CallerMoved,
    CallerPlaced,
    Choice,
    ColdEnded,
    ConferenceEnded,
    ConferenceStarted,
    HandedBack,
    Joined,
    Kind,
    Left,
    LegAnswered,
    LegAsked,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    LegTold,
    Limits,
    MoveRefused,
    Order,
    Party,
    Target,
    TargetsFound,
    TimePassed,
    WhoIsIn,
)
from handoff.transfer.views import caller_hears, leg_hears

ANNA = Target(address="sip:anna@127.0.0.1:5081", name="Anna", queue="returns", agent="anna")
BEN = Target(address="sip:ben@127.0.0.1:5082", name="Ben", queue="returns", agent="ben")
QUEUE = Target(address="sip:returns@pbx.example.com", name="returns", queue="returns")


def order(*targets, call="CAcaller", transfer="t1", kind=Kind.WARM, limits=None, **more):
    """An order for these targets."""
    return Order(
        transfer_id=transfer,
        call_id=call,
        queue="returns",
        kind=kind,
        reason="asked_for_person",
        targets=targets,
        limits=limits or Limits(),
        **more,
    )


class Scene:
    """One transfer, from its order on. Each method lets something happen; `did` is what followed at once."""

    def __init__(self, *targets, **more):
        self.now = 0.0
        self.transfer, self.did = start(order(*targets, **more), self.now)
        self.all_done = list(self.did)
        self.gone = set()
        """Legs that the carrier has ended by itself."""

    # The story

    def after(self, seconds):
        self.now += seconds
        return self

    def happens(self, event):
        self.transfer, self.did = step(self.transfer, event)
        self.all_done += self.did
        return self

    def the_caller_is_held(self):
        return self.happens(CallerHeld(at=self.now))

    def the_caller_is_introduced(self):
        return self.happens(CallerIntroduced(at=self.now))

    def the_caller_chooses(self, choice):
        return self.happens(CallerChose(at=self.now, choice=Choice(choice)))

    def the_caller_hangs_up(self):
        return self.happens(CallerLeft(at=self.now))

    def the_caller_is_moved(self):
        return self.happens(CallerMoved(at=self.now))

    def the_caller_is_rung(self):
        return self.happens(CallerPlaced(at=self.now, sid="CAcalled"))

    def the_caller_answers(self):
        """Who is called back: the carrier asks what they should hear."""
        return self.happens(CallerMoved(at=self.now))

    def the_called_leg_ends(self, result):
        return self.happens(CallerEnded(at=self.now, result=LegResult(result)))

    def the_move_is_refused(self, gone=False):
        return self.happens(MoveRefused(at=self.now, gone=gone))

    def placed(self, leg=1):
        return self.happens(LegPlaced(at=self.now, leg=leg, sid=f"CAleg{leg}"))

    def rings(self, leg=1):
        return self.happens(LegRinging(at=self.now, leg=leg))

    def answers(self, leg=1):
        return self.happens(LegAnswered(at=self.now, leg=leg))

    def presses(self, key, leg=1):
        return self.happens(LegKeyed(at=self.now, leg=leg, key=key))

    def asks_what_is_next(self, leg=1):
        return self.happens(LegAsked(at=self.now, leg=leg))

    def is_told(self, leg=1):
        return self.happens(LegTold(at=self.now, leg=leg))

    def ends(self, result, leg=1):
        self.gone.add(leg)
        return self.happens(LegEnded(at=self.now, leg=leg, result=LegResult(result)))

    def joins(self, who, conference="CF1"):
        return self.happens(Joined(at=self.now, party=Party(who), conference=conference))

    def the_carrier_tells(self, *who, running=True):
        """Who is in the conference, because it was asked."""
        parties = tuple(Party(one) for one in who)
        told = WhoIsIn(at=self.now, conference="CF1", parties=parties, running=running)
        return self.happens(told)

    def leaves(self, who):
        return self.happens(Left(at=self.now, party=Party(who)))

    def the_conference_starts(self):
        return self.happens(ConferenceStarted(at=self.now))

    def the_conference_ends(self, conference="CF1"):
        return self.happens(ConferenceEnded(at=self.now, conference=conference))

    def the_target_is_tried(self, answered):
        return self.happens(ColdEnded(at=self.now, answered=answered))

    def hands_back(self, task=None):
        return self.happens(HandedBack(at=self.now, task=task))

    def becomes_free(self, *targets, may_wait=True):
        return self.happens(TargetsFound(at=self.now, targets=targets, may_wait=may_wait))

    def time_passes(self):
        """Until the next moment that the transfer waits for."""
        due = deadline(self.transfer)
        assert due is not None, "nothing is waited for"
        self.now = max(self.now, due)
        return self.happens(TimePassed(at=self.now))

    def briefing(self, leg=1):
        """Up to the briefing of one human."""
        return self.the_caller_is_held().placed(leg).rings(leg).answers(leg)

    def bridged(self, leg=1):
        """Up to the conversation."""
        self.briefing(leg).presses("1", leg).the_caller_is_moved().joins("caller")
        return self.joins("agent").the_conference_starts()

    # What is so

    @property
    def phase(self):
        return phase(self.transfer).value

    @property
    def outcome(self):
        return self.transfer.outcome.value if self.transfer.outcome is not None else None

    @property
    def caller_hears(self):
        return caller_hears(self.transfer).value

    def hears(self, leg=1):
        return leg_hears(self.transfer, leg).value

    def leg(self, leg=1):
        found = self.transfer.leg(leg)
        return (found.state.value, found.result.value if found.result is not None else None)

    @property
    def commands(self):
        return [_words(command) for command in self.did]


def _words(command):
    match command.kind:
        case "ring":
            return f"ring {command.target.name}"
        case "cancel" | "hang_up":
            return f"{command.kind} {command.sid}"
        case "put_through":
            return f"put_through {command.target.name}"
    return command.kind
