"""`playbook.yaml`: who the assistant is, how it sounds, and what it says outside of flows."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from dialog.parts import Ladder, Name, Text
from dialog.people_prompts import People
from dialog.schema.part import Part


class Prompts(Part):
    """What we say outside of flows."""

    opening: Ladder
    resumed: Text
    resumed_question: Text
    anything_else: Ladder
    go_ahead: Text
    cancelled: Text
    nothing_to_repeat: Text
    slower: Text
    hold_on: Text
    goodbye: Text
    bye: Text
    welcome: Text
    one_moment: Text
    working: Ladder
    trouble: Text
    promised: Ladder
    read_back: Ladder
    no_match: Ladder
    no_input: Ladder
    back_to: Text
    """Before going on with a flow that waited; may use `title`, the flow's."""
    also: Text
    """Before the second wish of one breath; may use `title`."""
    doubt: Text = "Is it about {{ title }}, yes or no?"
    """Asked back where a wish was not heard well; may use `title`."""
    dont_know: Ladder
    """To a question that no article answers."""
    unknown_outcome: Text
    """Where nobody can tell whether an action had its effect: it is not tried again."""
    undone: Text
    """What was already done has been taken back."""
    not_undone: Text
    """It could not be taken back."""
    empathy: Ladder
    """Before the answer to somebody who is upset; not in two turns running."""


class Persona(Part):
    """Who the assistant is; for the language model's phrasing, and for QA."""

    name: Text | None = None
    style: Text = "friendly, brief and clear"


class Voice(Part):
    """How the assistant sounds."""

    speed: Annotated[float, Field(ge=0.5, le=2.0)] = 1.0
    slow_speed: Annotated[float, Field(ge=0.5, le=1.0)] = 0.8
    """After "slower, please"."""


class Consent(Part):
    """How the caller agrees to being recorded."""

    mode: Literal["stay_on_line", "verbal", "off"] = "stay_on_line"
    """`stay_on_line`: told, and agrees by staying; `verbal`: asked, and recorded after a yes only; `off`: never."""
    ask: Text | None = None
    agreed: Text | None = None
    refused: Text | None = None

    @model_validator(mode="after")
    def _asks(self) -> "Consent":
        if self.mode == "verbal" and not (self.ask and self.refused):
            raise ValueError("mode verbal needs ask and refused: what is said")
        return self


class Model(Part):
    """An optional language model. Where to reach it is the operator's setting, not the playbook's."""

    understand: bool = True
    """It may propose flows and slot values for turns that the built-in path does not understand."""
    phrase: bool = True
    """It may phrase answers out of articles."""
    budget_s: Annotated[float, Field(gt=0, le=5)] = 0.8
    """After this time the built-in path answers."""


class PlaybookFile(Part):
    """`playbook.yaml`."""

    name: Name
    brand: Text
    language: Annotated[str, Field(pattern=r"^[a-z]{2}$")] = "en"
    persona: Persona = Persona()
    voice: Voice = Voice()
    consent: Consent = Consent()
    model: Model = Model()
    hotwords: tuple[str, ...] = ()
    vocabulary: tuple[Text, ...] = ()
    person_words: tuple[Text, ...]
    intent_threshold: Annotated[float, Field(gt=0, lt=1)] = 0.5
    failure_cap: Annotated[int, Field(ge=1, le=20)] = 4
    person_flow: Name
    last_resort_flow: Name
    busy_flow: Name
    """Notes a call-back for a caller who found no free line. It asks nothing: nobody hears its sentences."""
    voicemail_flow: Name | None = None
    """Takes a message, in a question of `kind: text`, from a caller who would rather not wait for a person."""
    prompts: Prompts
    people: People = People()
