"""What follows from what happens in a transfer. Pure: state and event give the next state and commands.

Every event may come late, twice or in another order than it happened. None leads out of a final state; one that does
not fit where the transfer stands changes nothing. What the parties hear is not commanded but follows from the state
(`handoff.transfer.views`), so that a worker that takes over needs nothing but the state.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handoff.transfer.types import (
    AskWhoIsIn,
    CallerChose,
    CallerEnded,
    CallerHeld,
    CallerIntroduced,
    CallerLeft,
    CallerMoved,
    CallerPlaced,
    Cancel,
    Choice,
    ColdEnded,
    ConferenceEnded,
    ConferenceStarted,
    DialCaller,
    HandedBack,
    HangUp,
    Joined,
    Kind,
    Left,
    Leg,
    LegAnswered,
    LegAsked,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    LegState,
    LegTold,
    MoveCaller,
    MoveRefused,
    Order,
    Outcome,
    Party,
    Phase,
    PutThrough,
    RecallCaller,
    Ring,
    TargetsFound,
    TimePassed,
    Transfer,
    TransferCommand,
    TransferEvent,
    WhoIsIn,
)

TELL_S = 10.0
"""A human's last words take no longer, however they are asked for: then the leg is ended without them."""
TAKE, DECLINE, AGAIN, VOICE = "1", "2", "9", "0"
"""The keys on a human's leg."""
ASK_SOON_S = 1.0
"""Both are mostly in the conference before that (p95 0.85 s), unless the word of it was lost."""
ASKED_S = 3.0
"""So long the carrier has to tell who is in a conference when time is up."""
MOST_ASKED = 2
UNANSWERED = frozenset({LegState.PLACED, LegState.RINGING})
TO_ASSISTANT = frozenset(
    {
        Outcome.NOBODY,
        Outcome.STAYED,
        Outcome.CALL_BACK,
        Outcome.VOICEMAIL,
        Outcome.AGENT_GONE,
        Outcome.FAILED,
        Outcome.CONSULTED,
        Outcome.HANDED_BACK,
    }
)
"""Outcomes after which the assistant goes on with the caller, who is on the line: not so in a call-back."""
CHOICES = {
    Choice.STAY: Outcome.STAYED,
    Choice.CALL_BACK: Outcome.CALL_BACK,
    Choice.VOICEMAIL: Outcome.VOICEMAIL,
}

Step = tuple[Transfer, tuple[TransferCommand, ...]]


def start(order: Order, at: float) -> Step:
    """A new transfer, and what is to be done first."""
    transfer = Transfer(order=order, requested_at=at, targets=order.targets, may_wait=order.may_wait)
    return _Draft(transfer, at).settled()


def step(transfer: Transfer, event: TransferEvent) -> Step:
    """The transfer after an event, and what is to be done about it."""
    draft = _Draft(transfer, event.at)
    RULES[type(event)](draft, event)
    return draft.settled()


def phase(transfer: Transfer) -> Phase:
    """Where it stands."""
    if transfer.outcome is not None:
        return Phase.DONE
    if transfer.bridged_at is not None:
        return Phase.BRIDGED
    if transfer.moving_at is not None:
        return Phase.BRIDGING if transfer.caller_moved else Phase.ACCEPTED
    states = {leg.state for leg in transfer.legs}
    for state, known in (
        (LegState.ACCEPTED, Phase.ACCEPTED),
        (LegState.BRIEFING, Phase.BRIEFING),
        (LegState.RINGING, Phase.RINGING),
    ):
        if state in states:
            return known
    return Phase.HOLDING if transfer.held_at is not None else Phase.REQUESTED


def deadline(transfer: Transfer) -> float | None:
    """When `TimePassed` should be reported, if nothing happens before; None: never."""
    told = [leg.lost_at + TELL_S for leg in transfer.legs if leg.tells and leg.lost_at is not None]
    return min((*told, *_open_deadlines(transfer)), default=None)


