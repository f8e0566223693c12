"""Somebody pays by card over the real line, speaking and keying: no digit of it is kept anywhere."""

import shutil

import pytest
from fastapi import FastAPI, Request

from calls.events import RecordingPaused, RecordingResumed, TurnHeard, TurnKeyed
from calls.wav import ASSISTANT, RATE
from calls.wav import CALLER as CALLERS
from demo.script import Line
from demo.stack import open_stack
from settings import HOME
from tests.e2e.caller import Caller
from tests.private_call import CARD, CODE, tells, texts_of
from tests.telephony.line.lab import served

pytestmark = [pytest.mark.sip, pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(240)]

FLOW = """
pay:
  title: your payment
  steps:
    pay_said:
      ask:
        slot: card_said
        digits: {from: 4, to: 20}
        private: card_number
        say: "Please read me the number of your card."
        read_back: "I heard {{ card_said | spell }}. Is that right?"
        retry: ["The number of your card, please.", "Please read it once more."]
        silence: ["The number of your card, please.", "Please read it once more."]
    pay_card:
      ask:
        slot: card
        digits: {from: 13, to: 19}
        private: card_number
        say: "And now please key it in."
        read_back: "I heard {{ card | spell }}. Is that right?"
        retry: ["Please key in your card number.", "The number of your card, please."]
        silence: ["Please key in your card number.", "The number of your card, please."]
    pay_code:
      ask:
        slot: card_check
        digits: 3
        private: card_code
        say: "And the three digits on the back?"
        read_back: "{{ card_check }}?"
        retry: ["The three digits on the back, please.", "Please key them in."]
        silence: ["The three digits on the back, please.", "Please key them in."]
    pay_now:
      act:
        action: till.pay
        with: {card: "{{ card }}", code: "{{ card_check }}"}
        save: paid
        failed:
          otherwise: {say: "That did not work.", go: hang_up}
    pay_done:
      say: "Thank you, it is paid. Goodbye."
      go: hang_up
"""
ACTION = """
till.pay:
  effect: writes
  confirm: never
  run: {{kind: http, method: POST, url: "{url}/pay", body: {{card: "{{card}}", code: "{{code}}"}}}}
  arguments: {{card: {{type: string}}, code: {{type: string}}}}
  briefing: {{done: "took a payment", failed: "taking a payment"}}
"""
INTENT = """
pay:
  flow: pay
  examples: [I want to pay by card, I would like to pay my bill, pay my bill with a credit card, can I pay by card]
"""


@pytest.fixture
async def till():
    """Where the card is charged: another program's door."""
    app = FastAPI()
    app.state.paid = []

    @app.post("/pay")
    async def pay(request: Request):
        app.state.paid.append(await request.json())
        return {"state": "paid"}

    async with served(app) as url:
        app.state.url = url
        yield app.state


def company(folder, url):
    """The demo company, which also takes cards."""
    shutil.copytree(HOME / "playbooks" / "acme", folder)
    (folder / "flows" / "pay.yaml").write_text(FLOW)
    for name, more in (("actions.yaml", ACTION.format(url=url)), ("intents.yaml", INTENT)):
        path = folder / name
        path.write_text(path.read_text() + more)
    return folder


async def test_a_card_that_is_spoken_and_keyed_over_the_line_is_kept_nowhere(tmp_path, voice, till):
    playbook = company(tmp_path / "company", till.url)
    async with open_stack(tmp_path / "var", WARMLINE_PLAYBOOK=str(playbook)) as stack:
        caller = Caller(stack, voice)
        spoken = ", ".join(" ".join(CARD[at : at + 4]) for at in range(0, 16, 4))
        lines = [
            caller.says("I want to pay by card."),
            caller.says(spoken),
            Line("the card", keys=f"{CARD}#"),
            Line("the code", keys=CODE),
        ]
        call = await caller.call(lines, "+15550000041", patience_s=15.0)
    assert till.paid == [{"card": CARD, "code": CODE}]
    assert [text for event in call.events for text in texts_of(event) if tells(text)] == []
    kept = [body.text for body in call.bodies(TurnHeard)] + [body.digits for body in call.bodies(TurnKeyed)]
    assert kept[0] != "[card number]", "what comes before the question is kept"
    assert "[card number]" in kept
    assert kept[-1] == "[card code]"
    (paused,), (resumed,) = call.bodies(RecordingPaused), call.bodies(RecordingResumed)
    private = call.recording[round(paused.at_s * RATE) : round(resumed.at_s * RATE)]
    assert len(private) > 8 * RATE, "as long as it takes to say sixteen digits"
    assert not private[:, CALLERS].any(), "the caller's channel"
    assert not private[:, ASSISTANT].any(), "what was read back"
    assert call.recording[: round(paused.at_s * RATE), CALLERS].any(), "the rest can be heard"
    for path in (tmp_path / "var").rglob("*"):
        if path.is_file():
            stored = path.read_bytes()
            assert not any(CARD[at : at + 6].encode() in stored for at in range(11)), path.name
