"""A company at work: servers, line, agents' telephones; and stories of callers who ask for a person there.

Callers press 0, so that nothing depends on what was understood; everything else is as it is at a customer's: processes,
SIP, RTP, signed webhooks, the REST API, the database. Whichever agent's telephone rings belongs to the story whose
transfer it rings for, so that many stories can be told at the same time.
"""

from contextlib import asynccontextmanager

import httpx

from demo.sip.own_phone import OwnTelephone
from tests.e2e.handoff.story import Story

OVER = {"completed", "busy", "failed", "no-answer", "canceled"}


class Office:
    """What all stories share."""

    def __init__(self, stack, agents, store, log, people):
        self.stack = stack
        self.agents = agents
        self.store = store
        self.log = log
        self.people = people
        self._numbers = iter(range(15550160000, 15550169999))
        self._rest = httpx.AsyncClient(
            base_url=f"{stack.line_url}/2010-04-01/Accounts/{stack.account_sid}",
            auth=(stack.account_sid, stack.auth_token),
        )
        self._faults = {}

    @asynccontextmanager
    async def call(self):
        """A caller who has dialled and is greeted."""
        number = f"+{next(self._numbers)}"
        async with OwnTelephone(number) as caller:
            story = Story(self, caller, number)
            await story.dial()
            try:
                yield story
            finally:
                await self.no_fault(*story.faulty)

    async def close(self):
        await self._rest.aclose()

    async def _status_of(self, sid):
        answer = await self._rest.get(f"/Calls/{sid}.json")
        return answer.json()["status"]

    async def are_over(self, sids):
        """Whether none of these calls is on the line any more."""
        return all([await self._status_of(sid) in OVER for sid in sids])

    async def open_calls(self):
        """All calls of the line that are not over."""
        answer = await self._rest.get("/Calls.json", params={"PageSize": 1000})
        return [call for call in answer.json()["calls"] if call["status"] not in OVER]

    async def fault(self, name=None, **faults):
        """What goes wrong from now on with one call (by its number, sid or address) and no other."""
        self._faults[name] = faults
        await self._put()

    async def no_fault(self, *names):
        if names:
            for name in names:
                self._faults.pop(name, None)
            await self._put()

    async def _put(self):
        async with httpx.AsyncClient(auth=(self.stack.account_sid, self.stack.auth_token)) as client:
            answer = await client.put(f"{self.stack.line_url}/line/faults", json={"calls": self._faults})
            assert answer.is_success, answer.text
