"""The routes of all pages of the console."""

from fastapi import APIRouter

from qa.console.calls import create_calls_router
from qa.console.console import Console
from qa.console.learning.correcting import create_corrections_router
from qa.console.learning.gaps import create_gaps_router
from qa.console.learning.versions import create_versions_router
from web.app import Site


def create_console_routers(site: Site, console: Console) -> list[APIRouter]:
    """One router a room of the console, to be given to `web.app.create_web_app`."""
    return [
        create_calls_router(site, console),
        create_gaps_router(site, console),
        create_corrections_router(site, console),
        create_versions_router(site, console),
    ]
