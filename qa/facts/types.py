"""The facts of one call: values only, made from its events by `qa.facts.fold`."""

from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import Personal


class CallOutcome(StrEnum):
    """How a call ended, for its caller. Names never change meaning."""

    OPEN = "open"
    """It is not over."""
    CONTAINED = "contained"
    """The assistant alone has brought it to its end."""
    HANDED_OVER = "handed_over"
    """The caller has talked with a human, or was put through."""
    CALL_BACK = "call_back"
    """The caller was promised a call-back."""
    VOICEMAIL = "voicemail"
    """The caller has left a message."""
    ABANDONED = "abandoned"
    """The caller hung up on the assistant: in the middle of a matter, after a question that nothing answered, or
    before anything had come of the call."""
    ABANDONED_WAITING = "abandoned_waiting"
    """The caller hung up while a human was being reached."""
    REFUSED = "refused"
    """There was no room for the call."""
    LOST = "lost"
    """It broke off."""


class TransferFacts(BaseModel):
    """One transfer of a call. Seconds, unless a field says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    queue: str
    reason: str
    """A code of `dialog.reasons`."""
    kind: str
    outcome: str | None = None
    """None where the log ends before the transfer did."""
    wait_s: float | None = None
    talk_s: float | None = None
    rung: int = 0
    """How many legs were rung."""
    declined: int = 0
    """How many of them were declined."""
    briefing_s: float | None = None
    """Of the last briefing."""


class CallFacts(BaseModel):
    """One call. Seconds, unless a field says otherwise; None where no event has told."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    call_id: str
    last_seq: int
    """The event up to which this was made."""
    started_at: datetime
    ended_at: datetime | None = None
    duration_s: float | None = None
    direction: str | None = None
    caller: Personal | None = None
    customer: Personal | None = None
    """Who it was, once the caller was identified: the company's id."""
    verified_at_seq: int | None = None
    playbook: str | None = None
    models: dict[str, str] = {}
    recording: str | None = None
    end_reason: str | None = None
    outcome: CallOutcome = CallOutcome.OPEN

    intent: str | None = None
    """What the call was about: the first wish or question that was understood, an intent or an article."""
    intents: tuple[str, ...] = ()
    """All wishes, in the order in which they came."""
    sources: tuple[str, ...] = ()
    """The articles that answers rested on."""
    unanswered: int = 0
    """Questions that no article answered."""

    turns: int = 0
    """The caller's, spoken, keyed or silent."""
    no_match: int = 0
    no_input: int = 0
    corrections: int = 0
    confidence: float | None = None
    """How likely turns were understood as meant: the mean, 0 to 1."""
    confidence_min: float | None = None
    sentiment: float | None = None
    """Mean of the caller's turns, -1 to 1."""
    sentiment_last: float | None = None
    discontent: float = 0.0
    """The worst of the call, 0 to 1."""
    interruptions: int = 0
    """How often the caller cut us off."""

    answers_s: tuple[float, ...] = ()
    """Latency of each answer."""
    answer_p50_s: float | None = None
    answer_p95_s: float | None = None

    actions: tuple[str, ...] = ()
    """Actions that had their effect."""
    action_failures: int = 0
    language_model_asked: int = 0
    """How often one was asked, for guesses that were wrong too."""
    language_model_untold: int = 0
    """How many of these nobody knows the tokens of."""
    tokens_in: int = 0
    """What the others read together."""
    tokens_out: int = 0
    """What they wrote."""
    parts_failed: tuple[str, ...] = ()

    risk: float = 0.0
    """The highest that escalation has judged, 0 to 1."""
    escalation: str | None = None
    """Why people were asked for: the reason of the first transfer, a code of `dialog.reasons`."""
    transfers: int = 0
    transfer_outcome: str | None = None
    """Of the last one."""
    queue: str | None = None
    agent: str | None = None
    """Who took the call: a person's id, or the target's name."""
    rung: int = 0
    """How many legs were rung."""
    wait_s: float = 0.0
    """On hold, all transfers together."""
    human_talk_s: float = 0.0
    briefing_s: float | None = None
    call_back_kept: bool | None = None
    """None where none was promised or it is still to come."""

    disposition: str | None = None
    needless: bool | None = None
    """An agent says that the assistant could have done it; None where no agent has said anything."""
    wrong: str | None = None
    """What the assistant got wrong, by the agent."""
    intended: str | None = None

    asked_assistant: bool = False
    """Whether the caller was asked how the assistant was."""
    csat_assistant: int | None = None
    """1 to 5."""
    asked_agent: bool = False
    csat_agent: int | None = None

    score: float | None = None
    """What the rules of the scorecard gave it, 0 to 100; None where no rule applied."""
    auto_fail: bool = False
    """Whether a rule failed that must not."""
    scored_by: str | None = None
    """The form and the rules that the score is by; None where none was given, or by an older version of ours."""

    each_transfer: tuple[TransferFacts, ...] = ()
    stages_s: dict[str, tuple[float, ...]] = {}
    """By stage of `turn.answered`: how long it took in each answer that had it."""
    wrap_up_s: float | None = None
    """From the end of the last talk to what the agent said of it."""
    speech_s: float | None = None
    """How long caller or assistant spoke."""
    confirmed: bool = False
    """Whether the caller said that nothing was left, and the assistant goodbye."""

    @property
    def useful(self) -> bool:
        """Whether the assistant has done or answered anything."""
        return bool(self.actions or self.sources)

    @property
    def with_human(self) -> bool:
        """Whether the caller has talked with a human."""
        return self.outcome is CallOutcome.HANDED_OVER

    @property
    def assistant_s(self) -> float | None:
        """How long the call was the assistant's: without hold and human."""
        if self.duration_s is None:
            return None
        return max(0.0, self.duration_s - self.wait_s - self.human_talk_s)
