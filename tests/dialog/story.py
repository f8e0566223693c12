"""A conversation in text: what the caller does, and what the dialog decides. No sound, no time, no models."""

import zlib
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import numpy as np

from actions.types import ActionResult, Failure
from dialog.intents import IntentClassifier, Vectors
from dialog.plan import Dialog
from dialog.playbook import load_playbook
from dialog.types import DialogState, Done, Hearing, Next, Opened, Plan, Resumed, Silence, Waiting

ACME = Path(__file__).parents[2] / "playbooks" / "acme"
CALLER = "+15550142000"


class WordEncoder:
    """Sentences as bags of words: enough to know an example again, in no time."""

    def embed(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), 512), np.float32)
        for row, text in enumerate(texts):
            for word in text.split():
                vectors[row, zlib.crc32(word.encode()) % 512] += 1.0
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.maximum(lengths, 1e-6), np.float32)


@cache
def acme() -> Dialog:
    """The demo company's dialog."""
    playbook = load_playbook(ACME)
    return Dialog(playbook, IntentClassifier(playbook, WordEncoder()))


class Story:
    """One call. Every moment is also planned twice, over a state that went through JSON, and must come out equal."""

    def __init__(
        self, caller: str | None = CALLER, call_id: str = "CA1", dialog: Dialog | None = None
    ) -> None:
        self.dialog = dialog or acme()
        self.state = self.dialog.start(call_id, caller)
        self.plan: Plan = self._next(Opened())

    def says(self, text: str, confidence: float = 0.95, unsure: bool = False) -> str:
        return self._told(Hearing(text=text, confidence=confidence, unsure=unsure))

    def hears(self, hearing: Hearing) -> str:
        return self._told(hearing)

    def keys(self, keys: str) -> str:
        return self._told(Hearing(keyed=keys))

    def is_silent(self) -> str:
        return self._told(Silence())

    def waits(self) -> str:
        """For an action that takes its time."""
        return self._told(Waiting())

    def is_resumed(self) -> str:
        return self._told(Resumed())

    def action_done(self, **data: object) -> str:
        request = self.state.pending[0]
        return self._told(Done(result=ActionResult(action=request.action, key=request.key, data=data)))

    def action_failed(self, failure: Failure) -> str:
        request = self.state.pending[0]
        return self._told(Done(result=ActionResult(action=request.action, key=request.key, failure=failure)))

    @property
    def over(self) -> bool:
        return self.plan.then is Next.HANG_UP

    @property
    def asked_for(self) -> list[tuple[str, dict[str, object]]]:
        return [(request.action, dict(request.arguments)) for request in self.plan.act]

    def _told(self, moment) -> str:
        self.plan = self._next(moment)
        return " ".join(self.plan.say)

    def _next(self, moment) -> Plan:
        again = DialogState.model_validate_json(self.state.model_dump_json())
        plan = self.dialog.plan(self.state, moment)
        assert plan == self.dialog.plan(again, moment)
        self.state = plan.state
        return plan


SHIPPED = {
    "order_number": "4711",
    "item": "a pair of hiking boots",
    "status": "shipped",
    "ordered_on": "2026-11-19",
    "expected_on": "2026-11-25",
    "carrier": "Parcel Express",
}
