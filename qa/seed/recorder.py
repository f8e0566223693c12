"""The calls that are really spoken: which, and how each is made and kept."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from calls.events import CallEvent, StreamStarted
from calls.recording import recording_path
from handoff.hold.music import HoldMusic
from qa.facts.fold import facts_of
from qa.facts.types import CallOutcome
from qa.seed.aloud import Aloud, Scene, Talk
from qa.seed.chance import chance
from qa.seed.generate import Generator
from qa.seed.leg_sound import leg_sound, recorded_legs
from qa.seed.sound import HIGHEST, LOWEST, NOTHING, House, Spoken, mixed, write_recording
from qa.seed.telephone import Telephone
from qa.seed.traffic import Coming

LOOKED_AT = 5
"""Those to be spoken are chosen among so many times as many of the newest calls."""
LONGEST_S = 200.0
"""A longer call is not spoken: it takes time and 32 kB a second."""


class Recorder:
    """Makes spoken calls, one at a time."""

    def __init__(
        self,
        generator: Generator,
        house: House,
        seed: int,
        data_dir: Path,
        telephone: Telephone | None = None,
    ) -> None:
        """With a telephone, calls are really had on it: their record is what today's assistant heard."""
        self._generator = generator
        self._house = house
        self._telephone = telephone
        self._seed = seed
        self._data_dir = data_dir
        self._music = HoldMusic.of(generator.playbook)

    def call(self, coming: Coming) -> list[CallEvent]:
        """The events of a call, whose sound is then on the disk. Blocks for seconds.

        Raises:
            NothingLeftError: on the telephone, the assistant waits for something that can never come.
        """
        rng = chance(self._seed, "voice", coming.who.customer)
        voices = Spoken(self._house, rng.uniform(LOWEST, HIGHEST), rng.choice((0.9, 0.95, 1.06)))
        path = recording_path(self._data_dir, coming.call_id, coming.began_at.date())
        name = path.relative_to(self._data_dir).as_posix()
        had: list[Talk] = []
        talk = self._talking(self._telephone, had, voices, coming) if self._telephone is not None else None
        events = self._generator.call(coming, Aloud(voices, name, talk))
        if not any(isinstance(event.body, StreamStarted) for event in events):
            return events
        noise = np.random.default_rng([self._seed, coming.number])
        both = mixed(events, voices, self._music, noise, had[0].both if had else NOTHING)
        write_recording(path, both)
        for leg in recorded_legs(events):
            write_recording(self._data_dir / leg.recording, leg_sound(events, leg, voices))
        return events

    def _talking(
        self, telephone: Telephone, had: list[Talk], voices: Spoken, coming: Coming
    ) -> Callable[[Scene], Talk]:
        """Has the call, and keeps its sound in `had`."""

        def talk(scene: Scene) -> Talk:
            had.append(telephone.talk(scene, voices, chance(self._seed, "talk", coming.number)))
            return had[-1]

        return talk


def chosen(generator: Generator, most: int) -> list[Coming]:
    """The calls most worth listening to: of each ending in turn, the newest first."""
    by_outcome: dict[CallOutcome, list[Coming]] = {}
    newest = generator.coming[max(0, len(generator.coming) - most * LOOKED_AT) :]
    for coming in reversed(newest):
        facts = facts_of(generator.call(coming))
        if facts is None or facts.outcome in {CallOutcome.REFUSED, CallOutcome.OPEN}:
            continue
        if (facts.duration_s or 0.0) <= LONGEST_S and facts.turns:
            by_outcome.setdefault(facts.outcome, []).append(coming)
    found: list[Coming] = []
    while len(found) < most and any(by_outcome.values()):
        found += [some.pop(0) for some in by_outcome.values() if some]
    return found[:most]
