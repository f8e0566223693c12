"""A session in a private step: nothing of it is recorded."""

from dataclasses import replace
from types import SimpleNamespace
from unittest.mock import MagicMock

import numpy as np
import pytest

from calls.redaction.kinds import Kind
from dialog.load import load_playbook
from dialog.plan import Dialog
from dialog.schema.flows import Flow
from dialog.types import DialogState, Waiting
from handoff.escalation.weights import read_weights
from session import CallParts, CallSession
from settings import HOME
from thinking import Thinking

ASK = {
    "slot": "card",
    "digits": {"from": 13, "to": 19},
    "say": "Your card number, please?",
    "read_back": "{{ card }}, right?",
    "retry": ["Once more, please?"],
    "silence": ["Your card number?"],
    "private": "card_number",
}


@pytest.fixture(scope="module")
def dialog():
    """The demo company, with a flow that takes a card number."""
    acme = load_playbook(HOME / "playbooks" / "acme")
    pay = Flow.model_validate(
        {"title": "your payment", "steps": {"card": {"ask": ASK}, "done": {"say": "Thanks."}}}
    )
    return Dialog(replace(acme, flows={**acme.flows, "pay": pay}), MagicMock())


class Tape:
    """A recording that counts what it is given."""

    def __init__(self):
        self.caller = self.assistant = 0
        self.next_sample = 0

    def write_caller(self, _at, pcm):
        self.caller += pcm.size

    def write_assistant(self, _at, pcm):
        self.assistant += pcm.size


def session_at(dialog, tape, step):
    async def append(*_):
        pass

    company = SimpleNamespace(thinking=Thinking(dialog), actions=None, weights=None)
    parts = CallParts(SimpleNamespace(synthesiser=None), append, lambda: 0.0, None, read_weights())
    state = DialogState(playbook="acme", call_id="CA1", flow="pay", step=step)
    return CallSession(parts, company, state, tape, "MZ1", Waiting())


@pytest.mark.parametrize(("step", "recorded"), [("card", 0), ("done", 160)])
async def test_neither_side_is_recorded_while_something_private_is_asked_for(dialog, step, recorded):
    tape = Tape()
    session = session_at(dialog, tape, step)
    session.on_caller_audio(0, np.ones(160, np.int16))
    session.on_played(SimpleNamespace(at_sample=0, pcm=np.ones(160, np.int16), utterance=1))
    assert (tape.caller, tape.assistant) == (recorded, recorded)


def test_the_playbook_says_which_steps_are_private(dialog):
    state = DialogState(playbook="acme", call_id="CA1")
    assert dialog.private(state) is None
    assert dialog.private(state.model_copy(update={"flow": "pay", "step": "card"})) is Kind.CARD_NUMBER
    assert dialog.private(state.model_copy(update={"flow": "pay", "step": "done"})) is None
    assert dialog.private(state.model_copy(update={"flow": "gone", "step": "gone"})) is None
