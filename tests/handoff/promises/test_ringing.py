"""Promises kept by transfers, on one database: what is dialled, what is not, and what a killed process leaves behind.

Everything is real but the carrier, which remembers what it was asked for, and the people, who are always there.
"""

import asyncio
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import pytest

from actions.desk import Appointment, Promises
from actions.desk.tables import PromiseState
from calls.database import open_engine
from calls.events import CallEnded, CallEndReason, CallEvent, CallStarted
from demo.open_company import open_company
from dialog.load import load_playbook
from handoff.connections import Connections
from handoff.promises.keeper import HOLD_S, PromiseKeeper
from handoff.promises.promise import Result
from handoff.promises.record import PromiseRecord
from handoff.promises.ringing import CallBacks
from handoff.promises.store import PromiseStore
from handoff.roster.choose import Choice
from handoff.transfer.carrier import NotDialledError, TwilioLegs
from handoff.transfer.store import TransferStore
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import (
    CallerEnded,
    CallerMoved,
    CallerPlaced,
    ConferenceStarted,
    Joined,
    Kind,
    LegAnswered,
    LegEnded,
    LegKeyed,
    LegResult,
    Outcome,
    Party,
    Target,
)
from handoff.transfer.views import CallerHears, caller_hears
from telephony.carrier_rest import CarrierUnansweredError
from telephony.transfer_twiml import TransferTwiml
from tests.handoff.transfer.scene import ANNA, order

MARIA, JONAS = "+15550142000", "+15550142001"
TWIML = TransferTwiml(
    "https://phone.example.com", lambda path: f"wss://phone.example.com{path}", lambda _: "t"
)
STARTED = CallStarted(caller=MARIA, playbook="acme@1")
STAGES = ("agent_rings", "agent_listens", "caller_rings", "caller_answered", "talking")


class Calls:
    """The carrier's REST API, for all processes. `faults`: what placing a call to an address raises."""

    def __init__(self):
        self.placed = []
        self.ended = []
        self.redirected = []
        self.faults = {}

    async def place(self, leg):
        if leg.to in self.faults:
            raise self.faults[leg.to]
        self.placed.append(leg)
        return f"CA{len(self.placed)}"

    async def redirect(self, sid, twiml):
        self.redirected.append((sid, twiml))

    async def end(self, sid, *, answered):
        self.ended.append(sid)

    @property
    def dialled(self):
        return [leg.to for leg in self.placed if not leg.to.startswith("sip:")]

    @property
    def agents_rung(self):
        return [leg.to for leg in self.placed if leg.to.startswith("sip:")]


class Roster:
    async def found(self, transfer):
        return (), False

    async def claim(self, target, transfer_id):
        return True

    async def release(self, leg, transfer_id, *, talked):
        """Nobody counts."""

    async def choose(self, queue, tried=()):
        return Choice((ANNA,))


class Brief:
    """Has nothing to tell, and remembers for whom it was asked."""

    def __init__(self):
        self.prepared = []

    async def prepare(self, transfer):
        self.prepared.append(transfer.id)


class House:
    """One database and one carrier for all processes, a clock that is moved, and the calls' records."""

    def __init__(self, engine, playbook):
        self.engine = engine
        self.calls = Calls()
        self.at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.record = {}
        self.playbook = playbook
        self.processes = []

    def now(self):
        return self.at

    async def append(self, call_id, body):
        events = self.record.setdefault(call_id, [])
        events.append(CallEvent(call_id=call_id, seq=len(events) + 1, at=self.at, body=body))

    async def read(self, call_id):
        return self.record.get(call_id, [])

    async def promises(self, phone, call_id="CA0"):
        class Diary:
            region = None

            def appoint(self, queue, when, at):
                return Appointment("support", at)

        noted = Promises(self.engine, self.now, Diary).note(f"k:{phone}", call_id, phone, "a return", "", "")
        return (await noted)["promise_id"]

    async def hangs_up(self, call_id="CA0"):
        await self.append(call_id, CallEnded(reason=CallEndReason.CALLER, duration_s=60.0))

    def process(self):
        self.processes.append(Process(self))
        return self.processes[-1]

    def told(self, name, call_id="CA0"):
        return [event.body for event in self.record.get(call_id, []) if event.body.name == name]


