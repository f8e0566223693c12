"""The desk behind the routes of the telephone."""

import httpx
from fastapi import FastAPI

from handoff.desk.app import create_desk_app
from web.assets import NEEDED, Assets


async def test_a_telephone_line_whose_pages_lack_their_scripts_goes_on_answering(stage, monkeypatch):
    line = FastAPI()

    @line.post("/twilio/voice")
    async def voice():
        return "<Response/>"

    monkeypatch.setattr("web.assets.Assets.load", lambda *folders: Assets({}, missing=NEEDED))
    # A line mounts the pages when its parts are open, which is after it has started to serve.
    async with httpx.AsyncClient(transport=httpx.ASGITransport(line), base_url="http://desk.test") as caller:
        assert (await caller.post("/twilio/voice")).status_code == 200
        line.mount("/", create_desk_app(stage.desk, stage.people, b"k" * 32, secure=False))
        assert (await caller.post("/twilio/voice")).status_code == 200
        page = await caller.get("/sign-in")
        assert (page.status_code, "Run `make setup`" in page.text) == (503, True)
        assert "htmx.min.js" in page.text
