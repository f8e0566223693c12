"""Briefs humans: builds what they are told from the record of the call, and its sound while their phone rings."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from loguru import logger

from calls.events import CallEvent, TransferBriefed
from dialog.playbook import Playbook
from handoff.briefing.briefer import Briefer
from handoff.briefing.types import Briefing, Spoken
from handoff.consult.leg import ConsultLeg, ConsultListener
from handoff.consult.programme import CONNECTING
from handoff.consult.speech import Speaks, all_rendered, spoken_by
from handoff.last_words import last_spans, last_words, recording_of
from handoff.transfer.types import Transfer
from telephony.media.ulaw import Pcm
from telephony.tasks import Tasks

MOST_KEPT = 200


@dataclass
class _Made:
    """The briefing of one transfer."""

    briefing: Briefing
    spoken: Spoken
    caller_voice: Pcm


class Briefs:
    """The briefings of all transfers of this process. `read` gives the events of a call, `clock` seconds."""

    def __init__(
        self,
        read: Callable[[str], Awaitable[list[CallEvent]]],
        playbook: Callable[[], Playbook],
        parts: Speaks,
        data_dir: Path,
        clock: Callable[[], float],
    ) -> None:
        self._read = read
        self._playbook = playbook
        self._parts = parts
        self._data_dir = data_dir
        self._clock = clock
        self._made: dict[str, asyncio.Task[_Made]] = {}
        self._rendering = Tasks()

    async def prepare(self, transfer: Transfer) -> None:
        """Begin to work out the briefing; does not wait for it."""
        self._begin(transfer)

    async def leg(self, transfer: Transfer, number: int, listener: ConsultListener) -> ConsultLeg:
        """The voice of one leg."""
        making = self._begin(transfer)

        async def told() -> tuple[tuple[str, ...], str]:
            made = await asyncio.shield(making)
            return made.spoken.sentences, made.spoken.keys

        return ConsultLeg(
            self._parts,
            (),
            "",
            lambda: making.result().caller_voice,
            listener,
            self._clock,
            owner=f"{transfer.order.call_id}:{number}",
            told=told,
        )

    async def told(self, transfer: Transfer, number: int) -> TransferBriefed:
        """What the human of a leg is told."""
        made = await self._begin(transfer)
        return TransferBriefed(
            transfer_id=transfer.id,
            leg=number,
            text=made.spoken.text,
            facts=tuple(fact.as_event() for fact in made.briefing.facts),
            seconds=round(made.spoken.seconds, 3),
        )

    def _begin(self, transfer: Transfer) -> "asyncio.Task[_Made]":
        """One briefing a transfer: all its humans are told the same."""
        made = self._made.get(transfer.id)
        if made is None or (made.done() and (made.cancelled() or made.exception() is not None)):
            while len(self._made) >= MOST_KEPT:
                self._made.pop(next(iter(self._made)))
            made = self._made[transfer.id] = asyncio.create_task(self._make(transfer))
        return made

    async def _make(self, transfer: Transfer) -> _Made:
        call_id = transfer.order.call_id
        events = await self._read(call_id)
        briefer = Briefer(self._playbook())
        briefing = briefer.build(events)
        for problem in briefer.problems(briefing, events):
            # Nobody is left without a briefing; QA sees what could not be proven.
            logger.bind(call=call_id, code=problem.code).error("a briefing is not borne out by its log")
        recording, spans = recording_of(events), last_spans(events)
        voice = (
            await asyncio.to_thread(last_words, self._data_dir / recording, spans)
            if recording is not None
            else np.zeros(0, np.int16)
        )
        spoken = await spoken_by(self._parts.synthesiser, briefing, call_id)
        # Whoever answers at once does not wait for all of it: what is being rendered is shared with their leg.
        ahead = (*spoken.sentences, spoken.keys, CONNECTING)
        self._rendering.start(self._render(ahead, call_id))
        return _Made(briefing, spoken, voice)

    async def _render(self, texts: tuple[str, ...], call_id: str) -> None:
        await all_rendered(self._parts.synthesiser, texts, call_id)
