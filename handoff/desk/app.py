"""The desk and its sign-in as one application, to be mounted behind the telephone's routes."""

import time
from collections.abc import Callable

from fastapi import FastAPI

from handoff.desk import FOLDER
from handoff.desk.accounts import PeopleAccounts
from handoff.desk.desk import Desk
from handoff.desk.routes import DESK, create_desk_router
from handoff.roster.people import People
from web.app import create_site, create_web_app


def create_desk_app(
    desk: Desk, people: People, key: bytes, *, secure: bool, now: Callable[[], float] = time.time
) -> FastAPI:
    """The pages. It has no lifespan of its own: all parts are given.

    Args:
        desk: What the pages show and do.
        people: Who may sign in.
        key: Signs sessions (`Settings.web_key`): the same for all workers.
        secure: Whether people come by https (`Settings.is_https`).
        now: Seconds since the epoch.
    """
    site = create_site(PeopleAccounts(people), key, secure, now, [FOLDER])
    return create_web_app(site, [create_desk_router(site, desk)], lambda _account: DESK, time.monotonic)
