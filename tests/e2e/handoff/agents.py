"""The agents' telephones of the company."""

import asyncio
from collections import defaultdict

from demo.sip.own_phone import RTP_PORTS, Handset
from telephony.line.leg import LegEnd
from telephony.line.sip import SipEdge
from tests.e2e.handoff.soon import SOON_S, in_time

PASSWORD = "an agent needs one"


class Agents:
    """All agents' telephones, behind one SIP port. What rings is handed to whoever waits for that transfer."""

    def __init__(self):
        self._edge = SipEdge("127.0.0.1", 0, RTP_PORTS, self)
        self._rings = defaultdict(asyncio.Queue)
        self.handsets = []
        self.unnamed = asyncio.Queue()
        """Telephones that ring for no transfer that they know of: callers are put through to them."""

    async def __aenter__(self):
        await self._edge.start()
        return self

    async def __aexit__(self, *_):
        for handset in self.handsets:
            await handset.stop()
        await self._edge.stop()

    def address(self, name):
        return f"sip:{name}@127.0.0.1:{self._edge.port}"

    async def on_incoming(self, leg, to):
        handset = AgentsHandset(leg, to)
        self.handsets.append(handset)
        named = leg.headers.get("X-Transfer-Id")
        (self._rings[named] if named else self.unnamed).put_nowait(handset)

    async def ring(self, transfer_id, within_s=SOON_S):
        """The next telephone that rings for a transfer."""
        return await in_time(self._rings[transfer_id].get(), "no telephone rings", within_s)

    def more_rings(self, transfer_id):
        return not self._rings[transfer_id].empty()


class AgentsHandset(Handset):
    """An agent's telephone, ringing."""

    def __init__(self, leg, name):
        super().__init__(leg)
        self.name = name

    async def decline(self):
        await self._leg.reject(LegEnd.DECLINED)

    async def refuse(self, code):
        """With any final answer of SIP."""
        self._leg._call.reject(code)
        self._leg.ended(LegEnd.FAILED)
