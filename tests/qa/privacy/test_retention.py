"""Data goes when its time is over, by kind, and nothing goes that is held."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from actions.desk.tables import promises
from calls import events as e
from calls.redaction.transcript import wordless
from calls.timeline import timeline
from dialog.source import PlaybookError
from qa.access.log import Accessed, AccessLog
from qa.privacy.holds import HoldError, Holds
from qa.privacy.retention import Retention
from qa.privacy.rules import Keep, read_rules
from tests.calls.redaction.paying import BEGAN, CARD, call, paying
from tests.qa.privacy.conftest import NOW

OLD = BEGAN - timedelta(days=100)


@pytest.fixture
async def aged(house):
    """Besides the two young calls, one of a hundred days ago."""
    await house.called("CA0", "+15550142000", OLD)
    await house.projector.catch_up()
    return house


@pytest.fixture
def retention(aged):
    return Retention(aged.store, aged.engine, aged.data_dir, lambda: NOW)


async def test_recordings_go_and_the_rest_stays(aged, retention):
    swept = await retention.sweep(Keep(audio=30))
    assert swept.done == {"audio": 1}
    assert not aged.recording("CA0", OLD).exists()
    assert aged.recording("CA1").exists()
    assert len(await aged.store.read("CA0")) == 17
    assert (await retention.sweep(Keep(audio=30))).done == {"audio": 0}, "it goes once"


async def test_words_go_and_what_happened_can_still_be_read(aged, retention):
    facts = await aged.facts.get("CA0")
    assert (await retention.sweep(Keep(transcripts=30))).done == {"transcripts": 1}
    events = await aged.store.read("CA0")
    told = " ".join(one.model_dump_json() for one in events)
    assert CARD not in told
    assert "four one" not in told
    assert timeline(events).turns[1].text == "[removed]"
    assert events[-1].body.kinds == ("transcript",)
    await aged.projector.catch_up()
    after = await aged.facts.get("CA0")
    assert (after.turns, after.outcome, after.actions) == (facts.turns, facts.outcome, facts.actions)
    assert CARD in " ".join(one.model_dump_json() for one in await aged.store.read("CA1")), "it is young"


async def test_events_go_and_facts_stay_for_counting_without_a_name(aged, retention):
    assert (await retention.sweep(Keep(events=30))).done == {"events": 1}
    assert await aged.store.summary("CA0") is None
    assert not aged.recording("CA0", OLD).exists(), "nobody would find it any more"
    facts = await aged.facts.get("CA0")
    assert (facts.caller, facts.turns) == (None, 4)
    assert (await retention.sweep(Keep(facts=30))).done == {"facts": 1}
    assert await aged.facts.get("CA0") is None
    assert await aged.facts.get("CA1") is not None


async def test_a_dry_run_tells_and_deletes_nothing(aged, retention):
    everything = Keep(audio=30, transcripts=30, events=30, facts=30, reviews=30, access_log=1, promises=1)
    await AccessLog(aged.engine, lambda: OLD).note("ana", Accessed.OPENED, "CA0")
    dry = await retention.sweep(everything, dry=True)
    assert dry.done == {
        "audio": 1, "transcripts": 1, "reviews": 1, "events": 1, "facts": 1, "access_log": 1, "promises": 0,
    }  # fmt: skip
    assert aged.recording("CA0", OLD).exists()
    assert await retention.last() == []
    assert (await retention.sweep(everything)).done == dry.done
    assert [(at, whole) for at, _, whole in await retention.last()] == [(NOW, True)]


async def test_what_is_held_stays_until_it_is_released(aged, retention):
    holds = Holds(aged.engine, lambda: NOW)
    await holds.put("CA0", "ana", "a court")
    everything = Keep(audio=1, transcripts=30, events=30, facts=30)
    await retention.sweep(everything)
    assert aged.recording("CA0", OLD).exists()
    assert await aged.store.summary("CA0") is not None
    await holds.release("CA0")
    await retention.sweep(everything)
    assert await aged.store.summary("CA0") is None


async def test_holds_are_refused_with_a_reason(house):
    holds = Holds(house.engine, lambda: NOW)
    for call_id, reason, why in (("CA9", "a court", "no such call"), ("CA1", " ", "needs a reason")):
        with pytest.raises(HoldError, match=why):
            await holds.put(call_id, "ana", reason)
    await holds.put("CA1", "ana", "a court")
    with pytest.raises(HoldError, match="already"):
        await holds.put("CA1", "ana", "a court")
    with pytest.raises(HoldError, match="not held"):
        await holds.release("CA2")


async def test_numbers_of_settled_call_backs_go(aged, retention):
    common = {
        "phone": "+15550142000",
        "queue": "returns",
        "reason": "",
        "due_at": OLD,
        "tries": 1,
        "created_at": OLD,
    }
    async with aged.engine.begin() as connection:
        for promise_id, state, changed in (("P1", "kept", OLD), ("P2", "waiting", OLD), ("P3", "kept", NOW)):
            values = {
                **common,
                "promise_id": promise_id,
                "call_id": "CA1",
                "state": state,
                "changed_at": changed,
            }
            await connection.execute(insert(promises).values(values))
    assert (await retention.sweep(Keep(promises=30))).done == {"promises": 1}
    async with aged.engine.connect() as connection:
        rows = (await connection.execute(select(promises.c.promise_id, promises.c.phone))).all()
    assert {row.promise_id: bool(row.phone) for row in rows} == {"P1": False, "P2": True, "P3": True}


async def test_a_failure_is_told_and_what_failed_is_tried_again(aged, retention):
    broken = call(paying("CAbad"), "CAbad", OLD)[:1]
    await aged.store.write(
        [
            *broken,
            e.CallEvent(call_id="CAbad", seq=2, at=OLD, body=e.CallEnded(reason="caller", duration_s=1.0)),
        ]
    )
    async with aged.engine.begin() as connection:
        await connection.exec_driver_sql(
            "UPDATE events SET body = '{\"name\": \"odd\"}' WHERE call_id = 'CAbad' AND seq = 1"
        )
    swept = await retention.sweep(Keep(transcripts=30))
    assert swept.problems == ["transcripts of call CAbad: UnreadableEventError"]
    assert swept.done == {"transcripts": 1}, "it holds up no other"
    assert (await retention.last())[0][2] is False


def test_every_event_can_lose_its_words():
    for one in call(paying()):
        assert wordless(wordless(one.body)) == wordless(one.body)


def test_a_broken_file_is_named_with_its_line(tmp_path):
    assert read_rules(tmp_path).keep == Keep()
    (tmp_path / "privacy.yaml").write_text("redact: [email]\nkeep:\n  audio: 90\n  transcripts: 0\n")
    with pytest.raises(PlaybookError, match=r"privacy\.yaml:4: keep\.transcripts"):
        read_rules(tmp_path)
    (tmp_path / "privacy.yaml").write_text("redact: [email]\nkeep: {audio: 90}\n")
    assert read_rules(tmp_path).keep.audio == 90
    assert read_rules(tmp_path).version != "1"