class Process:
    """One server process."""

    def __init__(self, house):
        self.house = house
        self.store = PromiseStore(house.engine)
        legs = TwilioLegs(
            house.calls, TWIML, lambda _: "", self.store.number_of, lambda: "Hello.", "+15550100100"
        )
        self.legs = legs
        transfers = TransferStore(house.engine, house.now)
        self.transfers = Transfers(transfers, legs, Roster(), house.append, lambda: house.at.timestamp())  # noqa: PLW0108 - the clock is moved
        self.brief = Brief()
        ring = CallBacks(self.transfers, Roster(), self.brief, lambda: house.playbook, house.read, house.now)
        self.keeper = PromiseKeeper(
            self.store, ring, PromiseRecord(house.append), lambda: house.playbook.queues, house.now
        )

    def connections(self, data_dir):
        return Connections(
            self.transfers, self.brief, self.house.append, data_dir, self.house.now, lambda: 0.0
        )

    async def looks(self):
        await self.keeper.look()

    async def is_killed(self):
        await self.keeper.close()
        await self.transfers.close()

    async def happens(self, *events):
        (transfer,) = await self.transfers.open()
        for event in events:
            await self.transfers.report(transfer.id, event)

    async def comes_to(self, stage):
        """Let happen what leads to a stage, from nothing."""
        at = self.house.at.timestamp()
        await until(lambda: self.house.calls.agents_rung)
        steps = {
            "agent_listens": [LegAnswered(at=at, leg=1)],
            "caller_rings": [LegKeyed(at=at, leg=1, key="1")],
            "caller_answered": [CallerMoved(at=at)],
            "talking": [
                Joined(at=at, party=Party.CALLER),
                Joined(at=at, party=Party.AGENT),
                ConferenceStarted(at=at),
            ],
        }
        (transfer,) = await self.transfers.open()
        done = 1 if transfer.legs[0].listening_at is None else 2
        for name in STAGES[done : STAGES.index(stage) + 1]:
            await self.happens(*steps[name])
            if name == "caller_rings":
                await until(lambda: self.house.calls.dialled)


@pytest.fixture(scope="module")
def playbook(tmp_path_factory):
    """The demo company whose queues are always open: the same for all tests."""
    return load_playbook(open_company(tmp_path_factory.mktemp("promises")))


@pytest.fixture
async def house(sqlite_url, playbook):
    engine = open_engine(sqlite_url)
    one = House(engine, playbook)
    yield one
    for process in one.processes:
        await process.is_killed()
    await engine.dispose()


async def until(true, within_s=5.0):
    async with asyncio.timeout(within_s):
        while not true():
            await asyncio.sleep(0.005)


async def settles(process, promise_id, state):
    async with asyncio.timeout(5):
        while (await process.store.by_id(promise_id)).state is not state:
            await asyncio.sleep(0.005)


async def test_a_promise_is_kept_agent_first_and_its_call_s_record_tells_it(house):
    one = house.process()
    maria = await house.promises(MARIA)
    await house.hangs_up()
    await one.looks()
    await one.comes_to("agent_listens")
    assert house.calls.dialled == [], "before key 1 the caller's telephone is silent"
    await one.happens(LegKeyed(at=house.at.timestamp(), leg=1, key="1"))
    await until(lambda: house.calls.dialled == [MARIA])
    at = house.at.timestamp()
    await one.happens(
        CallerMoved(at=at),
        Joined(at=at, party=Party.CALLER),
        Joined(at=at, party=Party.AGENT),
        ConferenceStarted(at=at),
    )
    await settles(one, maria, PromiseState.KEPT)
    await until(lambda: house.told("callback.tried"))
    assert [body.result for body in house.told("callback.tried")] == ["kept"]
    (ordered,) = house.told("transfer.requested")
    assert (ordered.kind, ordered.words) == ("call_back", "a return")
    assert len(house.told("callback.dialled")) == 1


async def test_nobody_is_called_back_who_is_still_on_the_line(house):
    one = house.process()
    await house.promises(MARIA)
    await house.append("CA0", STARTED)
    await one.looks()
    assert await one.transfers.open() == []
    await house.hangs_up()
    await one.looks()
    await until(lambda: house.calls.agents_rung)


