"""Speech for all calls: what was rendered lately is kept, and what is being rendered is shared."""

from collections import OrderedDict
from weakref import WeakValueDictionary

import numpy as np

from voice.fair_queue import Lane
from voice.speaking.kept_speech import KeptSpeech
from voice.speaking.renderer import TELEPHONE_RATE, Renderer
from voice.speaking.rendering import Rendering, Speech
from voice.workers import Worker

CACHE_S = 600.0
"""How much speech is kept for sentences that come again: ten minutes, 9.6 MB."""


WARMING = "warming"
"""Who asks for what no call has asked for yet."""
Spoken = tuple[str, float]
"""A text and its speed."""


class Synthesiser:
    """Belongs to the event loop; the worker does the work."""

    def __init__(self, renderer: Renderer, worker: Worker, before: KeptSpeech | None = None) -> None:
        """`before` holds what earlier processes have prepared and warmed."""
        self._renderer = renderer
        self._worker = worker
        self._before = before
        self._kept: OrderedDict[Spoken, Speech] = OrderedDict()
        self._kept_samples = 0
        self._under_way: WeakValueDictionary[Spoken, Rendering] = WeakValueDictionary()
        """What somebody is having rendered; a rendering that nobody wants any more is gone by itself."""

    def start(self, text: str, speed: float = 1.0) -> Rendering:
        """`text` as it is or will be rendered; nothing is made before somebody asks for it."""
        spoken = (text, speed)
        kept = self._kept.get(spoken)
        if kept is not None:
            self._kept.move_to_end(spoken)
            return Rendering(iter(()), self._worker, ready=kept)
        rendering = self._under_way.get(spoken)
        if rendering is None:
            steps = self._renderer.steps(text, speed)
            rendering = Rendering(steps, self._worker, on_complete=lambda whole: self._keep(spoken, whole))
            self._under_way[spoken] = rendering
        return rendering

    async def seconds(self, text: str, owner: str, speed: float = 1.0) -> float:
        """How long `text` takes: of what is kept exactly, of the rest about, without its sound being made."""
        kept = self._kept.get((text, speed))
        if kept is not None:
            return kept.size / TELEPHONE_RATE
        return await self._worker.run(lambda: self._renderer.seconds(text, speed), owner, Lane.SOON)

    def prepare(self, text: str, speed: float = 1.0) -> None:
        """Render `text` now, on this thread, before the first call asks for it."""
        if not self._recall(text, speed):
            self._keep_for_good(text, speed, list(self._renderer.steps(text, speed)))

    async def warm(self, text: str, speed: float = 1.0) -> None:
        """Render `text` for calls to come, piece by piece where nobody else wants the voice."""
        if (text, speed) in self._kept or self._recall(text, speed):
            return
        steps, made = self._renderer.steps(text, speed), []
        while (piece := await self._worker.run(lambda: next(steps, None), WARMING, Lane.IDLE)) is not None:
            made.append(piece)
        self._keep_for_good(text, speed, made)

    def save(self) -> None:
        """Let later processes have what was prepared and warmed."""
        if self._before is not None:
            self._before.save()

    def _recall(self, text: str, speed: float) -> bool:
        speech = self._before.get(text, speed) if self._before is not None else None
        if speech is None:
            return False
        self._keep((text, speed), speech)
        return True

    def _keep_for_good(self, text: str, speed: float, made: list[Speech]) -> None:
        speech = np.concatenate(made) if made else np.zeros(0, dtype=np.int16)
        self._keep((text, speed), speech)
        if self._before is not None:
            self._before.put(text, speed, speech)

    def _keep(self, spoken: "Spoken", speech: Speech) -> None:
        if spoken in self._kept:
            return
        self._kept[spoken] = speech
        self._kept_samples += speech.size
        while self._kept_samples > CACHE_S * TELEPHONE_RATE and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_samples -= oldest.size
