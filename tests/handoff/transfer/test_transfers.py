"""Transfers as a process runs them: kept in a real database, with a carrier that does what it is asked, or does not.

The clock stands still until a test moves it: what else comes about is waited for, however long the database takes.
"""

import asyncio
from datetime import UTC, datetime

import pytest

from calls.database import open_engine
from handoff.transfer.deadlines import ASK_SOON_S
from handoff.transfer.store import TransferStore, TransferUnknownError
from handoff.transfer.transfers import GRACE_S, LATE_S, POLL_S, RECALL_PAUSES_S, Transfers
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

# A story that does not go on hangs: nothing else would end it while the clock stands.
pytestmark = pytest.mark.timeout(30)


class Carrier:
    """Does what it is asked, remembers it and tells that something has come about."""

    def __init__(self, tell):
        self._tell = tell
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
        return "CF1", self.together, len(self.together) > 1

    async def put_through(self, transfer, target, timeout_s):
        self._do(f"put through {target.name}")

    async def recall_caller(self, transfer):
        self._do(f"recall {transfer.order.call_id}")

    async def end(self, sid, *, answered):
        self._do(f"{'hang up' if answered else 'cancel'} {sid}")

    def _do(self, what):
        self.asked.append(what)
        self._tell()
        if what in self.faults:
            raise self.faults[what]


class Roster:
    """Nobody becomes free, unless told so."""

    def __init__(self, tell):
        self._tell = tell
        self.free = ()
        self.more = True
        self.kept = {}
        self.let_go = []
        self.talked = []

    async def found(self, transfer):
        return self.free, self.more

    async def claim(self, target, transfer_id):
        self._tell()
        return self.kept.setdefault(target.agent, transfer_id) == transfer_id

    async def release(self, leg, transfer_id, *, talked):
        if self.kept.get(leg.target.agent) == transfer_id:
            del self.kept[leg.target.agent]
        self.let_go.append(leg.target.agent)
        self.talked += [leg.target.agent] if talked else []
        self._tell()


class House:
    """One database, as many processes as are opened on it."""

    def __init__(self, engine):
        self.engine = engine
        self.started = asyncio.get_running_loop().time()
        self.record = []
        self.processes = []
        self._news = asyncio.Event()
        self.roster = Roster(self._news.set)

    def carrier(self):
        return Carrier(self._news.set)

    def now(self):
        return 1_000_000.0 + asyncio.get_running_loop().time() - self.started

    def process(self, carrier):
        async def append(call_id, body):
            self.record.append((call_id, body))
            self._news.set()

        store = TransferStore(self.engine, lambda: datetime.fromtimestamp(self.now(), UTC))
        transfers = Transfers(store, carrier, self.roster, append, self.now)
        self.processes.append(transfers)
        return transfers

    def told(self, name, call_id="CAcaller"):
        return [body for call, body in self.record if call == call_id and body.name == name]

    async def until(self, condition):
        """Something comes about, of which the record, the roster or a carrier tells."""
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def rings(self, leg=1, call_id="CAcaller"):
        """The carrier has placed a leg, and that is kept."""
        await self.until(
            lambda: any(body.leg == leg and body.sid for body in self.told("transfer.leg", call_id))
        )


@pytest.fixture
async def house(database_url, virtual_time):
    engine = open_engine(database_url)
    opened = House(engine)
    yield opened
    for transfers in opened.processes:
        await transfers.close()
    await engine.dispose()


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
    carrier = house.carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA))
    await house.rings()
    assert house.told("transfer.leg")[-1].sid == "CAleg1"
    await transfers.report("t1", CallerHeld(at=house.now()))
    await connected(transfers, house)
    await house.until(lambda: carrier.asked == ["ring Anna", "move CAcaller"])
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
    carrier = house.carrier()
    transfers = house.process(carrier)
    await asyncio.gather(
        transfers.begin(order(ANNA, call="CAone", transfer="t1")),
        transfers.begin(order(BEN, call="CAtwo", transfer="t2")),
    )
    await house.until(lambda: carrier.rung == 2)
    await connected(transfers, house, "t2")
    await house.until(lambda: "move CAtwo" in carrier.asked)
    assert "move CAone" not in carrier.asked
    assert {leg.target for leg in house.told("transfer.leg", "CAone")} == {"Anna"}


