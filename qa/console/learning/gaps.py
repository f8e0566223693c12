"""The pages on what callers asked and nothing answered."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.learning.learning import Learning
from qa.console.learning.words import KINDS, TROUBLES, WHY
from qa.console.places import CALLS, GAPS, navigation_of
from qa.gaps.draft import Draft, DraftError, from_playbook, save, suggested_name, written
from qa.gaps.gap import GapState
from qa.gaps.store import Decided
from web.accounts import Account, Role
from web.app import Site

SHOWN = 50


def create_gaps_router(site: Site, console: Console) -> APIRouter:
    """The routes; none where nothing is learnt."""
    router = APIRouter(prefix=GAPS, dependencies=[Depends(site.door.check_form)])
    if console.learning is not None:
        _Gaps(site, console, console.learning).add_to(router)
    return router


class _Gaps:
    """What each route does."""

    def __init__(self, site: Site, console: Console, learning: Learning) -> None:
        self._site = site
        self._console = console
        self._learning = learning

    def add_to(self, router: APIRouter) -> None:
        reader = Depends(self._site.door.needs(Role.ANALYST, Role.SUPERVISOR))

        @router.get("")
        async def listed(
            request: Request, account: Account = reader, state: GapState = GapState.OPEN
        ) -> Response:
            return await self.listed(request, account, state)

        @router.post("/look")
        async def look(account: Account = reader) -> Response:
            await self._learning.gaps.look()
            return RedirectResponse(GAPS, status_code=303)

        @router.get("/{gap_id}")
        async def one(request: Request, gap_id: str, account: Account = reader) -> Response:
            gap = await self.known(gap_id)
            return await self.shown(request, account, gap, self.suggestion(gap))

        @router.post("/{gap_id}/reject")
        async def reject(gap_id: str, account: Account = reader) -> Response:
            await self.decide(gap_id, GapState.REJECTED, account)
            return RedirectResponse(GAPS, status_code=303)

        @router.post("/{gap_id}/open")
        async def reopen(gap_id: str, account: Account = reader) -> Response:
            await self.decide(gap_id, GapState.OPEN, account)
            return RedirectResponse(f"{GAPS}/{gap_id}", status_code=303)

        @router.post("/{gap_id}/accept")
        async def accept(
            request: Request,
            gap_id: str,
            name: Annotated[str, Form()] = "",
            title: Annotated[str, Form()] = "",
            spoken: Annotated[str, Form()] = "",
            questions: Annotated[str, Form()] = "",
            body: Annotated[str, Form()] = "",
            account: Account = reader,
        ) -> Response:
            draft = Draft(
                name=name.strip(),
                title=title,
                spoken=spoken,
                questions=tuple(questions.splitlines()),
                body=body.replace("\r\n", "\n"),
            )
            return await self.accept(request, account, await self.known(gap_id), draft)

    async def listed(self, request: Request, account: Account, state: GapState) -> Response:
        gaps = await self._learning.gaps.store.page(state, SHOWN)
        if gaps:
            await self.note(account, f"gaps, {state.value}")
        return self._site.pages.page(
            "qa/learning/gaps.html",
            request,
            account,
            navigation=navigation_of(account),
            gaps=gaps,
            state=state,
            states=list(GapState),
            kinds=KINDS,
            troubles=[(TROUBLES[one.trouble], one) for one in self._learning.gaps.troubles],
            here=GAPS,
        )

    async def shown(
        self, request: Request, account: Account, gap: Decided, draft: Draft, fault: DraftError | None = None
    ) -> Response:
        await self.note(account, f"gap {gap.gap_id}")
        return self._site.pages.page(
            "qa/learning/gap.html",
            request,
            account,
            400 if fault is not None else 200,
            navigation=navigation_of(account),
            gap=gap,
            draft=draft,
            fault=fault,
            kinds=KINDS,
            why=WHY,
            here=GAPS,
            calls=CALLS,
            drafts=self._learning.drafts.name,
        )

    async def accept(self, request: Request, account: Account, gap: Decided, draft: Draft) -> Response:
        try:
            text = written(draft, account.name, self._console.now().date())
        except DraftError as fault:
            return await self.shown(request, account, gap, draft, fault)
        if gap.state is not GapState.OPEN:
            raise HTTPException(409)
        await asyncio.to_thread(save, self._learning.drafts, draft.name, text)
        await self.decide(gap.gap_id, GapState.ACCEPTED, account, f"{draft.name}.md")
        return RedirectResponse(f"{GAPS}/{gap.gap_id}", status_code=303)

    def suggestion(self, gap: Decided) -> Draft:
        """An article to begin with: one that is there with more questions, or a new one out of what agents said."""
        playbook = self._console.playbook()
        if gap.article is not None and gap.article in playbook.articles:
            return from_playbook(playbook, gap.article, gap.questions)
        return Draft(
            name=suggested_name(gap.question),
            title=gap.question.rstrip("?.! ").capitalize(),
            spoken=gap.answers[0] if gap.answers else "",
            questions=gap.questions,
        )

    async def known(self, gap_id: str) -> Decided:
        gap = await self._learning.gaps.store.get(gap_id)
        if gap is None:
            raise HTTPException(404)
        return gap

    async def decide(self, gap_id: str, state: GapState, account: Account, draft: str | None = None) -> None:
        if not await self._learning.gaps.decide(gap_id, state, account.person_id, draft):
            raise HTTPException(409)

    async def note(self, account: Account, detail: str) -> None:
        """What callers said is shown."""
        await self._console.access.note(account.person_id, Accessed.OPENED, detail=detail)
