"""The peer: stock pipecat with the same weights, as its own examples put it together, and a fixed reply for a brain.

    python -m bench.peer PORT

Nothing of it is tuned, and nothing is shared between calls: each loads its models, as pipecat's services do.
"""

import sys

import uvicorn
from fastapi import FastAPI, WebSocket
from pipecat.audio.vad.silero import SileroVADAnalyzer
from pipecat.frames.frames import EndFrame, Frame, TTSSpeakFrame, UserStoppedSpeakingFrame
from pipecat.pipeline.pipeline import Pipeline
from pipecat.pipeline.worker import PipelineParams, PipelineWorker
from pipecat.processors.audio.vad_processor import VADProcessor
from pipecat.processors.frame_processor import FrameDirection, FrameProcessor
from pipecat.serializers.twilio import TwilioFrameSerializer
from pipecat.services.piper.tts import PiperTTSService
from pipecat.services.whisper.stt import WhisperSTTService
from pipecat.transports.websocket.fastapi import FastAPIWebsocketParams, FastAPIWebsocketTransport
from pipecat.turns.user_turn_processor import UserTurnProcessor
from pipecat.workers.runner import WorkerRunner

from models.catalogue import load_catalogue
from models.prepare import ready_dir
from models.shelf import PIPER, WHISPER

GREETING = "Hello, this is the support line. How can I help?"
REPLY = "Thank you. Your order has shipped, and it should arrive on Wednesday."


class FixedReply(FrameProcessor):
    """Answers every turn with the same sentence."""

    async def process_frame(self, frame: Frame, direction: FrameDirection) -> None:
        """Speak when the caller has finished."""
        await super().process_frame(frame, direction)
        await self.push_frame(frame, direction)
        if isinstance(frame, UserStoppedSpeakingFrame) and direction is FrameDirection.DOWNSTREAM:
            await self.push_frame(TTSSpeakFrame(REPLY))


def create_app() -> FastAPI:
    """One route: the media stream."""
    app = FastAPI()
    folders = {model.name: ready_dir(model) for model in load_catalogue().model}

    @app.get("/healthz")
    async def healthz() -> dict[str, str]:
        return {"status": "ok"}

    @app.websocket("/media")
    async def media(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.receive_text()
        start = await websocket.receive_json()
        serializer = TwilioFrameSerializer(
            stream_sid=start["streamSid"],
            call_sid=start["start"]["callSid"],
            params=TwilioFrameSerializer.InputParams(auto_hang_up=False),
        )
        transport = FastAPIWebsocketTransport(
            websocket=websocket,
            params=FastAPIWebsocketParams(
                audio_in_enabled=True, audio_out_enabled=True, add_wav_header=False, serializer=serializer
            ),
        )
        whisper = WhisperSTTService.Settings(model=str(folders[WHISPER]))
        piper = PiperTTSService.Settings(voice="en_US-joe-medium")
        worker = PipelineWorker(
            Pipeline(
                [
                    transport.input(),
                    VADProcessor(vad_analyzer=SileroVADAnalyzer()),
                    WhisperSTTService(device="cpu", compute_type="int8", settings=whisper),
                    UserTurnProcessor(),
                    FixedReply(),
                    PiperTTSService(download_dir=folders[PIPER], settings=piper),
                    transport.output(),
                ]
            ),
            params=PipelineParams(audio_in_sample_rate=16000, audio_out_sample_rate=8000),
            cancel_on_idle_timeout=False,
        )

        @transport.event_handler("on_client_disconnected")  # type: ignore[untyped-decorator]
        async def on_client_disconnected(_transport: object, _client: object) -> None:
            await worker.queue_frame(EndFrame())
            await worker.cancel()

        runner = WorkerRunner(handle_sigint=False)
        await runner.add_workers(worker)
        await worker.queue_frame(TTSSpeakFrame(GREETING))
        await runner.run()

    return app


if __name__ == "__main__":
    uvicorn.run(create_app(), host="127.0.0.1", port=int(sys.argv[1]), log_level="warning", ws="websockets")
