"""One call that is under way: its leg, its beat, and the TwiML it follows."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from loguru import logger

from telephony.line.call import UNANSWERED, UNANSWERED_ENDS, Call, CallStatus, InvalidMoveError
from telephony.line.document import (
    ConnectStream,
    DocumentError,
    Gather,
    Hangup,
    Pause,
    Play,
    Redirect,
    Reject,
    Say,
    Verb,
    read_document,
)
from telephony.line.inbox import Inbox
from telephony.line.leg import ULAW_SILENCE, Leg, LegEnd
from telephony.line.media_stream import ERROR_CODES, MediaStream, StreamOutcome
from telephony.line.sources import Player, SoundFileError, Source, read_wav, tones
from telephony.line.ticker import Ticker
from telephony.line.webhooks import StatusCallbacks, WebhookError, Webhooks, call_params
from telephony.media import ulaw
from telephony.tasks import Tasks

Speak = Callable[[str, str | None], Awaitable[bytes]]
"""Turns the text of `<Say>`, and the voice it asks for, into µ-law."""
MOST_REDIRECTS = 50
"""Documents one after the other without a sound between them: a circle."""


@dataclass(frozen=True)
class Instructions:
    """Where a call's TwiML comes from: a document, or a webhook to be asked for one."""

    url: str | None = None
    method: str = "POST"
    twiml: str | None = None
    digits: str | None = None
    """What the caller keyed, told to the webhook."""


@dataclass(frozen=True)
class CallEdge:
    """What a live call needs of the outside."""

    webhooks: Webhooks
    speak: Speak
    now: Callable[[], datetime]


