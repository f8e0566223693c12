"""A caller for whole calls: a real telephone, a script, and then the call's record."""

import asyncio
import sqlite3
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from calls.events import ActionDone, CallEnded, CallStarted, StreamStarted, TurnPlanned
from calls.log import CallLog
from calls.store import open_store
from demo.script import Line, as_caller, follow_script
from demo.sip import open_telephone
from dialog.repair import NO_INPUT, NO_MATCH
from settings import StorageSettings
from tests.sound import read_recording

MOST_REPEATS = 2
PLANNED = """
    select json_extract(body, '$.repair') from events
    where name = 'turn.planned'
    and (json_extract(body, '$.moment') = 'hearing' or json_extract(body, '$.repair') = 'no_input')
    and call_id = (
        select call_id from events
        where name = 'call.started' and json_extract(body, '$.caller') = ? order by at desc limit 1
    )
    order by seq
"""


@dataclass
class Call:
    """What is left of a call."""

    events: list
    sent: np.ndarray
    heard: np.ndarray
    recording: np.ndarray | None
    """Shape (samples, 2): caller, assistant."""

    def bodies(self, kind):
        return [event.body for event in self.events if isinstance(event.body, kind)]

    def results(self, action):
        """What each run of an action that was done came back with."""
        return [body.data for body in self.bodies(ActionDone) if body.action == action]

    @property
    def repairs(self):
        """What went wrong in its turns and was mended."""
        return [body.repair for body in self.bodies(TurnPlanned) if body.repair != "none"]

    @property
    def told(self):
        """The events, one a line, for whoever looks at a test that failed."""
        plain = (
            event.body.model_dump_json(exclude={"state", "words"}, exclude_defaults=True)
            for event in self.events
        )
        return "\n".join(
            f"{event.at:%M:%S.%f} {text}" for event, text in zip(self.events, plain, strict=True)
        )

    @property
    def said(self):
        """All that the assistant has said."""
        return " ".join(" ".join(body.say) for body in self.bodies(TurnPlanned))


class Caller:
    """Calls one running pair."""

    def __init__(self, stack, voice):
        self.stack = stack
        self.voice = voice
        self.made = []
        """The calls whose record was taken."""

    def says(self, text):
        return Line(text, as_caller(self.voice.render(text)))

    async def call(self, lines, number="+15550142000", patience_s=9.0):
        """A whole call: dials, follows the script, and hangs up if the assistant does not.

        What was not understood is said again, as people do, and so is what nobody has answered: where the machine
        stalls, the telephone sends late what the line no longer takes, and whole sentences get lost.
        """
        said, repeats = 0, 0

        def say_again():
            nonlocal said, repeats
            turns = self.understood(number)
            lost = len(turns) < said + repeats
            if said and repeats < MOST_REPEATS and (lost or not turns[-1]):
                repeats += 1
                return lines[said - 1]
            said += 1
            return None

        async with open_telephone(number) as telephone:
            await self.connect(telephone, number)
            await follow_script(telephone, lines, say_again)
            await self.end(telephone, patience_s)
            return await self.record(number, telephone)

    async def end(self, telephone, patience_s):
        """Wait for the assistant to hang up, and do it if it does not."""
        try:
            async with asyncio.timeout(patience_s):
                await telephone.ended.wait()
        except TimeoutError:
            await telephone.hang_up()

    async def connect(self, telephone, number):
        """Dial, and wait until there is room: on a machine that stalls a call may be asked to wait for a moment."""
        await telephone.dial(self.stack.sip_address)
        async with open_log(self.stack.data_dir) as log:
            call_id = await newest(log, number)
            async for event in log.follow(call_id):
                if isinstance(event.body, StreamStarted):
                    return

    def understood(self, number):
        """For each turn of the newest call from this number, whether it was heard and understood."""
        with sqlite3.connect(f"file:{self.stack.data_dir / 'warmline.db'}?mode=ro", uri=True) as store:
            rows = store.execute(PLANNED, (number,)).fetchall()
        return [repair not in {NO_MATCH, NO_INPUT} for (repair,) in rows]

    async def record(self, number, telephone):
        """The call's record, once it is complete."""
        async with open_log(self.stack.data_dir) as log:
            call_id = await newest(log, number)
            async with asyncio.timeout(20):
                events = [event async for event in log.follow(call_id)]
        assert isinstance(events[-1].body, CallEnded)
        names = [event.body.recording for event in events if isinstance(event.body, StreamStarted)]
        recording = read_recording(self.stack.data_dir / names[0]) if names else None
        self.made.append(Call(events, telephone.sent(), telephone.heard(), recording))
        return self.made[-1]


@asynccontextmanager
async def open_log(data_dir):
    """The log of another process's calls."""
    url = StorageSettings(warmline_data_dir=data_dir).store_url
    async with await open_store(url) as store, CallLog(store, lambda: datetime.now(UTC)) as log:
        log.store = store
        yield log


async def newest(log, number):
    """The newest call with this number on either side."""
    async with asyncio.timeout(20):
        while True:
            for call in await log.store.summaries(20):
                if number in {call.caller, call.callee} or number in str(call.callee):
                    return call.call_id
            await asyncio.sleep(0.05)


def started(call):
    """The event that began the call."""
    return call.bodies(CallStarted)[0]
