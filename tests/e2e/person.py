"""A person on a real telephone: knows what they want, and answers what they are asked.

What they are asked is read from the call's record, so a story goes on as with people where a word gets lost: what was
not understood is said again, and so is a wish that was taken for another one; a number that is read back wrongly is
denied; and who is asked about what they do not want says "never mind".
"""

import json
import re
import sqlite3
from dataclasses import dataclass

import httpx

from demo.script import Line, do_line, until_quiet
from demo.sip import open_telephone
from dialog.asking import AGREE
from dialog.repair import NO_INPUT, NO_MATCH
from dialog.types import Next

BETWEEN = ""
"""The place between flows."""
MOST_TURNS = 20
MOST_MISLEADINGS = 2
TOLD_TO_KEY = 2
"""From so many failures on we say which key is the yes."""
PATIENCE_S = 9.0
NEWEST_PLAN = """
    select body from events
    where name = 'turn.planned' and call_id = (
        select call_id from events
        where name = 'call.started' and json_extract(body, '$.caller') = ? order by at desc limit 1
    )
    order by seq desc limit 1
"""


@dataclass(frozen=True)
class Says:
    """Says something; `value` is what a slot should then hold."""

    text: str
    value: str | None = None
    once: bool = False
    """Not again, whatever comes of it."""


@dataclass(frozen=True)
class Keys:
    """Presses keys."""

    keys: str
    once: bool = False

    @property
    def value(self):
        return self.keys


@dataclass(frozen=True)
class KeysTheCode:
    """Keys in the code of the last text message to their number."""

    value: str | None = None
    once: bool = False


Deed = Says | Keys | KeysTheCode
YES, NO, NEVER_MIND = Says("Yes, that's right."), Says("No, that's wrong."), Says("Never mind.")


@dataclass(frozen=True)
class Where:
    """Where the conversation is."""

    place: str
    """Flow and step; empty between flows."""
    read_back: str | None
    """A value that waits for a yes."""
    offered: bool
    """That, or a change that waits for the caller's agreement."""
    turn: int
    """How often the person was heard, or not heard for too long."""
    failures: int
    """How often running what was said was not understood, or not heard."""
    acting: bool
    over: bool

    @classmethod
    def of(cls, plan):
        state = plan["state"]
        offered = state["offered"]
        return cls(
            place=f"{state['flow']}.{state['step']}" if state["flow"] else BETWEEN,
            read_back=offered if offered and not offered.startswith(AGREE) else None,
            offered=offered is not None,
            turn=plan["turn"],
            failures=state["repairs"] if plan["repair"] in {NO_MATCH, NO_INPUT} else 0,
            acting=plan["then"] == Next.AWAIT_ACTIONS.value,
            over=plan["then"] == Next.HANG_UP.value,
        )


class Person:
    """One caller. `answers`: by flow and step what they do there, in turn, the last of it again and again."""

    def __init__(self, caller, number, answers):
        self._caller = caller
        self._number = number
        self._left = {place: [_deed(one) for one in deeds] for place, deeds in answers.items()}
        spoken = (YES, NO, NEVER_MIND, *(deed for deeds in self._left.values() for deed in deeds))
        self._lines = {one: caller.says(one.text) for one in spoken if isinstance(one, Says)}
        self._last = {}
        """What they did last, by place."""
        self._misleadings = 0
        self._deed = None
        """What they did last, and in which turn."""
        self._turn = 0

    async def call(self):
        """The whole call. Returns its record."""
        async with open_telephone(self._number) as telephone:
            await self._caller.connect(telephone, self._number)
            heard = await until_quiet(telephone, after=0)
            for _ in range(MOST_TURNS):
                where = self._where()
                if telephone.ended.is_set() or where.over:
                    break
                if where.acting:
                    heard = await until_quiet(telephone, after=heard)
                else:
                    heard = await do_line(telephone, await self._line(self._next(where)), heard)
            await self._caller.end(telephone, PATIENCE_S)
            return await self._caller.record(self._number, telephone)

    def _where(self):
        with sqlite3.connect(
            f"file:{self._caller.stack.data_dir / 'warmline.db'}?mode=ro", uri=True
        ) as store:
            ((body,),) = store.execute(NEWEST_PLAN, (self._number,)).fetchall()
        return Where.of(json.loads(body))

    def _next(self, where):
        """What they do now: what they did before, where nobody has heard it."""
        if self._deed is None or where.turn > self._turn:
            self._deed, self._turn = self._answer(where), where.turn
        return self._deed

    def _answer(self, where):
        last = self._last.get(where.place)
        right = last is None or last.value in {None, where.read_back}
        if where.failures >= TOLD_TO_KEY and where.offered:
            return Keys("1" if where.read_back is None or right else "2")
        if where.read_back is not None:
            return YES if right else NO
        if where.place not in self._left:
            if self._left[BETWEEN][0] != self._last[BETWEEN]:
                self._left[BETWEEN].insert(0, self._last[BETWEEN])
            return NEVER_MIND
        if last is not None and not last.once and (where.failures or self._misled(where.place)):
            return last
        deeds = self._left[where.place]
        self._last[where.place] = deeds.pop(0) if len(deeds) > 1 else deeds[0]
        return self._last[where.place]

    def _misled(self, place):
        """Whether they said what they want, and were not asked about it but told something else, once or twice."""
        asked = self._last.keys() - {BETWEEN}
        if place != BETWEEN or asked or self._left.keys() == {BETWEEN}:
            return False
        self._misleadings += 1
        return self._misleadings <= MOST_MISLEADINGS

    async def _line(self, deed):
        match deed:
            case Says():
                return self._lines[deed]
            case Keys(keys):
                return Line(keys, keys=keys)
            case KeysTheCode():
                return Line("the code", keys=await self._code())

    async def _code(self):
        stack = self._caller.stack
        path = f"{stack.line_url}/2010-04-01/Accounts/{stack.account_sid}/Messages.json"
        async with httpx.AsyncClient(auth=(stack.account_sid, stack.auth_token)) as client:
            listed = await client.get(path, params={"To": self._number})
        return re.search(r"\b\d{6}\b", listed.json()["messages"][0]["body"])[0]


def _deed(told):
    return Says(told) if isinstance(told, str) else told
