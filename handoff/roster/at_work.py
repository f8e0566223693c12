"""The people of the roster, as transfers need them: who is free, who is kept, who is let go."""

from collections.abc import Callable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from dialog.playbook import Playbook
from handoff.roster.choose import Choice, fitting, reachable, targets
from handoff.roster.people import WRAP_UP_S, People
from handoff.roster.person import Person, Presence
from handoff.transfer.types import Leg, LegResult, Target, Transfer


class AtWork:
    """A transfer's view of the people, by the playbook in force. `now` gives aware times."""

    def __init__(self, people: People, playbook: Callable[[], Playbook], now: Callable[[], datetime]) -> None:
        self._people = people
        self._playbook = playbook
        self._now = now

    async def reachable(self) -> tuple[str, ...]:
        """The queues for which somebody can be rung now, or soon."""
        return reachable(self._playbook(), await self._people.all(), self._now())

    async def choose(self, queue: str, tried: Sequence[str] = ()) -> Choice:
        """Who is rung for a caller of a queue, besides those that were."""
        playbook = self._playbook()
        local = self._now().astimezone(ZoneInfo(playbook.queues.timezone))
        people = await self._people.all()
        return targets(queue, playbook.queues, people, local, playbook.head.language, tried)

    async def fitting(self, queue: str) -> list[Person]:
        """Our own agents who could take a call of a queue, whether they are there or not."""
        playbook = self._playbook()
        known = playbook.queues.queues.get(queue)
        return fitting(known, await self._people.all(), playbook.head.language) if known is not None else []

    def wrap_up_s(self, queue: str) -> float:
        """How long agents of a queue have for writing up a call, in seconds."""
        known = self._playbook().queues.queues.get(queue)
        return known.limits.wrap_up_s if known is not None else WRAP_UP_S

    async def found(self, transfer: Transfer) -> tuple[Sequence[Target], bool]:
        """Who has become free for a waiting caller, and whether more may."""
        choice = await self.choose(
            transfer.order.queue, [leg.target.address for leg in transfer.legs if leg.rung]
        )
        return choice.targets, choice.may_wait

    async def claim(self, target: Target, transfer_id: str) -> bool:
        """Keep an agent for a transfer. Returns whether they were free."""
        return target.agent is None or await self._people.claim(target.agent, transfer_id)

    async def release(self, leg: Leg, transfer_id: str, *, talked: bool) -> None:
        """Let an agent go; who has talked writes up the call first, who did not answer is not rung again at once."""
        if leg.target.agent is None:
            return
        missed = Presence.AWAY if leg.result is LegResult.NO_ANSWER else Presence.AVAILABLE
        to = Presence.WRAP_UP if talked else missed
        wrap_up_s = self.wrap_up_s(leg.target.queue)
        await self._people.release(leg.target.agent, to, transfer_id=transfer_id, wrap_up_s=wrap_up_s)
