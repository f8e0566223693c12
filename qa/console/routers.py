"""The routes of all pages of the console."""

from fastapi import APIRouter

from qa.console.calls import create_calls_router
from qa.console.console import Console
from qa.console.reruns.jobs import RerunJobs
from qa.console.reruns.routes import create_reruns_router
from web.app import Site


def create_console_routers(site: Site, console: Console) -> list[APIRouter]:
    """One router a room of the console, to be given to `web.app.create_web_app`."""
    engine = console.facts.engine
    jobs = RerunJobs(console.data_dir, engine.url.render_as_string(hide_password=False))
    return [
        create_calls_router(site, console),
        create_reruns_router(site, console, jobs),
    ]
