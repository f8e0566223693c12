"""Work ahead of a likely end of turn: the plan, its look-ups, its first sound. Held until the turn is confirmed.

Nothing here is logged, spoken or kept. A plan is a value, an action that only reads may be run twice, and a rendering
is sound that nobody has heard: what is dropped leaves no trace, but that a language model was asked (`thinking`).
"""

import asyncio
from dataclasses import dataclass, field
from typing import Protocol

from loguru import logger

from actions.errors import UnknownActionError
from actions.spec import ActionSpec
from actions.types import ActionRequest, ActionResult
from dialog.types import DialogState, Done, Hearing, Plan
from thinking import Thinking
from voice.speaking.rendering import Rendering
from voice.speaking.synthesis import Synthesiser


class Doing(Protocol):
    """Runs actions."""

    def spec(self, name: str) -> ActionSpec:
        """What is declared of an action; raises UnknownActionError where nothing is."""

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run a request to its end."""


@dataclass
class _Ahead:
    """What is done on one guess."""

    state: DialogState
    hearing: Hearing
    plan: asyncio.Task[Plan]
    results: dict[str, asyncio.Task[ActionResult]] = field(default_factory=dict)
    renderings: list[Rendering] = field(default_factory=list)
    """Kept alive until they are spoken."""
    work: asyncio.Task[None] | None = None

    async def planned(self) -> Plan:
        """The plan. Whoever stops waiting for it must not take it from the others who do."""
        return await asyncio.shield(self.plan)


class Speculation:
    """The guesses of one call, one at a time."""

    def __init__(self, thinking: Thinking, actions: Doing, synthesiser: Synthesiser, owner: str) -> None:
        self._thinking = thinking
        self._actions = actions
        self._synthesiser = synthesiser
        self._owner = owner
        self._ahead: _Ahead | None = None
        self._plans: set[asyncio.Task[Plan]] = set()
        """Those of dropped guesses too, until they are made: a language model may have been asked for them."""

    def begin(self, state: DialogState, hearing: Hearing) -> None:
        """Guess that `hearing` is the whole turn."""
        if self._ahead is not None and _same(self._ahead, state, hearing):
            return
        self.drop()
        plan = asyncio.create_task(self._thinking.plan(state, hearing))
        self._plans.add(plan)
        plan.add_done_callback(self._plans.discard)
        self._ahead = _Ahead(state, hearing, plan)
        self._ahead.work = asyncio.ensure_future(self._go_ahead(self._ahead))

    def drop(self) -> None:
        """The guess was wrong, or what came of it has been used."""
        ahead, self._ahead = self._ahead, None
        if ahead is None:
            return
        for task in (ahead.work, *ahead.results.values()):
            if task is not None:
                task.cancel()

    async def close(self) -> None:
        """The call is over: whatever is still being worked out is broken off."""
        self.drop()
        plans = tuple(self._plans)
        for plan in plans:
            plan.cancel()
        await asyncio.gather(*plans, return_exceptions=True)

    async def plan(self, state: DialogState, hearing: Hearing) -> Plan:
        """What to do about the confirmed turn: as guessed, or decided now."""
        if self._ahead is not None and _same(self._ahead, state, hearing):
            return await self._ahead.planned()
        self.drop()
        return await self._thinking.plan(state, hearing)

    async def run(self, request: ActionRequest) -> ActionResult:
        """Run an action of the committed plan, or take the result that is there already."""
        early = self._ahead.results.pop(request.key, None) if self._ahead is not None else None
        return await (early if early is not None else self._actions.run(request))

    async def _go_ahead(self, ahead: _Ahead) -> None:
        try:
            await self._do_what_comes_first(ahead)
        except Exception as error:  # noqa: BLE001 - it was a guess: what breaks here is met again where it counts
            logger.bind(error=type(error).__name__).debug("working ahead failed")

    async def _do_what_comes_first(self, ahead: _Ahead) -> None:
        plan = await ahead.planned()
        for request in plan.act:
            if self._only_reads(request):
                ahead.results[request.key] = asyncio.ensure_future(self._actions.run(request))
        await self._render(ahead, plan)
        for early in list(ahead.results.values()):
            after = Done(result=await asyncio.shield(early))
            await self._render(ahead, await self._thinking.plan(plan.state, after))

    async def _render(self, ahead: _Ahead, plan: Plan) -> None:
        if plan.say:
            rendering = self._synthesiser.start(plan.say[0], self._thinking.dialog.speed(plan))
            ahead.renderings.append(rendering)
            await rendering.first(self._owner)

    def _only_reads(self, request: ActionRequest) -> bool:
        try:
            return self._actions.spec(request.action).reads
        except UnknownActionError:
            return False


def _same(ahead: _Ahead, state: DialogState, hearing: Hearing) -> bool:
    """Whether the dialog would decide the same. What the caller had heard of us is for the log."""
    return ahead.state == state and ahead.hearing == hearing.model_copy(update={"heard_of_us": None})
