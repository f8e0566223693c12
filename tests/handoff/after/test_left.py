"""What a caller leaves for people is told to the record of the call, once, and at once."""

from calls.events import ActionDone, CallBackPromised, TurnHeard, VoicemailLeft
from handoff.after.left import LeftForPeople

PROMISED = {
    "promise_id": "p1",
    "phone": "+15550142000",
    "queue": "support",
    "due_at": "2026-11-25T12:00:00+00:00",
    "reason": "a return",
    "reference": 123456,
}


def done(action, data, key="CA1:1"):
    return ActionDone(turn=2, action=action, key=key, data=data, duration_s=0.0)


def test_a_call_back_that_was_noted_is_told_with_all_that_people_need():
    (told,) = LeftForPeople().noted(done("desk.call_back", PROMISED))
    assert isinstance(told, CallBackPromised)
    assert (told.promise_id, told.phone, told.queue, told.reason) == (
        "p1",
        "+15550142000",
        "support",
        "a return",
    )


def test_a_message_is_told_with_where_it_was_said():
    left = LeftForPeople()
    left.noted(TurnHeard(turn=2, text="The box was open.", confidence=0.9, start_s=20.0, end_s=24.0))
    (told,) = left.noted(done("desk.leave_message", {"text": "The box was open.", "queue": "returns"}))
    assert told == VoicemailLeft(queue="returns", text="The box was open.", start_s=20.0, end_s=24.0)


def test_a_resumed_call_that_tells_an_action_again_promises_nothing_twice():
    left = LeftForPeople()
    left.noted(done("desk.call_back", PROMISED))
    assert left.noted(done("desk.call_back", PROMISED)) == ()
    assert len(left.noted(done("desk.call_back", {**PROMISED, "promise_id": "p2"}, key="CA1:2"))) == 1


def test_other_actions_leave_nothing():
    assert LeftForPeople().noted(done("shop.order_status", {"status": "shipped"})) == ()
    assert LeftForPeople().noted(done("desk.call_back", {"noted": True})) == (), "a company's own action"
