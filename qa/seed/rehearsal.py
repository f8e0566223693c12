"""Takes scripts through the real dialog, its actions and escalation: the result are the events of a text call."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, cast

from sqlalchemy import MetaData
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine

from actions.runner import Actions
from actions.shop.stock import stock
from actions.shop.tables import opened
from actions.types import ActionRequest, ActionResult, Failure
from authoring.text_actions import Inbox, open_actions
from authoring.text_call import People, TextCall
from calls.events import EventBody
from dialog.encoder import Encoder
from dialog.intents import IntentClassifier
from dialog.minds import Articles, WordEncoder, build_minds
from dialog.plan import Dialog, Minds
from dialog.playbook import Playbook
from dialog.sentiment.lexicon import Lexicon
from dialog.types import HandedBack, Prosody, Spoken
from dialog.understand import Feelings
from handoff.escalation.watch import EscalationWatch
from handoff.escalation.weights import Weights, read_weights
from qa.seed.caller import CODE, Caller
from qa.seed.script import Line, Script
from thinking import Thinking

PLAYED_AT = datetime(2026, 11, 25, 11, 0, tzinfo=UTC)
"""A Wednesday noon, when the demo company is open. `qa.seed.template` moves all dates to the day of the call."""
STRANGER = "+15550199000"
"""Who calls where the shop does not know the caller."""
CALL = "CTseed"
"""Begins the id of a rehearsed call."""
DATABASES = ("shop.db", "chat.db")
"""What `authoring.text_actions` keeps of shop and ledger."""
SEND_CODE, CHECK_CODE = "identity.send_code", "identity.check_code"
Outcome = Literal[
    "stayed", "nobody", "failed", "agent_gone", "call_back", "voicemail", "consulted", "handed_back"
]


@dataclass(frozen=True)
class Played:
    """What became of a script."""

    script: Script
    call_id: str
    caller: str | None
    bodies: tuple[EventBody, ...] = field(repr=False)


class Felt:
    """How callers feel: what the script says of a line, and otherwise what its words are worth."""

    def __init__(self, feelings: Feelings | None) -> None:
        self._feelings = feelings
        self._lexicon = Lexicon()
        self.told: float | None = None

    def score(self, text: str, prosody: Prosody | None = None) -> float:
        """-1 to 1."""
        if self.told is not None:
            return self.told
        if self._feelings is not None:
            return self._feelings.score(text, prosody)
        return round(self._lexicon.score(text), 4)

    def dissatisfaction(self, turns: Sequence[Spoken], prosody: Prosody | None = None) -> float:
        """0 to 1."""
        if self._feelings is not None:
            return self._feelings.dissatisfaction(turns, prosody)
        return round(max(0.0, -self.score(turns[-1][1], prosody)), 4)


class Staged:
    """The shop's actions, of which some fail as the script says. Codes are made up: the same one each time."""

    def __init__(self, actions: Actions, script: Script) -> None:
        self._actions = actions
        self._left = {action: list(failures) for action, failures in script.fails.items()}

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end."""
        left = self._left.get(request.action)
        if left:
            return ActionResult(action=request.action, key=request.key, failure=left.pop(0))
        if request.action == SEND_CODE:
            return ActionResult(
                action=request.action, key=request.key, data={"sent": True, "number_ending": "00"}
            )
        if request.action == CHECK_CODE:
            return self._checked(request)
        return await self._actions.run(request)

    def _checked(self, request: ActionRequest) -> ActionResult:
        if request.arguments.get("code") == CODE or CODE in str(request.arguments.get("code")):
            data = {"customer": request.arguments["customer"], "level": 2}
            return ActionResult(action=request.action, key=request.key, data=data)
        return ActionResult(
            action=request.action, key=request.key, failure=Failure.REFUSED, data={"reason": "wrong"}
        )


def seed_minds(playbook: Playbook, encoder: Encoder | None) -> Minds:
    """What the rehearsed dialog understands with. Without models, words alone: enough for the scripts, and quick."""
    if encoder is not None:
        return build_minds(playbook, encoder)
    words = WordEncoder()
    return Minds(IntentClassifier(playbook, words), Articles(playbook, words))


class Rehearsal:
    """Plays scripts one after the other; the shop forgets each before the next."""

    def __init__(
        self, playbook: Playbook, minds: Minds, actions: Actions, databases: Sequence["Database"]
    ) -> None:
        """`databases` are those of shop and ledger."""
        self._playbook = playbook
        self._felt = Felt(minds.feelings)
        self._thinking = Thinking(Dialog(playbook, replace(minds, feelings=self._felt)))
        self._weights: Weights = read_weights()
        self._actions = actions
        self._databases = databases

    async def play(self, script: Script) -> Played:
        """One script, to its end."""
        for database in self._databases:
            await database.begin_anew()
        call_id = f"{CALL}{script.id}"
        queues = tuple(self._playbook.queues.queues) if script.reachable else ()
        people = People(queues, EscalationWatch(self._weights))
        caller = (script.persona.phone if script.persona else STRANGER) if script.number else None
        doing = Staged(self._actions, script)
        call = TextCall(self._thinking, doing, call_id, caller, PLAYED_AT, None, people)
        await call.open()
        await self._converse(call, Caller(script, self._playbook), script)
        if call.handed is None:
            call.close()
        return Played(script, call_id, caller, tuple(event.body for event in call.events))

    async def _converse(self, call: TextCall, caller: Caller, script: Script) -> None:
        back = script.back
        while not call.finished:
            if call.handed is not None:
                if back is None:
                    return
                await call.hand_back(HandedBack(outcome=cast(Outcome, back)))
                back = None
                continue
            line = caller.next(call.state)
            if line is None:
                return
            await self._do(call, line)

    async def _do(self, call: TextCall, line: Line) -> None:
        self._felt.told = line.sentiment
        if line.silent:
            await call.silence()
        elif line.keys:
            await call.key(line.keys)
        else:
            await call.say(line.text, line.confidence, unsure=line.unsure, cuts_in=line.cuts_in)
        self._felt.told = None


@dataclass(frozen=True)
class Database:
    """One that is emptied before each script."""

    engine: AsyncEngine
    tables: MetaData

    async def begin_anew(self) -> None:
        """The shop is as freshly stocked, and of an empty ledger nothing is left: limits count from 0 again."""
        async with self.engine.begin() as connection:
            for table in reversed(self.tables.sorted_tables):
                if table.name != "alembic_version":
                    await connection.execute(table.delete())
            if opened.name in self.tables.tables:
                await stock(connection, PLAYED_AT.date())


@asynccontextmanager
async def open_rehearsal(
    playbook: Playbook, encoder: Encoder | None, folder: Path
) -> AsyncIterator[Rehearsal]:
    """A rehearsal whose shop and ledger are in `folder`, which is empty. Without an encoder, words alone count."""
    minds = await asyncio.to_thread(seed_minds, playbook, encoder)
    today = PLAYED_AT.date()
    async with AsyncExitStack() as stack:
        inbox = Inbox(lambda _: None)
        opening = open_actions(playbook, folder, today, lambda: PLAYED_AT, inbox)
        actions = await stack.enter_async_context(opening)
        databases = [await stack.enter_async_context(_database(folder / name)) for name in DATABASES]
        yield Rehearsal(playbook, minds, actions, databases)


@asynccontextmanager
async def _database(path: Path) -> AsyncIterator[Database]:
    engine = create_async_engine(f"sqlite+aiosqlite:///{path}")
    try:
        tables = MetaData()
        async with engine.connect() as connection:
            await connection.run_sync(tables.reflect)
        yield Database(engine, tables)
    finally:
        await engine.dispose()