async def test_a_call_whose_end_nobody_wrote_down_is_called_back_all_the_same(house):
    one = house.process()
    await house.promises(MARIA)
    await house.append("CA0", STARTED)
    house.at += timedelta(minutes=11)
    await one.looks()
    await until(lambda: house.calls.agents_rung)


@pytest.mark.parametrize("stage", STAGES)
async def test_a_process_killed_at_any_stage_leaves_a_try_that_another_goes_on_with(stage, house):
    killed, other = house.process(), house.process()
    maria = await house.promises(MARIA)
    await house.hangs_up()
    await killed.looks()
    await killed.comes_to(stage)
    await killed.is_killed()
    house.at += timedelta(seconds=HOLD_S + 1)
    await other.transfers.sweep()
    await other.looks()
    if stage == "agent_listens":
        await other.comes_to("talking")  # key 1 within their time, and the carrier tells whoever is alive
    comes_to = {"agent_rings": "no_agent", "caller_rings": "no_answer", "caller_answered": "failed"}
    kept = stage not in comes_to
    await settles(other, maria, PromiseState.KEPT if kept else PromiseState.WAITING)
    await until(lambda: house.told("callback.tried"))
    assert [body.result for body in house.told("callback.tried")] == [comes_to.get(stage, "kept")]
    assert len(house.calls.agents_rung) == 1, "it was one and the same try"
    assert house.calls.dialled == ([] if stage == "agent_rings" else [MARIA])
    assert (await other.store.by_id(maria)).tries == 1
    if stage == "caller_answered":
        await until(lambda: house.calls.redirected)
        assert "We will call you again" in house.calls.redirected[0][1], "who has answered is told"


@pytest.mark.parametrize(
    ("result", "comes_to"),
    [
        (LegResult.BUSY, Result.BUSY),
        (LegResult.NO_ANSWER, Result.NO_ANSWER),
        (LegResult.UNREACHABLE, Result.FAILED),
    ],
)
async def test_a_caller_who_is_not_reached_is_tried_again_later(result, comes_to, house):
    one = house.process()
    maria = await house.promises(MARIA)
    await house.hangs_up()
    await one.looks()
    await one.comes_to("caller_rings")
    await one.happens(CallerEnded(at=house.at.timestamp(), result=result))
    await settles(one, maria, PromiseState.WAITING)
    await until(lambda: house.told("callback.tried"))
    assert house.told("callback.tried")[0].result == comes_to
    assert house.told("transfer.ended")[0].outcome == "not_reached"


async def test_a_carrier_that_does_not_answer_may_ring_all_the_same_and_is_not_asked_twice(house):
    one = house.process()
    await house.promises(MARIA)
    await house.hangs_up()
    house.calls.faults[MARIA] = CarrierUnansweredError("it did not answer")
    await one.looks()
    await one.comes_to("agent_listens")
    await one.happens(LegKeyed(at=house.at.timestamp(), leg=1, key="1"))
    await asyncio.sleep(0.05)
    (transfer,) = await one.transfers.open()
    assert transfer.dialled_at is not None
    at = house.at.timestamp()
    await one.happens(CallerPlaced(at=at, sid="CAlate"), CallerMoved(at=at))
    assert (await one.transfers.read(transfer.id)).caller_moved, "whoever answers is connected"


# What the carrier tells of the caller's leg


async def test_who_answers_comes_into_the_conference_and_is_greeted_first(house, tmp_path):
    one = house.process()
    await house.promises(MARIA)
    await house.hangs_up()
    await one.looks()
    await one.comes_to("caller_rings")
    (transfer,) = await one.transfers.open()
    answered = await one.connections(tmp_path).on_called(transfer.id, "CAmaria")
    assert caller_hears(answered) is CallerHears.CONFERENCE
    document = ElementTree.fromstring(one.legs.document(answered))
    assert [verb.tag for verb in document] == ["Say", "Start", "Dial"]
    assert document.find("Dial/Conference").attrib["participantLabel"] == "caller"
    assert document.find("Dial/Conference").text == transfer.id


async def test_who_answers_when_the_agent_is_gone_changes_nothing_any_more(house, tmp_path):
    one = house.process()
    await house.promises(MARIA)
    await house.hangs_up()
    await one.looks()
    await one.comes_to("caller_rings")
    (transfer,) = await one.transfers.open()
    await one.happens(LegEnded(at=house.at.timestamp(), leg=1, result=LegResult.HUNG_UP))
    late = await one.connections(tmp_path).on_called(transfer.id, "CAmaria")
    assert (late.outcome, caller_hears(late)) == (Outcome.AGENT_GONE, CallerHears.NOTHING)
    await until(lambda: len(house.calls.ended) >= 1)
    assert "CA2" in house.calls.ended, "the caller's telephone rings no longer"


