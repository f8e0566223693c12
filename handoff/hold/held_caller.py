"""One caller on hold: hears music and a word now and then, and can be spoken to until somebody takes the call.

The dialog decides what is answered; the transfer's state decides what is heard. A caller is never in silence: the music
goes on until the carrier has taken them away, or the assistant speaks again.
"""

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol

from dialog.types import Expectation, ExpectationKind
from handoff.transfer.transfers import Transfers
from handoff.transfer.types import (
    CallerChose,
    CallerHeld,
    CallerIntroduced,
    Choice,
    Transfer,
)
from handoff.transfer.views import CallerHears, caller_hears
from telephony.media.transport import Between

WORD_EVERY_S = 30.0
ON_HOLD = Expectation(
    kind=ExpectationKind.OPEN, hotwords=("never mind", "call me back"), no_input_s=WORD_EVERY_S
)


class HoldVoice(Protocol):
    """What a held caller hears us by."""

    async def say(self, sentences: Sequence[str], speed: float = 1.0) -> list[int]:
        """Speak. The music waits meanwhile."""

    def expect(self, expectation: Expectation, *, finish: bool = False) -> None:
        """Set what the caller is likely to do next."""

    def play_between(self, between: Between | None) -> None:
        """Fill the time between our sentences."""

    @property
    def speaking(self) -> bool:
        """Whether something is being said."""


class HeldCaller:
    """Holds one caller for one transfer. `now` gives seconds since the epoch."""

    def __init__(
        self,
        transfers: Transfers,
        transfer: Transfer,
        voice: HoldVoice,
        music: Between,
        now: Callable[[], float],
    ) -> None:
        self._transfers = transfers
        self._transfer = transfer
        self._voice = voice
        self._music = music
        self._now = now

    @property
    def transfer_id(self) -> str:
        """Whose caller this is."""
        return self._transfer.id

    @property
    def waited_s(self) -> float:
        """How long they have been on hold."""
        return max(0.0, self._now() - self._transfer.requested_at)

    async def run(self) -> Transfer:
        """Hold them. Returns the transfer when the assistant goes on with them; where they are taken away by the
        carrier, whoever runs this stops it."""
        self._voice.play_between(self._music)
        self._voice.expect(ON_HOLD)
        await self._transfers.report(self._transfer.id, CallerHeld(at=self._now()))
        introduced = False
        async for transfer in self._transfers.follow(self._transfer.id):
            match caller_hears(transfer):
                case CallerHears.ASSISTANT:
                    break
                case CallerHears.INTRODUCTION if not introduced:
                    introduced = True
                    await self._introduce(transfer)
        self._voice.play_between(None)
        return transfer

    async def answer(self, say: Sequence[str], choice: Choice | None) -> None:
        """What the dialog makes of something that they said or keyed."""
        if choice is not None:
            await self._transfers.report(self._transfer.id, CallerChose(at=self._now(), choice=choice))
            return
        if say:
            await self._voice.say(say)
        # Whatever they said: half a minute from now they are owed a word again.
        self._voice.expect(ON_HOLD)

    async def _introduce(self, transfer: Transfer) -> None:
        """Who takes over; the caller is moved when they have heard it."""
        await self._voice.say((transfer.order.introduction or "",))
        while self._voice.speaking:  # noqa: ASYNC110 - it lasts a second or two, and nothing tells its end
            await asyncio.sleep(0.05)
        await self._transfers.report(transfer.id, CallerIntroduced(at=self._now()))
