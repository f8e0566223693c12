"""The sound of several calls together: each hears the sum of the others, never itself. Pure.

Each call has a beat of its own, which follows its packets. A frame that one puts in waits, for each of the others, in
an inbox of the pair until the other's beat takes it. So nobody waits for a common beat, and whoever stops sending
holds nobody up.
"""

from collections.abc import Hashable

import numpy as np

from telephony.line.inbox import Inbox
from telephony.line.leg import ULAW_SILENCE
from telephony.media import ulaw

SPARE_FRAMES = 1
"""Two beats may fall on the same moment: one frame is kept in hand."""
LOUDEST = 32767


class Mixer:
    """Mixes frames of 160 bytes of µ-law."""

    def __init__(self) -> None:
        self._inboxes: dict[Hashable, dict[Hashable, Inbox]] = {}
        """Listener → speaker → frames."""

    def __len__(self) -> int:
        return len(self._inboxes)

    def add(self, member: Hashable) -> None:
        """Somebody speaks and listens from now on."""
        for inboxes in self._inboxes.values():
            inboxes[member] = Inbox(SPARE_FRAMES)
        self._inboxes[member] = {other: Inbox(SPARE_FRAMES) for other in self._inboxes}

    def remove(self, member: Hashable) -> None:
        """Somebody is gone. Does nothing the second time."""
        self._inboxes.pop(member, None)
        for inboxes in self._inboxes.values():
            inboxes.pop(member, None)

    def put(self, member: Hashable, frame: bytes) -> None:
        """What a member says: 20 ms."""
        for listener, inboxes in self._inboxes.items():
            if listener != member and member in inboxes:
                inboxes[member].put(frame)

    def take(self, member: Hashable) -> bytes:
        """What a member hears: 20 ms of all others together."""
        return mix([inbox.take() for inbox in self._inboxes.get(member, {}).values()])


def mix(frames: list[bytes]) -> bytes:
    """The saturating sum of some frames. One frame alone stays as it is, to the bit."""
    sounding = [frame for frame in frames if frame != ULAW_SILENCE]
    if len(sounding) <= 1:
        return sounding[0] if sounding else ULAW_SILENCE
    total = np.sum([ulaw.decode(frame) for frame in sounding], axis=0, dtype=np.int32)
    return ulaw.encode(np.clip(total, -LOUDEST - 1, LOUDEST).astype(np.int16))
