"""What caller and assistant said in turn, and what the dialog decided: told by the session."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, JsonValue

from calls.events.body import Body, Personal


class HeardWord(BaseModel):
    """One word with its place in the recording."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: Personal
    start_s: float
    end_s: float
    probability: float


class TurnHeard(Body):
    """What the caller said in one turn."""

    name: Literal["turn.heard"] = "turn.heard"
    turn: int
    text: Personal
    confidence: float
    unsure: bool = False
    language: str = "en"
    words: tuple[HeardWord, ...] = ()
    """Where the answer depended on them; otherwise `turn.words` brings them."""
    alternatives: tuple[Personal, ...] = ()
    """What it may have been instead, likeliest first."""
    prosody: dict[str, float] = {}
    """How it was said, in standard deviations from how this caller speaks."""
    start_s: float
    end_s: float
    heard_of_us: str | None = None
    """What the caller had heard of our sentence when they cut in."""


class TurnWords(Body):
    """When each word of a turn was said: found after the answer has been worked out, where nothing hangs on it."""

    name: Literal["turn.words"] = "turn.words"
    turn: int
    words: tuple[HeardWord, ...]


class TurnKeyed(Body):
    """What the caller keyed in one turn."""

    name: Literal["turn.keyed"] = "turn.keyed"
    turn: int
    digits: Personal
    start_s: float
    end_s: float


class TurnSilent(Body):
    """The caller said nothing for as long as we waited."""

    name: Literal["turn.silent"] = "turn.silent"
    turn: int
    at_s: float


class TurnDropped(Body):
    """Sound that was no turn: no speech, a back-channel, our own echo. Kept so that QA can check it."""

    name: Literal["turn.dropped"] = "turn.dropped"
    reason: str
    text: str = ""
    """What was heard, where there were words."""
    start_s: float
    end_s: float


class TurnPlanned(Body):
    """What the dialog decided, and the state from which the call can be resumed."""

    name: Literal["turn.planned"] = "turn.planned"
    turn: int
    moment: str
    """What made the dialog decide: `opened`, `hearing`, `silence`, `waiting`, `done`, `resumed`, `handed_back`,
    `escalated`."""
    intent: str | None = None
    confidence: float = 0.0
    alternatives: tuple[tuple[str, float], ...] = ()
    entities: dict[str, Personal] = {}
    more: tuple[str, ...] = ()
    """Further intents of the same breath."""
    sources: tuple[str, ...] = ()
    """The articles that the answer rests on."""
    unanswered: Personal | None = None
    """A question that no article answers."""
    nearest: str | None = None
    """The article that came nearest to it."""
    nearest_score: float | None = None
    """How likely that article was the answer, 0 to 1."""
    proposed: str | None = None
    """What came of asking a language model: `proposed`, `slow`, `wrong` and so on; None where none was asked."""
    say: tuple[str, ...] = ()
    then: str
    expect: str
    repair: str = "none"
    certainty: float | None = None
    """How likely the turn was understood as meant, words and meaning together, 0 to 1; None where the caller neither
    spoke nor keyed."""
    sentiment: float = 0.0
    """Of this turn, -1 to 1."""
    mood: float = 0.0
    """Smoothed over the call, -1 to 1."""
    dissatisfaction: float | None = None
    """How likely the caller is dissatisfied at this turn, by the course of the call, 0 to 1; None: not judged."""
    discontent: float = 0.0
    """Dissatisfaction smoothed over the call, 0 to 1."""
    hand_over: str | None = None
    """The queue whose people should take the call."""
    reason: str | None = None
    """Why they should, a stable code of `dialog.reasons`."""
    why: str = ""
    state: dict[str, JsonValue] = {}
    """The whole dialog state after this plan."""


class ModelAsked(Body):
    """A language model was asked about a turn. Told whatever came of it, because it is paid for all the same.

    A turn may have several: each guess at what the caller is about to have said may ask, before `turn.heard` too.
    """

    name: Literal["model.asked"] = "model.asked"
    turn: int
    """What it was asked about, as `turn.heard` counts; a turn that the caller never finished has no other event."""
    model: str
    """As the provider names it in its answer; where there was none, as the settings do."""
    outcome: str
    """`proposed`, `nothing`, `slow`, `wrong`, `absent`, `refused`, or `left`: the call was over before the answer
    came."""
    tokens_in: int | None = None
    """How many tokens it read, as the provider has counted; None: nobody has told, which is not zero."""
    tokens_out: int | None = None
    """How many it wrote."""


class TurnSaid(Body):
    """One sentence of ours that the caller has heard, or the part they heard before cutting in."""

    name: Literal["turn.said"] = "turn.said"
    turn: int
    text: str
    heard: str
    """Equal to `text` when all of it was played."""
    start_s: float
    end_s: float
    interrupted: bool = False


class TurnAnswered(Body):
    """How long the answer took, from the caller's last sound to our first, and where the time went."""

    name: Literal["turn.answered"] = "turn.answered"
    turn: int
    total_s: float
    parts: dict[str, float] = {}
    """Seconds by stage: `end_of_turn`, `transcript`, `plan`, `action`, `first_audio`; stages may overlap."""
