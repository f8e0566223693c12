"""The routes of one call's page, its sound and its comments. Who may not see a call gets 404, as for none at all."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, RedirectResponse

from calls.events import CallEvent
from calls.ids import InvalidCallIdError, check_call_id
from calls.render import clock
from handoff.desk.words import readable, words_of
from handoff.escalation.weights import read_weights
from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.panels import Viewing
from qa.console.places import CALLS, NAVIGATION
from qa.console.replay import pictures
from qa.console.replay.sound import loudness, played
from qa.console.replay.views import Views
from qa.console.sight import sees
from qa.replay.comments import LONGEST, CommentError, CommentKind, CommentStore, read_words
from qa.replay.curves import SLOW_S, STAGES, certainties, moods
from qa.replay.legs import Leg
from qa.replay.markers import LANES
from qa.replay.replay import Replay, recording_of
from qa.replay.rows import LOW_TURN
from qa.replay.sound import length_of, recording_file
from web.accounts import Account, Role
from web.app import Site
from web.headers import policy

SPEEDS = ("0.5", "0.75", "1", "1.25", "1.5", "2")
ZOOMS = (1, 2, 4, 8)
KINDS = {
    CommentKind.GOOD: "+ Good",
    CommentKind.NEUTRAL: "○ Neutral",
    CommentKind.POOR: "− Poor",
    CommentKind.TRAINING: "✎ Good for training",
}


@dataclass(frozen=True)
class _Seen:
    """A call that the account may see."""

    call_id: str
    events: Sequence[CallEvent]
    recording: Path | None


def create_replay_router(site: Site, console: Console) -> APIRouter:
    """The routes."""
    return _Routes(site, console).router()


class _Routes:
    """What each route does."""

    def __init__(self, site: Site, console: Console) -> None:
        self._site = site
        self._console = console
        self._comments = CommentStore(console.facts.engine, console.now)
        self._views = Views(console.access, console.now)
        self._floor = read_weights().floors.mood_hand_over

    def router(self) -> APIRouter:
        door = self._site.door
        seer = Depends(door.needs(Role.ANALYST, Role.SUPERVISOR, Role.AGENT))
        router = APIRouter(prefix=CALLS + "/{call_id}", dependencies=[Depends(door.check_form)])

        @router.get("")
        async def call(
            request: Request, call_id: str, account: Account = seer, turn: int = 0, t: float = 0.0
        ) -> Response:
            return await self.call(request, account, await self.seen(account, call_id), turn, t)

        @router.get("/turns/{seq}")
        async def turn(call_id: str, seq: int, account: Account = seer, view: str = "") -> Response:
            return await self.turn(account, await self.seen(account, call_id), seq, view)

        @router.get("/peaks")
        async def peaks(call_id: str, account: Account = seer) -> Response:
            return await self.peaks((await self.seen(account, call_id)).recording)

        @router.get("/audio")
        async def audio(call_id: str, account: Account = seer, view: str = "") -> Response:
            seen = await self.seen(account, call_id)
            return await self.audio(account, seen, seen.recording, view, "")

        @router.get("/legs/{seq}/audio")
        async def leg_audio(call_id: str, seq: int, account: Account = seer, view: str = "") -> Response:
            seen = await self.seen(account, call_id)
            return await self.audio(account, seen, self.leg_recording(seen, seq), view, f"leg {seq}")

        @router.post("/comments")
        async def comment(request: Request, call_id: str, account: Account = seer) -> Response:
            return await self.comment(request, account, await self.seen(account, call_id), None)

        @router.post("/comments/{comment_id}")
        async def change(
            request: Request, call_id: str, comment_id: str, account: Account = seer
        ) -> Response:
            return await self.comment(request, account, await self.seen(account, call_id), comment_id)

        @router.post("/comments/{comment_id}/remove")
        async def remove(
            request: Request, call_id: str, comment_id: str, account: Account = seer
        ) -> Response:
            seen = await self.seen(account, call_id)
            if not await self._comments.remove(seen.call_id, comment_id, account.person_id):
                raise HTTPException(status_code=404, detail="unknown_comment")
            return await self.after_comment(request, account, seen, 0.0)

        return router

    # Pages

    async def call(self, request: Request, account: Account, seen: _Seen, turn: int, at_s: float) -> Response:
        """The whole page."""
        view = self._views.begin()
        await self._views.note(account, Accessed.OPENED, seen.call_id, view)
        replay = self.replay(seen)
        nonce = secrets.token_urlsafe(16)
        drawer = replay.drawer(turn or next(iter(replay.turns), 0))
        row = replay.row_at(max(0.0, at_s))
        response = self._site.pages.page(
            "qa/replay.html",
            request,
            account,
            navigation=NAVIGATION,
            replay=replay,
            facts=replay.facts,
            drawer=drawer,
            current=row.seq if row is not None and at_s > 0 else None,
            has_sound=seen.recording is not None,
            view=view,
            nonce=nonce,
            wave={leg.recording_seq: await self.wave(leg) for leg in replay.legs if leg.recording_seq},
            panels=await self.panels(request, account, seen),
            lanes=LANES,
            speeds=SPEEDS,
            zooms=ZOOMS,
            **self.charts(replay),
            **await self.comment_values(account, seen, replay),
        )
        # wavesurfer puts its own style into its shadow, which the policy must know by this page's nonce.
        response.headers["content-security-policy"] = policy(nonce)
        return response

    async def turn(self, account: Account, seen: _Seen, seq: int, view: str) -> Response:
        """One turn's drawer."""
        await self._views.note(account, Accessed.OPENED, seen.call_id, view)
        drawer = self.replay(seen).drawer(seq)
        if drawer is None:
            raise HTTPException(status_code=404, detail="unknown_turn")
        return HTMLResponse(self._site.pages.piece("qa/_drawer.html", drawer=drawer, clock=clock))

    async def peaks(self, recording: Path | None) -> Response:
        """The peaks of the recording, 0 to 127."""
        found = await loudness(recording) if recording is not None else None
        if found is None:
            raise HTTPException(status_code=404, detail="no_recording")
        return JSONResponse(found.model_dump(include={"duration_s", "channels"}))

    async def audio(
        self, account: Account, seen: _Seen, recording: Path | None, view: str, detail: str
    ) -> Response:
        """The sound, or the part that is asked for."""
        if recording is None:
            raise HTTPException(status_code=404, detail="no_recording")
        await self._views.note(account, Accessed.LISTENED, seen.call_id, view, detail)
        return played(recording)

    # Comments

    async def comment(
        self, request: Request, account: Account, seen: _Seen, comment_id: str | None
    ) -> Response:
        """A new comment, or other words for one's own."""
        form = {name: value for name, value in (await request.form()).items() if isinstance(value, str)}
        try:
            words = read_words(form)
        except CommentError as error:
            return await self.refused(request, account, seen, error, form)
        if comment_id is None:
            await self._comments.add(seen.call_id, account.person_id, account.name, words)
        elif not await self._comments.change(seen.call_id, comment_id, account.person_id, words):
            raise HTTPException(status_code=404, detail="unknown_comment")
        return await self.after_comment(request, account, seen, words.at_s)

    async def after_comment(self, request: Request, account: Account, seen: _Seen, at_s: float) -> Response:
        """The comments as they are now: a piece of the page for its script, or the page again."""
        if not request.headers.get("hx-request"):
            where = f"{CALLS}/{seen.call_id}"
            return RedirectResponse(f"{where}?t={at_s:g}#comments", status_code=303)
        return await self.comments_piece(request, account, seen)

    async def refused(
        self, request: Request, account: Account, seen: _Seen, error: CommentError, form: dict[str, str]
    ) -> Response:
        """What is wrong with a comment. htmx shows answers of status 200 only."""
        if not request.headers.get("hx-request"):
            raise HTTPException(status_code=400, detail="comment_refused")
        return await self.comments_piece(request, account, seen, problems=error.problems, form=form)

    async def comments_piece(
        self, request: Request, account: Account, seen: _Seen, **values: Any
    ) -> Response:
        """The comments, and their marks on the axis."""
        replay = self.replay(seen)
        shown = await self.comment_values(account, seen, replay) | values
        csrf = self._site.sessions.token_of(request.cookies)
        return HTMLResponse(
            self._site.pages.piece("qa/_comments.html", replay=replay, csrf=csrf, swapped=True, **shown)
        )

    async def comment_values(self, account: Account, seen: _Seen, replay: Replay) -> dict[str, Any]:
        return {
            "comments": await self._comments.of(seen.call_id),
            "address": f"{CALLS}/{seen.call_id}",
            "person_id": account.person_id,
            "kinds": KINDS,
            "longest": LONGEST,
            "clock": clock,
            "problems": {},
            "form": {},
        }

    # What they are made of

    async def seen(self, account: Account, call_id: str) -> _Seen:
        """A call that this account may see.

        Raises:
            HTTPException: 404, there is none of that id, or it is not theirs to see.
        """
        try:
            events = await self._console.log.read(check_call_id(call_id))
        except InvalidCallIdError:
            events = []
        if not events:
            raise HTTPException(status_code=404, detail="unknown_call")
        recording = recording_file(self._console.data_dir, recording_of(events))
        seen = _Seen(call_id, events, recording)
        if not sees(account, self.replay(seen).facts):
            raise HTTPException(status_code=404, detail="unknown_call")
        return seen

    def replay(self, seen: _Seen) -> Replay:
        return Replay(seen.events, words_of(self._console.playbook()), length_of(seen.recording))

    def leg_recording(self, seen: _Seen, seq: int) -> Path | None:
        legs = self.replay(seen).legs
        name = next((leg.recording for leg in legs if leg.recording_seq == seq), None)
        return recording_file(self._console.data_dir, name)

    async def wave(self, leg: Leg) -> dict[str, Any] | None:
        """A leg's recording as it is drawn; None where there is no file."""
        path = recording_file(self._console.data_dir, leg.recording)
        found = await loudness(path) if path is not None else None
        if found is None:
            return None
        return {"points": pictures.leg_wave(found), "duration_s": found.duration_s}

    async def panels(self, request: Request, account: Account, seen: _Seen) -> list[dict[str, str]]:
        """What other rooms put on the page."""
        csrf = self._site.sessions.token_of(request.cookies)
        viewing = Viewing(account, seen.call_id, seen.events, csrf, self._site.pages.piece)
        return [
            {"name": panel.name, "title": panel.title, "html": html}
            for panel in self._console.panels
            if (html := await panel.render(viewing))
        ]

    def charts(self, replay: Replay) -> dict[str, Any]:
        axis = replay.axis
        return {
            "mood": pictures.curve(moods(replay.course), axis, -1.0, self._floor, signed=True),
            "certainty": pictures.curve(certainties(replay.course), axis, 0.0, LOW_TURN),
            "answers": pictures.columns(replay.course, axis),
            "slow_y": pictures.slow_y(SLOW_S),
            "slow_s": SLOW_S,
            "stages": STAGES,
            "height": pictures.HEIGHT,
            "floor": self._floor,
            "low_turn": LOW_TURN,
            "readable": readable,
        }
