"""Who comes into the conference, stays and leaves; and what follows where word of that was lost."""

from handoff.transfer.draft import Draft, Rules
from handoff.transfer.types import (
    AskWhoIsIn,
    ConferenceEnded,
    ConferenceStarted,
    HandedBack,
    Joined,
    Kind,
    Left,
    LegState,
    MoveCaller,
    Outcome,
    Party,
    WhoIsIn,
    may_be_one,
)

MOST_ASKED = 2


def agent_lost(draft: Draft) -> None:
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


def _joined(draft: Draft, event: Joined) -> None:
    if not draft.open:
        if event.party is Party.AGENT:
            _came_for_nothing(draft)
        return
    if event.party is Party.CALLER:
        moved = draft.transfer.moving_at is not None
        draft.change(caller_in=True, caller_moved=moved, caller_conference=event.conference)
        return
    leg = draft.transfer.accepted
    if leg is not None:
        draft.change_leg(leg, state=LegState.JOINED, conference=event.conference)


def _came_for_nothing(draft: Draft) -> None:
    """The human was on their way into the conference when the transfer ended: nothing is told to them there."""
    for leg in draft.transfer.legs:
        if leg.tells and leg.accepted_at is not None and leg.result is not None:
            draft.hang_up(leg, leg.result)


def _conference_started(draft: Draft, _event: ConferenceStarted) -> None:
    if draft.open:
        draft.change(started=True)


def _who_is_in(draft: Draft, event: WhoIsIn) -> None:
    if not draft.open or draft.transfer.bridged_at is not None:
        return
    for party in event.parties:
        _joined(draft, Joined(at=draft.at, party=party, conference=event.conference))
    draft.change(started=draft.transfer.started or event.running)
    if draft.transfer.together:
        return
    if draft.transfer.asked >= MOST_ASKED:
        _never_joined(draft)
    elif not draft.transfer.caller_moved and draft.transfer.order.kind is not Kind.CALL_BACK:
        draft.do(MoveCaller())  # who was to do it may have been killed


def _left(draft: Draft, event: Left) -> None:
    if not draft.open:
        return
    if event.party is Party.CALLER:
        draft.change(caller_in=False)
        if draft.transfer.bridged_at is not None:
            draft.end(Outcome.CONNECTED)
        # Otherwise they may have hung up, or be alone because the human left: their own leg tells.
    else:
        agent_lost(draft)


def _conference_ended(draft: Draft, event: ConferenceEnded) -> None:
    leg = draft.transfer.accepted
    if leg is not None and not may_be_one(leg.conference, event.conference):
        return  # the human is in the next one of that name: the caller had left before they came
    draft.caller_asks = event.caller_asks
    if draft.open and (draft.transfer.started or event.caller_asks):
        agent_lost(draft)


def _handed_back(draft: Draft, event: HandedBack) -> None:
    called = draft.transfer.order.kind is Kind.CALL_BACK  # the assistant is not at that call
    if draft.open and draft.transfer.bridged_at is not None and not called:
        draft.change(task=event.task)
        draft.end(Outcome.HANDED_BACK)


def late_to_join(draft: Draft) -> None:
    """Two who are in the conference must not be torn apart because the word of it was lost: the carrier is asked."""
    if draft.transfer.asked < MOST_ASKED:
        draft.change(asked=draft.transfer.asked + 1)
        draft.do(AskWhoIsIn())
    else:
        _never_joined(draft)


def _never_joined(draft: Draft) -> None:
    draft.end(Outcome.AGENT_GONE if draft.transfer.caller_in else Outcome.FAILED)


OF_CONFERENCE: Rules = {
    Joined: _joined,
    ConferenceStarted: _conference_started,
    WhoIsIn: _who_is_in,
    Left: _left,
    ConferenceEnded: _conference_ended,
    HandedBack: _handed_back,
}
