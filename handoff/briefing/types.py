"""The values of a briefing."""

from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import BriefingFact


class Value(BaseModel):
    """Base of all of them: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(StrEnum):
    """What a fact is about, in the order in which facts are told. Names never change meaning."""

    WHO = "who"
    WANTS = "wants"
    TRIED = "tried"
    WHY = "why"
    MOOD = "mood"
    NEXT = "next"
    QUESTION = "question"


class Outcome(StrEnum):
    """What came of something that was tried. Names never change meaning."""

    DONE = "done"
    FAILED = "failed"
    UNKNOWN = "unknown"
    """It may or may not have had its effect."""


MARKS = {Outcome.DONE: "✔", Outcome.FAILED: "✖", Outcome.UNKNOWN: "?"}


class Fact(Value):
    """One fact, for the eye and for the ear, and the events that it rests on."""

    part: Part
    text: str
    """For the eye. Personal data."""
    said: str
    """For the ear: one sentence, or of what was done the words behind "I". Personal data."""
    short: str = ""
    """A shorter way to say it; empty: there is none."""
    events: tuple[int, ...]
    """The `seq` of each event of the call that it rests on; nothing else is needed to tell it."""
    outcome: Outcome | None = None
    """Of what was tried."""
    silent: bool = False
    """For the desk only."""

    def as_event(self) -> BriefingFact:
        """The fact as the record of the call keeps it."""
        return BriefingFact(part=self.part, text=self.text, events=self.events)


class Briefing(Value):
    """What is known of a call when a human is needed."""

    call_id: str
    upto: int
    """The `seq` of the last event that it knows. What happened after it makes it outdated."""
    facts: tuple[Fact, ...]
    category: str
    """What it is about in one word that says nothing of who calls: a flow or an article of the playbook, `other`."""
    first_line: str
    """What the human may greet the caller with. Personal data."""
    calls_back: bool = False
    """The caller is not on the line: they are called when the human presses 1."""

    def of(self, part: Part) -> tuple[Fact, ...]:
        """The facts of one part."""
        return tuple(fact for fact in self.facts if fact.part is part)

    @property
    def asks(self) -> bool:
        """Whether the human is asked something and the caller stays with the assistant."""
        return bool(self.of(Part.QUESTION))


class Spoken(Value):
    """A briefing for the ear."""

    sentences: tuple[str, ...]
    keys: str
    """The sentence on the keys, which follows."""
    seconds: float
    """How long all of it takes, the keys included, measured or estimated."""
    words: int
    """Without the keys."""
    shortened: int = 0
    """How many steps of shortening it took."""

    @property
    def text(self) -> str:
        """All that is said before the keys."""
        return " ".join(self.sentences)
