"""Transfers as a process runs them: kept in a real database, with a carrier that does what it is asked, or does not."""

import asyncio
from datetime import UTC, datetime

import pytest

from calls.database import open_engine
from handoff.transfer.store import TransferStore, TransferUnknownError
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import (
    CallerHeld,
    CallerLeft,
    ConferenceStarted,
    Joined,
    LegAnswered,
    LegEnded,
    LegKeyed,
    LegResult,
    LegRinging,
    Limits,
    Outcome,
    Party,
)
from telephony.carrier_rest import CarrierRefusedError, CarrierUnansweredError
from tests.handoff.transfer.scene import ANNA, BEN, order


class Carrier:
    """Does what it is asked, and remembers it."""

    def __init__(self):
        self.asked = []
        self.faults = {}
        self.rung = 0
        self.together = frozenset()

    async def ring(self, transfer, leg, target, timeout_s):
        self._do(f"ring {target.name}")
        self.rung += 1
        return f"CAleg{self.rung}"

    async def move_caller(self, transfer):
        self._do(f"move {transfer.order.call_id}")

    async def who_is_in(self, transfer):
        self._do(f"who is in {transfer.id}")
        return self.together, len(self.together) > 1

    async def put_through(self, transfer, target, timeout_s):
        self._do(f"put through {target.name}")

    async def recall_caller(self, transfer):
        self._do(f"recall {transfer.order.call_id}")

    async def end(self, sid, *, answered):
        self._do(f"{'hang up' if answered else 'cancel'} {sid}")

    def _do(self, what):
        self.asked.append(what)
        if what in self.faults:
            raise self.faults[what]


class Roster:
    """Nobody becomes free, unless told so."""

    def __init__(self):
        self.free = ()
        self.more = True
        self.kept = {}
        self.talked = []

    async def found(self, transfer):
        return self.free, self.more

    async def claim(self, target, transfer_id):
        return self.kept.setdefault(target.agent, transfer_id) == transfer_id

    async def release(self, leg, transfer_id, *, talked):
        if self.kept.get(leg.target.agent) == transfer_id:
            del self.kept[leg.target.agent]
        self.talked += [leg.target.agent] if talked else []


class House:
    """One database, as many processes as are opened on it."""

    def __init__(self, engine):
        self.engine = engine
        self.started = asyncio.get_running_loop().time()
        self.record = []
        self.processes = []
        self.roster = Roster()

    def now(self):
        return 1_000_000.0 + asyncio.get_running_loop().time() - self.started

    def process(self, carrier):
        async def append(call_id, body):
            self.record.append((call_id, body))

        store = TransferStore(self.engine, lambda: datetime.fromtimestamp(self.now(), UTC))
        transfers = Transfers(store, carrier, self.roster, append, self.now)
        self.processes.append(transfers)
        return transfers

    def told(self, name, call_id="CAcaller"):
        return [body for call, body in self.record if call == call_id and body.name == name]


@pytest.fixture
async def house(database_url):
    engine = open_engine(database_url)
    opened = House(engine)
    yield opened
    for transfers in opened.processes:
        await transfers.close()
    await engine.dispose()


async def until(condition, within_s=5.0):
    async with asyncio.timeout(within_s):
        while not condition():
            await asyncio.sleep(0.005)


async def connected(transfers, house, transfer_id="t1", leg=1):
    """From the ringing to the conversation."""
    await transfers.report(transfer_id, LegRinging(at=house.now(), leg=leg))
    await transfers.report(transfer_id, LegAnswered(at=house.now(), leg=leg))
    await transfers.report(transfer_id, LegKeyed(at=house.now(), leg=leg, key="1"))
    for event in (
        Joined(at=house.now(), party=Party.CALLER),
        Joined(at=house.now(), party=Party.AGENT),
        ConferenceStarted(at=house.now()),
    ):
        await transfers.report(transfer_id, event)