def _open_deadlines(transfer: Transfer) -> list[float]:
    if transfer.outcome is not None or transfer.bridged_at is not None:
        return []
    limits = transfer.order.limits
    if transfer.moving_at is not None:
        return [_join_deadline(transfer, transfer.moving_at)] if transfer.order.kind is not Kind.COLD else []
    if transfer.dialled_at is not None:
        return [transfer.dialled_at + limits.caller_ring_s]
    legs = [_leg_deadline(transfer, leg) for leg in transfer.legs if leg.live]
    times = [at for at in legs if at is not None]
    if not any(leg.state in {LegState.BRIEFING, LegState.ACCEPTED} for leg in transfer.legs):
        times.append(transfer.requested_at + limits.patience_s)
    return times


def _join_deadline(transfer: Transfer, moving_at: float) -> float:
    """When the carrier is asked who is in the conference: soon, then when both should be. After that it has to tell."""
    join_s = transfer.order.limits.join_s
    waits_s = (min(ASK_SOON_S, join_s), join_s, join_s + ASKED_S)
    return moving_at + waits_s[min(transfer.asked, len(waits_s) - 1)]


def _leg_deadline(transfer: Transfer, leg: Leg) -> float | None:
    limits = transfer.order.limits
    if leg.state in UNANSWERED:
        return leg.placed_at + limits.ring_s
    if leg.state is LegState.BRIEFING and leg.listening_at is not None:
        return leg.listening_at + limits.key_s
    if leg.state is LegState.ACCEPTED and leg.accepted_at is not None:
        return leg.accepted_at + limits.join_s
    return None


