"""One call's place in a conference, as its sound."""

import asyncio

from telephony.line.conferences.conference import Departure, Participant
from telephony.line.conferences.mixer import Mixer, mix
from telephony.line.leg import ULAW_SILENCE
from telephony.line.slot import Slot
from telephony.line.streams.playqueue import PlayQueue


class Seat:
    """A `Source`: the call's beat drives it. Apart from the others before the start and on hold."""

    def __init__(self, participant: Participant, mixer: Mixer, *, beep_on_exit: bool) -> None:
        self.participant = participant
        self.beep_on_exit = beep_on_exit
        self.music = Slot()
        """What is heard while waiting or on hold."""
        self.waits_at: tuple[str | None, str] | None = None
        """Address and method of the hold music, where it is not that of the `<Conference>`."""
        self.apart = asyncio.Event()
        self.together = asyncio.Event()
        self.left = asyncio.Event()
        self.departure: Departure | None = None
        self._mixer = mixer
        self._announced = PlayQueue()
        self.apart.set()

    def join_others(self) -> None:
        """Speak and listen. Does nothing the second time."""
        if not self.together.is_set():
            self._mixer.add(self)
            self.apart.clear()
            self.together.set()

    def leave_others(self) -> None:
        """Neither speak nor listen. Does nothing the second time."""
        self._mixer.remove(self)
        self.together.clear()
        self.apart.set()

    def announce(self, audio: bytes) -> None:
        """Play µ-law over whatever is heard."""
        self._announced.add(audio)

    def exchange(self, heard: bytes) -> bytes | None:
        """One beat."""
        if not self.together.is_set():
            frame = self.music.exchange(heard)
        else:
            if not self.participant.muted:
                self._mixer.put(self, heard)
            frame = self._mixer.take(self)
        announced = self._announced.next_frame()
        return frame if announced is None else mix([announced, frame or ULAW_SILENCE])

    def press(self, _digit: str) -> None:
        """Keys mean nothing here."""
