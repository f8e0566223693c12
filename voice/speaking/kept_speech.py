"""Sentences of the playbook in our voice, rendered once in the life of a machine and not at every start."""

import numpy as np

from models.kept import KeptArrays, fingerprint, key
from voice.speaking.renderer import Renderer
from voice.speaking.rendering import Speech

KNOWN_TEXT = "This is how we sound."


class KeptSpeech:
    """Belongs to the event loop, as the synthesiser that uses it. Only for what the playbook itself says."""

    def __init__(self, renderer: Renderer, kept: KeptArrays[np.int16]) -> None:
        self._renderer = renderer
        self._kept = kept
        self._voice = fingerprint(renderer.render(KNOWN_TEXT, still=True))

    def get(self, text: str, speed: float) -> Speech | None:
        """`text` as it was rendered before, by this voice and with these pronunciations."""
        return self._kept.get(self._key(text, speed))

    def put(self, text: str, speed: float, speech: Speech) -> None:
        """Keep it, from the next `save` on."""
        self._kept.put(self._key(text, speed), speech)

    def save(self) -> None:
        """Write what is new."""
        self._kept.save()

    def _key(self, text: str, speed: float) -> str:
        return key(self._voice, self._renderer.spoken(text), speed)
