"""Somebody pays by card: nothing that is kept, shown or told of the call holds a digit of it, whatever happens."""

import re
from datetime import UTC, datetime

import pytest
from loguru import logger

from calls import events as e
from calls.log import CallLog
from calls.store import open_store
from calls.wav import ASSISTANT, CALLER, RATE, StereoWav
from demo.desk import PEOPLE, desk_stage
from demo.desk_story import order
from demo.qa import qa_stage
from dialog.plan import Dialog
from handoff.briefing.briefer import Briefer
from handoff.briefing.ear import spoken
from handoff.transfer.types import Target
from tests.private_call import CARD, CODE, SPOKEN, Never, PrivateCall, kept_texts, paying_company, tells
from tests.web.site import client, sign_in

PASSWORD = "a good password"


@pytest.fixture(scope="module")
def dialog() -> Dialog:
    return paying_company()


@pytest.fixture
def logged():
    """Every line that anybody logs, with all of its fields."""
    lines: list[str] = []
    number = logger.add(lambda line: lines.append(str(line)), level=0, format="{message} {extra} {exception}")
    yield lines
    logger.remove(number)


@pytest.fixture
async def log(sqlite_url):
    async with await open_store(sqlite_url) as store, CallLog(store, lambda: datetime.now(UTC)) as one:
        yield one


def test_the_measure_itself_sees_digits():
    for text in (CARD, "4539 5787", SPOKEN, "it ends with 1486.", "the code is seven oh two", "4-5-3-9"):
        assert tells(text), text
    assert not tells("order 4711, 30 seconds")


async def pays(call):
    """The order, a question back, the card, and the code on the keypad."""
    await call.begin()
    await call.says("I want to pay my order")
    await call.says("4711")
    await call.says("what do you need it for", private=True)
    await call.says(SPOKEN, private=True)
    await call.keys(CODE)
    await call.happens(e.ActionDone)
    await call.happens(e.TurnPlanned, moment="done")


async def test_the_log_of_a_paid_call_holds_markers_and_the_till_gets_the_card(
    monkeypatch, dialog, log, tmp_path, logged
):
    call = PrivateCall(monkeypatch, dialog, log, tmp_path)
    await pays(call)
    assert call.till.paid == [("4711", CARD, CODE)]
    found = await kept_texts(log)
    assert [text for text in found if tells(text)] == []
    assert "[card number]" in found
    assert "[card code]" in found
    assert "4711" in found, "the order can still be read"
    await call.hangs_up()
    assert [line for line in logged if tells(line)] == []
    kept = b"".join(path.read_bytes() for path in tmp_path.glob("warmline.db*"))
    assert b"[card number]" in kept
    assert not re.search(CARD[:6].encode() + b"|" + CARD[-6:].encode(), kept)


async def test_the_recording_is_silent_while_they_speak_and_key_and_its_pauses_are_told(
    monkeypatch, dialog, log, tmp_path
):
    call = PrivateCall(monkeypatch, dialog, log, tmp_path)
    await pays(call)
    await call.says("thanks")
    await call.hangs_up()
    file = StereoWav(call.recording.path)
    for began, ended in call.spoken_at:
        sound = file.read(round(began * RATE), round((ended - began) * RATE))
        assert not sound[:, CALLER].any(), f"the caller at {began} s"
        assert not sound[:, ASSISTANT].any(), f"what was read back at {began} s"
    assert file.read(0, RATE)[:, CALLER].all(), "the rest can be heard"
    file.close()
    marks = [one for one in call.events if isinstance(one, e.RecordingPaused | e.RecordingResumed)]
    assert [type(one) for one in marks] == [e.RecordingPaused, e.RecordingResumed]
    assert (marks[0].at_s, marks[1].at_s) == (call.spoken_at[0][0], call.spoken_at[-1][1])


async def test_a_number_that_is_read_back_and_cut_into_is_not_kept_either(monkeypatch, dialog, log, tmp_path):
    call = PrivateCall(monkeypatch, dialog, log, tmp_path)
    await call.begin()
    await call.says("I want to pay my order")
    await call.says("4711")
    await call.says(SPOKEN, confidence=0.3, private=True)
    said = [one.text for one in call.events if isinstance(one, e.TurnSaid)]
    assert said[-1].startswith("[card number]"), "it was read back, and kept as a marker"
    await call.says("no", private=True, heard_of_us=f"{' '.join(CARD)}, ri")
    assert [text for text in await kept_texts(log) if tells(text)] == []
    await call.hangs_up()


async def test_desk_and_briefing_of_the_call_hold_no_digit(monkeypatch, dialog, log, tmp_path):
    call = PrivateCall(monkeypatch, dialog, log, tmp_path)
    await pays(call)
    await log.flush()
    events = await log.read("CA1")
    briefing = Briefer(dialog.playbook).build(events)
    assert not tells(spoken(briefing).text)
    assert not any(tells(text) for text in (briefing.model_dump_json(),))
    async with desk_stage(tmp_path, PASSWORD) as stage, client(stage.app) as sue:
        for event in events:
            await stage.log.append("CA1", event.body)
        target = Target(
            address="sip:maria@127.0.0.1", name=PEOPLE["maria"].name, queue="returns", agent="maria"
        )
        transfer = await stage.calls.begin(order("T1", "CA1", (target,), at_once=1), answered=True)
        await sign_in(sue, "sue", PASSWORD, "/desk")
        page = await sue.get(f"/desk/calls/{transfer.id}")
        assert page.status_code == 200
        assert "[card number]" in page.text, "the page shows what was said"
        assert not tells(re.sub(r"<[^>]+>", " ", page.text))
    await call.hangs_up()


