"""Renders pages: templates with what all of them need. Everything that is put into one is escaped."""

from datetime import UTC, datetime
from pathlib import Path

from fastapi import Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from web.accounts import Account
from web.assets import Assets
from web.sessions import Sessions

TEMPLATES = Path(__file__).with_name("templates")


class Pages:
    """The templates of `web` and of the folders that use it."""

    def __init__(self, assets: Assets, sessions: Sessions, *folders: Path) -> None:
        self._assets = assets
        self._sessions = sessions
        loaders = [FileSystemLoader(folder) for folder in (TEMPLATES, *folders)]
        self._environment = Environment(
            loader=ChoiceLoader(loaders),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.globals["asset"] = assets.url
        self._environment.globals["moment"] = moment

    def page(
        self, template: str, request: Request, account: Account | None, status: int = 200, **values: object
    ) -> Response:
        """A whole page.

        Raises:
            AssetsMissingError: its scripts are not installed.
        """
        self._assets.check()
        response = HTMLResponse(status_code=status)
        session = self._sessions.read(request.cookies) if account is not None else None
        secret = session.secret if session is not None else self._sessions.visit(request.cookies, response)
        text = self._environment.get_template(template).render(
            account=account, csrf=self._sessions.token(secret), path=request.url.path, **values
        )
        response.body = text.encode()
        response.headers["content-length"] = str(len(response.body))
        return response

    def piece(self, template: str, **values: object) -> str:
        """A piece of a page, safe to be put into another."""
        return Markup(self._environment.get_template(template).render(**values))  # noqa: S704 - escaped there


def moment(seconds: float) -> str:
    """Seconds since the epoch as an HTML time in UTC."""
    return datetime.fromtimestamp(seconds, UTC).isoformat()
