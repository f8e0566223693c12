"""The routes of all pages of the console."""

from fastapi import APIRouter

from qa.console.accesses import create_accesses_router
from qa.console.calls import create_calls_router
from qa.console.console import Console
from qa.console.dashboard.routes import create_dashboard_router
from qa.console.exports import create_exports_router
from qa.console.learning.correcting import create_corrections_router
from qa.console.learning.gaps import create_gaps_router
from qa.console.learning.versions import create_versions_router
from qa.console.privacy.routes import create_privacy_router
from qa.console.replay.routes import create_replay_router
from qa.console.reruns.jobs import RerunJobs
from qa.console.reruns.routes import create_reruns_router
from qa.console.review import create_review_router
from qa.console.scorecards.routers import create_scorecard_routers
from qa.console.views import create_views_router
from web.app import Site


def create_console_routers(site: Site, console: Console) -> list[APIRouter]:
    """One router a room of the console, to be given to `web.app.create_web_app`."""
    engine = console.facts.engine
    jobs = RerunJobs(console.data_dir, engine.url.render_as_string(hide_password=False))
    return [
        create_dashboard_router(site, console),
        create_calls_router(site, console),
        create_exports_router(site, console),
        create_views_router(site, console),
        create_review_router(site, console),
        create_accesses_router(site, console),
        create_replay_router(site, console),
        *create_scorecard_routers(site, console),
        create_reruns_router(site, console, jobs),
        create_gaps_router(site, console),
        create_corrections_router(site, console),
        create_versions_router(site, console),
        create_privacy_router(site, console),
    ]
