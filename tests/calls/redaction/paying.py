"""A call in which somebody pays, as a session writes it."""

from datetime import UTC, datetime, timedelta

from calls import events as e
from dialog.types import DialogState, SlotCandidate

CARD = "4111111111111111"
SPOKEN = "four one one one one one one one one one one one one one one one"
NAME = "recordings/2026/11/23/CA1.wav"
BEGAN = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
CALLER_NUMBER = "+15550142000"


def state(turn, call_id="CA1", caller=CALLER_NUMBER, **slots):
    attempts = {
        "card": ((SlotCandidate(value=CARD, score=0.8), SlotCandidate(value=f"{CARD[:-1]}7", score=0.1)),)
    }
    full = DialogState(
        playbook="acme@1",
        call_id=call_id,
        caller_number=caller,
        turn=turn,
        slots=slots,
        attempts=attempts if "card" in slots else {},
        course=(("caller", f"it is {SPOKEN}"),) if "card" in slots else (),
    )
    return full.model_dump(mode="json")


def planned(turn, call_id="CA1", caller=CALLER_NUMBER, **slots):
    return e.TurnPlanned(
        turn=turn,
        moment="hearing",
        then="listen",
        expect="open",
        entities={},
        state=state(turn, call_id, caller, **slots),
    )


def word(text, start_s, end_s):
    return e.HeardWord(text=text, start_s=start_s, end_s=end_s, probability=0.9)


def paying(call_id="CA1", caller=CALLER_NUMBER, name=NAME):
    digits = [word(one, 11.0 + 0.5 * at, 11.0 + 0.5 * at) for at, one in enumerate(SPOKEN.split())]
    return [
        e.CallStarted(caller=caller, callee="+15550100100", playbook="acme@1"),
        e.StreamStarted(stream_sid="MZ1", recording=name),
        e.TurnPlanned(turn=0, moment="opened", say=("This call is recorded.",), then="listen", expect="open"),
        e.TurnHeard(turn=1, text="I want to pay order 4711", confidence=0.9, start_s=5.0, end_s=7.0),
        planned(1, call_id, caller, order_number="4711"),
        e.TurnSaid(turn=1, text="Your card number?", heard="Your card number?", start_s=8.0, end_s=9.0),
        e.TurnHeard(
            turn=2,
            text=f"it is {SPOKEN}",
            confidence=0.8,
            alternatives=(f"is {SPOKEN}",),
            start_s=10.0,
            end_s=19.0,
        ),
        e.TurnWords(turn=2, words=(word("it", 10.0, 10.3), word("is", 10.4, 10.8), *digits)),
        planned(2, call_id, caller, order_number="4711", card=CARD),
        e.TurnSaid(
            turn=2,
            text="4111 1111 1111 1111, right?",
            heard="4111 1111 1111 1111, right?",
            start_s=19.0,
            end_s=24.0,
        ),
        e.TurnHeard(turn=3, text="yes", confidence=0.9, start_s=25.0, end_s=26.0),
        e.TurnSaid(
            turn=3, text="And the security code?", heard="And the security code?", start_s=27.0, end_s=29.0
        ),
        e.TurnHeard(turn=4, text="seven oh two", confidence=0.9, start_s=30.0, end_s=31.0),
        planned(4, call_id, caller, order_number="4711", card=CARD, security_code="702"),
        e.ActionRequested(
            turn=4,
            action="shop.pay",
            key=f"{call_id}:pay",
            arguments={"card_number": CARD, "cvc": "702", "order": "4711"},
        ),
        e.ActionDone(
            turn=4, action="shop.pay", key=f"{call_id}:pay", data={"ending": CARD[-4:]}, duration_s=0.1
        ),
        e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=40.0),
    ]


def call(bodies, call_id="CA1", began=BEGAN):
    return [
        e.CallEvent(call_id=call_id, seq=seq, at=began + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, start=1)
    ]
