"""The recogniser on the virtual clock: a second look takes time of its own, and is not made for who has given up."""

import copy
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from dialog.types import Expectation
from qa.virtual.costs import SECOND_LOOK_S
from qa.virtual.worker import MoreTime
from voice.hearing.recogniser import LONG_WINDOW_S, Recogniser, Recognition

_Look = tuple[bytes, float, str]


class SteppingRecogniser(Recogniser):
    """Makes the second, long look of a doubtful text only when its time has come.

    Whoever asks is asked to come again later (`MoreTime`); what was found at the first look is kept until then.
    """

    _first: dict[_Look, Recognition]
    """What was found at the last first look."""
    _announced: set[_Look]
    """The second look that somebody was asked to come again for."""

    def for_call(self) -> "SteppingRecogniser":
        """The same models, remembering nothing."""
        fresh = copy.copy(self)
        fresh._first, fresh._announced = {}, set()
        return fresh

    def _recognise(
        self,
        speech: NDArray[np.float32],
        window_s: float,
        expected: Expectation,
        is_wanted: Callable[[], bool],
    ) -> Recognition:
        look = (speech.tobytes(), window_s, expected.model_dump_json())
        if window_s == LONG_WINDOW_S:
            if look not in self._announced:
                self._announced = {look}
                raise MoreTime(SECOND_LOOK_S)
            self._announced.discard(look)
            return super()._recognise(speech, window_s, expected, is_wanted)
        found = self._first.get(look)
        if found is None:
            found = super()._recognise(speech, window_s, expected, is_wanted)
            self._first = {look: found}
        return found
