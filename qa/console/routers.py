"""The routes of all pages of the console."""

from fastapi import APIRouter

from qa.console.calls import create_calls_router
from qa.console.console import Console
from qa.console.privacy.routes import create_privacy_router
from web.app import Site


def create_console_routers(site: Site, console: Console) -> list[APIRouter]:
    """One router a room of the console, to be given to `web.app.create_web_app`."""
    return [
        create_calls_router(site, console),
        create_privacy_router(site, console),
    ]
