"""What a caller has left for people in a call, told to its record as soon as it is there: call-backs and messages."""

from collections.abc import Iterator

from calls.events import ActionDone, CallBackPromised, EventBody, TurnHeard, VoicemailLeft
from handoff.after.voicemail import voicemail_left
from handoff.promises.promise import promised


class LeftForPeople:
    """Follows one call. An action that is told twice, after a break, is told of once."""

    def __init__(self) -> None:
        self._heard: list[TurnHeard] = []
        self._known: set[str] = set()

    def noted(self, body: EventBody) -> tuple[CallBackPromised | VoicemailLeft, ...]:
        """What follows from an event of the call, for its record."""
        if isinstance(body, TurnHeard):
            self._heard.append(body)
        if not isinstance(body, ActionDone) or body.key in self._known:
            return ()
        self._known.add(body.key)
        return tuple(self._left(body))

    def _left(self, done: ActionDone) -> Iterator[CallBackPromised | VoicemailLeft]:
        for left in (promised(done.action, done.data), voicemail_left(done, self._heard)):
            if left is not None:
                yield left
