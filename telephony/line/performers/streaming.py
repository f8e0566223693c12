"""`<Connect><Stream>`, `<Start><Stream>` and `<Stop><Stream>`."""

import asyncio
import secrets
from collections.abc import Iterator
from contextlib import contextmanager

from loguru import logger

from telephony.line.instructions import Instructions
from telephony.line.stage import Stage
from telephony.line.streams.media_stream import MediaStream
from telephony.line.streams.one_way_stream import OneWayStream
from telephony.line.streams.wire import ERROR_CODES, Sign, StreamOutcome
from telephony.line.twiml.verbs import ConnectStream, StartStream, StopStream


async def perform_connect(stage: Stage, verb: ConnectStream) -> Instructions | None:
    """A two-way stream, until either side ends it."""
    stream = MediaStream(verb, _new_sid(), stage.call.sid, stage.call.account_sid, _signer(stage))
    telling = _Telling(stage, stream)
    with stage.sound.slot.holding(stream), dropped_by_fault(stage, stream):
        running = asyncio.create_task(stream.run(telling.started))
        try:
            outcome = await asyncio.shield(running)
        except asyncio.CancelledError:
            # The call ended or goes on elsewhere: the server is told `stop`, then the call may go on.
            stream.stop()
            await asyncio.wait({running})
            telling.event("stream-stopped")
            raise
    telling.ended(outcome)
    return None


async def perform_start_stream(stage: Stage, verb: StartStream) -> Instructions | None:
    """A one-way stream that goes on beside what follows. One whose name is taken is not begun a second time."""
    if verb.name is not None and any(one.name == verb.name for one in stage.beside):
        logger.bind(call=stage.call.sid, code=31923).warning("a stream of this name is running")
        return None
    stream = OneWayStream(verb, _new_sid(), stage.call.sid, stage.call.account_sid, _signer(stage))
    stage.beside.append(StreamBeside(stage, stream))
    return None


async def perform_stop_stream(stage: Stage, verb: StopStream) -> Instructions | None:
    """The end of one; nothing where there is none of that name."""
    await stage.stop_beside(verb.name)
    return None


@contextmanager
def dropped_by_fault(stage: Stage, stream: MediaStream | OneWayStream) -> Iterator[None]:
    """The stream loses its connection when the line's faults say so, while this is open."""
    faults = stage.edge.webhooks.faults
    names = (stage.call.sid, stage.call.caller, stage.call.callee)
    after_s = faults.of(*names).socket_drop_s
    timer = None if after_s is None else asyncio.get_running_loop().call_later(after_s, stream.drop)
    try:
        with faults.droppable(stream.drop, *names):
            yield
    finally:
        if timer is not None:
            timer.cancel()


class StreamBeside:
    """A one-way stream of a call, from start to end."""

    def __init__(self, stage: Stage, stream: OneWayStream) -> None:
        self.stream = stream
        self.name = stream.verb.name or stream.stream_sid
        self._stage = stage
        self._telling = _Telling(stage, stream)
        stage.sound.attach(stream)
        self._running = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Say `stop` to the server and wait until it has heard it."""
        self.stream.stop()
        await asyncio.wait({self._running})

    async def _run(self) -> None:
        try:
            with dropped_by_fault(self._stage, self.stream):
                outcome = await self.stream.run(self._telling.started)
        finally:
            self._stage.sound.detach(self.stream)
            if self in self._stage.beside:
                self._stage.beside.remove(self)
        self._telling.ended(outcome)


class _Telling:
    """Tells a stream's status callback."""

    def __init__(self, stage: Stage, stream: MediaStream | OneWayStream) -> None:
        self._stage = stage
        self._stream = stream

    def started(self) -> None:
        """The server has accepted the stream."""
        self.event("stream-started")

    def ended(self, outcome: StreamOutcome) -> None:
        """The stream is over."""
        code = ERROR_CODES.get(outcome)
        if code is None:
            self.event("stream-stopped")
            return
        logger.bind(call=self._stage.call.sid, code=code).warning("the media stream failed: {}", outcome)
        self.event("stream-error", str(code))

    def event(self, event: str, error: str | None = None) -> None:
        """One of Twilio's `StreamEvent`s."""
        verb = self._stream.verb
        if verb.status_callback is None:
            return
        params = {
            "AccountSid": self._stage.call.account_sid,
            "CallSid": self._stage.call.sid,
            "StreamSid": self._stream.stream_sid,
            "StreamName": verb.name or self._stream.stream_sid,
            "StreamEvent": event,
            "Timestamp": self._stage.edge.now().isoformat(),
            **({"StreamError": error} if error else {}),
        }
        self._stage.callbacks.tell(verb.status_callback, verb.status_callback_method, params)


def _new_sid() -> str:
    return "MZ" + secrets.token_hex(16)


def _signer(stage: Stage) -> Sign:
    return lambda url: stage.edge.webhooks.signature(url, {})
