"""The parts of the desk, and what its pages ask of them."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from calls.events import CallDisposed
from calls.log import CallLog
from dialog.playbook import Playbook
from handoff.desk.assist import Assist, NoAssist
from handoff.desk.board import CallView, DeskBoard
from handoff.desk.calls import DeskCalls
from handoff.desk.overview import took
from handoff.desk.tickets import NoTickets, Tickets
from handoff.desk.watch import DeskWatch, Roster, Snapshot
from handoff.desk.words import DeskWords, words_of
from handoff.transfer.store import TransferStore, TransferUnknownError
from handoff.transfer.types import Transfer

UNFINISHED_FOR = timedelta(hours=12)
"""So long the desk reminds of a call whose disposition is missing."""


@dataclass
class Desk:
    """All that the pages need. `now` gives aware times."""

    log: CallLog
    transfers: TransferStore
    roster: Roster
    calls: DeskCalls
    playbook: Callable[[], Playbook]
    """The one that answers now: it is read anew when it changes."""
    now: Callable[[], datetime]
    assist: Assist = field(default_factory=NoAssist)
    tickets: Tickets = field(default_factory=NoTickets)
    watch: DeskWatch = field(init=False)
    _known: tuple[Playbook, DeskWords] | None = field(default=None, init=False)
    _disposed: set[tuple[str, str]] = field(default_factory=set, init=False)

    def __post_init__(self) -> None:
        self.watch = DeskWatch(self._snapshot)

    @property
    def words(self) -> DeskWords:
        """The playbook's names."""
        playbook = self.playbook()
        if self._known is None or self._known[0] is not playbook:
            self._known = (playbook, words_of(playbook))
        return self._known[1]

    @property
    def board(self) -> DeskBoard:
        """What projects calls."""
        return DeskBoard(self.playbook(), self.words)

    async def transfer(self, transfer_id: str) -> Transfer | None:
        """One transfer; None where there is none of that id."""
        try:
            return await self.transfers.read(transfer_id)
        except TransferUnknownError:
            return None

    async def view(self, call_id: str) -> CallView:
        """One call as it stands."""
        return self.board.show(call_id, await self.log.read(call_id))

    async def unfinished(self, person_id: str) -> list[Transfer]:
        """The calls that this agent has taken and not yet said anything of, newest first."""
        recent = await self.transfers.changed_since(self.now() - UNFINISHED_FOR)
        mine = [transfer for transfer in recent if took(transfer, person_id)]
        return [one for one in mine if not await self.is_disposed(one.order.call_id, person_id)]

    async def is_disposed(self, call_id: str, person_id: str) -> bool:
        """Whether this agent has said what came of a call."""
        if (call_id, person_id) in self._disposed:
            return True
        events = await self.log.read(call_id)
        done = any(isinstance(one.body, CallDisposed) and one.body.agent == person_id for one in events)
        if done:  # it is never taken back
            self._disposed.add((call_id, person_id))
        return done

    async def _snapshot(self) -> Snapshot:
        return Snapshot(await self.transfers.open(), await self.roster.all())
