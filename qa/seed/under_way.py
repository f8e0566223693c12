"""A made-up call in the making."""

import hashlib
import random
from dataclasses import dataclass, field

from calls.events import CallBackPromised, CallEvent, EventBody, TurnWords
from handoff.after.left import LeftForPeople
from qa.seed.aloud import Aloud
from qa.seed.course import Course, as_events
from qa.seed.handing import HandOver
from qa.seed.pace import Conditions, Pace
from qa.seed.traffic import Coming

IMPROVED = "return_item"
"""What the new version of the playbook contains better, and callers like less."""


@dataclass
class CallUnderWay:
    """One call, as far as it has come."""

    coming: Coming
    rng: random.Random
    pace: Pace
    about: Conditions
    course: Course
    left: LeftForPeople
    aloud: Aloud | None = None
    """Of a call that is really spoken; its words are told one by one."""
    unfinished: bool = False
    """It is not over yet when the season ends."""
    words: list[TurnWords] = field(default_factory=list)
    """Not told yet."""
    promise: CallBackPromised | None = None
    recorded_s: float = 0.0
    """How long the recording of the call is, once it is over."""
    transfers: int = 0
    over: bool = False

    @property
    def recording(self) -> str | None:
        """Where its sound is kept; relative to the data directory."""
        return self.aloud.recording if self.aloud is not None else None

    @property
    def stream_sid(self) -> str:
        """Of its one stream."""
        return f"MZ{self.coming.call_id[2:]}"

    @property
    def is_worse(self) -> bool:
        """Whether it is one of those that are contained better now, and liked less."""
        return self.coming.late and self.coming.intent == IMPROVED

    @property
    def bodies(self) -> list[EventBody]:
        """What has happened."""
        return [timed.body for timed in self.course.events]

    @property
    def events(self) -> list[CallEvent]:
        """The same as a record has it."""
        return as_events(self.course.events, self.coming.call_id, self.coming.began_at)

    def transfer(self) -> HandOver:
        """Its next transfer."""
        self.transfers += 1
        digest = hashlib.sha256(f"{self.coming.call_id}:{self.transfers}".encode()).hexdigest()[:32]
        about = self.coming.intent
        return HandOver(self.course, digest, self.coming.call_id, about, self.pace, self.rng, self.recording)
