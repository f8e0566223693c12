"""Slows down whoever guesses passwords. Pure but for the clock it is given; one process's memory."""

from collections import OrderedDict, deque
from collections.abc import Callable

WINDOW_S = 15 * 60.0
MOST_PAIR = 5
"""Failures of one name from one address in the window."""
MOST_ADDRESS = 20
MOST_NAME = 50
"""Of one name from anywhere: high, because it also keeps the right person out."""
MOST_KEPT = 10_000
"""Names and addresses that are remembered; beyond that, the oldest are forgotten."""


class Failures:
    """Counts failed sign-ins. A try counts as failed from its beginning, so many at once win nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._tries: OrderedDict[tuple[str, str], deque[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> float | None:
        """A try begins. Returns None where it may go on, else the seconds until the next one may."""
        now = self._clock()
        waits = [self._wait(key, most, now) for key, most in _limits(name, address)]
        longest = max(waits)
        if longest > 0:
            return longest
        for key, _ in _limits(name, address):
            self._tries.setdefault(key, deque()).append(now)
            self._tries.move_to_end(key)
        while len(self._tries) > MOST_KEPT:
            self._tries.popitem(last=False)
        return None

    def succeeded(self, name: str, address: str) -> None:
        """The last try was none of a guesser: its pair begins anew, the others lose only this one."""
        for key, most in _limits(name, address):
            tries = self._tries.get(key)
            if tries is None:
                continue
            if most == MOST_PAIR:
                del self._tries[key]
            elif tries:
                tries.pop()

    def _wait(self, key: tuple[str, str], most: int, now: float) -> float:
        tries = self._tries.get(key)
        if tries is None:
            return 0.0
        while tries and tries[0] <= now - WINDOW_S:
            tries.popleft()
        return tries[-most] + WINDOW_S - now if len(tries) >= most else 0.0


def _limits(name: str, address: str) -> tuple[tuple[tuple[str, str], int], ...]:
    return ((name, address), MOST_PAIR), (("", address), MOST_ADDRESS), ((name, ""), MOST_NAME)
