"""When a trial caller speaks: after the answer, and not after what the assistant had still been saying."""

import asyncio

import numpy as np

from demo.script import QUIET_S, Line, follow_script

RATE = 8000
LINE = Line("a line", np.ones(int(1.5 * RATE), np.int16))


class Telephone:
    """The far end speaks at the given times, seconds since the call began; keeps when the caller did."""

    def __init__(self, *speaks):
        self.ended = asyncio.Event()
        self.lines, self.keys = [], []
        self._loop = asyncio.get_running_loop()
        self._began = self._loop.time()
        self._speaks = speaks
        self._until = 0.0

    @property
    def now(self):
        return self._loop.time() - self._began

    def heard(self):
        sound = np.zeros(int(self.now * RATE), np.int16)
        for first, last in self._speaks:
            sound[int(first * RATE) : int(last * RATE)] = 1000
        return sound

    def play(self, sound):
        self.lines.append(self.now)
        self._until = self.now + sound.size / RATE

    async def played(self):
        await asyncio.sleep(self._until - self.now)

    async def press(self, key):
        self.keys.append((self.now, key))


async def followed(telephone, lines, virtual_time):
    """The script, done in no time."""
    script = asyncio.create_task(follow_script(telephone, lines))
    await virtual_time.advance(30)
    assert script.done()


async def test_a_line_is_said_after_the_answer_to_the_one_before(virtual_time):
    telephone = Telephone((0.2, 3.0), (6.0, 8.0), (11.0, 12.0))
    await followed(telephone, [LINE, LINE], virtual_time)
    first, second = telephone.lines
    assert 3.0 + QUIET_S < first < 4.5
    assert 8.0 + QUIET_S < second < 9.5


async def test_what_was_still_being_said_when_the_caller_began_is_no_answer(virtual_time):
    """A greeting of two sentences with a long pause: the caller cuts into the second one."""
    telephone = Telephone((0.2, 1.0), (2.2, 2.5), (5.0, 7.0), (10.0, 11.0))
    await followed(telephone, [LINE, LINE], virtual_time)
    first, second = telephone.lines
    assert first < 2.2
    assert second > 7.0 + QUIET_S, "the answer came at 5 s"


async def test_keys_wait_for_their_answer_too(virtual_time):
    telephone = Telephone((0.2, 1.0), (3.0, 4.0), (6.0, 7.0))
    await followed(telephone, [Line("keys", keys="12"), LINE], virtual_time)
    assert [key for _, key in telephone.keys] == ["1", "2"]
    assert telephone.lines[0] > 4.0 + QUIET_S