async def test_of_two_who_press_1_in_two_processes_one_is_connected(house):
    one, two = house.carrier(), house.carrier()
    first, second = house.process(one), house.process(two)
    await first.begin(order(ANNA, BEN, limits=Limits(at_once=2)))
    await house.until(lambda: one.rung == 2)
    for leg in (1, 2):
        await first.report("t1", LegAnswered(at=house.now(), leg=leg))
    await asyncio.gather(
        first.report("t1", LegKeyed(at=house.now(), leg=1, key="1")),
        second.report("t1", LegKeyed(at=house.now(), leg=2, key="1")),
    )
    await house.until(lambda: "move CAcaller" in one.asked + two.asked)
    assert (one.asked + two.asked).count("move CAcaller") == 1
    after = await first.read("t1")
    assert sorted(leg.result for leg in after.legs if leg.result) == [LegResult.TAKEN]


async def test_a_leg_that_the_carrier_does_not_place_is_followed_by_the_next(house):
    carrier = house.carrier()
    carrier.faults["ring Anna"] = CarrierRefusedError(400, 13224)
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA, BEN))
    await house.until(lambda: carrier.asked == ["ring Anna", "ring Ben"])
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
    carrier = house.carrier()
    carrier.faults["move CAcaller"] = fault
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA))
    await transfers.report("t1", LegAnswered(at=house.now(), leg=1))
    await transfers.report("t1", LegKeyed(at=house.now(), leg=1, key="1"))
    await house.until(lambda: house.told("transfer.ended"))
    assert house.told("transfer.ended")[0].outcome == outcome


async def test_an_agent_is_rung_for_one_caller_at_a_time(house):
    carrier = house.carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA, call="CAone", transfer="t1"))
    await house.until(lambda: carrier.rung == 1)
    await transfers.begin(order(ANNA, BEN, call="CAtwo", transfer="t2"))
    await house.until(lambda: "ring Ben" in carrier.asked)
    assert carrier.asked == ["ring Anna", "ring Ben"]
    await transfers.report("t1", CallerLeft(at=house.now()))
    assert house.roster.kept == {"ben": "t2"}


async def test_an_agent_who_has_talked_writes_the_call_up_before_the_next(house):
    transfers = house.process(house.carrier())
    await transfers.begin(order(ANNA))
    await connected(transfers, house)
    await transfers.report("t1", CallerLeft(at=house.now()))
    assert (house.roster.talked, house.roster.kept) == (["anna"], {})


async def test_what_another_process_changes_is_seen(house, virtual_time):
    carrier = house.carrier()
    first, second = house.process(carrier), house.process(house.carrier())
    await first.begin(order(ANNA))
    following = second.follow("t1")
    assert (await anext(following)).outcome is None
    await first.report("t1", CallerLeft(at=house.now()))
    changed = asyncio.ensure_future(anext(following))
    await virtual_time.advance(POLL_S)
    assert (await changed).outcome is Outcome.CALLER_GONE
    await following.aclose()


async def test_a_transfer_whose_process_was_killed_is_looked_after_by_another(house, virtual_time):
    carrier, other = house.carrier(), house.carrier()
    killed, alive = house.process(carrier), house.process(other)
    await killed.begin(order(ANNA, BEN))
    await house.until(lambda: "ring Anna" in carrier.asked)
    await killed.close()
    await virtual_time.advance(Limits().ring_s + GRACE_S)
    await alive.sweep()
    assert other.asked == [], "its own process might still report the time"
    await virtual_time.advance(LATE_S)
    await alive.sweep()
    await house.until(lambda: "ring Ben" in other.asked)
    assert (await alive.read("t1")).legs[0].result is LegResult.NO_ANSWER


