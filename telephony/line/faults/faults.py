"""What can go wrong, on demand: set by tests while the line runs, for the line or for one call. Nothing by default."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

Seconds = Annotated[float, Field(ge=0, le=600)]
Milliseconds = Annotated[int, Field(ge=0, le=5000)]


class FaultSet(BaseModel):
    """One set of faults."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    refuse: Annotated[int, Field(ge=400, le=699)] | None = None
    """Calls out are refused with this SIP response: 486 busy, 480, 603, 503, 404."""
    no_answer: bool = False
    """Calls out ring, and nobody answers."""
    early_answer: bool = False
    """Calls out are answered at once by a queue that plays music; nobody presses a key there."""
    lost_bye: bool = False
    """That the far end hangs up is never heard of."""
    network_delay_ms: Milliseconds = 0
    """Of sound and signalling, each way."""
    network_jitter_ms: Milliseconds = 0
    """And up to this much more, anew for each frame; the order stays."""
    network_loss: Annotated[float, Field(ge=0, le=1)] = 0.0
    """The share of frames that are lost, each way."""
    webhook_delay_s: Seconds = 0.0
    webhook_copies: Annotated[int, Field(ge=1, le=10)] = 1
    """How often each callback is sent, with the same token."""
    webhooks_reordered: bool = False
    """Each callback waits for the next, which overtakes it."""
    rest_status: Annotated[int, Field(ge=500, le=599)] | None = None
    """The API answers with this HTTP status, and does nothing."""
    rest_delay_s: Seconds = 0.0
    rest_refuses_moves: bool = False
    """Updates of calls are refused with 21220."""
    socket_drop_s: Seconds | None = None
    """Media streams lose their connection after this."""


NONE = FaultSet()


class LineFaults:
    """The faults that a line has now. A call is named by its sid or by its far end's address or number."""

    def __init__(self) -> None:
        self._line = NONE
        self._calls: dict[str, FaultSet] = {}
        self._rest_left: int | None = None
        self._streams: list[tuple[tuple[str, ...], Callable[[], None]]] = []

    def set(self, faults: FaultSet, call: str | None = None, *, rest_times: int | None = None) -> None:
        """Have these faults from now on. `rest_times` ends the API's after so many requests."""
        if call is None:
            self._line = faults
        else:
            self._calls[call] = faults
        self._rest_left = rest_times

    def clear(self) -> None:
        """Have none."""
        self._line = NONE
        self._calls.clear()
        self._rest_left = None

    def of(self, *names: str | None) -> FaultSet:
        """The faults of a call, under whatever name it has some; else those of the line."""
        if self._calls:
            for name in names:
                if name in self._calls:
                    return self._calls[name]
        return self._line

    def of_request(self, *names: str | None) -> FaultSet:
        """The faults that one request to the API meets. Counts it."""
        faults = self.of(*names)
        if faults is NONE or self._rest_left is None:
            return faults
        if self._rest_left == 0:
            return NONE
        self._rest_left -= 1
        return faults

    @contextmanager
    def droppable(self, drop: Callable[[], None], *names: str) -> Iterator[None]:
        """A media stream of a call that may be dropped, while this is open."""
        entry = (names, drop)
        self._streams.append(entry)
        try:
            yield
        finally:
            self._streams.remove(entry)

    def drop_streams(self, call: str | None = None) -> int:
        """Lose the connection of the media streams of a call, or of all, now. Returns how many."""
        dropped = [drop for names, drop in self._streams if call is None or call in names]
        for drop in dropped:
            drop()
        return len(dropped)

    @property
    def shown(self) -> dict[str, object]:
        """What is set, as JSON shows it."""
        calls = {name: faults.model_dump(exclude_defaults=True) for name, faults in self._calls.items()}
        return {"line": self._line.model_dump(exclude_defaults=True), "calls": calls}
