"""The pages on corrections: all of them, to be accepted or rejected, and the form for one call."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.learning.fates import fates_of
from qa.console.learning.learning import Learning
from qa.console.learning.words import CORRECTIONS as KINDS
from qa.console.learning.words import STATES
from qa.console.places import CALLS, CORRECTIONS, navigation_of
from qa.learning.correction import CorrectionError, Kind, State, checked
from qa.learning.from_call import heard_turns, new
from qa.learning.gather import gather_from_desk
from qa.learning.lessons import names
from web.accounts import Account, Role
from web.app import Site

SHOWN = 100


def create_corrections_router(site: Site, console: Console) -> APIRouter:
    """The routes; none where nothing is learnt."""
    router = APIRouter(prefix=CORRECTIONS, dependencies=[Depends(site.door.check_form)])
    if console.learning is not None:
        _Corrections(site, console, console.learning).add_to(router)
    return router


class _Corrections:
    """What each route does."""

    def __init__(self, site: Site, console: Console, learning: Learning) -> None:
        self._site = site
        self._console = console
        self._learning = learning

    def add_to(self, router: APIRouter) -> None:
        reader = Depends(self._site.door.needs(Role.ANALYST, Role.SUPERVISOR))

        @router.get("")
        async def listed(request: Request, account: Account = reader, state: State = State.OPEN) -> Response:
            return await self.listed(request, account, state)

        @router.post("/gather")
        async def gather(account: Account = reader) -> Response:
            read = self._console.log.read
            await gather_from_desk(self._console.facts.engine, read, self._learning.corrections)
            return RedirectResponse(CORRECTIONS, status_code=303)

        @router.post("/{correction_id}/judge")
        async def judge(
            correction_id: str,
            state: Annotated[State, Form()],
            onward: Annotated[State, Form()] = State.OPEN,
            account: Account = reader,
        ) -> Response:
            if not await self._learning.corrections.judge(correction_id, state, account.person_id):
                raise HTTPException(404)
            return RedirectResponse(f"{CORRECTIONS}?state={onward.value}", status_code=303)

        @router.get("/calls/{call_id}")
        async def call(request: Request, call_id: str, account: Account = reader) -> Response:
            return await self.call(request, account, call_id)

        @router.post("/calls/{call_id}")
        async def correct(
            request: Request,
            call_id: str,
            kind: Annotated[Kind, Form()],
            turn: Annotated[int, Form(ge=0)] = 0,
            meant: Annotated[str, Form()] = "",
            said: Annotated[str, Form()] = "",
            account: Account = reader,
        ) -> Response:
            right = said if kind is Kind.TRANSCRIPT else meant
            return await self.correct(request, account, call_id, (kind, turn, right.strip() or None))

    async def listed(self, request: Request, account: Account, state: State) -> Response:
        found = await self._learning.corrections.page(state, limit=SHOWN)
        if found:
            await self.note(account, None, f"corrections, {state.value}")
        return self._site.pages.page(
            "qa/learning/corrections.html",
            request,
            account,
            navigation=navigation_of(account),
            corrections=found,
            counts=await self._learning.corrections.counts(),
            state=state,
            kinds=KINDS,
            states=STATES,
            here=CORRECTIONS,
            fates=fates_of(self._learning, found),
        )

    async def call(
        self, request: Request, account: Account, call_id: str, fault: CorrectionError | None = None
    ) -> Response:
        events = await self._console.log.read(call_id)
        if not events:
            raise HTTPException(404)
        await self.note(account, call_id, "corrections")
        made = await self._learning.corrections.page(call_id=call_id)
        return self._site.pages.page(
            "qa/learning/correct.html",
            request,
            account,
            400 if fault is not None else 200,
            navigation=navigation_of(account),
            call_id=call_id,
            turns=heard_turns(events),
            names=sorted(names(self._console.playbook())),
            made=made,
            kinds=KINDS,
            states=STATES,
            fault=fault,
            here=CORRECTIONS,
            calls=CALLS,
            fates=fates_of(self._learning, made),
        )

    async def correct(
        self, request: Request, account: Account, call_id: str, given: tuple[Kind, int, str | None]
    ) -> Response:
        kind, turn, meant = given
        heard = {one.turn: one.text for one in heard_turns(await self._console.log.read(call_id))}
        made = new(call_id, turn, kind, heard.get(turn, ""), meant, account.person_id, self._console.now())
        try:
            checked(made, names(self._console.playbook()))
        except CorrectionError as fault:
            return await self.call(request, account, call_id, fault)
        await self._learning.corrections.add(made)
        return RedirectResponse(f"{CORRECTIONS}/calls/{call_id}#made", status_code=303)

    async def note(self, account: Account, call_id: str | None, detail: str) -> None:
        """What callers said is shown."""
        await self._console.access.note(account.person_id, Accessed.OPENED, call_id, detail)
