"""A call as a person reads it."""

import io
import json

import pytest
from rich.console import Console

from calls.command import list_calls, show_call
from calls.privacy import without_personal
from calls.store import CallNotFoundError
from calls.timeline import Outcome, TurnKind, timeline
from tests.calls.story import whole_call


@pytest.fixture
async def told(log):
    for body in whole_call():
        await log.append("CA1abcdef0123", body)
    await log.flush()
    return await log.read("CA1abcdef0123")


async def test_turns_hold_what_was_heard_understood_done_and_said(told):
    line = timeline(told)
    opening, asked, silent = line.turns
    assert opening.kind is TurnKind.OPENING
    assert opening.said[0].interrupted
    assert asked.text == "Where is my order?"
    assert asked.confidence == 0.9
    assert asked.understood.intent == "order_status"
    assert asked.actions[0].outcome is Outcome.DONE
    assert asked.said[0].heard == "It has shipped."
    assert asked.answer_s == 0.5
    assert asked.heard_of_us == "Acme"
    assert silent.kind is TurnKind.SILENT
    assert line.call.end_reason == "caller"
    assert line.call.turns == 2


def printed(width=100):
    return Console(file=io.StringIO(), width=width, color_system=None)


async def test_the_list_and_the_call_can_be_read_in_a_terminal(told, store):
    console = printed()
    await list_calls(store, console, json_lines=False, limit=10)
    await show_call(store, "CA1abc", console, json_lines=False)
    text = console.file.getvalue()
    for part in (
        "CA1abcdef0",
        "+15550142000",
        "Where is my order?",
        "order_status 97%",
        "shop.order_status",
        "0.50 s",
    ):
        assert part in text


async def test_programs_read_one_json_object_a_line(told, store):
    console = printed(width=20)
    await list_calls(store, console, json_lines=True, limit=10)
    (call,) = [json.loads(line) for line in console.file.getvalue().splitlines()]
    assert call["call_id"] == "CA1abcdef0123"
    assert call["turns"] == 2
    assert call["answer_median_s"] == 0.5

    console = printed(width=20)
    await show_call(store, "CA1abcdef0123", console, json_lines=True)
    events = [json.loads(line) for line in console.file.getvalue().splitlines()]
    assert [event["seq"] for event in events] == list(range(1, 15))
    assert events[4]["name"] == "turn.heard"
    assert events[4]["body"]["words"][0]["text"] == "Where"


async def test_calls_come_newest_first(log, store):
    for number in range(3):
        await log.append(f"CA{number}", whole_call()[0])
    await log.flush()
    assert [call.call_id for call in await store.summaries(10)] == ["CA2", "CA1", "CA0"]
    assert len(await store.summaries(2)) == 2


async def test_a_beginning_that_fits_no_call_or_several_is_refused(log, store):
    for call_id in ("CAx1", "CAx2"):
        await log.append(call_id, whole_call()[0])
    await log.flush()
    assert await store.find("CAx1") == "CAx1"
    for prefix in ("CAx", "CB", "'; drop table calls"):
        with pytest.raises(CallNotFoundError):
            await store.find(prefix)


def test_personal_data_does_not_reach_logs():
    texts = [json.dumps(without_personal(body)) for body in whole_call()]
    for secret in ("+15550142000", "Where", "4711", "shipped"):
        assert not any(secret in text for text in texts[:1] + texts[4:8])


async def test_what_a_caller_says_cannot_steer_the_terminal(log, store):
    from calls.events import TurnHeard

    await log.append("CA9", whole_call()[0])
    await log.append(
        "CA9", TurnHeard(turn=1, text="[red]\x1b[2Jhi[/red]", confidence=0.5, start_s=0.0, end_s=1.0)
    )
    await log.flush()
    console = printed()
    await show_call(store, "CA9", console, json_lines=False)
    assert "\x1b" not in console.file.getvalue()
    assert "[red]" in console.file.getvalue()