@dataclass
class _Draft:
    """A transfer in the making: changed by one rule, then settled."""

    transfer: Transfer
    at: float
    commands: list[TransferCommand] = field(default_factory=list)
    caller_asks: bool = False
    """The caller's leg asks what to do now, or will at once: the answer takes them on, and no move of ours."""

    @property
    def open(self) -> bool:
        """Whether the transfer has no outcome yet."""
        return self.transfer.outcome is None

    def change(self, **values: Any) -> None:
        self.transfer = self.transfer.model_copy(update=values)

    def change_leg(self, leg: Leg, **values: Any) -> None:
        changed = leg.model_copy(update=values)
        self.change(legs=tuple(changed if one.number == leg.number else one for one in self.transfer.legs))

    def do(self, command: TransferCommand) -> None:
        self.commands.append(command)

    def end(self, outcome: Outcome) -> None:
        """The outcome, once."""
        if self.open:
            self.change(outcome=outcome, ended_at=self.at)

    def lose(self, leg: Leg, result: LegResult) -> None:
        """A leg is over by our will: one that was answered hears why before it is hung up."""
        told = leg.state in {LegState.BRIEFING, LegState.ACCEPTED}
        lost_at = self.at if told else None
        self.change_leg(leg, state=LegState.OVER, result=result, tells=told, lost_at=lost_at)
        if leg.sid is not None and not told:
            self.do(Cancel(sid=leg.sid))

    def hang_up(self, leg: Leg, result: LegResult) -> None:
        """A leg is over, and nothing more is said to it."""
        self.change_leg(leg, state=LegState.OVER, result=result, tells=False)
        if leg.sid is not None:
            self.do(HangUp(sid=leg.sid))

    # What follows, whatever happened

    def settled(self) -> Step:
        """Draw the consequences."""
        if self.open and self.transfer.order.kind is Kind.COLD:
            self._put_through()
        elif self.open and self.transfer.accepted is not None:
            self._connect(self.transfer.accepted)
        elif self.open:
            self._ring()
        if not self.open:
            self._withdraw()
        return self.transfer, tuple(self.commands)

    def _connect(self, accepted: Leg) -> None:
        for leg in self.transfer.legs:
            if leg.live and leg.number != accepted.number:
                self.lose(leg, LegResult.TAKEN)
        told = self.transfer.order.introduction is None or self.transfer.introduced
        if self.transfer.order.kind is Kind.CALL_BACK:
            self._dial()
        elif told and self.transfer.moving_at is None:
            self.change(moving_at=self.at)
            self.do(MoveCaller())
        both = self.transfer.caller_in and accepted.state is LegState.JOINED and self.transfer.started
        if both and self.transfer.bridged_at is None:
            self.change(bridged_at=self.at)

    def _dial(self) -> None:
        """Of a call-back: the human is there, now the caller is rung."""
        if self.transfer.dialled_at is None:
            self.change(dialled_at=self.at)
            self.do(DialCaller(timeout_s=self.transfer.order.limits.caller_ring_s))

    def _ring(self) -> None:
        limits = self.transfer.order.limits
        patient = self.at < self.transfer.requested_at + limits.patience_s
        while patient and self.transfer.targets and self._tried < limits.most_legs:
            if sum(leg.live for leg in self.transfer.legs) >= limits.at_once:
                return
            target, *left = self.transfer.targets
            leg = Leg(number=len(self.transfer.legs) + 1, target=target, placed_at=self.at)
            self.change(targets=tuple(left), legs=(*self.transfer.legs, leg))
            self.do(Ring(leg=leg.number, target=target, timeout_s=limits.ring_s))
        more = self.transfer.may_wait and patient and self._tried < limits.most_legs
        if not more and not any(leg.live for leg in self.transfer.legs):
            self.end(Outcome.NOBODY)

    @property
    def _tried(self) -> int:
        return sum(leg.rung for leg in self.transfer.legs)

    def _put_through(self) -> None:
        if self.transfer.moving_at is not None:
            return
        if not self.transfer.targets:
            self.end(Outcome.NOBODY)
            return
        target, *left = self.transfer.targets
        self.change(targets=tuple(left), moving_at=self.at, trying=target)
        if not self.caller_asks:
            self.do(PutThrough(target=target, timeout_s=self.transfer.order.limits.ring_s))

    def _withdraw(self) -> None:
        """The transfer is over: nobody is left ringing or waiting."""
        for leg in self.transfer.legs:
            if leg.live:
                self.lose(leg, LegResult.WITHDRAWN)
            elif leg.state is LegState.JOINED and self.transfer.bridged_at is not None:
                self.change_leg(leg, state=LegState.OVER, result=LegResult.FINISHED)
            elif leg.state is LegState.JOINED:
                self.hang_up(leg, LegResult.WITHDRAWN)  # alone in a conference that nobody comes to
        away = self.transfer.caller_moved or self.transfer.moving_at is not None
        if self.transfer.order.kind is Kind.CALL_BACK:
            self._let_caller_go()
        elif away and self.transfer.outcome in TO_ASSISTANT:
            self.change(moving_at=None, caller_moved=False)
            if not self.caller_asks:
                self.do(RecallCaller())

    def _let_caller_go(self) -> None:
        """Of a call-back: nobody's telephone rings on, and nobody who has answered waits for somebody who is gone."""
        sid, answered = self.transfer.caller_sid, self.transfer.moving_at is not None
        if sid is None or self.transfer.caller_over or self.transfer.bridged_at is not None:
            return
        self.change(caller_over=True)
        if self.transfer.outcome is not Outcome.CALLER_GONE:
            self.do(RecallCaller() if answered else Cancel(sid=sid))


# One rule for each event


def _caller_held(draft: _Draft, _event: CallerHeld) -> None:
    if draft.transfer.held_at is None:
        draft.change(held_at=draft.at)


def _caller_introduced(draft: _Draft, _event: CallerIntroduced) -> None:
    if draft.transfer.accepted is not None:
        draft.change(introduced=True)


