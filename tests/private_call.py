"""A call in which somebody pays, through a real session: dialog, actions, ledger, log and recording are the product's.

Only hearing and speaking are made up: the caller's words come as what was recognised, and ours are heard as soon as
they are said.
"""

import asyncio
import json
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import numpy as np
from pydantic import ConfigDict

import session as sessions
from actions.ledger import open_ledger
from actions.registry import Action, Arguments, Registry
from actions.runner import Actions
from actions.spec import ActionSpec
from calls import events as e
from calls.recording import Recording
from calls.redaction.numbers import numbers_in
from calls.wav import RATE
from dialog.intents import IntentClassifier
from dialog.load import load_playbook
from dialog.minds import WordEncoder
from dialog.plan import Dialog, Minds
from dialog.schema.flows import Flow
from dialog.schema.intents import Intent
from dialog.types import Alternative, DialogState, Hearing, Word
from handoff.escalation.weights import read_weights
from reception import first_moment
from session import CallParts, CallSession
from settings import HOME
from telephony.media.transport import StreamEnd
from tests.databases import new_sqlite
from tests.dialog.story import CALLER, NOON
from thinking import Thinking
from voice.bridge import TurnTiming
from voice.speaking.said import Said

CARD = "4539578763621486"
CODE = "702"
SPOKEN = "four five three nine five seven eight seven six three six two one four eight six"
DIGITS = {"slot": "card", "digits": {"from": 13, "to": 19}, "private": "card_number"}
PAY = {
    "title": "your payment",
    "steps": {
        "order": {
            "ask": {
                "slot": "order_number", "digits": 4, "say": "Which order?", "read_back": "{{ order_number }}?",
                "retry": ["Which order?"], "silence": ["Which order?"],
            }
        },
        "card": {
            "ask": {
                **DIGITS, "say": "Your card number, please?", "read_back": "{{ card }}, right?",
                "read_back_below": 0.5, "retry": ["Once more, please?"], "silence": ["Your card number?"],
            }
        },
        "code": {
            "ask": {
                "slot": "security_code", "digits": 3, "say": "And the code on the back?",
                "read_back": "{{ security_code }}?", "retry": ["The code?"], "silence": ["The code?"],
                "private": "card_code",
            }
        },
        "pay": {
            "act": {
                "action": "shop.pay",
                "with": {"order": "{{ order_number }}", "card": "{{ card }}", "code": "{{ security_code }}"},
                "save": "paid", "failed": {"otherwise": {"say": "That did not work.", "go": "over"}},
            }
        },
        "thanks": {"say": "Thank you, order {{ order_number }} is paid.", "go": "hang_up"},
        "over": {"say": "Somebody will see to it.", "go": "hang_up"},
    },
}  # fmt: skip


def paying_company() -> Dialog:
    """The demo company, which also takes cards."""
    acme = load_playbook(HOME / "playbooks" / "acme")
    examples = ("I want to pay my order", "pay my bill", "I would like to pay by card")
    spec = ActionSpec.model_validate({"effect": "writes", "confirm": "never"})
    playbook = replace(
        acme,
        flows={**acme.flows, "pay": Flow.model_validate(PAY)},
        intents={**acme.intents, "pay": Intent(flow="pay", examples=examples)},
        actions={**acme.actions, "shop.pay": spec},
    )
    return Dialog(playbook, Minds(IntentClassifier(playbook, WordEncoder())))


class _Payment(Arguments):
    model_config = ConfigDict(frozen=True, extra="forbid")

    order: str
    card: str
    code: str


class Till:
    """Where the money goes. While `gate` is closed, a payment was sent and is not answered."""

    def __init__(self):
        self.paid: list[tuple[str, str, str]] = []
        self.begun = asyncio.Event()
        self.gate = asyncio.Event()
        self.gate.set()

    async def pay(self, payment, _key):
        self.begun.set()
        await self.gate.wait()
        self.paid.append((payment.order, payment.card, payment.code))
        return {"ending": payment.card[-4:], "order": payment.order}


class Never:
    """Actions that are asked and do not get to it."""

    async def run(self, _request):
        await asyncio.Event().wait()


@dataclass
class _Voice:
    """Says everything at once, to somebody who hears it all."""

    handler: CallSession

    def __post_init__(self):
        self._count = 0
        self._over = asyncio.Event()

    async def run(self):
        await self._over.wait()

    async def stop(self):
        self._over.set()

    async def say(self, sentences, _speed=1.0):
        for text in sentences:
            self._count += 1
            self.handler.on_said(Said(text, text, 0.0, 0.0, interrupted=False))
        return [self._count]

    def expect(self, *_, **__):
        pass

    def played(self, _played):
        pass


class _Transport:
    async def close(self):
        pass

    def ended(self, _end):
        pass


