"""A made-up call that ends with a person: the events as a session would have written them."""

import secrets
from collections.abc import Mapping

from pydantic import JsonValue

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallStarted,
    EscalationJudged,
    EventBody,
    StreamStarted,
    TalkHeard,
    TransferRequested,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
)
from handoff.transfer.types import Limits, Order, Target

QUEUE = "returns"
WHY = "the refund failed twice, and the caller is getting upset"
NUMBER = "+15550142000"


def conversation(
    transfer_id: str, name: str = "Dana Whitfield", number: str = NUMBER, *, verified: bool = True
) -> list[EventBody]:
    """A refund that the assistant could not make, for a caller who has shown who they are, or has only said so."""
    nobody = {"level": 0, "customer": None, "failures": 0, "locked": False}
    state = {"flow": "refund", "identity": nobody, "slots": {}}
    known = {
        "flow": "refund",
        "identity": {**nobody, "level": 2, "customer": "1042"} if verified else nobody,
        "slots": {"refund_number": "4711", "postcode": "90210", "full_name": name},
        "confidences": {"full_name": 0.93, "refund_number": 0.58, "postcode": 0.97},
    }
    order = {"order_number": "4711", "item": "hiking boots", "status": "delivered", "price": 129.0}
    return [
        CallStarted(caller=number, callee="+15550100100", playbook="acme@demo"),
        StreamStarted(stream_sid="MZdemo"),
        _said(0, "Acme support. I'm an automated assistant, and this call is recorded. How can I help?", 0.4),
        _heard(1, "Hi, I sent my boots back two weeks ago and I still don't have my money.", 0.91, 6.0),
        _planned(1, state, "refund", 0.1, 0.92),
        _said(1, "I'm sorry about the trouble. Which order is the refund for?", 10.0),
        _heard(2, "It's forty-seven eleven.", 0.58, 14.0),
        _planned(2, state, "refund", 0.05, 0.9),
        _said(2, "First I need to check who's calling. I'm sending you a code.", 16.0),
        *_acted(2, "shop.identify", "k0", {"customer": "1042", "name": name, "level": 1}),
        *_acted(2, "identity.send_code", "k1", {}),
        *_acted(2, "identity.check_code", "k2", {"customer": "1042", "level": 2}),
        _planned(3, known, "refund", -0.05, 0.9),
        *_acted(3, "shop.find_order", "k3", order),
        *_failed(3, "shop.refund_order", "k4", "unavailable"),
        _said(3, "I couldn't make the refund just now. Let me try once more.", 30.0),
        _heard(4, "You have got to be kidding. I already waited for two weeks!", 0.88, 35.0),
        _planned(4, known, "refund", -0.4, 0.86),
        *_failed(4, "shop.refund_order", "k5", "unavailable"),
        _heard(5, "This is ridiculous. When do I get my money back?", 0.9, 42.0),
        _planned(5, known, "refund", -0.62, 0.88),
        EscalationJudged(
            turn=5,
            level="hand_over",
            risk=0.86,
            signals={"failed_actions": 1.0, "sentiment": 0.8},
            reasons=("action_failed_twice", "upset"),
            words=WHY,
            queue=QUEUE,
        ),
        TransferRequested(transfer_id=transfer_id, queue=QUEUE, reason="action_failed_twice", words=WHY),
        _said(5, "I understand. I'm bringing in a colleague from our returns team.", 46.0),
    ]


def order(transfer_id: str, call_id: str, targets: tuple[Target, ...], at_once: int = 1) -> Order:
    """What is ordered for it."""
    return Order(
        transfer_id=transfer_id,
        call_id=call_id,
        queue=QUEUE,
        reason="action_failed_twice",
        words=WHY,
        targets=targets,
        may_wait=True,
        limits=Limits(at_once=at_once, key_s=3600, patience_s=3600, ring_s=3600),
    )


def talk(agent: str) -> list[EventBody]:
    """What caller and agent say once they are connected."""
    return [
        TalkHeard(
            who="agent",
            text=f"Hello, this is {agent} from returns. I can see that your refund failed twice; I'm sorry.",
            confidence=0.95,
            start_s=70,
            end_s=75,
        ),
        TalkHeard(
            who="caller",
            text="Finally. How long does a refund take?",
            confidence=0.9,
            start_s=76,
            end_s=79,
        ),
    ]


def new_id() -> str:
    """A random id."""
    return secrets.token_hex(12)


def _heard(turn: int, text: str, confidence: float, start_s: float) -> TurnHeard:
    return TurnHeard(turn=turn, text=text, confidence=confidence, start_s=start_s, end_s=start_s + 3)


def _said(turn: int, text: str, start_s: float) -> TurnSaid:
    return TurnSaid(turn=turn, text=text, heard=text, start_s=start_s, end_s=start_s + 3)


def _planned(
    turn: int, state: Mapping[str, object], intent: str, mood: float, confidence: float
) -> TurnPlanned:
    values = {"turn": turn, "moment": "hearing", "intent": intent, "confidence": confidence, "mood": mood}
    return TurnPlanned.model_validate({**values, "then": "listen", "expect": "open", "state": state})


def _acted(turn: int, action: str, key: str, data: Mapping[str, object]) -> tuple[EventBody, ...]:
    done = ActionDone.model_validate(
        {"turn": turn, "action": action, "key": key, "data": data, "duration_s": 0.2}
    )
    return ActionRequested(turn=turn, action=action, key=key), done


def _failed(turn: int, action: str, key: str, failure: str) -> tuple[EventBody, ...]:
    failed = ActionFailed(turn=turn, action=action, key=key, failure=failure, duration_s=1.5)
    arguments: dict[str, JsonValue] = {"order_number": "4711", "amount": 129.0}
    return ActionRequested(turn=turn, action=action, key=key, arguments=arguments), failed
