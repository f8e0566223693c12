"""The routes of all pages of the console."""

from fastapi import APIRouter

from qa.console.calls import create_calls_router
from qa.console.console import Console
from qa.console.replay.routes import create_replay_router
from qa.console.scorecards.routers import create_scorecard_routers
from web.app import Site


def create_console_routers(site: Site, console: Console) -> list[APIRouter]:
    """One router a room of the console, to be given to `web.app.create_web_app`."""
    return [
        create_calls_router(site, console),
        create_replay_router(site, console),
        *create_scorecard_routers(site, console),
    ]
