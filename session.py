"""One live call: joins media, voice, dialog, actions and handing over, and writes down what happens.

The session's loop takes one moment after the other (a turn heard, a silence, an action's result), has the dialog
decide off the event loop, and commits the decision: it is logged, spoken and acted upon, in that order.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from loguru import logger

from actions.types import ActionRequest
from answer_times import Answer, AnswerTimes
from calls.events import (
    EventBody,
    PartFailed,
    RecordingPaused,
    RecordingResumed,
    StreamEnded,
    TurnDropped,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
    TurnWords,
)
from calls.recording import Recording
from calls.redaction.live import PrivateWords
from company import Company
from dialog.language_model.request import Consultation
from dialog.repair import DOUBT, NO_MATCH
from dialog.types import (
    DialogState,
    Done,
    Escalated,
    Hearing,
    Moment,
    Next,
    Plan,
    Silence,
    Waiting,
    Word,
)
from handoff.after.left import LeftForPeople
from handoff.escalation.judge import Judgement
from handoff.escalation.watch import EscalationWatch
from handoff.escalation.weights import Weights
from handoff.handovers import Handovers
from handoff.transfer.record import ended, requested
from handoff.transfer.types import Transfer
from holding import CallOnHold, handed_back
from speculation import Speculation
from telephony.media.playout import RATE, Played
from telephony.media.transport import MediaTransport, StreamEnd
from telephony.media.ulaw import Pcm
from telephony.tasks import Tasks
from turn_events import (
    action_event,
    asked_event,
    heard_event,
    heard_words,
    held_event,
    planned_event,
    request_event,
)
from voice.bridge import DropReason, TurnTiming
from voice.call import CallVoice
from voice.speaking.said import Said
from voice.speech_parts import SpeechParts

SPEAKING = "speaking"


@dataclass(frozen=True)
class CallParts:
    """What a session needs of the process: loaded once, shared by all calls."""

    speech: SpeechParts
    append: Callable[[str, EventBody], Awaitable[object]]
    clock: Callable[[], float]
    handovers: Handovers
    weights: Weights
    """What escalation judges by."""


class CallSession:
    """One call over one media stream. Everything about the call lives and dies with this object."""

    def __init__(
        self,
        parts: CallParts,
        company: Company,
        state: DialogState,
        recording: Recording,
        stream_sid: str,
        begins: Moment,
        before: Iterable[EventBody] = (),
    ) -> None:
        """`begins` is the first moment of this stream, `before` what the record of the call holds already."""
        self._parts = parts
        self._thinking = company.thinking.telling(self._on_model_asked)
        self._state = state
        self._recording = recording
        self._stream_sid = stream_sid
        self._call_id = state.call_id
        self._turn = state.turn
        self._moments: asyncio.Queue[tuple[Moment, TurnTiming | None]] = asyncio.Queue()
        self._events: asyncio.Queue[EventBody | None] = asyncio.Queue()
        self._answers = AnswerTimes(parts.clock)
        self._speculation = Speculation(
            self._thinking, company.actions, parts.speech.synthesiser, state.call_id
        )
        self._background = Tasks()
        self._ended = asyncio.Event()
        self._end = StreamEnd.DISCONNECTED
        self._voice: CallVoice | None = None
        self._transport: MediaTransport | None = None
        self.finished = False
        """Whether the assistant brought the call to its end."""
        self.voiceless = False
        """Whether our voice is gone."""
        self._hold: CallOnHold | None = None
        self._escalation = EscalationWatch(company.weights or parts.weights)
        self._left = LeftForPeople()
        self._private = self._thinking.dialog.private(state)
        """What the caller is privately asked for: it is neither recorded nor written down."""
        self._private_words = PrivateWords()
        self._at_sample = recording.next_sample
        for body in before:
            self._escalation.noted(body)
            self._left.noted(body)
        self._moments.put_nowait((begins, None))

    @property
    def state(self) -> DialogState:
        """Where the conversation is."""
        return self._state

    async def run(self, transport: MediaTransport) -> StreamEnd:
        """Serve the call until its stream ends. Returns how it ended."""
        self._transport = transport
        self._voice = CallVoice(transport, self._parts.speech, self, self._call_id, self._parts.clock)
        writer = asyncio.create_task(self._write_events())
        pipeline = asyncio.create_task(self._voice.run())
        conversation = asyncio.create_task(self._converse(self._voice))
        ended = asyncio.create_task(self._ended.wait())
        try:
            await asyncio.wait({pipeline, conversation, ended}, return_when=asyncio.FIRST_COMPLETED)
            if not self._ended.is_set():
                await self._broken(pipeline, conversation)
        finally:
            await self._close(pipeline, conversation, ended)
            self._log(StreamEnded(stream_sid=self._stream_sid, reason=self._end))
            self._events.put_nowait(None)
            await writer
        return self._end

    @property
    def _may_record(self) -> bool:
        return self._private is None and self._thinking.dialog.may_record(self._state)

    def leave(self) -> None:
        """The call goes on over another stream: end this one."""
        if self._transport is not None:
            self._transport.ended(StreamEnd.DISCONNECTED)

    # What the media stream tells (StreamListener)

    def on_caller_audio(self, at_sample: int, pcm: Pcm) -> None:
        """Record the caller, if they agree."""
        self._at_sample = at_sample + pcm.size
        if self._may_record:
            self._recording.write_caller(at_sample, pcm)

    def on_played(self, played: Played) -> None:
        """Record what the caller heard of us, and note when an answer began."""
        if self._may_record:
            self._recording.write_assistant(played.at_sample, played.pcm)
        answered = self._answers.begun(played)
        if answered is not None:
            self._log(answered)
        if self._voice is not None:
            self._voice.played(played)

    def on_cleared(self) -> None:
        """What the caller cut off is gone."""
        if self._voice is not None:
            self._voice.cleared()

    def on_stream_ended(self, end: StreamEnd) -> None:
        """The stream is over."""
        self._end = end
        self._ended.set()

    # What the voice tells (TurnHandler)

    def on_hearing(self, hearing: Hearing, timing: TurnTiming) -> None:
        """The caller has said or keyed something."""
        turn = self._next_turn()
        if hearing.keyed:
            self._log(
                TurnKeyed(turn=turn, digits=hearing.keyed, start_s=hearing.start_s, end_s=hearing.end_s)
            )
        else:
            self._log(heard_event(turn, hearing))
            if timing.words is not None:
                self._background.start(self._log_words(turn, timing.words))
        self._moments.put_nowait((hearing, timing))

    def on_silence(self, at_s: float, *, loud: bool) -> None:
        """Nothing was heard of the caller; while an action runs it is they who wait.

        Where the line was loud they have spoken, as far as anybody can tell: they are asked again as people are who
        were not understood. On hold nobody is asked anything, and noise behind our last promise does not keep the
        line open.
        """
        if self._state.pending:
            self._moments.put_nowait((Waiting(), None))
            return
        if loud and self._hold is None and not self._state.promised:
            unheard = Hearing(confidence=0.0, unsure=True, start_s=round(at_s, 3), end_s=round(at_s, 3))
            self.on_hearing(unheard, TurnTiming(at_s, at_s, 0.0))
            return
        self._log(TurnSilent(turn=self._next_turn(), at_s=round(at_s, 3)))
        self._moments.put_nowait((Silence(), None))

    async def makes_sense(self, hearing: Hearing) -> bool:
        """The caller may have finished: work ahead. Returns whether the dialog would understand them."""
        self._look_who_is_there()
        self._speculation.begin(self._state, hearing)
        plan = await self._speculation.plan(self._state, hearing)
        return plan.signals.repair not in {NO_MATCH, DOUBT}

    def on_retracted(self) -> None:
        """The caller goes on: forget it."""
        self._speculation.drop()

    def on_dropped(self, reason: DropReason, hearing: Hearing) -> None:
        """Something that was no turn."""
        self._log(TurnDropped(reason=reason, text=hearing.text, start_s=hearing.start_s, end_s=hearing.end_s))

    def on_said(self, said: Said) -> None:
        """The caller has heard a sentence."""
        self._log(
            TurnSaid(
                turn=self._state.turn,
                text=said.text,
                heard=said.heard,
                start_s=said.start_s,
                end_s=said.end_s,
                interrupted=said.interrupted,
            )
        )

    def on_finished(self) -> None:
        """All is said: hang up, by giving the call back to the carrier."""
        self.finished = True
        self._give_back()

    def on_part_failed(self, part: str, code: str) -> None:
        """A part failed. Without a voice we would be silence: the carrier's own voice takes over."""
        self._log(PartFailed(part=part, code=code))
        if part == SPEAKING:
            self.voiceless = True
            self._give_back()

    def _give_back(self) -> None:
        if self._transport is not None:
            self._background.start(self._transport.close())

    # The conversation

    async def _converse(self, voice: CallVoice) -> None:
        while True:
            moment, timing = await self._moments.get()
            if isinstance(moment, Waiting) and not self._state.pending:
                continue  # the action came back first
            if self._hold is not None and isinstance(moment, Hearing | Silence):
                await self._answer_on_hold(self._hold, moment)
                continue
            self._look_who_is_there()
            began = self._parts.clock()
            plan = await self._plan(moment)
            plan_s = self._parts.clock() - began
            answer = self._answers.planned(plan.state.turn, timing, plan_s)
            await self._commit(voice, moment, plan, answer)

    def _look_who_is_there(self) -> None:
        """People come and go during a call: nobody is promised who cannot be rung now."""
        there = self._parts.handovers.reachable_now
        self._state = self._thinking.dialog.renewed(self._state, there)

    async def _plan(self, moment: Moment) -> Plan:
        if isinstance(moment, Hearing):
            return await self._speculation.plan(self._state, moment)
        return await self._thinking.plan(self._state, moment)

    async def _commit(self, voice: CallVoice, moment: Moment, plan: Plan, answer: Answer | None) -> None:
        self._state = plan.state
        judgement = self._log(planned_event(moment, plan))
        self._pause_or_go_on()
        instead = self._judged(judgement, plan)
        if instead is not None:
            self._act(plan.act)
            await self._commit(voice, instead, await self._thinking.plan(plan.state, instead), answer)
            return
        if plan.say:
            numbers = await voice.say(plan.say, self._thinking.dialog.speed(plan))
            if answer is not None:
                self._answers.said(answer, numbers[0])
        else:
            self._answers.waits(answer)
        self._act(plan.act)
        voice.expect(plan.expect, finish=plan.then is Next.HANG_UP)
        if plan.then is Next.HAND_OVER and plan.hand_over is not None:
            playbook = self._thinking.dialog.playbook
            transfer = await self._parts.handovers.begin(plan.hand_over, playbook, self._call_id)
            self._escalation.noted(requested(transfer.order))
            self._keep_on_hold(voice, transfer)

    def _pause_or_go_on(self) -> None:
        """Stop recording before a private question is asked, and go on once its answer is settled."""
        before, self._private = self._private, self._thinking.dialog.private(self._state)
        if (before is None) is (self._private is None) or not self._thinking.dialog.may_record(self._state):
            return
        at_s = round(self._at_sample / RATE, 3)
        if self._private is not None:
            self._log(RecordingPaused(at_s=at_s, reason=self._private))
        else:
            self._log(RecordingResumed(at_s=at_s))

    def _on_model_asked(self, turn: int, consultation: Consultation) -> None:
        """A language model was asked, perhaps for a guess that was wrong."""
        self._log(asked_event(turn, consultation))

    # On hold

    def _keep_on_hold(self, voice: CallVoice, transfer: Transfer) -> None:
        dialog = self._thinking.dialog
        self._hold = CallOnHold(self._parts.handovers, transfer, voice, dialog)
        self._background.start(self._until_back(self._hold))

    async def _until_back(self, hold: CallOnHold) -> None:
        """The caller is on hold until they are taken away, which ends the stream, or the assistant's again."""
        transfer = await hold.run()
        self._hold = None
        self._escalation.noted(ended(transfer))
        self._moments.put_nowait((handed_back(transfer), None))

    async def _answer_on_hold(self, hold: CallOnHold, moment: Hearing | Silence) -> None:
        self._state = self._state.model_copy(update={"turn": self._state.turn + 1})
        say = await hold.answer(self._state, moment)
        self._log(held_event(moment, self._state, say))

    def _judged(self, judgement: Judgement | None, plan: Plan) -> Escalated | None:
        """Whether a person should take over: then the dialog decides anew what is said."""
        if judgement is None:
            return None
        self._log(judgement.event)
        return judgement.instead_of(plan.say)

    # Actions

    def _act(self, requests: Sequence[ActionRequest]) -> None:
        for request in requests:
            self._background.start(self._run_action(request))

    async def _run_action(self, request: ActionRequest) -> None:
        turn = self._state.turn
        self._log(request_event(turn, request))
        result = await self._speculation.run(request)
        self._log(action_event(turn, result))
        self._moments.put_nowait((Done(result=result), None))

    # Writing down, and the end

    def _next_turn(self) -> int:
        """The number that the dialog will give to the turn that is being queued."""
        self._turn += 1
        return self._turn

    async def _log_words(self, turn: int, words: "asyncio.Future[tuple[Word, ...]]") -> None:
        """Note when each word was said, once that is known; it is not where the turn's sound was dropped."""
        await asyncio.wait({words})
        if not words.cancelled():
            self._log(TurnWords(turn=turn, words=heard_words(words.result())))

    def _log(self, body: EventBody) -> Judgement | None:
        """Write it down, without what is private. Returns what escalation makes of it, if it judges now."""
        body = self._private_words.hidden(body, self._private)
        self._events.put_nowait(body)
        for left in self._left.noted(body):
            self._events.put_nowait(left)
        return self._escalation.noted(body)

    async def _write_events(self) -> None:
        """Append what was noted, in order, without making the call wait for the store."""
        while (body := await self._events.get()) is not None:
            await self._parts.append(self._call_id, body)

    async def _broken(self, *tasks: asyncio.Task[None]) -> None:
        """The pipeline or the conversation ended before the stream did: give the call to the carrier."""
        for task in tasks:
            error = task.exception() if task.done() and not task.cancelled() else None
            if error is not None:
                logger.bind(call=self._call_id).opt(exception=error).error("the session broke")
                self._log(PartFailed(part="session", code=type(error).__name__))
        if self._transport is not None:
            await self._transport.close()

    async def _close(self, pipeline: asyncio.Task[None], *others: asyncio.Task[object]) -> None:
        self._speculation.drop()
        if self._voice is not None:
            await self._voice.stop()
        for task in others:
            task.cancel()
        self._background.cancel()
        for task in (pipeline, *others):
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
        await self._speculation.close()
