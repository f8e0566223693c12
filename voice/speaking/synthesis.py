"""Speech for all calls: what was rendered lately is kept, and what is being rendered is shared."""

from collections import OrderedDict
from weakref import WeakValueDictionary

from voice.speaking.renderer import TELEPHONE_RATE, Renderer
from voice.speaking.rendering import Rendering, Speech
from voice.workers import Worker

CACHE_S = 600.0
"""How much speech is kept for sentences that come again: ten minutes, 9.6 MB."""


class Synthesiser:
    """Belongs to the event loop; the worker does the work."""

    def __init__(self, renderer: Renderer, worker: Worker) -> None:
        self._renderer = renderer
        self._worker = worker
        self._kept: OrderedDict[str, Speech] = OrderedDict()
        self._kept_samples = 0
        self._under_way: WeakValueDictionary[str, Rendering] = WeakValueDictionary()
        """What somebody is having rendered; a rendering that nobody wants any more is gone by itself."""

    def start(self, text: str) -> Rendering:
        """`text` as it is or will be rendered; nothing is made before somebody asks for it."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return Rendering(iter(()), self._worker, ready=kept)
        rendering = self._under_way.get(text)
        if rendering is None:
            rendering = Rendering(
                self._renderer.steps(text), self._worker, on_complete=lambda whole: self._keep(text, whole)
            )
            self._under_way[text] = rendering
        return rendering

    def prepare(self, text: str) -> None:
        """Render `text` now, on this thread, before the first call asks for it."""
        self._keep(text, self._renderer.render(text))

    def _keep(self, text: str, speech: Speech) -> None:
        if text in self._kept:
            return
        self._kept[text] = speech
        self._kept_samples += speech.size
        while self._kept_samples > CACHE_S * TELEPHONE_RATE and len(self._kept) > 1:
            _, oldest = self._kept.popitem(last=False)
            self._kept_samples -= oldest.size
