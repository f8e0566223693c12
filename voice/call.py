"""The pipeline of one call: sound in, turns out; sentences in, sound out."""

from collections.abc import Callable, Sequence

from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameProcessor
from pipecat.turns.user_start import VADUserTurnStartStrategy
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.turns.user_turn_strategies import UserTurnStrategies
from pipecat.workers.runner import WorkerRunner

from dialog.types import Expectation
from telephony.media.playout import RATE, Played
from telephony.media.serializer import WIDEBAND
from telephony.media.transport import Between, MediaTransport
from voice.bridge import TurnBridge, TurnHandler
from voice.hearing.ears import Ears
from voice.hearing.vad import CascadeVad
from voice.speaking.mouth import Mouth
from voice.speech_parts import SpeechParts
from voice.turns.echo import EchoReference
from voice.turns.interruptions import Interruptions
from voice.turns.patient_stop import PatientUserTurnStopStrategy

LONG_QUIET_S = 1.0
"""A caller who has been quiet for so long is not in the middle of anything: their line may be looked at less often."""
STUCK_TURN_S = 15.0
"""A turn that nothing has ended by then ends anyway."""


class CallVoice:
    """Hears and speaks for one call, over one media stream."""

    def __init__(
        self,
        transport: MediaTransport,
        parts: SpeechParts,
        handler: TurnHandler,
        owner: str,
        clock: Callable[[], float],
    ) -> None:
        """`owner` is the call, which shares the models with others."""
        self._output = transport.output()
        self._bridge = TurnBridge(handler, transport.clock, on_expectation=self._set_expectation)
        self._echo = EchoReference()
        interruptions = Interruptions(
            lambda: self._bridge.speaking,
            self._echo,
            glance=lambda sound: parts.first_word(sound, owner),
            expectation=lambda: self._ears.expectation,
        )
        vad = CascadeVad(parts.silero, interruptions.window)
        transport.input().gather_while(lambda: vad.quiet_s > LONG_QUIET_S and not self._sounds)
        self._ears = Ears(
            parts.recogniser,
            parts.hearing_worker,
            owner,
            lambda: vad.quiet_s,
            clock,
            on_failed=lambda code: handler.on_part_failed("hearing", code),
        )
        mouth = Mouth(
            parts.synthesiser,
            owner,
            on_rendered=self._bridge.rendered,
            on_failed=lambda code: handler.on_part_failed("speaking", code),
        )
        patience = PatientUserTurnStopStrategy(
            judge=lambda sound: parts.finished(sound, owner),
            makes_sense=handler.makes_sense,
            expectation=lambda: self._ears.expectation,
            quiet_s=lambda: vad.quiet_s,
        )
        self._worker = _worker(
            transport.input(),
            VADProcessor(vad_analyzer=vad),
            interruptions,
            self._ears,
            _turns(patience),
            self._bridge,
            mouth,
            self._output,
        )

    async def run(self) -> None:
        """Run the pipeline until `stop`."""
        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(self._worker)
        await runner.run()

    async def stop(self) -> None:
        """End the pipeline at once."""
        self._bridge.give_up()
        await self._worker.cancel()

    async def say(self, sentences: Sequence[str], speed: float = 1.0) -> list[int]:
        """Speak `sentences` in order, at `speed` times the voice's own pace. Returns their numbers."""
        return await self._bridge.say(sentences, speed)

    @property
    def speaking(self) -> bool:
        """Whether something of ours is being said, or is about to be."""
        return self._bridge.speaking

    def play_between(self, between: Between | None) -> None:
        """Fill the time between our sentences with this, or with silence again."""
        self._output.play_between(between)

    def expect(self, expectation: Expectation, *, finish: bool = False) -> None:
        """Set what the caller is likely to do next; `finish` hangs up when all is said."""
        self._bridge.expect(expectation, finish=finish)

    def played(self, played: Played) -> None:
        """The stream reports a piece of ours as heard."""
        self._echo.played(played.at_sample, played.pcm)
        self._bridge.played(played)

    def cleared(self) -> None:
        """The stream reports that what was cut off is gone."""
        self._bridge.cleared()

    @property
    def _sounds(self) -> bool:
        """Whether something of ours is being played, or will be: its marks must be read as they come."""
        return self._bridge.speaking or self._output.plays_between

    def _set_expectation(self, expectation: Expectation) -> None:
        self._ears.expectation = expectation


def _turns(patience: PatientUserTurnStopStrategy) -> UserTurnProcessor:
    """A turn begins with any voice; whether it interrupts us is for `Interruptions` to say."""
    return UserTurnProcessor(
        user_turn_strategies=UserTurnStrategies(
            start=[VADUserTurnStartStrategy(enable_interruptions=False)],
            stop=[patience],
        ),
        user_turn_stop_timeout=STUCK_TURN_S,
    )


def _worker(*processors: FrameProcessor) -> PipelineWorker:
    return PipelineWorker(
        Pipeline(list(processors)),
        params=PipelineParams(audio_in_sample_rate=WIDEBAND, audio_out_sample_rate=RATE),
        cancel_on_idle_timeout=False,
        idle_timeout_secs=None,
        enable_turn_tracking=False,
        enable_rtvi=False,
    )
