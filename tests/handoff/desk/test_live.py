"""The stream of an open page: what it is told, how soon, and what it is told again after a break."""

import asyncio
import re
import time

from handoff.desk import FOLDER
from handoff.desk.live import LivePage, Mark, mark_of
from handoff.desk.pieces import Pieces
from handoff.roster.people import Presence
from web.assets import Assets
from web.pages import Pages
from web.sessions import Sessions


async def always():
    return True


class Reader:
    """Reads a stream as a browser would: its last mark, and what came by event."""

    def __init__(self, stage, person_id, transfer=None, mark="", welcome=always):
        pages = Pages(
            Assets.load(FOLDER / "static"), Sessions(b"k" * 32, False, time.time), FOLDER / "templates"
        )
        pieces = Pieces(stage.desk, pages, person_id, "token", False, transfer.id if transfer else None)
        self.pieces = pieces
        self.page = LivePage(stage.desk, pieces, transfer, Mark.read(mark), welcome)
        self.told = []
        self.mark = mark

    async def __aenter__(self):
        self._stream = self.page.stream()
        self._reading = asyncio.create_task(self._read())
        return self

    async def __aexit__(self, *_):
        self._reading.cancel()
        await asyncio.gather(self._reading, return_exceptions=True)
        await self._stream.aclose()

    async def _read(self):
        async for message in self._stream:
            event = re.search(r"^event: (.*)$", message, re.MULTILINE)
            if event is None:
                continue
            self.mark = re.search(r"^id: (.*)$", message, re.MULTILINE)[1]
            data = "\n".join(re.findall(r"^data: (.*)$", message, re.MULTILINE))
            self.told.append((event[1], data))

    def of(self, event):
        return [data for name, data in self.told if name == event]

    async def hears(self, event, text, within_s=5.0):
        """Waits until the newest piece of this name holds `text`."""
        started = time.monotonic()
        while not any(text in data for data in self.of(event)[-1:]):
            assert time.monotonic() - started < within_s, f"no {event} with {text} in {self.told}"
            await asyncio.sleep(0.01)
        return time.monotonic() - started


async def test_a_call_that_is_taken_disappears_at_the_colleagues(stage):
    async with Reader(stage, "maria") as maria, Reader(stage, "tom") as tom:
        transfer = await stage.ring("maria", "tom")
        await maria.hears("ring", "Dana Whitfield")
        await tom.hears("ring", "Dana Whitfield")
        await stage.calls.key(transfer.id, "maria", "1")
        await maria.hears("ring", f'data-go="/desk/calls/{transfer.id}"')
        await tom.hears("notice", "A colleague has taken the call.")
        assert tom.of("ring")[-1] == ""
        assert "Nobody is waiting" in tom.of("queue")[-1]


async def test_a_caller_who_hangs_up_stops_the_ringing(stage):
    async with Reader(stage, "maria") as maria:
        transfer = await stage.ring("maria")
        await maria.hears("ring", "Dana Whitfield")
        await stage.calls.caller_leaves(transfer.id)
        await maria.hears("notice", "The caller has hung up.")


async def test_what_caller_and_agent_say_appears_line_by_line(stage):
    transfer = await stage.ring("maria")
    await stage.calls.key(transfer.id, "maria", "1")
    async with Reader(stage, "maria", transfer) as maria:
        await maria.hears("bar", "Connected")
        before = len(maria.of("line"))
        await stage.talk(transfer, "maria")
        await maria.hears("line", "Finally. How long does a refund take")
        assert len(maria.of("line")) == before + 2
        await maria.hears("assist", "refund you within five days")
    assert not maria.of("mood")[1:], "a piece that has not changed is not sent again"


async def test_a_page_that_comes_back_gets_only_what_it_has_missed(stage):
    transfer = await stage.ring("maria")
    await stage.calls.key(transfer.id, "maria", "1")
    async with Reader(stage, "maria", transfer) as first:
        await first.hears("bar", "Connected")
        await first.hears("line", "")
    await stage.talk(transfer, "maria")
    async with Reader(stage, "maria", transfer, first.mark) as second:
        await second.hears("line", "Finally.")
        assert len(second.of("line")) == 2
        assert {name for name, _ in second.told} <= {"line", "facts", "assist"}, second.told


async def test_a_page_that_was_just_made_is_told_nothing(stage):
    transfer = await stage.ring("maria")
    await stage.calls.key(transfer.id, "maria", "1")
    events = await stage.log.read(transfer.order.call_id)
    made = Reader(stage, "maria", transfer)
    parts = await made.pieces.overview(await stage.desk.watch.snapshot())
    now = await stage.desk.transfer(transfer.id)
    parts |= await made.pieces.call(now, events)
    async with Reader(stage, "maria", transfer, str(mark_of(events[-1].seq, parts))) as maria:
        await asyncio.sleep(0.3)
        assert maria.told == []


async def test_nobody_looks_while_no_page_is_open(stage):
    reads = []
    read = stage.desk.watch._read

    async def counted():
        reads.append(1)
        return await read()

    stage.desk.watch._read = counted
    async with Reader(stage, "maria") as maria, Reader(stage, "tom"):
        await maria.hears("queue", "Nobody")
    await asyncio.sleep(0.05)
    before = len(reads)
    await asyncio.sleep(0.6)
    assert len(reads) == before


async def test_a_stream_ends_when_its_person_may_not_see_it_any_more_however_much_there_is_to_tell(
    stage, monkeypatch
):
    monkeypatch.setattr("handoff.desk.live.KEEP_OPEN_S", 0.2)

    async def never():
        return False

    async def changes():
        while True:
            await stage.people.set_presence("tom", Presence.AWAY)
            await stage.people.set_presence("tom", Presence.AVAILABLE)
            stage.desk.watch.poke()
            await asyncio.sleep(0.02)

    changing = asyncio.create_task(changes())
    async with Reader(stage, "maria", welcome=never) as maria:
        await maria.hears("signed-out", "")
        await asyncio.wait_for(maria._reading, 5)
    changing.cancel()


def test_a_mark_survives_the_way_over_the_wire_and_a_broken_one_asks_for_everything():
    mark = mark_of(42, {"ring": "<p>", "hand-back": ""})
    again = Mark.read(str(mark))
    assert (again.seq, again.pieces) == (42, mark.pieces)
    assert again.differs("hand-back", "") is False
    assert again.differs("ring", "<b>") is True
    for broken in ("", "x", "-1", "4 2.ring", "../..", "²", "9" * 5000):
        assert Mark.read(broken).seq == 0
