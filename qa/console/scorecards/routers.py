"""The routes of all pages on scorecards."""

from fastapi import APIRouter

from qa.console.console import Console
from qa.console.scorecards.anew_routes import create_anew_router
from qa.console.scorecards.comparing_routes import create_comparing_router
from qa.console.scorecards.dispute_routes import create_dispute_router
from qa.console.scorecards.draft_routes import create_draft_router
from qa.console.scorecards.form_routes import create_form_router
from qa.console.scorecards.score_routes import create_score_router
from web.app import Site


def create_scorecard_routers(site: Site, console: Console) -> list[APIRouter]:
    """None, where the console has no scorecards."""
    if console.reviews is None:
        return []
    anew = [] if console.scoring is None else [create_anew_router(site, console.scoring)]
    return [
        *anew,
        create_score_router(site, console, console.reviews),
        create_form_router(site, console.reviews, console.scoring),
        create_draft_router(site, console.reviews, console.scoring),
        create_dispute_router(site, console.reviews),
        create_comparing_router(site, console, console.reviews),
    ]