class PrivateCall:
    """One call. `log` keeps it; `folder` holds its recording and its ledger, and outlives a killed server."""

    def __init__(self, monkeypatch, dialog, log, folder, call_id="CA1", actions=None):
        monkeypatch.setattr(sessions, "CallVoice", lambda _transport, _parts, handler, *_: _Voice(handler))
        self.dialog, self.log, self.folder, self.call_id = dialog, log, folder, call_id
        self.till = Till()
        self.model = None
        """A language model that may be asked."""
        self.at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
        self.events: list[e.EventBody] = []
        self.spoken_at: list[tuple[float, float]] = []
        """Stretches of the recording, from and to in seconds, in which the caller spoke in private."""
        self._ledger = new_sqlite(folder / "ledger.db")
        self._instead = actions
        self._news = asyncio.Condition()
        self._dead = False
        self._open = []

    async def begin(self):
        """The call comes in, or is resumed by another server."""
        self._dead = False
        ledger = await open_ledger(self._ledger, lambda: self.at)
        registry = Registry()
        registry.add(Action("shop.pay", _Payment, self.till.pay, reads=False))
        actions = Actions(self.dialog.playbook.actions, registry, ledger, lambda: 0.0, pause=self._pause)
        self._open += [actions, ledger]
        events = await self.log.read(self.call_id)
        if not events:
            await self._append(
                self.call_id, e.CallStarted(caller=CALLER, callee="+15550100100", playbook="acme")
            )
        self.recording = Recording.open(self.folder, self.call_id, date(2026, 11, 25))
        moment = first_moment(events, None)
        await self._append(
            self.call_id,
            e.StreamStarted(stream_sid="MZ1", resumed=bool(events), recording=self.recording.name),
        )
        self._sample = self.recording.next_sample
        company = SimpleNamespace(
            thinking=Thinking(self.dialog, self.model), actions=self._instead or actions, weights=None
        )
        parts = CallParts(
            SimpleNamespace(synthesiser=None),
            self._append,
            lambda: 0.0,
            SimpleNamespace(reachable_now=()),
            read_weights(),
        )
        self.session = CallSession(
            parts, company, self._state(events), self.recording, "MZ1", moment, [one.body for one in events]
        )
        self._running = asyncio.create_task(self.session.run(_Transport()))
        await self.happens(e.TurnPlanned, moment="resumed" if events else "opened")

    async def says(self, text, *, confidence=0.95, private=False, heard_of_us=None):
        """The caller speaks for a second, and is answered; `heard_of_us` is what they cut into."""
        began, ended = self._sound(private)
        words = asyncio.get_running_loop().create_future()
        found = text.split()
        step = 1.0 / len(found)
        words.set_result(
            tuple(
                Word(text=one, start_s=began + n * step, end_s=began + (n + 1) * step, probability=0.9)
                for n, one in enumerate(found)
            )
        )
        hearing = Hearing(
            text=text,
            confidence=confidence,
            alternatives=(Alternative(text=f"{text} eh", confidence=0.4),),
            start_s=began,
            end_s=ended,
            heard_of_us=heard_of_us,
        )
        await self._hears(hearing, TurnTiming(ended, ended, 0.0, words))

    async def keys(self, digits):
        """The caller presses keys, whose tones are in the sound."""
        began, ended = self._sound(private=True)
        await self._hears(Hearing(keyed=digits, start_s=began, end_s=ended), TurnTiming(ended, ended, 0.0))

    async def happens(self, kind, **values):
        """Wait for an event that has come since this was last asked."""
        async with asyncio.timeout(10), self._news:
            while True:
                for body in self.events[self._seen :]:
                    self._seen += 1
                    if isinstance(body, kind) and all(getattr(body, k) == v for k, v in values.items()):
                        return body
                await self._news.wait()

    async def is_killed(self):
        """The server dies: nothing more is written down, and nothing is finished."""
        self._dead = True
        self._running.cancel()
        await asyncio.gather(self._running, return_exceptions=True)
        await self.recording.close()
        self.at += timedelta(minutes=1)
        self._instead = None

    async def hangs_up(self):
        """The caller does."""
        self.session.on_stream_ended(StreamEnd.STOPPED)
        await self._running
        await self._append(self.call_id, e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=30.0))
        await self.recording.close()
        await self.log.flush()
        for one in self._open:
            await one.close()  # those of a killed server too: in truth its connections end with it

    _seen = 0

    def _state(self, events) -> DialogState:
        for event in reversed(events):
            if isinstance(event.body, e.TurnPlanned):
                return DialogState.model_validate(event.body.state)
        return self.dialog.start(self.call_id, CALLER, NOON)

    def _sound(self, private):
        began = self._sample / RATE
        pcm = np.full(RATE, 1000, np.int16)
        self.session.on_caller_audio(self._sample, pcm)
        self.session.on_played(SimpleNamespace(at_sample=self._sample, pcm=pcm // 2, utterance=0))
        self._sample += RATE
        if private:
            self.spoken_at.append((began, began + 1))
        return began, began + 1

    async def _hears(self, hearing, timing):
        self.session.on_hearing(hearing, timing)
        await self.happens(e.TurnPlanned, moment="hearing")

    async def _append(self, call_id, body):
        if self._dead:
            return
        await self.log.append(call_id, body)
        async with self._news:
            self.events.append(body)
            self._news.notify_all()

    async def _pause(self, seconds):
        self.at += timedelta(seconds=seconds)


def texts_in(value):
    """All strings of JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key, one in value.items():
            yield from (key, *texts_in(one))
    elif isinstance(value, list):
        for one in value:
            yield from texts_in(one)


def texts_of(event):
    """All strings of an event."""
    return list(texts_in(json.loads(event.model_dump_json())))


def tells(text):
    """Whether a text gives any four digits in a row of the card away, or the code, in digits or in words."""
    numbers = ["".join(one.digits) for one in numbers_in(text)]
    fours = {CARD[at : at + 4] for at in range(len(CARD) - 3)}
    return any(four in number for four in fours for number in numbers) or CODE in numbers


async def kept_texts(log, call_id="CA1"):
    """All that the log has of a call, string by string."""
    await log.flush()
    return [text for one in await log.read(call_id) for text in texts_of(one)]
