"""The events of one call, as a session writes them."""

from calls.events import (
    ActionDone,
    ActionRequested,
    CallEnded,
    CallEndReason,
    CallStarted,
    HeardWord,
    StreamEnded,
    StreamStarted,
    TurnAnswered,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)

WORDS = (HeardWord(text="Where", start_s=5.0, end_s=5.2, probability=0.9),)


def whole_call():
    return [
        CallStarted(caller="+15550142000", callee="+15550100100", playbook="acme@1"),
        StreamStarted(stream_sid="MZ1", recording="recordings/2026/11/23/CA1.wav"),
        TurnPlanned(turn=0, moment="opened", say=("Acme support.",), then="listen", expect="open"),
        TurnSaid(turn=0, text="Acme support.", heard="Acme", start_s=0.0, end_s=1.0, interrupted=True),
        TurnHeard(
            turn=1,
            text="Where is my order?",
            confidence=0.9,
            words=WORDS,
            start_s=5.0,
            end_s=6.0,
            heard_of_us="Acme",
        ),
        TurnPlanned(
            turn=1,
            moment="hearing",
            intent="order_status",
            confidence=0.97,
            then="await_actions",
            expect="nothing",
        ),
        ActionRequested(turn=1, action="shop.order_status", key="k1", arguments={"order_number": "4711"}),
        ActionDone(
            turn=1, action="shop.order_status", key="k1", data={"status": "shipped"}, duration_s=0.004
        ),
        TurnPlanned(turn=1, moment="done", say=("It has shipped.",), then="listen", expect="open"),
        TurnAnswered(turn=1, total_s=0.5, parts={"end_of_turn": 0.3}),
        TurnSaid(turn=1, text="It has shipped.", heard="It has shipped.", start_s=6.5, end_s=8.0),
        TurnSilent(turn=2, at_s=15.0),
        StreamEnded(stream_sid="MZ1", reason="stopped"),
        CallEnded(reason=CallEndReason.CALLER, duration_s=16.0),
    ]
