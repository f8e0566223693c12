"""The pages of the agent desk. They speak HTTP and decide nothing about a call: `DeskCalls` does."""

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Header, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse, StreamingResponse

from handoff.after.disposition import DispositionError, dispose
from handoff.desk import overview
from handoff.desk.calls import KeyOutcome
from handoff.desk.desk import Desk
from handoff.desk.live import LivePage, Mark, mark_of
from handoff.desk.pieces import CHOICES, Pieces
from handoff.desk.words import REASONS, WRONG
from handoff.roster.person import Presence
from handoff.transfer.keys import DECLINE, TAKE
from handoff.transfer.types import Transfer
from web.accounts import Account, Role
from web.app import Site
from web.server_sent import EVENT_STREAM

DESK = "/desk"
CALLS = DESK + "/calls"
NOTICES = {
    "taken": "A colleague has taken the call.",
    "gone": "That is no longer possible: the call has moved on.",
    "declined": "You have declined the call.",
    "finished": "Thank you. The call is finished.",
    "handed_back": "The caller is back with the assistant.",
    "coming": "Your telephone will ring in a moment.",
    "unfinished": "Say what came of your last call before you become available.",
    "claimed": "You are in a call: your presence follows from it.",
}
"""What the page says after something was done, by code."""


def create_desk_router(site: Site, desk: Desk) -> APIRouter:
    """The routes."""
    return _Routes(site, desk).router()