async def test_the_pages_that_look_back_hold_no_digit(monkeypatch, dialog, tmp_path):
    async with qa_stage(tmp_path, PASSWORD, 3) as stage, client(stage.app) as ana:
        call = PrivateCall(monkeypatch, dialog, stage.log, tmp_path)
        await pays(call)
        await call.hangs_up()
        await stage.projector.catch_up()
        await sign_in(ana, "ana", PASSWORD, "/qa/calls")
        turns = [f"/qa/calls/CA1/turns/{event.seq}" for event in await stage.store.read("CA1")]
        pages = [await ana.get(path) for path in ("/qa/calls/CA1", "/qa/calls.jsonl", *turns)]
        assert pages[0].status_code == 200
        assert "[card number]" in pages[0].text
        shown = [
            re.sub(r"<[^>]+>|CA[0-9a-f]{32}", " ", page.text) for page in pages if page.status_code == 200
        ]
        assert len(shown) > 3
        assert [text[:80] for text in shown if CARD[:4] in text or "nine five seven" in text] == []
        assert CARD[:4] not in (await ana.get("/qa/calls", params={"words": "four five three"})).text


# A call that breaks off before its action ran


async def until_asked_to_pay(monkeypatch, dialog, log, tmp_path, actions=None):
    call = PrivateCall(monkeypatch, dialog, log, tmp_path, actions=actions)
    await call.begin()
    await call.says("I want to pay my order")
    await call.says("4711")
    await call.says(SPOKEN, private=True)
    return call


def said(call):
    return [one.text for one in call.events if isinstance(one, e.TurnSaid)]


async def test_a_number_that_a_killed_server_has_forgotten_is_asked_for_again(
    monkeypatch, dialog, log, tmp_path
):
    call = await until_asked_to_pay(monkeypatch, dialog, log, tmp_path)
    assert said(call)[-1] == "And the code on the back?"
    await call.is_killed()
    await call.begin()
    assert said(call)[-1] == "Your card number, please?", "not the code: the number before it is lost"
    await call.says(SPOKEN, private=True)
    assert said(call)[-1] == "And the code on the back?"
    await call.keys(CODE)
    await call.happens(e.ActionDone)
    assert call.till.paid == [("4711", CARD, CODE)], "the order was kept, and is not asked for again"
    assert [text for text in await kept_texts(log) if tells(text)] == []
    await call.hangs_up()


async def test_an_action_that_did_not_run_is_not_asked_with_markers(monkeypatch, dialog, log, tmp_path):
    call = await until_asked_to_pay(monkeypatch, dialog, log, tmp_path, Never())
    await call.keys(CODE)
    await call.happens(e.ActionRequested)
    await call.is_killed()
    await call.begin()
    await call.happens(e.ActionFailed, failure="forgotten")
    await call.happens(e.TurnPlanned, moment="done")
    assert call.till.paid == []
    assert said(call)[-1] == "Your card number, please?"
    await call.says(SPOKEN, private=True)
    await call.keys(CODE)
    await call.happens(e.ActionDone)
    assert call.till.paid == [("4711", CARD, CODE)]
    await call.hangs_up()


async def test_an_action_that_was_done_is_not_done_again_nor_asked_for(monkeypatch, dialog, log, tmp_path):
    call = await until_asked_to_pay(monkeypatch, dialog, log, tmp_path)
    real = call.log.append

    async def dies_with_the_result(call_id, body):
        if isinstance(body, e.ActionDone):
            call._dead = True
            return None
        return await real(call_id, body)

    monkeypatch.setattr(call.log, "append", dies_with_the_result)
    await call.keys(CODE)
    await call.happens(e.ActionDone)
    monkeypatch.setattr(call.log, "append", real)
    await call.is_killed()
    assert len(call.till.paid) == 1
    await call.begin()
    await call.happens(e.ActionDone)
    await call.happens(e.TurnPlanned, moment="done")
    assert said(call)[-1] == "Thank you, order 4711 is paid."
    assert len(call.till.paid) == 1
    await call.hangs_up()


async def test_where_nobody_can_tell_whether_it_was_done_nothing_is_done_again(
    monkeypatch, dialog, log, tmp_path
):
    call = await until_asked_to_pay(monkeypatch, dialog, log, tmp_path)
    call.till.gate.clear()
    await call.keys(CODE)
    await call.till.begun.wait()
    await call.is_killed()
    await call.begin()
    await call.happens(e.ActionFailed, failure="unknown")
    await call.happens(e.TurnPlanned, moment="done")
    assert "Your card number, please?" not in said(call)[-2:]
    assert call.till.paid == []
    await call.hangs_up()
