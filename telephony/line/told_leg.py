"""What all legs share: somebody who is told what the far end does, and an end that comes once."""

from abc import ABC, abstractmethod

from telephony.line.leg import LegEnd, LegListener


class ToldLeg(ABC):
    """Base of the legs. A kind of leg says in `closing` what its end takes."""

    def __init__(self, party: str) -> None:
        self._party = party
        self._listener: LegListener | None = None
        self._over = False

    @property
    def party(self) -> str:
        """Who is there."""
        return self._party

    def listen(self, listener: LegListener) -> None:
        """Tell `listener` from now on."""
        self._listener = listener

    def heard(self, frame: bytes) -> None:
        """20 ms of the far end."""
        if self._listener is not None and not self._over:
            self._listener.on_audio(frame)

    def pressed(self, digit: str) -> None:
        """A key at the far end."""
        if self._listener is not None and not self._over:
            self._listener.on_digit(digit)

    def ended(self, end: LegEnd) -> None:
        """The leg is over, whoever ended it. Told once."""
        if self._over:
            return
        self._over = True
        self.closing(end)
        if self._listener is not None:
            self._listener.on_ended(end)

    @abstractmethod
    def closing(self, end: LegEnd) -> None:
        """The end has come; the listener is told after this."""