def _caller_chose(draft: _Draft, event: CallerChose) -> None:
    """Until somebody has taken the call."""
    if draft.open and draft.transfer.accepted is None and draft.transfer.moving_at is None:
        draft.end(CHOICES[event.choice])


def _caller_left(draft: _Draft, _event: CallerLeft) -> None:
    draft.end(Outcome.CONNECTED if draft.transfer.bridged_at is not None else Outcome.CALLER_GONE)


def _caller_placed(draft: _Draft, event: CallerPlaced) -> None:
    if draft.transfer.dialled_at is not None and draft.transfer.caller_sid is None:
        draft.change(caller_sid=event.sid)


def _caller_ended(draft: _Draft, event: CallerEnded) -> None:
    if draft.transfer.dialled_at is None:
        return
    draft.change(caller_over=True)
    if draft.transfer.moving_at is not None:
        _caller_left(draft, CallerLeft(at=draft.at))
    elif draft.open:
        draft.change(caller_result=event.result)
        draft.end(Outcome.NOT_REACHED)


def _caller_moved(draft: _Draft, _event: CallerMoved) -> None:
    if draft.open and draft.transfer.dialled_at is not None and draft.transfer.moving_at is None:
        draft.change(moving_at=draft.at)  # whom we have called has answered
    if draft.open and draft.transfer.moving_at is not None:
        draft.change(caller_moved=True)


def _move_refused(draft: _Draft, event: MoveRefused) -> None:
    if draft.open and draft.transfer.moving_at is not None and draft.transfer.bridged_at is None:
        draft.end(Outcome.CALLER_GONE if event.gone else Outcome.FAILED)


def _targets_found(draft: _Draft, event: TargetsFound) -> None:
    if not draft.open or draft.transfer.accepted is not None:
        return
    known = {leg.target.address for leg in draft.transfer.legs if leg.live}
    known |= {target.address for target in draft.transfer.targets}
    new = tuple(target for target in event.targets if target.address not in known)
    draft.change(targets=(*draft.transfer.targets, *new), may_wait=event.may_wait)


def _leg_placed(draft: _Draft, event: LegPlaced) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None or leg.sid is not None:
        return
    draft.change_leg(leg, sid=event.sid)
    if leg.state is LegState.OVER and not leg.tells:
        draft.do(Cancel(sid=event.sid))


def _leg_ringing(draft: _Draft, event: LegRinging) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.state is LegState.PLACED:
        draft.change_leg(leg, state=LegState.RINGING)


def _leg_answered(draft: _Draft, event: LegAnswered) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.state in UNANSWERED:
        draft.change_leg(leg, state=LegState.BRIEFING, listening_at=draft.at)


def _leg_keyed(draft: _Draft, event: LegKeyed) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None or not draft.open:
        return
    if leg.state in UNANSWERED and event.key == DECLINE:
        draft.lose(leg, LegResult.DECLINED)  # on the desk, while the telephone still rings
    if leg.state is not LegState.BRIEFING:
        return
    if event.key in {AGAIN, VOICE}:
        draft.change_leg(leg, listening_at=draft.at)
    elif draft.transfer.order.kind is Kind.CONSULT and event.key in {TAKE, DECLINE}:
        draft.hang_up(leg, LegResult.ANSWERED)
        draft.change(answer=event.key == TAKE)
        draft.end(Outcome.CONSULTED)
    elif event.key == DECLINE:
        draft.hang_up(leg, LegResult.DECLINED)
    elif event.key == TAKE and draft.transfer.accepted is None:
        draft.change_leg(leg, state=LegState.ACCEPTED, accepted_at=draft.at)


def _leg_asked(draft: _Draft, event: LegAsked) -> None:
    """We end the stream of who has accepted once the caller was moved. Where it is over before, its process was lost,
    and with it perhaps the word of that move."""
    leg = draft.transfer.leg(event.leg)
    waits = leg is not None and leg.state is LegState.ACCEPTED and not draft.transfer.caller_moved
    if draft.open and waits and draft.transfer.moving_at is not None and draft.transfer.asked == 0:
        _late_to_join(draft)


