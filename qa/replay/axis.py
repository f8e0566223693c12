"""The time axis of a call: where in its recording each event lies. Pure."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from calls.events import CallEvent, StreamStarted

TICK_STEPS_S = (5, 10, 15, 30, 60, 120, 300, 600)
MOST_TICKS = 12


class Axis:
    """Places on the recording, in seconds.

    Most events say when they were in the recording; the others lie where the clock puts them. The recording begins with
    the first stream. A stream that was resumed goes on at the recording's end, however long the break was: from there
    on the clock is set by the events that tell their place.
    """

    def __init__(self, events: Sequence[CallEvent], sound_s: float = 0.0) -> None:
        """`sound_s` is the recording's length, 0 where there is none."""
        self._origins = _origins(events)
        last = max((self.place(event) for event in events), default=0.0)
        ends = [end for event in events if (end := _end_of(event)) is not None]
        # What is said and done after the call, such as a disposition, is no part of the axis.
        self.length_s = sound_s or max(ends, default=0.0) or last or 1.0

    def place(self, event: CallEvent) -> float:
        """Where an event lies: where it began, or else when it was noted."""
        start = getattr(event.body, "start_s", None)
        if start is None:
            start = getattr(event.body, "at_s", None)
        return max(0.0, float(start)) if start is not None else self.place_of(event.at, event.seq)

    def place_of(self, at: datetime, seq: int) -> float:
        """Where a moment lies, by the clock of the stream in which event `seq` was noted."""
        origin = self._origins[0][1]
        for first, start in self._origins:
            if first <= seq:
                origin = start
        return max(0.0, (at - origin).total_seconds())

    def percent(self, seconds: float) -> float:
        """How far along the axis, 0 to 100, to a hundredth."""
        return round(100 * min(1.0, max(0.0, seconds / self.length_s)), 2)

    def ticks(self) -> tuple[int, ...]:
        """Seconds at which the axis is labelled."""
        step = next((one for one in TICK_STEPS_S if self.length_s / one <= MOST_TICKS), TICK_STEPS_S[-1])
        return tuple(range(0, int(self.length_s) + 1, step))


def _origins(events: Iterable[CallEvent]) -> list[tuple[int, datetime]]:
    """For each stream: its first event's number, and the time at which its recording would have begun."""
    found: list[tuple[int, datetime]] = []
    first: CallEvent | None = None
    for event in events:
        first = first or event
        if isinstance(event.body, StreamStarted):
            found.append((event.seq, event.at))
        elif len(found) > 1 and (end := _end_of(event)) is not None:
            # Events are noted after what they tell of: the earliest beginning is the nearest to the truth.
            seq, begun = found[-1]
            found[-1] = (seq, min(begun, event.at - timedelta(seconds=end)))
    if found:
        return found
    return [(0, first.at)] if first is not None else [(0, datetime.min.replace(tzinfo=UTC))]


def _end_of(event: CallEvent) -> float | None:
    end = getattr(event.body, "end_s", None)
    return float(end) if end is not None else None
