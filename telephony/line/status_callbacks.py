"""What is told of one call's progress."""

from collections.abc import Callable
from datetime import datetime
from email.utils import format_datetime

from telephony.line.call import Call
from telephony.line.callback_queue import CallbackQueue
from telephony.line.twiml.verbs import Callback
from telephony.line.webhooks import call_params


class StatusCallbacks:
    """Tells of one call's progress: `initiated`, `ringing`, `answered`, `completed`."""

    def __init__(
        self, queue: CallbackQueue, call: Call, callback: Callback | None, now: Callable[[], datetime]
    ) -> None:
        self.queue = queue
        self._call = call
        self._callback = callback
        self._now = now
        self._sequence = 0

    def happened(self, event: str) -> None:
        """Tell it, if it was asked for."""
        if self._callback is not None and event in self._callback.events:
            self.queue.tell(self._callback.url, self._callback.method, self._params())

    def _params(self) -> dict[str, str]:
        params = {
            **call_params(self._call),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
            "Timestamp": format_datetime(self._now()),
        }
        self._sequence += 1
        if self._call.sip_response_code is not None:
            params["SipResponseCode"] = str(self._call.sip_response_code)
        duration_s = self._call.duration_s
        if duration_s is not None:
            params |= {"CallDuration": str(duration_s), "Duration": str(-(-duration_s // 60))}
        return params
