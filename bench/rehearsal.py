"""Plays labelled conversations through the real dialog, its actions and escalation, in text."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from actions.runner import Actions
from actions.types import ActionRequest, ActionResult
from authoring.text_actions import Inbox, open_actions
from authoring.text_call import People, TextCall
from bench.labelled import Conversation, Does
from calls.events import CallEvent, EscalationJudged, TurnPlanned
from dialog.plan import CallerFacts, Dialog, Minds
from dialog.playbook import Playbook
from dialog.types import Prosody, Spoken
from dialog.understand import Feelings
from handoff.escalation.watch import EscalationWatch
from handoff.escalation.weights import Weights
from thinking import Thinking

NOON = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
"""A Wednesday, when the demo company is open."""
YES, NO = "yes please", "no thanks"


@dataclass(frozen=True)
class Played:
    """What became of one conversation."""

    conversation: Conversation
    turn: int | None
    """The caller's turn, from 1, at which a person took over, or was offered and accepted; None: nobody did."""
    reason: str | None
    offers: tuple[int, ...]
    """The turns at which a person was offered."""
    judged: dict[int, EscalationJudged]
    """By the caller's turn."""
    events: tuple[CallEvent, ...] = field(repr=False)


class Overridden:
    """Feelings, but for the turns whose sentiment the file gives."""

    def __init__(self, feelings: Feelings | None) -> None:
        self._feelings = feelings
        self.sentiment: float | None = None

    def score(self, text: str, prosody: Prosody | None = None) -> float:
        """-1 to 1."""
        if self.sentiment is not None:
            return self.sentiment
        return self._feelings.score(text, prosody) if self._feelings is not None else 0.0

    def dissatisfaction(self, turns: Sequence[Spoken], prosody: Prosody | None = None) -> float:
        """0 to 1."""
        return self._feelings.dissatisfaction(turns, prosody) if self._feelings is not None else 0.0


class Staged:
    """Actions of which some fail, or answer, as the conversation says."""

    def __init__(self, actions: Actions, conversation: Conversation) -> None:
        self._actions = actions
        self._fails = {name: list(failures) for name, failures in conversation.fails.items()}
        self._answers = conversation.answers

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end."""
        left = self._fails.get(request.action)
        if left:
            return ActionResult(action=request.action, key=request.key, failure=left.pop(0))
        if request.action in self._answers:
            return ActionResult(action=request.action, key=request.key, data=self._answers[request.action])
        return await self._actions.run(request)


class Rehearsal:
    """Plays conversations of one playbook, each with a shop of its own."""

    def __init__(self, playbook: Playbook, minds: Minds, weights: Weights, folder: Path) -> None:
        """`folder` is for the shops' files."""
        self._feelings = Overridden(minds.feelings)
        self._playbook = playbook
        self._dialog = Dialog(playbook, Minds(minds.classifier, minds.knowledge, self._feelings))
        self._weights = weights
        self._folder = folder
        self._stock = folder / "stock"

    async def play(self, conversation: Conversation) -> Played:
        """One conversation, until a person takes over or the caller has said all."""
        data = await self._shop(conversation.id)
        inbox = Inbox(lambda _: None)
        async with open_actions(self._playbook, data, NOON.date(), lambda: NOON, inbox) as actions:
            facts = CallerFacts(valued=conversation.valued, called_lately=conversation.called_lately)
            people = People(tuple(self._playbook.queues.queues), EscalationWatch(self._weights), facts)
            doing = Staged(actions, conversation)
            call = TextCall(
                Thinking(self._dialog), doing, f"CT{conversation.id}", conversation.caller, NOON, None, people
            )
            await call.open()
            played = await self._turns(call, conversation, inbox)
            call.close()
        shutil.rmtree(data)
        return played

    async def _turns(self, call: TextCall, conversation: Conversation, inbox: Inbox) -> Played:
        offers: list[int] = []
        judged: dict[int, EscalationJudged] = {}
        turn: int | None = None
        for number, does in enumerate(conversation.turns, start=1):
            seen = len(call.events)
            await self._do(call, does, inbox)
            if call.state.offer is not None:
                offers.append(number)
                if conversation.accepts is not None:
                    await call.say(YES if conversation.accepts else NO)
            bodies = [event.body for event in call.events[seen:]]
            found = [one for one in bodies if isinstance(one, EscalationJudged)]
            judged.update((number, one) for one in found[-1:])
            if any(isinstance(one, TurnPlanned) and one.hand_over is not None for one in bodies):
                turn = number
                break
            if call.finished:
                break
        plans = (event.body for event in call.events if isinstance(event.body, TurnPlanned))
        reason = next((one.reason for one in plans if one.hand_over is not None), None)
        return Played(conversation, turn, reason, tuple(offers), judged, call.events)

    async def _do(self, call: TextCall, does: Does, inbox: Inbox) -> None:
        self._feelings.sentiment = does.sentiment
        if does.say is not None:
            await call.say(
                does.say,
                does.confidence,
                unsure=does.unsure,
                prosody=does.prosody,
                cuts_in=does.cuts_in,
            )
        elif does.silence:
            await call.silence()
        else:
            await call.key(does.key or inbox.code or "#")
        self._feelings.sentiment = None

    async def _shop(self, name: str) -> Path:
        """A folder with a freshly stocked shop: stocked once, and then copied."""
        if not self._stock.exists():
            self._stock.mkdir(parents=True)
            async with open_actions(
                self._playbook, self._stock, NOON.date(), lambda: NOON, Inbox(lambda _: None)
            ):
                pass
        return Path(shutil.copytree(self._stock, self._folder / name))
