"""All of a person's data by number: exported whole, and deleted so that no byte of it is left."""

import json
import zipfile

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, Text, insert, select

from actions.desk.tables import promises
from actions.ledger_table import codes
from calls import events as e
from handoff.escalation.weights import read_weights
from handoff.transfer.store import TransferStore
from handoff.transfer.types import Order
from qa.access.log import Accessed, AccessLog
from qa.gaps.gap import Asked, Gap, GapKind, Why
from qa.gaps.store import GapStore
from qa.learning.lessons import Lesson, Lessons
from qa.learning.versions import Versions
from qa.privacy.people import PeoplesData
from qa.privacy.person import NumberUnknownError
from qa.privacy.rules import PrivacyRules
from qa.privacy.tables import counts, holds
from qa.rerun.difference import CallDifference, Verdict
from qa.rerun.report import Report
from qa.rerun.reports import Reports
from qa.rerun.views import CallView
from telephony.carrier_data import CarrierData
from telephony.sms import SmsSender
from tests.qa.privacy.conftest import NOW, OTHER
from tests.telephony.line.lab import ACCOUNT, NUMBER, TOKEN, open_lab

PERSON = "+15550142000"
SECRET = "my grandmother's parcel"

later = MetaData()
opinions = Table(
    "qa_opinions",
    later,
    Column("opinion_id", Integer, primary_key=True),
    Column("call_id", String(64)),
    Column("text", Text),
)
answers = Table(
    "qa_opinion_answers",
    later,
    Column("answer_id", Integer, primary_key=True),
    Column("opinion_id", ForeignKey("qa_opinions.opinion_id")),
    Column("text", Text),
)


def data_of(house, carrier=None):
    return PeoplesData(house.store, house.engine, house.data_dir, lambda: house.rules, carrier, lambda: NOW)


@pytest.fixture
async def full(house):
    """The first call has left traces everywhere."""
    last = await house.store.last_seq("CA1")
    said = e.TalkHeard(who="caller", text=SECRET, confidence=0.9, start_s=32.0, end_s=34.0)
    leg = e.TransferLeg(
        transfer_id="T1",
        leg=1,
        target="maria",
        state="over",
        sid="CAleg",
        recording="recordings/2026/11/23/CAleg.wav",
    )
    for seq, body in enumerate((said, leg), start=last + 1):
        await house.store.write([e.CallEvent(call_id="CA1", seq=seq, at=NOW, body=body)])
    house.recording("CAleg").write_bytes(house.recording("CA1").read_bytes())
    (house.data_dir / "peaks").mkdir()
    (house.data_dir / "peaks" / "CA1.json").write_text(f'{{"note": "{SECRET}"}}')
    asked = Asked(call_id="CA1", turn=1, at=NOW, caller=PERSON, question=SECRET, why=Why.UNANSWERED)
    gap = Gap(gap_id="G1", kind=GapKind.ADD, question=SECRET, asked=(asked,))
    await GapStore(house.engine, lambda: NOW).replace_open([gap])
    then = CallView(turns=())
    again = CallDifference(
        call_id="CA1", verdict=Verdict.SAME, turns=(), then=then, now=then, missing=(SECRET,)
    )
    Reports(house.data_dir).keep(
        "20261124T120000-abcdef", Report(playbook="acme", made_at=NOW, calls=(again,))
    )
    lesson = Lesson(text=SECRET, name="warranty", correction_id="C1", call_id="CA1")
    other = Lesson(text="another's lesson", name="warranty", correction_id="C2", call_id="CA2")
    told = {"made_at": NOW, "parent": "built-in", "playbook": "acme", "better": True, "items": ("C1", "C2")}
    versions = Versions(house.data_dir)
    for some in ((lesson,), (lesson, other)):
        versions.promote(versions.write(Lessons(lessons=some), read_weights(), told).version, "ana", NOW)
    order = Order(transfer_id="T1", call_id="CA1", queue="returns", reason="asked_for_person", words=SECRET)
    await TransferStore(house.engine, lambda: NOW).begin(order)
    async with house.engine.begin() as connection:
        await connection.run_sync(later.create_all)
        await connection.execute(insert(opinions).values(opinion_id=1, call_id="CA1", text=SECRET))
        await connection.execute(
            insert(answers).values(answer_id=1, opinion_id=1, text=f"so it was: {SECRET}")
        )
        await connection.execute(insert(opinions).values(opinion_id=2, call_id="CA2", text="another call's"))
        await connection.execute(
            insert(promises).values(
                promise_id="P1", call_id="CA1", phone=PERSON, queue="returns", reason=SECRET, state="kept", due_at=NOW,
                tries=1, created_at=NOW, changed_at=NOW,
            )
        )  # fmt: skip
        await connection.execute(
            insert(codes).values(
                key="CA1:code", customer=SECRET, digest="d", sent_at=NOW, expires_at=NOW, tries=0
            )
        )
    await house.projector.catch_up()
    return house


def holders(house, *what):
    """The files that hold one of these, whatever is in them: the database, its log, recordings, everything."""
    return sorted(
        {
            path.name
            for path in house.data_dir.rglob("*")
            if path.is_file() and any(one.encode() in path.read_bytes() for one in what)
        }
    )