@pytest.mark.parametrize(
    ("status", "sip_code", "result"),
    [
        ("busy", 486, LegResult.BUSY),
        ("busy", 603, LegResult.DECLINED),
        ("no-answer", None, LegResult.NO_ANSWER),
    ],
)
async def test_why_a_caller_was_not_reached_is_what_the_carrier_says(
    status, sip_code, result, house, tmp_path
):
    one = house.process()
    await house.promises(MARIA)
    await house.hangs_up()
    await one.looks()
    await one.comes_to("caller_rings")
    (transfer,) = await one.transfers.open()
    connections = one.connections(tmp_path)
    await connections.on_called_status(transfer.id, "ringing", None)
    assert (await one.transfers.read(transfer.id)).outcome is None
    for _ in range(2):  # callbacks come twice
        await connections.on_called_status(transfer.id, status, sip_code)
    after = await one.transfers.read(transfer.id)
    assert (after.outcome, after.caller_result) == (Outcome.NOT_REACHED, result)
    assert await connections.call_of(transfer.id) == "CA0"


# Which numbers may be dialled


async def dials(process, promise_id, **changes):
    """Have a process dial for a transfer, by the code that every call-back is dialled by."""
    promise = await process.store.by_id(promise_id)
    ordered = order(ANNA, call="CA0", transfer=promise.attempt, kind=Kind.CALL_BACK, promise=promise_id)
    scene = (await TransferStore(process.house.engine, process.house.now).begin(ordered))[0]
    changed = scene.model_copy(update={"order": ordered.model_copy(update=changes)})
    return await process.legs.dial_caller(changed, 30.0)


async def test_the_number_of_a_promise_under_way_is_dialled(house):
    one = house.process()
    maria = await house.promises(MARIA)
    await one.store.claim(await one.store.by_id(maria), "me", house.at, HOLD_S)
    await dials(one, maria)
    assert house.calls.dialled == [MARIA]


@pytest.mark.parametrize(
    "changes",
    [
        {"promise": None},
        {"promise": "unknown"},
        {"kind": Kind.WARM},
        {"transfer_id": "of-another-try"},
    ],
)
async def test_no_other_number_can_be_dialled(changes, house):
    one = house.process()
    maria = await house.promises(MARIA)
    await one.store.claim(await one.store.by_id(maria), "me", house.at, HOLD_S)
    with pytest.raises(NotDialledError):
        await dials(one, maria, **changes)
    assert house.calls.placed == []


@pytest.mark.parametrize("state", [PromiseState.WAITING, PromiseState.KEPT, PromiseState.GIVEN_UP])
async def test_a_promise_that_no_try_is_under_way_for_dials_nobody(state, house):
    one = house.process()
    maria = await house.promises(MARIA)
    claimed = await one.store.claim(await one.store.by_id(maria), "me", house.at, HOLD_S)
    await one.store.settle(claimed, claimed.model_copy(update={"state": state}), house.at)
    with pytest.raises(NotDialledError):
        await dials(one, maria)
    assert house.calls.placed == []


async def test_two_promises_are_dialled_each_at_its_own_number(house):
    one = house.process()
    ids = [await house.promises(phone) for phone in (MARIA, JONAS)]
    for promise_id in ids:
        await one.store.claim(await one.store.by_id(promise_id), "me", house.at, HOLD_S)
    await asyncio.gather(*(dials(one, promise_id) for promise_id in ids))
    assert sorted(house.calls.dialled) == [MARIA, JONAS]


@pytest.mark.parametrize("address", [MARIA, "tel:+15550142000", "client:anna", "https://example.com"])
async def test_an_agent_is_rung_at_a_sip_address_only(address, house):
    one = house.process()
    target = Target(address=address, name="Anna", queue="support")
    transfer, _ = await TransferStore(house.engine, house.now).begin(order(target))
    with pytest.raises(NotDialledError):
        await one.legs.ring(transfer, 1, target, 20.0)
    assert house.calls.placed == []
