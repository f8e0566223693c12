"""Decides off the event loop, and asks a language model where there is one and nothing else was understood."""

import asyncio
from collections.abc import Callable
from copy import copy
from typing import Protocol

from dialog.language_model.request import Consultation, ModelRequest, Outcome
from dialog.plan import Dialog
from dialog.repair import NO_MATCH
from dialog.types import DialogState, Hearing, Moment, Plan, Proposal

Told = Callable[[int, Consultation], None]
"""Is told of each asking of a language model: the turn it was about, and what came of it."""


class Model(Protocol):
    """A language model that may propose."""

    @property
    def model(self) -> str:
        """Its name in the settings."""

    async def consult(self, request: ModelRequest) -> tuple[Proposal | None, Consultation]:
        """What it proposes, and what came of asking. Keeps the request's budget, and raises only if cancelled."""


class Thinking:
    """The dialog of one call, with its language model. Deciding changes nothing, so it may be done ahead."""

    def __init__(self, dialog: Dialog, model: Model | None = None, told: Told | None = None) -> None:
        self._dialog = dialog
        self._model = model
        self._told = told

    def telling(self, told: Told) -> "Thinking":
        """The same, for one call that wants to know when its language model is asked.

        It is told of plans that are never used too: their asking costs as much.
        """
        one = copy(self)
        one._told = told
        return one

    @property
    def dialog(self) -> Dialog:
        """The dialog that decides."""
        return self._dialog

    async def plan(self, state: DialogState, moment: Moment) -> Plan:
        """What to do now."""
        plan = await asyncio.to_thread(self._dialog.plan, state, moment)
        if self._model is None or not isinstance(moment, Hearing) or plan.signals.repair != NO_MATCH:
            return plan
        request = await asyncio.to_thread(self._dialog.model_request, state, moment)
        if request is None:
            return plan
        proposal, consultation = await self._consulted(self._model, plan.state.turn, request)
        if proposal is not None:
            plan = await asyncio.to_thread(
                self._dialog.plan, state, moment.model_copy(update={"proposal": proposal})
            )
        understanding = plan.understanding.model_copy(update={"proposed": consultation.outcome.value})
        return plan.model_copy(update={"understanding": understanding})

    async def _consulted(
        self, model: Model, turn: int, request: ModelRequest
    ) -> tuple[Proposal | None, Consultation]:
        try:
            proposal, consultation = await model.consult(request)
        except asyncio.CancelledError:
            # It was sent, and will be paid for; nobody will ever know how much.
            self._tell(turn, Consultation(Outcome.LEFT, model=model.model))
            raise
        self._tell(turn, consultation)
        return proposal, consultation

    def _tell(self, turn: int, consultation: Consultation) -> None:
        if self._told is not None:
            self._told(turn, consultation)
