"""A transfer in the making: what rules may do to it, and the consequences that follow whatever happened."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from handoff.transfer.standing import TO_ASSISTANT
from handoff.transfer.types import (
    Cancel,
    DialCaller,
    HangUp,
    Kind,
    Leg,
    LegResult,
    LegState,
    MoveCaller,
    Outcome,
    PutThrough,
    RecallCaller,
    Ring,
    Transfer,
    TransferCommand,
    TransferEvent,
)

Step = tuple[Transfer, tuple[TransferCommand, ...]]


@dataclass
class Draft:
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
        """Give fields of the transfer another value."""
        self.transfer = self.transfer.model_copy(update=values)

    def change_leg(self, leg: Leg, **values: Any) -> None:
        """Give fields of one leg another value."""
        changed = leg.model_copy(update=values)
        self.change(legs=tuple(changed if one.number == leg.number else one for one in self.transfer.legs))

    def do(self, command: TransferCommand) -> None:
        """Have something done once the event is settled."""
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
        if self.transfer.together and self.transfer.bridged_at is None:
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


Rules = dict[type[TransferEvent], Callable[[Draft, Any], None]]
"""The rule of each event: it changes the draft."""