class LiveCall:
    """Follows its instructions from answer to hang-up. Listens to its leg."""

    def __init__(
        self,
        call: Call,
        leg: Leg,
        edge: CallEdge,
        callbacks: StatusCallbacks,
        instructions: Instructions,
    ) -> None:
        self.call = call
        self._leg = leg
        self._edge = edge
        self._callbacks = callbacks
        self._instructions = instructions
        self._inbox = Inbox()
        self._source: Source | None = None
        self._keys: asyncio.Queue[str] | None = None
        """Where keys go while they are gathered."""
        self._ticker = Ticker(self._tick)
        self._script: asyncio.Task[None] | None = None
        self._leg_ended = asyncio.Event()
        self._limits: list[asyncio.TimerHandle] = []
        self._background = Tasks()
        self.over = asyncio.Event()

    # From the leg (LegListener)

    def on_ringing(self) -> None:
        """The far end rings."""
        if self.call.status is CallStatus.QUEUED:
            self._move(CallStatus.RINGING, "ringing")

    def on_answered(self) -> None:
        """The far end has answered."""
        if self.call.status in UNANSWERED:
            self._begin_talking()
            self.follow(self._instructions)

    def on_audio(self, frame: bytes) -> None:
        """20 ms of the far end."""
        self._inbox.put(frame)
        self._ticker.follow()

    def on_digit(self, digit: str) -> None:
        """A key at the far end."""
        if self._keys is not None:
            self._keys.put_nowait(digit)
        elif self._source is not None:
            self._source.press(digit)

    def on_ended(self, end: LegEnd) -> None:
        """The far end is gone."""
        self._leg_ended.set()
        status = UNANSWERED_ENDS[end] if self.call.status in UNANSWERED else CallStatus.COMPLETED
        self._background.start(self._finish(status))

    # From the carrier

    def start_incoming(self) -> None:
        """The call rings here: ask what to do with it."""
        self._move(CallStatus.RINGING, "ringing")
        self.follow(self._instructions)

    def start_outgoing(self, timeout_s: float, limit_s: float) -> None:
        """The call is being placed."""
        loop = asyncio.get_running_loop()
        self._callbacks.happened("initiated")
        self._limits = [
            loop.call_later(timeout_s, self._not_answered),
            loop.call_later(limit_s, lambda: self._background.start(self._finish(CallStatus.COMPLETED))),
        ]

    def follow(self, instructions: Instructions) -> None:
        """Go on with other TwiML; what was running is interrupted."""
        before = self._script
        self._script = asyncio.create_task(self._run(instructions, before))

    async def hang_up(self, status: CallStatus) -> None:
        """End the call as `status`: completed, or canceled before it was answered."""
        await self._finish(status)

    # The TwiML

    async def _run(self, instructions: Instructions, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            before.cancel()
            await asyncio.wait({before})
        try:
            await self._follow(instructions)
        except (DocumentError, WebhookError, SoundFileError) as error:
            logger.bind(call=self.call.sid, code=getattr(error, "code", 12400)).warning(
                "the call ends, its TwiML cannot be followed: {}", error
            )
        except asyncio.CancelledError:
            raise
        except Exception as error:  # noqa: BLE001 - one call's fault must not reach the others
            logger.bind(call=self.call.sid).opt(exception=error).error("the call broke")
        self._background.start(self._finish(CallStatus.COMPLETED))

    async def _follow(self, instructions: Instructions) -> None:
        for _ in range(MOST_REDIRECTS):
            next_one = await self._perform(read_document(await self._document(instructions)))
            if next_one is None:
                return
            instructions = next_one
        raise DocumentError(12200, "redirects in a circle")

    async def _document(self, instructions: Instructions) -> str:
        if instructions.twiml is not None:
            return instructions.twiml
        if not instructions.url:
            raise WebhookError(11200, "there is no address to ask")
        params = call_params(self.call)
        if instructions.digits is not None:
            params["Digits"] = instructions.digits
        return await self._edge.webhooks.ask(instructions.url, instructions.method, params)

    async def _perform(self, verbs: tuple[Verb, ...]) -> Instructions | None:
        """Do the verbs in order. Returns where a `<Redirect>` leads."""
        for index, verb in enumerate(verbs):
            if isinstance(verb, Reject) and index == 0 and self.call.status in UNANSWERED:
                await self._leg.reject(LegEnd.BUSY if verb.reason == "busy" else LegEnd.DECLINED)
                return None
            if isinstance(verb, Hangup | Reject):
                return None
            if isinstance(verb, Redirect):
                return Instructions(url=verb.url, method=verb.method)
            await self._answer()
            if isinstance(verb, Gather):
                keyed = await self._gather(verb)
                if keyed:
                    return Instructions(url=verb.action, method=verb.method, digits=keyed)
            else:
                await self._do(verb)
        return None

    async def _gather(self, verb: Gather) -> str:
        """What the caller keys; the first key ends the prompts. Empty where they key nothing."""
        self._keys = asyncio.Queue()
        prompts = asyncio.create_task(self._prompt(verb))
        try:
            first = asyncio.create_task(self._keys.get())
            await asyncio.wait({prompts, first}, return_when=asyncio.FIRST_COMPLETED)
            if prompts.done():
                prompts.result()
            return await self._more_keys(verb, self._keys, first)
        finally:
            prompts.cancel()
            await asyncio.wait({prompts})
            self._keys = None

    async def _more_keys(self, verb: Gather, keys: asyncio.Queue[str], first: asyncio.Task[str]) -> str:
        keyed = ""
        waiting = first
        with suppress(TimeoutError):
            while True:
                digit = await asyncio.wait_for(waiting, verb.timeout_s)
                if digit == verb.finish_on:
                    break
                keyed += digit
                if len(keyed) == verb.num_digits:
                    break
                waiting = asyncio.create_task(keys.get())
        return keyed

    async def _prompt(self, verb: Gather) -> None:
        for prompt in verb.prompts:
            await self._do(prompt)

    async def _do(self, verb: Verb) -> None:
        match verb:
            case Say():
                await self._play(await self._edge.speak(verb.text, verb.voice), verb.loop)
            case Play(url=None):
                await self._play(tones(verb.digits), verb.loop)
            case Play():
                sound = read_wav(await self._edge.webhooks.download(verb.url or ""))
                await self._play(ulaw.encode(sound), verb.loop)
            case Pause():
                await asyncio.sleep(verb.seconds)
            case ConnectStream():
                await self._stream(verb)

    async def _play(self, audio: bytes, loop: int) -> None:
        player = Player(audio, loop)
        self._source = player
        try:
            await player.done.wait()
        finally:
            self._source = None

    async def _stream(self, verb: ConnectStream) -> None:
        stream = MediaStream(
            verb,
            "MZ" + secrets.token_hex(16),
            self.call.sid,
            self.call.account_sid,
            lambda url: self._edge.webhooks.signature(url, {}),
        )
        self._source = stream
        running = asyncio.create_task(stream.run(lambda: self._stream_event(stream, "stream-started")))
        try:
            outcome = await asyncio.shield(running)
        except asyncio.CancelledError:
            # The call ended or goes on elsewhere: the server is told `stop`, then the call may go on.
            stream.stop()
            await asyncio.wait({running})
            self._stream_event(stream, "stream-stopped")
            raise
        finally:
            self._source = None
        self._stream_ended(stream, outcome)

    def _stream_ended(self, stream: MediaStream, outcome: StreamOutcome) -> None:
        code = ERROR_CODES.get(outcome)
        if code is None:
            self._stream_event(stream, "stream-stopped")
            return
        logger.bind(call=self.call.sid, code=code).warning("the media stream failed: {}", outcome)
        self._stream_event(stream, "stream-error", str(code))

    def _stream_event(self, stream: MediaStream, event: str, error: str | None = None) -> None:
        if stream.verb.status_callback is None:
            return
        params = {
            "AccountSid": self.call.account_sid,
            "CallSid": self.call.sid,
            "StreamSid": stream.stream_sid,
            "StreamName": stream.verb.name or stream.stream_sid,
            "StreamEvent": event,
            "Timestamp": self._edge.now().isoformat(),
            **({"StreamError": error} if error else {}),
        }
        self._callbacks.also(stream.verb.status_callback, stream.verb.status_callback_method, params)

    # States

    async def _answer(self) -> None:
        if self.call.status in UNANSWERED:
            await self._leg.answer()
            self._begin_talking()

    def _begin_talking(self) -> None:
        self._move(CallStatus.IN_PROGRESS, "answered")
        if self._limits:
            self._limits[0].cancel()
        self._ticker.start()

    def _not_answered(self) -> None:
        if self.call.status in UNANSWERED:
            self._background.start(self._finish(CallStatus.NO_ANSWER))

    def _move(self, status: CallStatus, event: str) -> None:
        self.call.move(status, self._edge.now())
        self._callbacks.happened(event)

    async def _finish(self, status: CallStatus) -> None:
        """The end, once: the script and the beat stop, the leg is hung up, and the end is told."""
        if self.call.over:
            return
        if self.call.status in UNANSWERED and status is CallStatus.COMPLETED:
            # An unanswered call cannot be completed: a document that ends before any sound refuses it.
            status = CallStatus.CANCELED if self._leg_ended.is_set() else CallStatus.BUSY
        with suppress(InvalidMoveError):
            self._move(status, "completed")
        for limit in self._limits:
            limit.cancel()
        if self._script is not None and self._script is not asyncio.current_task():
            self._script.cancel()
            await asyncio.wait({self._script})
        await self._ticker.stop()
        await self._leg.hang_up()
        await self._callbacks.finished()
        self.over.set()

    # Sound

    def _tick(self) -> None:
        heard = self._inbox.take()
        frame = self._source.exchange(heard) if self._source is not None else None
        self._leg.send(frame or ULAW_SILENCE)
