"""Records a conference: a listener with a beat of its own."""

from collections.abc import Callable

from telephony.line.conferences.mixer import Mixer
from telephony.line.leg import ULAW_SILENCE
from telephony.line.recordings.recording import Recording
from telephony.line.ticker import Ticker
from telephony.tasks import Tasks


class ConferenceRecorder:
    """From the conference's start to its end, all voices in one channel."""

    def __init__(
        self, mixer: Mixer, start: Callable[[], Recording], finish: Callable[[Recording], None]
    ) -> None:
        self._mixer = mixer
        self._start = start
        self._finish = finish
        self._recording: Recording | None = None
        self._ticker = Ticker(self._tick)
        self._ending = Tasks()

    def begin(self) -> None:
        """The conference has started."""
        self._recording = self._start()
        self._mixer.add(self)
        self._ticker.start()

    def end(self) -> None:
        """It is over. Does nothing when it never started."""
        if self._recording is not None:
            self._mixer.remove(self)
            self._ending.start(self._ticker.stop())
            self._finish(self._recording)

    def _tick(self) -> None:
        if self._recording is not None:
            self._recording.tap(self._mixer.take(self), ULAW_SILENCE)