async def test_what_the_carrier_told_a_killed_process_it_is_asked_for_by_another(house, virtual_time):
    carrier, other = house.carrier(), house.carrier()
    killed, alive = house.process(carrier), house.process(other)
    await killed.begin(order(ANNA))
    await killed.report("t1", LegAnswered(at=house.now(), leg=1))
    await killed.report("t1", LegKeyed(at=house.now(), leg=1, key="1"))
    await killed.close()
    other.together = frozenset(Party)
    await virtual_time.advance(ASK_SOON_S + GRACE_S + LATE_S)
    await alive.sweep()
    await house.until(lambda: house.told("transfer.moved")[-1].phase == "bridged")
    assert other.asked == ["who is in t1"]


async def test_a_waiting_caller_gets_whoever_becomes_free(house):
    carrier = house.carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(may_wait=True))
    await transfers.sweep()
    assert carrier.asked == []
    house.roster.free = (BEN,)
    await transfers.sweep()
    await house.until(lambda: carrier.asked == ["ring Ben"])


async def test_a_timer_gives_up_a_telephone_that_rings_too_long(house, virtual_time):
    carrier = house.carrier()
    transfers = house.process(carrier)
    await transfers.begin(order(ANNA))
    await house.rings()
    await virtual_time.advance(Limits().ring_s)
    assert house.told("transfer.ended") == []
    await virtual_time.advance(LATE_S)
    await house.until(lambda: house.told("transfer.ended"))
    assert house.told("transfer.ended")[0].outcome == "nobody"
    await house.until(lambda: "cancel CAleg1" in carrier.asked)


async def test_a_transfer_that_nobody_knows(house):
    transfers = house.process(house.carrier())
    with pytest.raises(TransferUnknownError):
        await transfers.report("unknown", CallerLeft(at=0.0))


async def test_an_agent_who_is_kept_for_a_transfer_that_is_over_by_then_is_let_go(house):
    carrier = house.carrier()
    transfers = house.process(carrier)
    claim, may = house.roster.claim, asyncio.Event()

    async def slow_claim(target, transfer_id):
        await may.wait()
        return await claim(target, transfer_id)

    house.roster.claim = slow_claim
    await transfers.begin(order(ANNA))
    await transfers.report("t1", CallerLeft(at=house.now()))
    assert house.roster.let_go == ["anna"]
    may.set()
    await house.until(lambda: house.roster.let_go == ["anna", "anna"])
    assert (house.roster.kept, carrier.asked) == ({}, [])


async def test_of_two_callers_for_one_agent_the_slower_waits(house):
    transfers = house.process(house.carrier())
    await transfers.begin(order(ANNA))
    await house.until(lambda: house.roster.kept)
    await transfers.begin(order(ANNA, transfer="t2", call="CAother"))
    await house.until(lambda: house.told("transfer.leg", "CAother")[-1].result == "busy")
    second = await transfers.read("t2")
    assert (second.outcome, second.may_wait) == (None, True)


async def test_a_caller_who_is_alone_in_a_conference_is_fetched_again_and_again(house, virtual_time):
    carrier = house.carrier()
    transfers = house.process(carrier)
    carrier.faults["recall CAcaller"] = CarrierUnansweredError("nothing")
    await transfers.begin(order(ANNA))
    await house.until(lambda: carrier.rung)
    for event in (
        LegAnswered(at=house.now(), leg=1),
        LegKeyed(at=house.now(), leg=1, key="1"),
        Joined(at=house.now(), party=Party.CALLER),
        LegEnded(at=house.now(), leg=1, result=LegResult.HUNG_UP),
    ):
        await transfers.report("t1", event)
    for times, pause_s in enumerate(RECALL_PAUSES_S, start=1):
        await house.until(lambda times=times: carrier.asked.count("recall CAcaller") == times)
        await virtual_time.advance(pause_s)
    assert carrier.asked.count("recall CAcaller") == 1 + len(RECALL_PAUSES_S)