class _Routes:
    """What each route does."""

    def __init__(self, site: Site, desk: Desk) -> None:
        self._site = site
        self._desk = desk

    def router(self) -> APIRouter:
        door = self._site.door
        seer = Depends(door.needs(Role.AGENT, Role.SUPERVISOR))
        agent = Depends(door.needs(Role.AGENT))
        router = APIRouter(prefix=DESK, dependencies=[Depends(door.check_form)])

        @router.get("")
        async def first(request: Request, account: Account = seer, notice: str = "") -> Response:
            return await self.first(request, account, notice)

        @router.get("/calls/{transfer_id}")
        async def call(
            request: Request, transfer_id: str, account: Account = seer, notice: str = ""
        ) -> Response:
            return await self.call(request, account, await self.visible(account, transfer_id), notice)

        @router.get("/live")
        async def live(
            request: Request,
            account: Account = seer,
            call: str = "",
            mark: str = "",
            last_event_id: Annotated[str | None, Header()] = None,
        ) -> Response:
            return await self.live(request, account, call, last_event_id or mark)

        @router.post("/presence")
        async def presence(
            request: Request, presence: Annotated[Presence, Form()], account: Account = agent
        ) -> Response:
            return await self.presence(request, account, presence)

        @router.post("/transfers/{transfer_id}/accept")
        async def accept(transfer_id: str, account: Account = agent) -> Response:
            outcome = await self._desk.calls.key(transfer_id, account.person_id, TAKE)
            return self.after(outcome, f"{CALLS}/{transfer_id}")

        @router.post("/transfers/{transfer_id}/decline")
        async def decline(
            transfer_id: str, reason: Annotated[str, Form()] = "", account: Account = agent
        ) -> Response:
            why = reason if reason in REASONS else None
            outcome = await self._desk.calls.key(transfer_id, account.person_id, DECLINE, why)
            return self.after(outcome, f"{DESK}?notice=declined")

        @router.post("/transfers/{transfer_id}/take")
        async def take(transfer_id: str, account: Account = agent) -> Response:
            await self.waits(account, transfer_id)
            outcome = await self._desk.calls.take(transfer_id, account.person_id)
            return self.after(outcome, f"{DESK}?notice=coming")

        @router.post("/transfers/{transfer_id}/hand-back")
        async def hand_back(
            transfer_id: str, task: Annotated[str, Form()] = "", account: Account = agent
        ) -> Response:
            transfer = await self.own(account, transfer_id)
            known = task if task in self._desk.words.tasks else None
            outcome = await self._desk.calls.hand_back(transfer.id, known)
            return self.after(outcome, f"{CALLS}/{transfer.id}?notice=handed_back")

        @router.post("/transfers/{transfer_id}/disposition")
        async def disposition(request: Request, transfer_id: str, account: Account = agent) -> Response:
            return await self.disposition(request, account, await self.own(account, transfer_id))

        return router

    # Pages

    async def first(self, request: Request, account: Account, notice: str) -> Response:
        """Who waits, and what rings."""
        pieces = self.pieces(request, account)
        parts = await pieces.overview(await self._desk.watch.snapshot())
        return self._site.pages.page(
            "desk/first.html",
            request,
            account,
            parts=parts,
            live=f"{DESK}/live?mark={mark_of(0, parts)}",
            unfinished=await self._desk.unfinished(account.person_id),
            words=self._desk.words,
            looks=pieces.all_queues,
            notice=NOTICES.get(notice, ""),
        )

    async def call(
        self,
        request: Request,
        account: Account,
        transfer: Transfer,
        notice: str = "",
        *,
        form: Mapping[str, str] | None = None,
        problems: Mapping[str, str] | None = None,
    ) -> Response:
        """One call."""
        pieces = self.pieces(request, account, transfer.id)
        events = await self._desk.log.read(transfer.order.call_id)
        view = self._desk.board.show(transfer.order.call_id, events)
        parts = await pieces.overview(await self._desk.watch.snapshot())
        parts |= await pieces.call(transfer, events)
        values: dict[str, Any] = {
            "view": view,
            "transfer": transfer,
            "mine": overview.took(transfer, account.person_id),
            "is_disposed": account.person_id in view.disposed,
            "queue": self._desk.words.queue(transfer.order.queue),
            "words": self._desk.words,
            "wrong": WRONG,
            "form": form or {},
            "problems": problems or {},
        }
        return self._site.pages.page(
            "desk/call.html",
            request,
            account,
            422 if problems else 200,
            parts=parts,
            live=f"{DESK}/live?call={transfer.id}&mark={mark_of(view.seq, parts)}",
            lines=[pieces.line(line) for line in view.lines],
            notice=NOTICES.get(notice, ""),
            **values,
        )

    async def live(self, request: Request, account: Account, call: str, mark: str) -> Response:
        """The stream of a page."""
        transfer = await self.visible(account, call) if call else None

        async def welcome() -> bool:
            now = await self._site.door.account(request)
            return now is not None and now.has(Role.AGENT, Role.SUPERVISOR)

        page = LivePage(
            self._desk, self.pieces(request, account, call or None), transfer, Mark.read(mark), welcome
        )
        headers = {"x-accel-buffering": "no"}  # nginx would hold the stream back
        return StreamingResponse(page.stream(), media_type=EVENT_STREAM, headers=headers)

    # What agents do

    async def presence(self, request: Request, account: Account, presence: Presence) -> Response:
        """What somebody says of themselves; not `available` while a call of theirs is unfinished."""
        problem = ""
        if presence not in CHOICES:
            raise HTTPException(status_code=400, detail="not_yours_to_say")
        if presence is Presence.AVAILABLE and await self._desk.unfinished(account.person_id):
            problem = "unfinished"
        elif not await self._desk.roster.set_presence(account.person_id, presence):
            problem = "claimed"
        self._desk.watch.poke()
        if not request.headers.get("hx-request"):
            return RedirectResponse(f"{DESK}?notice={problem}" if problem else DESK, status_code=303)
        parts = await self.pieces(request, account).overview(await self._desk.watch.snapshot())
        notice = self._site.pages.piece("desk/_notice_aside.html", text=NOTICES.get(problem, ""))
        return HTMLResponse(parts.get("presence", "") + notice)

    async def disposition(self, request: Request, account: Account, transfer: Transfer) -> Response:
        """What came of a call."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            disposed = dispose(
                form, self._desk.playbook(), agent=account.person_id, queue=transfer.order.queue
            )
        except DispositionError as error:
            return await self.call(request, account, transfer, form=form, problems=error.problems)
        if not await self._desk.is_disposed(transfer.order.call_id, account.person_id):
            await self._desk.calls.dispose(transfer.order.call_id, disposed)
        self._desk.watch.poke()
        return RedirectResponse(f"{DESK}?notice=finished", status_code=303)

    def after(self, outcome: KeyOutcome, done: str) -> Response:
        """Where the page goes on."""
        self._desk.watch.poke()
        where = done if outcome is KeyOutcome.DONE else f"{DESK}?notice={outcome.value}"
        return RedirectResponse(where, status_code=303)

    # Who may see what

    def pieces(self, request: Request, account: Account, shows: str | None = None) -> Pieces:
        """The pieces that an account sees."""
        csrf = self._site.sessions.token_of(request.cookies)
        everything = account.has(Role.SUPERVISOR)
        return Pieces(self._desk, self._site.pages, account.person_id, csrf, everything, shows)

    async def visible(self, account: Account, transfer_id: str) -> Transfer:
        """A call that this account may look at: their own, or any for a supervisor."""
        transfer = await self._desk.transfer(transfer_id)
        if transfer is None:
            raise HTTPException(status_code=404, detail="unknown_call")
        if not account.has(Role.SUPERVISOR) and not overview.took(transfer, account.person_id):
            raise HTTPException(status_code=404, detail="unknown_call")
        return transfer

    async def own(self, account: Account, transfer_id: str) -> Transfer:
        """A call that this account has taken."""
        transfer = await self._desk.transfer(transfer_id)
        if transfer is None or not overview.took(transfer, account.person_id):
            raise HTTPException(status_code=404, detail="unknown_call")
        return transfer

    async def waits(self, account: Account, transfer_id: str) -> None:
        """That a caller waits in a queue which this account sees."""
        snapshot = await self._desk.watch.snapshot()
        person = snapshot.person(account.person_id)
        everything = account.has(Role.SUPERVISOR)
        seen = (
            overview.waiting(snapshot.transfers, person, self._desk.words, all_queues=everything)
            if person is not None
            else ()
        )
        if transfer_id not in {row.transfer_id for row in seen}:
            raise HTTPException(status_code=404, detail="unknown_call")
