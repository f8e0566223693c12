"""One call as it is looked at again. Pure: the same events always give the same page."""

from collections.abc import Sequence

from calls.events import CallEvent, StreamStarted
from calls.render import clock
from handoff.desk.words import DeskWords
from qa.facts.fold import facts_of
from qa.facts.types import CallFacts
from qa.replay.axis import Axis
from qa.replay.codes import without_codes
from qa.replay.curves import Course, course_of
from qa.replay.drawer import Drawer, Fact, drawer_of, states_before
from qa.replay.legs import Leg, legs_of
from qa.replay.markers import Marker, markers_of
from qa.replay.rows import Row, rows_of
from qa.replay.turns import turns_of

LATER = "later"


class Replay:
    """What is shown of one call. `sound_s` is the length of its recording, 0 where there is none.

    Raises:
        ValueError: there are no events.
    """

    def __init__(self, events: Sequence[CallEvent], names: DeskWords, sound_s: float = 0.0) -> None:
        events = without_codes(events)
        facts = facts_of(events)
        if facts is None:
            raise ValueError("a call without events cannot be shown")
        self.facts: CallFacts = facts
        self.axis = Axis(events, sound_s)
        self._events = events
        self._names = names
        self._turns = turns_of(events)
        self.rows: tuple[Row, ...] = rows_of(events, self._turns, self.axis)
        self.markers: tuple[Marker, ...] = markers_of(events, self.axis)
        self.course: tuple[Course, ...] = course_of(self._turns, self.axis)
        self.legs: tuple[Leg, ...] = legs_of(events, self.axis)

    @property
    def turns(self) -> tuple[int, ...]:
        """The `seq` that names each turn, in order."""
        return tuple(turn.seq for turn in self._turns)

    def when(self, seconds: float) -> str:
        """A place on the axis in words; what came after the sound, such as a call-back, is told as `later`."""
        return clock(seconds) if seconds <= self.axis.length_s else LATER

    def drawer(self, seq: int) -> Drawer | None:
        """The turn of that name; None where there is none."""
        turn = next((one for one in self._turns if one.seq == seq), None)
        if turn is None:
            return None
        return drawer_of(turn, states_before(self._events), self._names, versions_of(self.facts))

    def row_at(self, seconds: float) -> Row | None:
        """The row that is heard at a moment: the last spoken one that has begun."""
        return next((row for row in reversed(self.rows) if row.spoken and row.start_s <= seconds), None)


def versions_of(facts: CallFacts) -> tuple[Fact, ...]:
    """What answered: playbook and models."""
    playbook = [Fact(term="Playbook", text=facts.playbook)] if facts.playbook else []
    models = [Fact(term=name.replace("_", " "), text=version) for name, version in facts.models.items()]
    return (*playbook, *models)


def recording_of(events: Sequence[CallEvent]) -> str | None:
    """The recording's file name, relative to the data directory; None where there is none."""
    names = [event.body.recording for event in events if isinstance(event.body, StreamStarted)]
    return next((name for name in reversed(names) if name is not None), None)