def _leg_told(draft: _Draft, event: LegTold) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is not None and leg.tells and leg.result is not None:
        draft.hang_up(leg, leg.result)


def _leg_ended(draft: _Draft, event: LegEnded) -> None:
    leg = draft.transfer.leg(event.leg)
    if leg is None:
        return
    match leg.state:
        case LegState.PLACED | LegState.RINGING:
            draft.change_leg(leg, state=LegState.OVER, result=event.result)
        case LegState.BRIEFING:
            draft.change_leg(leg, state=LegState.OVER, result=LegResult.HUNG_UP)
        case LegState.ACCEPTED | LegState.JOINED:
            talked = draft.transfer.bridged_at is not None
            draft.change_leg(
                leg, state=LegState.OVER, result=LegResult.FINISHED if talked else LegResult.HUNG_UP
            )
            _agent_lost(draft)
        case LegState.OVER:
            draft.change_leg(leg, tells=False)


def _agent_lost(draft: _Draft) -> None:
    """The one who pressed 1 is gone. Before the caller was moved, the next may still be rung."""
    if draft.transfer.bridged_at is not None:
        draft.end(Outcome.CONNECTED)
    elif (
        draft.transfer.moving_at is not None
        or draft.transfer.dialled_at is not None
        or not draft.transfer.targets
    ):
        draft.caller_asks |= draft.transfer.started  # a conference that ran ends with them
        draft.end(Outcome.AGENT_GONE)


def _joined(draft: _Draft, event: Joined) -> None:
    if not draft.open:
        if event.party is Party.AGENT:
            _came_for_nothing(draft)
        return
    if event.party is Party.CALLER:
        draft.change(caller_in=True, caller_moved=draft.transfer.moving_at is not None)
        return
    leg = draft.transfer.accepted
    if leg is not None:
        draft.change_leg(leg, state=LegState.JOINED)


def _came_for_nothing(draft: _Draft) -> None:
    """The human was on their way into the conference when the transfer ended: nothing is told to them there."""
    for leg in draft.transfer.legs:
        if leg.tells and leg.accepted_at is not None and leg.result is not None:
            draft.hang_up(leg, leg.result)


def _conference_started(draft: _Draft, _event: ConferenceStarted) -> None:
    if draft.open:
        draft.change(started=True)


def _who_is_in(draft: _Draft, event: WhoIsIn) -> None:
    if not draft.open or draft.transfer.bridged_at is not None:
        return
    for party in event.parties:
        _joined(draft, Joined(at=draft.at, party=party))
    draft.change(started=draft.transfer.started or event.running)
    leg = draft.transfer.accepted
    agent_in = leg is not None and leg.state is LegState.JOINED
    both = agent_in and draft.transfer.caller_in and draft.transfer.started
    if both:
        return
    if draft.transfer.asked >= MOST_ASKED:
        _never_joined(draft)
    elif not draft.transfer.caller_moved and draft.transfer.order.kind is not Kind.CALL_BACK:
        draft.do(MoveCaller())  # who was to do it may have been killed


def _left(draft: _Draft, event: Left) -> None:
    if not draft.open:
        return
    if event.party is Party.CALLER:
        draft.change(caller_in=False)
        if draft.transfer.bridged_at is not None:
            draft.end(Outcome.CONNECTED)
        # Otherwise they may have hung up, or be alone because the human left: their own leg tells.
    else:
        _agent_lost(draft)


def _conference_ended(draft: _Draft, event: ConferenceEnded) -> None:
    draft.caller_asks = event.caller_asks
    if draft.open and (draft.transfer.started or event.caller_asks):
        _agent_lost(draft)