async def test_a_transfer_is_kept_and_told_from_order_to_conversation(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA))
    await until(lambda: house.told("transfer.leg") and house.told("transfer.leg")[-1].sid == "CAleg1")
    await transfers.report("t1", CallerHeld(at=house.now()))
    await connected(transfers, house)
    await until(lambda: carrier.asked == ["ring Anna", "move CAcaller"])
    await transfers.report("t1", CallerLeft(at=house.now()))
    phases = [body.phase for body in house.told("transfer.moved")]
    assert phases[0] == "requested"
    assert phases[-1] == "done"
    assert [one for one in phases if one in {"holding", "ringing", "briefing", "bridged"}] == [
        "holding",
        "ringing",
        "briefing",
        "bridged",
    ]
    (ended,) = house.told("transfer.ended")
    assert (ended.outcome, ended.talk_s is not None) == ("connected", True)


async def test_two_callers_at_once_do_not_touch_each_other(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    await asyncio.gather(
        transfers.begin(order(ANNA, call="CAone", transfer="t1")),
        transfers.begin(order(BEN, call="CAtwo", transfer="t2")),
    )
    await until(lambda: carrier.rung == 2)
    await connected(transfers, house, "t2")
    await until(lambda: "move CAtwo" in carrier.asked)
    assert "move CAone" not in carrier.asked
    assert {leg.target for leg in house.told("transfer.leg", "CAone")} == {"Anna"}


async def test_of_two_who_press_1_in_two_processes_one_is_connected(house):
    one, two = Carrier(), Carrier()
    first, second = house.process(one), house.process(two)
    await first.begin(order(ANNA, BEN, limits=Limits(at_once=2)))
    await until(lambda: one.rung == 2)
    for leg in (1, 2):
        await first.report("t1", LegAnswered(at=house.now(), leg=leg))
    await asyncio.gather(
        first.report("t1", LegKeyed(at=house.now(), leg=1, key="1")),
        second.report("t1", LegKeyed(at=house.now(), leg=2, key="1")),
    )
    await until(lambda: "move CAcaller" in one.asked + two.asked)
    assert (one.asked + two.asked).count("move CAcaller") == 1
    after = await first.read("t1")
    assert sorted(leg.result for leg in after.legs if leg.result) == [LegResult.TAKEN]


async def test_a_leg_that_the_carrier_does_not_place_is_followed_by_the_next(house):
    carrier = Carrier()
    carrier.faults["ring Anna"] = CarrierRefusedError(400, 13224)
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA, BEN))
    await until(lambda: carrier.asked == ["ring Anna", "ring Ben"])
    assert house.told("transfer.leg")[1].result == "unreachable"


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (CarrierRefusedError(400, 21220), Outcome.CALLER_GONE),
        (CarrierRefusedError(401, 20003), Outcome.FAILED),
        (CarrierUnansweredError("503"), Outcome.FAILED),
    ],
)
async def test_a_caller_who_cannot_be_moved(house, fault, outcome):
    carrier = Carrier()
    carrier.faults["move CAcaller"] = fault
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA))
    await transfers.report("t1", LegAnswered(at=house.now(), leg=1))
    await transfers.report("t1", LegKeyed(at=house.now(), leg=1, key="1"))
    await until(lambda: house.told("transfer.ended"))
    assert house.told("transfer.ended")[0].outcome == outcome


async def test_an_agent_is_rung_for_one_caller_at_a_time(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA, call="CAone", transfer="t1"))
    await until(lambda: carrier.rung == 1)
    await transfers.begin(order(ANNA, BEN, call="CAtwo", transfer="t2"))
    await until(lambda: "ring Ben" in carrier.asked)
    assert carrier.asked == ["ring Anna", "ring Ben"]
    await transfers.report("t1", CallerLeft(at=house.now()))
    assert house.roster.kept == {"ben": "t2"}


async def test_an_agent_who_has_talked_writes_the_call_up_before_the_next(house):
    transfers = house.process(Carrier())
    await transfers.begin(order(ANNA))
    await connected(transfers, house)
    await transfers.report("t1", CallerLeft(at=house.now()))
    assert (house.roster.talked, house.roster.kept) == (["anna"], {})


async def test_what_another_process_changes_is_seen(house):
    carrier = Carrier()
    first, second = house.process(carrier), house.process(Carrier())
    await first.begin(order(ANNA))
    following = second.follow("t1")
    seen = await anext(following)
    assert seen.outcome is None
    await first.report("t1", CallerLeft(at=house.now()))
    async with asyncio.timeout(3):
        while seen.outcome is None:
            seen = await anext(following)
    await following.aclose()
    assert seen.outcome is Outcome.CALLER_GONE


