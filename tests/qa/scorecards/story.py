"""Calls told event by event."""

from datetime import UTC, datetime, timedelta

from calls import events as e

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def story(call_id, *bodies):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=BEGAN + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


def planned(turn, *, moment="hearing", expect="open", level=0, flow=None, **more):
    state = {"flow": flow, "identity": {"level": level}} | more.pop("state", {})
    return e.TurnPlanned(turn=turn, moment=moment, then="listen", expect=expect, state=state, **more)


def said(turn, text, start_s, end_s=None, **more):
    return e.TurnSaid(
        turn=turn, text=text, start_s=start_s, end_s=end_s or start_s + 2, **({"heard": text} | more)
    )


def heard(turn, text, start_s, end_s=None):
    return e.TurnHeard(turn=turn, text=text, confidence=0.9, start_s=start_s, end_s=end_s or start_s + 1)


def asked(turn, action, key="k", **arguments):
    return e.ActionRequested(turn=turn, action=action, key=key, arguments=arguments)


def done(turn, action, key="k"):
    return e.ActionDone(turn=turn, action=action, key=key, duration_s=0.1)


def failed(turn, action, failure, key="k"):
    return e.ActionFailed(turn=turn, action=action, key=key, failure=failure, duration_s=0.1)


STARTED = e.CallStarted(caller="+15550001", playbook="acme 1", models={"stt": "base"})
RECORDED = e.StreamStarted(stream_sid="S", recording="CA1.wav")
GREETED = said(0, "Acme. I'm an automated assistant, and this call is recorded.", 0.0)
HUNG_UP = e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=30.0)
CANCELLED = (
    STARTED,
    RECORDED,
    planned(0, moment="opened"),
    GREETED,
    heard(1, "Cancel order 4712", 3),
    planned(1, intent="cancel_order", level=1, flow="cancel_order", expect="yes_no"),
    said(1, "Shall I cancel order 4712?", 4.5),
    heard(2, "yes please", 7),
    planned(2, level=1, flow="cancel_order"),
    asked(2, "shop.cancel_order"),
    done(2, "shop.cancel_order"),
    planned(2, moment="done", level=1),
    said(2, "It is cancelled.", 8.5),
)
"""A change as it should be: identified, read back, agreed to, done."""


def handed_over(agent, *, needless=False, wrong=None):
    """A person is asked for, takes the call, and says what came of it."""
    return (
        heard(3, "now a person please", 12),
        planned(3, hand_over="support", reason="asked_for_person", state={"asked_for_person": 1}),
        said(3, "I'm getting a colleague.", 13.5),
        e.TransferRequested(transfer_id="T1", queue="support", reason="asked_for_person"),
        e.TransferLeg(transfer_id="T1", leg=1, target=agent, agent=agent, state="accepted"),
        e.TransferEnded(transfer_id="T1", outcome="connected", wait_s=9.0, talk_s=40.0),
        e.CallDisposed(agent=agent, disposition="solved", needless=needless, wrong=wrong),
        e.CallEnded(reason="people", duration_s=90.0),
    )