async def test_what_is_deleted_is_found_by_no_search_of_bytes(full):
    assert holders(full, SECRET, PERSON), "it is there before"
    erased = await data_of(full).delete(PERSON, "ana")
    assert erased.problems == []
    assert erased.calls == 1
    assert erased.rows.keys() >= {
        "calls", "events", "transfers", "promises", "codes", "qa_facts", "qa_texts",
        "qa_opinions", "qa_opinion_answers",
    }  # fmt: skip
    assert holders(full, SECRET, PERSON, "grandmother") == []
    assert not full.recording("CA1").exists()
    assert not full.recording("CAleg").exists(), "the agent's leg has the caller's voice"


async def test_nobody_else_loses_anything(full):
    before = await full.store.read("CA2")
    await data_of(full).delete(PERSON, "ana")
    assert await full.store.read("CA2") == before
    assert full.recording("CA2").exists()
    async with full.engine.connect() as connection:
        assert (await connection.scalars(select(opinions.c.text))).all() == ["another call's"]
    assert (await full.facts.get("CA2")).caller == OTHER


async def test_a_number_is_found_however_it_is_written(full):
    full.rules = PrivacyRules(region="US")
    for written in ("+1 555 014 2000", "(555) 014-2000", "0015550142000".replace("00", "+", 1)):
        assert (await data_of(full).find(written)).calls == ("CA1",)
    with pytest.raises(NumberUnknownError) as refused:
        await data_of(full).find("what?")
    assert "what" not in str(refused.value)


async def test_calls_that_go_on_or_are_held_stay_and_are_told(full):
    await full.called("CA3", PERSON, ended=False)
    await full.called("CA4", PERSON)
    async with full.engine.begin() as connection:
        await connection.execute(
            insert(holds).values(call_id="CA4", person_id="ana", reason="a court", at=NOW)
        )
    erased = await data_of(full).delete(PERSON, "ana")
    assert erased.problems == ["call CA3 goes on: try again when it is over", "call CA4 is held"]
    assert await full.store.summary("CA1") is None
    assert await full.store.summary("CA3") is not None
    assert full.recording("CA4").exists()


async def test_a_count_stays_only_where_it_is_wanted(full):
    full.rules = PrivacyRules(count_deleted=True)
    await data_of(full).delete(PERSON, "ana")
    async with full.engine.connect() as connection:
        rows = (await connection.execute(select(counts))).all()
    assert [tuple(row) for row in rows] == [("2026-11-23", "contained", 1)]
    assert holders(full, PERSON) == []


async def test_who_deletes_and_exports_is_noted_without_the_number(full, tmp_path):
    log = AccessLog(full.engine, lambda: NOW)
    await data_of(full).export(PERSON, tmp_path / "out.zip", "ana")
    await data_of(full).delete(PERSON, "ana")
    lines = await log.lines()
    assert [(one.what, one.person_id, one.call_id) for one in lines] == [
        (Accessed.DELETED, "ana", None),
        (Accessed.EXPORTED, "ana", "CA1"),
    ]
    assert lines[0].detail == "1 calls of one number"


async def test_an_export_holds_everything_that_is_kept(full, tmp_path):
    out = tmp_path / "export.zip"
    exported = await data_of(full).export(PERSON, out, "ana")
    assert (exported.calls, exported.problems) == (1, ())
    with zipfile.ZipFile(out) as file:
        names = set(file.namelist())
        assert names >= {
            "person.json", "calls/CA1/events.jsonl", "calls/CA1/transcript.txt", "calls/CA1/consent.json",
            "tables/transfers.jsonl", "tables/promises.jsonl", "tables/qa_opinions.jsonl",
            "tables/qa_opinion_answers.jsonl",
            "files/recordings/2026/11/23/CA1.wav", "files/recordings/2026/11/23/CAleg.wav", "files/peaks/CA1.json",
        }  # fmt: skip
        assert json.loads(file.read("calls/CA1/consent.json"))["told"] == ["This call is recorded."]
        assert SECRET in file.read("calls/CA1/transcript.txt").decode()
        assert not any("CA2" in name for name in names)
    with pytest.raises(FileExistsError):
        await data_of(full).export(PERSON, out, "ana")


async def test_the_carrier_forgets_calls_recordings_and_messages(house):
    async with open_lab() as lab:
        async with SmsSender(ACCOUNT, TOKEN, NUMBER, lab.url) as sender:
            await sender.send(PERSON, "Your code is 123456.")
            await sender.send(OTHER, "Another.")
        async with CarrierData(ACCOUNT, TOKEN, lab.url) as carrier:
            erased = await data_of(house, carrier).delete(PERSON, "ana")
            assert erased.problems == []
            assert await carrier.of_number(PERSON) == ([], [])
            assert [one["to"] for one in await carrier.entries("Messages")] == [OTHER]


async def test_what_the_carrier_does_not_delete_is_told_and_the_rest_is_gone(house):
    async def no_pause(_seconds):
        pass

    async with CarrierData(ACCOUNT, TOKEN, "http://127.0.0.1:9", no_pause) as carrier:
        erased = await data_of(house, carrier).delete(PERSON, "ana")
    assert any("at the carrier, Calls/CA1: " in one for one in erased.problems)
    assert PERSON not in "".join(erased.problems)
    assert await house.store.summary("CA1") is None
