"""A message that a caller leaves: told, kept with its stretch of the recording, and found again."""

from datetime import UTC, datetime

from calls.events import ActionDone, CallEvent, TurnHeard
from handoff.after.voicemail import voicemail_left, voicemails

MESSAGE = "This is Maria Silva, the box was open."


def heard(turn, text, start_s):
    return TurnHeard(turn=turn, text=text, confidence=0.9, start_s=start_s, end_s=start_s + 4.0)


def left(turn, text=MESSAGE, queue="support"):
    data = {"reference": 123456, "queue": queue, "text": text}
    return ActionDone(turn=turn, action="desk.leave_message", key=f"CA1:{turn}", data=data, duration_s=0.0)


def log(*bodies):
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    return [CallEvent(call_id="CA1", seq=seq, at=at, body=body) for seq, body in enumerate(bodies, start=1)]


def test_a_message_is_the_stretch_of_the_turn_it_was_said_in():
    events = log(heard(1, "agent", 3.0), heard(2, MESSAGE, 20.0), left(2), heard(3, "bye", 40.0))
    (found,) = voicemails(events)
    assert (found.queue, found.text, found.start_s, found.end_s) == ("support", MESSAGE, 20.0, 24.0)


def test_two_messages_of_one_call_are_two():
    again = "And call me at nine."
    events = log(heard(1, MESSAGE, 5.0), left(1), heard(2, again, 30.0), left(2, again))
    assert [found.start_s for found in voicemails(events)] == [5.0, 30.0]


def test_the_turn_is_found_by_its_words_where_the_action_came_later():
    events = log(heard(1, MESSAGE, 5.0), heard(2, "yes", 12.0), left(2))
    assert voicemails(events)[0].start_s == 5.0


def test_it_is_told_just_after_the_action_was_done():
    done = left(1)
    assert voicemail_left(done, [heard(1, MESSAGE, 5.0)]).end_s == 9.0
    other = done.model_copy(update={"action": "shop.order_status"})
    assert voicemail_left(other, [heard(1, MESSAGE, 5.0)]) is None


def test_a_message_without_a_turn_is_kept_with_its_words():
    (found,) = voicemails(log(left(1)))
    assert (found.text, found.start_s, found.end_s) == (MESSAGE, 0.0, 0.0)
