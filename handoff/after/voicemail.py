"""Messages that callers leave: found in the record of the call. Pure."""

from collections.abc import Iterable

from calls.events import ActionDone, CallEvent, TurnHeard, VoicemailLeft

ACTION = "desk.leave_message"


def voicemails(events: Iterable[CallEvent]) -> tuple[VoicemailLeft, ...]:
    """The messages of one call, each with its stretch of the recording.

    The stretch is that of the turn that the message was said in; where it cannot be told, the message has none and
    begins and ends at 0.
    """
    heard: list[TurnHeard] = []
    left: list[VoicemailLeft] = []
    for event in events:
        body = event.body
        if isinstance(body, TurnHeard):
            heard.append(body)
        elif isinstance(body, ActionDone) and body.action == ACTION:
            left.append(_left(body, heard))
    return tuple(left)


def voicemail_left(done: ActionDone, heard: Iterable[TurnHeard]) -> VoicemailLeft | None:
    """What the record says of an action that was just done; None where it left no message.

    `heard` are the turns of the call so far.
    """
    return _left(done, heard) if done.action == ACTION else None


def _left(done: ActionDone, heard: Iterable[TurnHeard]) -> VoicemailLeft:
    text, queue = str(done.data.get("text", "")), str(done.data.get("queue", ""))
    turns = [one for one in heard if one.turn <= done.turn]
    # The action may come a turn after the message, where something else was said in between.
    said = next((one for one in reversed(turns) if text and text in one.text), turns[-1] if turns else None)
    start, end = (0.0, 0.0) if said is None else (said.start_s, said.end_s)
    return VoicemailLeft(queue=queue, text=text, start_s=start, end_s=end)
