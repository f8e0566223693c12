"""Decides off the event loop, and asks a language model where there is one and nothing else was understood."""

import asyncio
from typing import Protocol

from dialog.language_model.request import Consultation, ModelRequest
from dialog.plan import Dialog
from dialog.repair import NO_MATCH
from dialog.types import DialogState, Hearing, Moment, Plan, Proposal


class Model(Protocol):
    """A language model that may propose."""

    async def consult(self, request: ModelRequest) -> tuple[Proposal | None, Consultation]:
        """What it proposes, and what came of asking. Keeps the request's budget, and raises only if cancelled."""


class Thinking:
    """The dialog of one call, with its language model. Deciding changes nothing, so it may be done ahead."""

    def __init__(self, dialog: Dialog, model: Model | None = None) -> None:
        self._dialog = dialog
        self._model = model

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
        proposal, consultation = await self._model.consult(request)
        if proposal is not None:
            plan = await asyncio.to_thread(
                self._dialog.plan, state, moment.model_copy(update={"proposal": proposal})
            )
        understanding = plan.understanding.model_copy(update={"proposed": consultation.outcome.value})
        return plan.model_copy(update={"understanding": understanding})
