"""The pieces of a desk page as HTML, for its first showing and for every change."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from calls.events import CallEvent
from handoff.desk import overview
from handoff.desk.assist import Suggestions
from handoff.desk.board import CallView
from handoff.desk.desk import Desk
from handoff.desk.mood import HEIGHT, WIDTH
from handoff.desk.overview import Lost
from handoff.desk.tickets import Ticket
from handoff.desk.transcript import Line
from handoff.desk.watch import Snapshot
from handoff.desk.words import REASONS
from handoff.roster.person import Presence
from handoff.transfer.standing import phase
from handoff.transfer.types import Phase, Transfer
from web.pages import Pages

CHOICES = {
    Presence.AVAILABLE: "Available",
    Presence.AWAY: "Away",
    Presence.OFFLINE: "Offline",
}
"""What somebody can say of themselves."""
SHOWN = {**CHOICES, Presence.BUSY: "Busy", Presence.WRAP_UP: "Wrap-up"}
LOST = {
    Lost.TAKEN: "A colleague has taken the call.",
    Lost.CALLER_GONE: "The caller has hung up.",
    Lost.NO_ANSWER: "You did not answer in time. The call has gone on to the next agent.",
    Lost.DECLINED: "You have declined the call.",
    Lost.WITHDRAWN: "The call need not be taken any more.",
}
STANDS = {
    Phase.REQUESTED: "Being handed over",
    Phase.HOLDING: "Caller on hold",
    Phase.RINGING: "Ringing",
    Phase.BRIEFING: "Briefing",
    Phase.ACCEPTED: "Connecting",
    Phase.BRIDGING: "Connecting",
    Phase.BRIDGED: "Connected",
    Phase.DONE: "Call over",
}


@dataclass
class Pieces:
    """The pieces that one person sees. `shows` is the transfer whose call their page shows, if any."""

    desk: Desk
    pages: Pages
    person_id: str
    csrf: str
    """What their forms must carry."""
    all_queues: bool
    shows: str | None = None
    _ringing: str | None = field(default=None, init=False)
    _suggestions: tuple[tuple[str, ...], Suggestions] = field(default=((), Suggestions()), init=False)
    _tickets: tuple[str, Sequence[Ticket]] | None = field(default=None, init=False)

    async def overview(self, snapshot: Snapshot) -> dict[str, str]:
        """What every desk page has: `presence`, `queue`, `ring`."""
        person = snapshot.person(self.person_id)
        if person is None:
            return {}
        rows = overview.waiting(snapshot.transfers, person, self.desk.words, all_queues=self.all_queues)
        return {
            "presence": self._piece("_presence.html", person=person, choices=CHOICES, shown=SHOWN),
            "queue": self._piece(
                "_queue.html", rows=rows, stands=STANDS, person=person, looks=self.all_queues
            ),
            "ring": await self._ring(snapshot),
        }

    async def call(self, transfer: Transfer, events: Sequence[CallEvent]) -> dict[str, str]:
        """What the page of a call has besides: `bar`, `say`, `facts`, `slots`, `mood`, `assist`, `hand-back`."""
        view = self.desk.board.show(transfer.order.call_id, events)
        stands = phase(transfer)
        mine = overview.took(transfer, self.person_id)
        values = {"view": view, "transfer": transfer, "phase": stands, "stands": STANDS[stands], "mine": mine}
        return {
            "bar": self._piece("_bar.html", **values),
            "say": self._piece("_say.html", **values),
            "facts": self._piece("_facts.html", **values),
            "slots": self._piece("_slots.html", **values),
            "mood": self._piece("_mood.html", mood=view.mood, width=WIDTH, height=HEIGHT),
            "assist": self._piece(
                "_assist.html", help=await self._suggest(view), tickets=await self._open_tickets(view)
            ),
            "hand-back": self._piece("_hand_back.html", tasks=self.desk.words.tasks, **values),
        }

    def line(self, line: Line) -> str:
        """One line of the transcript."""
        return self._piece("_line.html", line=line, you="Agent" if self.all_queues else "You")

    async def notice(self, snapshot: Snapshot) -> str:
        """Why the agent is no longer rung, once; empty where there is nothing to say."""
        person = snapshot.person(self.person_id)
        ring = overview.ring(snapshot.transfers, person, self.desk.words) if person is not None else None
        before, self._ringing = self._ringing, ring.transfer_id if ring is not None else None
        if before is None or before == self._ringing:
            return ""
        transfer = await self.desk.transfer(before)
        why = overview.lost(transfer, self.person_id) if transfer is not None else None
        return self._piece("_notice.html", text=LOST[why]) if why is not None else ""

    async def _ring(self, snapshot: Snapshot) -> str:
        person = snapshot.person(self.person_id)
        taken = overview.current(snapshot.transfers, self.person_id)
        ring = overview.ring(snapshot.transfers, person, self.desk.words) if person is not None else None
        if ring is None:
            elsewhere = taken is not None and taken.id != self.shows
            return self._piece("_taken.html", transfer=taken) if elsewhere else ""
        view = await self.desk.view(ring.call_id)
        return self._piece("_ring.html", ring=ring, view=view, reasons=REASONS)

    async def _suggest(self, view: CallView) -> Suggestions:
        words = view.caller_words
        if words != self._suggestions[0]:
            self._suggestions = (words, await self.desk.assist.suggest(words))
        return self._suggestions[1]

    async def _open_tickets(self, view: CallView) -> Sequence[Ticket]:
        """Asked once for each caller: a helpdesk is another machine. None for who has not shown who they are."""
        if not view.caller.level:
            return ()
        key = view.caller.customer or ""
        if self._tickets is None or self._tickets[0] != key:
            self._tickets = (key, await self.desk.tickets.open_of(view.caller))
        return self._tickets[1]

    def _piece(self, template: str, **values: object) -> str:
        return self.pages.piece(f"desk/{template}", csrf=self.csrf, **values)
