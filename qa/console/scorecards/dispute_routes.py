"""Disputes: who raised them, and how they are settled."""

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse

from qa.console.places import DISPUTES, QA, navigation_of
from qa.scorecards.reviews import NotAllowedError, ReviewError, Reviews
from qa.scorecards.seeing import may_settle
from qa.scorecards.store import SettledError
from qa.scorecards.values import Dispute, DisputeState
from web.accounts import Account, Role
from web.app import Site

STANDS = "-"


def create_dispute_router(site: Site, reviews: Reviews) -> APIRouter:
    """The routes."""
    anybody = Depends(site.door.needs(Role.ANALYST, Role.SUPERVISOR, Role.AGENT))
    supervisor = Depends(site.door.needs(Role.SUPERVISOR))
    router = APIRouter(prefix=QA, dependencies=[Depends(site.door.check_form)])

    async def disputes_page(request: Request, account: Account, problem: str = "") -> Response:
        every = await reviews.store.disputes_of()
        seen = [
            one
            for one in every
            if account.has(Role.ANALYST, Role.SUPERVISOR) or one.raised_by == account.person_id
        ]
        ordered = sorted(seen, key=lambda one: (one.state is not DisputeState.OPEN, one.raised_at))
        return site.pages.page(
            "qa/scorecards/disputes.html",
            request,
            account,
            422 if problem else 200,
            navigation=navigation_of(account),
            rows=[await _row(reviews, account, one) for one in ordered],
            problem=problem,
        )

    @router.get(DISPUTES.removeprefix(QA))
    async def disputes(request: Request, account: Account = anybody) -> Response:
        return await disputes_page(request, account)

    @router.post("/disputes/{dispute_id}/settle")
    async def settle(
        request: Request,
        dispute_id: str,
        right: Annotated[str, Form(max_length=60)] = STANDS,
        note: Annotated[str, Form(max_length=2000)] = "",
        account: Account = supervisor,
    ) -> Response:
        try:
            await reviews.settle(account, dispute_id, None if right == STANDS else right, note)
        except NotAllowedError:
            raise HTTPException(status_code=403, detail="not_yours_to_settle") from None
        except SettledError:
            raise HTTPException(status_code=409, detail="settled") from None
        except ReviewError as error:
            return await disputes_page(request, account, str(error))
        return RedirectResponse(DISPUTES, status_code=303)

    return router


async def _row(reviews: Reviews, account: Account, one: Dispute) -> dict[str, object]:
    evaluation = await reviews.store.evaluation(one.evaluation_id)
    version = (
        await reviews.active.store.get(evaluation.form, evaluation.version)
        if evaluation is not None
        else None
    )
    return {
        "dispute": one,
        "evaluation": evaluation,
        "question": version.form.question(one.question) if version is not None else None,
        "given": evaluation.answer(one.question) if evaluation is not None else None,
        "settles": evaluation is not None and may_settle(account, one, evaluation),
    }