async def test_a_transfer_whose_process_was_killed_is_looked_after_by_another(house):
    carrier, other = Carrier(), Carrier()
    killed, alive = house.process(carrier), house.process(other)
    await killed.begin(order(ANNA, BEN, limits=Limits(ring_s=0.1)))
    await until(lambda: "ring Anna" in carrier.asked)
    await killed.close()
    async with asyncio.timeout(5):
        while "ring Ben" not in other.asked:
            await alive.sweep()
            await asyncio.sleep(0.05)
    assert (await alive.read("t1")).legs[0].result is LegResult.NO_ANSWER


async def test_what_the_carrier_told_a_killed_process_it_is_asked_for_by_another(house):
    carrier, other = Carrier(), Carrier()
    killed, alive = house.process(carrier), house.process(other)
    await killed.begin(order(ANNA, limits=Limits(join_s=0.1)))
    await killed.report("t1", LegAnswered(at=house.now(), leg=1))
    await killed.report("t1", LegKeyed(at=house.now(), leg=1, key="1"))
    await killed.close()
    other.together = frozenset(Party)
    async with asyncio.timeout(5):
        while (await alive.read("t1")).bridged_at is None:
            await alive.sweep()
            await asyncio.sleep(0.05)
    assert other.asked == ["who is in t1"]


async def test_a_waiting_caller_gets_whoever_becomes_free(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(may_wait=True))
    await transfers.sweep()
    assert carrier.asked == []
    house.roster.free = (BEN,)
    await transfers.sweep()
    await until(lambda: carrier.asked == ["ring Ben"])


async def test_a_timer_gives_up_a_telephone_that_rings_too_long(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA, limits=Limits(ring_s=0.1)))
    await until(lambda: house.told("transfer.ended"))
    assert house.told("transfer.ended")[0].outcome == "nobody"
    await until(lambda: "cancel CAleg1" in carrier.asked)


async def test_a_transfer_that_nobody_knows(house):
    transfers = house.process(Carrier())
    with pytest.raises(TransferUnknownError):
        await transfers.report("unknown", CallerLeft(at=0.0))


async def test_an_agent_who_is_kept_for_a_transfer_that_is_over_by_then_is_let_go(house):
    carrier = Carrier()
    transfers = house.process(carrier)
    claim, may = house.roster.claim, asyncio.Event()

    async def slow_claim(target, transfer_id):
        await may.wait()
        return await claim(target, transfer_id)

    house.roster.claim = slow_claim
    await transfers.begin(order(ANNA))
    await transfers.report("t1", CallerLeft(at=house.now()))
    may.set()
    await asyncio.sleep(0.1)
    assert (house.roster.kept, carrier.asked) == ({}, [])


async def test_of_two_callers_for_one_agent_the_slower_waits(house):
    transfers = house.process(Carrier())
    await transfers.begin(order(ANNA))
    await until(lambda: house.roster.kept)
    await transfers.begin(order(ANNA, transfer="t2", call="CAother"))
    await asyncio.sleep(0.1)
    second = await transfers.read("t2")
    assert (second.outcome, second.may_wait) == (None, True)


async def test_a_caller_who_is_alone_in_a_conference_is_fetched_again_and_again(house, monkeypatch):
    monkeypatch.setattr("handoff.transfer.transfers.RECALL_PAUSES_S", (0.05, 0.05))
    carrier = Carrier()
    transfers = house.process(carrier)
    carrier.faults["recall CAcaller"] = CarrierUnansweredError("nothing")
    await transfers.begin(order(ANNA))
    await until(lambda: carrier.rung)
    for event in (
        LegAnswered(at=house.now(), leg=1),
        LegKeyed(at=house.now(), leg=1, key="1"),
        Joined(at=house.now(), party=Party.CALLER),
        LegEnded(at=house.now(), leg=1, result=LegResult.HUNG_UP),
    ):
        await transfers.report("t1", event)
    await until(lambda: carrier.asked.count("recall CAcaller") == 3)