def _cold_ended(draft: _Draft, event: ColdEnded) -> None:
    if not draft.open or draft.transfer.order.kind is not Kind.COLD:
        return
    if event.answered:
        draft.end(Outcome.PUT_THROUGH)
    else:
        draft.caller_asks = True
        draft.change(moving_at=None)


def _handed_back(draft: _Draft, event: HandedBack) -> None:
    called = draft.transfer.order.kind is Kind.CALL_BACK  # the assistant is not at that call
    if draft.open and draft.transfer.bridged_at is not None and not called:
        draft.change(task=event.task)
        draft.end(Outcome.HANDED_BACK)


def _time_passed(draft: _Draft, event: TimePassed) -> None:
    _end_last_words(draft)
    transfer = draft.transfer
    if not draft.open or transfer.bridged_at is not None:
        return
    limits = transfer.order.limits
    if transfer.moving_at is not None:
        if transfer.order.kind is not Kind.COLD and event.at >= _join_deadline(transfer, transfer.moving_at):
            _late_to_join(draft)
        return
    if transfer.dialled_at is not None:
        _ringing_passed(draft, transfer.dialled_at + limits.caller_ring_s)
        return
    for leg in transfer.legs:
        due = _leg_deadline(transfer, leg) if leg.live else None
        if due is not None and event.at >= due:
            _out_of_time(draft, leg)
    if event.at >= transfer.requested_at + limits.patience_s:
        for leg in draft.transfer.legs:
            if leg.state in UNANSWERED:
                draft.lose(leg, LegResult.NO_ANSWER)


def _late_to_join(draft: _Draft) -> None:
    """Two who are in the conference must not be torn apart because the word of it was lost: the carrier is asked."""
    if draft.transfer.asked < MOST_ASKED:
        draft.change(asked=draft.transfer.asked + 1)
        draft.do(AskWhoIsIn())
    else:
        _never_joined(draft)


def _never_joined(draft: _Draft) -> None:
    draft.end(Outcome.AGENT_GONE if draft.transfer.caller_in else Outcome.FAILED)


def _ringing_passed(draft: _Draft, due: float) -> None:
    """Of a call-back: the caller's telephone has rung for long enough."""
    if draft.at >= due:
        draft.change(caller_result=LegResult.NO_ANSWER)
        draft.end(Outcome.NOT_REACHED)


def _end_last_words(draft: _Draft) -> None:
    for leg in draft.transfer.legs:
        if leg.tells and leg.result is not None and draft.at >= (leg.lost_at or 0.0) + TELL_S:
            draft.hang_up(leg, leg.result)


def _out_of_time(draft: _Draft, leg: Leg) -> None:
    match leg.state:
        case LegState.BRIEFING:
            draft.hang_up(leg, LegResult.NO_KEY)
        case LegState.ACCEPTED:
            draft.change(introduced=True)  # better without a word than not at all
        case _:
            draft.lose(leg, LegResult.NO_ANSWER)


RULES: dict[type[TransferEvent], Callable[[_Draft, Any], None]] = {
    CallerHeld: _caller_held,
    CallerIntroduced: _caller_introduced,
    CallerChose: _caller_chose,
    CallerLeft: _caller_left,
    CallerMoved: _caller_moved,
    CallerPlaced: _caller_placed,
    CallerEnded: _caller_ended,
    MoveRefused: _move_refused,
    TargetsFound: _targets_found,
    LegPlaced: _leg_placed,
    LegRinging: _leg_ringing,
    LegAnswered: _leg_answered,
    LegKeyed: _leg_keyed,
    LegAsked: _leg_asked,
    LegTold: _leg_told,
    LegEnded: _leg_ended,
    Joined: _joined,
    ConferenceStarted: _conference_started,
    WhoIsIn: _who_is_in,
    Left: _left,
    ConferenceEnded: _conference_ended,
    ColdEnded: _cold_ended,
    HandedBack: _handed_back,
    TimePassed: _time_passed,
}
