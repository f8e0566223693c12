"""The calls of `conversations.py`, made once for all tests: with the real dialog and the real shop, in text."""

import asyncio
import shutil
from datetime import timedelta

import pytest

from actions.types import ActionResult
from authoring.chat import do
from authoring.script import read_line
from authoring.text_actions import Inbox, open_actions
from authoring.text_call import People, TextCall
from calls.events import CallEvent, TransferRequested, TurnPlanned
from handoff.briefing.briefer import Briefer
from tests.dialog.story import NOON, acme
from tests.handoff.briefing.conversations import CONVERSATIONS
from thinking import Thinking

BEGAN = NOON.astimezone()


class Breaking:
    """Actions of which some come back with a failure."""

    def __init__(self, actions, breaks):
        self._actions = actions
        self._left = {name: list(failures) for name, failures in breaks.items()}

    async def run(self, request):
        if self._left.get(request.action):
            failure = self._left[request.action].pop(0)
            return ActionResult(action=request.action, key=request.key, failure=failure)
        return await self._actions.run(request)


async def made(conversation, folder):
    """The events of one call, up to the transfer."""
    inbox = Inbox(lambda _text: None)
    playbook = acme().playbook
    async with open_actions(playbook, folder, NOON.date(), lambda: BEGAN, inbox) as actions:
        doing = Breaking(actions, conversation.breaks)
        people = People(reachable=tuple(playbook.queues.queues))
        call = TextCall(Thinking(acme()), doing, "CA1", conversation.caller, BEGAN, people=people)
        await call.open()
        for line in conversation.lines:
            await do(call, read_line(line), inbox)
    events = list(call.events)
    feel(events, conversation.mood, conversation.discontent)
    ordered = TransferRequested(
        transfer_id="0f3a",
        kind="consult" if conversation.question else "warm",
        queue="support",
        reason=conversation.reason,
        words=conversation.words,
        question=conversation.question,
    )
    events.append(
        CallEvent(call_id="CA1", seq=len(events) + 1, at=events[-1].at + timedelta(seconds=1), body=ordered)
    )
    return events


def feel(events, mood, discontent):
    """The caller's mood, from calm at the beginning to what it is in the end."""
    places = [index for index, event in enumerate(events) if isinstance(event.body, TurnPlanned)]
    for step, index in enumerate(places, start=1):
        share = step / len(places)
        felt = {"mood": round(mood * share, 3), "discontent": round(discontent * share, 3)}
        body = events[index].body.model_copy(update=felt)
        events[index] = events[index].model_copy(update={"body": body})


@pytest.fixture(scope="session")
def logs(tmp_path_factory):
    """The events of every call, by its name."""
    stocked = tmp_path_factory.mktemp("stocked")

    async def all_made():
        async with open_actions(acme().playbook, stocked, NOON.date(), lambda: BEGAN, Inbox(str)):
            pass
        found = {}
        for number, conversation in enumerate(CONVERSATIONS):
            folder = tmp_path_factory.mktemp("calls") / str(number)
            shutil.copytree(stocked, folder)
            found[conversation.name] = await made(conversation, folder)
        return found

    return asyncio.run(all_made())


@pytest.fixture(scope="session")
def briefer():
    return Briefer(acme().playbook)


@pytest.fixture(scope="session")
def briefings(logs, briefer):
    return {name: briefer.build(events) for name, events in logs.items()}
