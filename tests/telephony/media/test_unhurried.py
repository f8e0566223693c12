"""A carrier sends a frame each 20 ms: how often is it looked after, and does reading ever fall behind?"""

import asyncio

import pytest

from telephony.media.unhurried import Unhurried

FRAME_S = 0.02


class Carrier:
    """Sends frames on the loop's clock, whether or not they are read."""

    def __init__(self):
        self.waiting = asyncio.Queue()
        self.sent = 0
        self.behind = []
        """How many frames more had come when one was read."""
        self.read_at = set()

    async def send(self):
        while True:
            await asyncio.sleep(FRAME_S)
            self.waiting.put_nowait(self.sent)
            self.sent += 1

    async def read(self, reader):
        number = 0
        while True:
            assert await reader.next() == number, "in order, and none is lost"
            number += 1
            self.behind.append(self.sent - number)
            self.read_at.add(round(asyncio.get_running_loop().time(), 3))


@pytest.fixture
async def carrier(virtual_time):
    carrier = Carrier()
    sending = asyncio.ensure_future(carrier.send())
    await virtual_time.advance(0)
    yield carrier
    sending.cancel()


async def read_for(seconds, carrier, may_rest, virtual_time):
    reading = asyncio.ensure_future(carrier.read(Unhurried(carrier.waiting.get, may_rest)))
    await virtual_time.advance(seconds)
    assert not reading.done()
    reading.cancel()


async def test_what_is_urgent_is_read_as_it_comes(carrier, virtual_time):
    await read_for(2.0, carrier, lambda: False, virtual_time)
    assert len(carrier.behind) == carrier.sent
    assert max(carrier.behind) == 0


async def test_at_rest_it_is_looked_after_far_less_often_and_never_falls_behind(carrier, virtual_time):
    gathered = lambda: len(carrier.behind) % 10 == 0  # noqa: E731
    await read_for(10.0, carrier, gathered, virtual_time)
    assert len(carrier.read_at) <= 2 * carrier.sent / 10 + 10, (
        "a gulp after the rest, and the frame that is waited for"
    )
    assert max(carrier.behind) <= 9
    assert len(carrier.behind) >= carrier.sent - 10


async def test_what_came_while_the_reader_was_held_up_is_read_before_it_rests_again(carrier, virtual_time):
    reader = Unhurried(carrier.waiting.get, lambda: True)
    first = asyncio.ensure_future(reader.next())
    await virtual_time.advance(0.5)
    assert first.result() == 0
    reading = asyncio.ensure_future(_read(reader, 24))
    await virtual_time.advance(0.2)
    assert reading.done(), "one rest, and no other before all of them are read"
    assert reading.result() == list(range(1, 25))


async def _read(reader, count):
    return [await reader.next() for _ in range(count)]
