"""From a call's events to its facts. Pure: the same events always give the same facts."""

from collections.abc import Iterable, Mapping
from statistics import fmean
from typing import Any

from calls.events import (
    ActionDone,
    ActionFailed,
    CallBackPromised,
    CallBackTried,
    CallDisposed,
    CallEnded,
    CallEndReason,
    CallEvent,
    CallQueued,
    CallStarted,
    EscalationJudged,
    PartFailed,
    StreamStarted,
    SurveyAnswered,
    TalkHeard,
    TransferBriefed,
    TransferEnded,
    TransferLeg,
    TransferRequested,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
    VoicemailLeft,
)
from handoff.transfer.types import LegState, Outcome
from qa.facts.details import TALKED, details_of
from qa.facts.types import CallFacts, CallOutcome
from qa.statistics import percentile

TOOK = frozenset({LegState.ACCEPTED, LegState.JOINED})
NOT_UNDERSTOOD = frozenset({"no_match", "no_input", "doubt"})
"""Repairs after which a caller who hangs up has not got what they wanted."""
REPAIRS = {"no_match": "no_match", "no_input": "no_input", "correction": "corrections"}
FINAL_TRIES = frozenset({"kept", "given_up"})


def facts_of(events: Iterable[CallEvent]) -> CallFacts | None:
    """The facts of one call's events, in their order; None for no events."""
    known = list(events)
    if not known:
        return None
    reading = _Reading(known[0])
    for event in known:
        reading.take(event)
    return reading.facts(details_of(known))


def text_of(events: Iterable[CallEvent]) -> str:
    """All that was said in a call, for searching: a line each."""
    return "\n".join(line for event in events if (line := _line(event)))


def _line(event: CallEvent) -> str:
    match event.body:
        case TurnHeard(text=text) | TalkHeard(text=text) | VoicemailLeft(text=text):
            return text
        case TurnSaid(heard=heard):
            return heard
        case CallDisposed(note=note):
            return note
    return ""


class _Reading:
    """One pass over the events of one call."""

    def __init__(self, first: CallEvent) -> None:
        self.known: dict[str, Any] = {"call_id": first.call_id, "started_at": first.at}
        self.intents: list[str] = []
        self.sources: list[str] = []
        self.actions: list[str] = []
        self.failed_parts: list[str] = []
        self.certainties: list[float] = []
        self.sentiments: list[float] = []
        self.answers: list[float] = []
        self.counts = dict.fromkeys(
            (
                "unanswered",
                "no_match",
                "no_input",
                "corrections",
                "interruptions",
                "action_failures",
                "transfers",
            ),
            0,
        )
        self.legs: set[tuple[str, int]] = set()
        self.queued = self.promised = self.message = False
        self.transfer_ends: list[TransferEnded] = []
        self.transfer_open = False
        self.last: TurnPlanned | None = None

    def take(self, event: CallEvent) -> None:
        self.known["last_seq"] = event.seq
        for part in (self._of_call, self._of_turn, self._of_work, self._of_people, self._of_afterwards):
            part(event)

    def _of_call(self, event: CallEvent) -> None:
        match event.body:
            case CallStarted() as body:
                self.known |= body.model_dump(include={"direction", "caller", "playbook", "models"})
            case CallQueued():
                self.queued = True
            case StreamStarted(recording=recording) if recording is not None:
                self.known["recording"] = recording
            case CallEnded() as body:
                self.known |= {
                    "ended_at": event.at,
                    "duration_s": body.duration_s,
                    "end_reason": body.reason.value,
                }

    def _of_turn(self, event: CallEvent) -> None:
        match event.body:
            case TurnHeard(turn=turn) | TurnKeyed(turn=turn) | TurnSilent(turn=turn):
                self.known["turns"] = max(self.known.get("turns", 0), turn)
            case TurnPlanned() as body:
                self._planned(event, body)
            case TurnSaid(interrupted=True):
                self.counts["interruptions"] += 1
            case TurnAnswered(total_s=total_s):
                self.answers.append(total_s)

    def _of_work(self, event: CallEvent) -> None:
        match event.body:
            case ActionDone(action=action):
                self.actions.append(action)
            case ActionFailed():
                self.counts["action_failures"] += 1
            case PartFailed(part=part):
                self.failed_parts.append(part)
            case EscalationJudged(risk=risk):
                self.known["risk"] = max(self.known.get("risk", 0.0), risk)

    def _of_people(self, event: CallEvent) -> None:
        match event.body:
            case TransferRequested() as body:
                self.counts["transfers"] += 1
                self.transfer_open = True
                self.known.setdefault("escalation", body.reason)
                self.known["queue"] = body.queue
            case TransferLeg() as body:
                self.legs.add((body.transfer_id, body.leg))
                if body.state in TOOK:
                    self.known["agent"] = body.agent or body.target
            case TransferBriefed(seconds=seconds):
                self.known["briefing_s"] = seconds
            case TransferEnded() as body:
                self.transfer_open = False
                self.transfer_ends.append(body)

    def _of_afterwards(self, event: CallEvent) -> None:
        match event.body:
            case CallBackPromised():
                self.promised = True
            case CallBackTried(result=result) if result in FINAL_TRIES:
                self.known["call_back_kept"] = result == "kept"
            case VoicemailLeft():
                self.message = True
            case SurveyAnswered(part=part, score=score):
                self.known |= {f"asked_{part}": True, f"csat_{part}": score}
            case CallDisposed() as body:
                self.known |= body.model_dump(
                    include={"disposition", "needless", "wrong", "intended", "agent"}
                )

    def _planned(self, event: CallEvent, body: TurnPlanned) -> None:
        self.last = body
        for intent in (body.intent, *body.more):
            if intent is not None and (not self.intents or self.intents[-1] != intent):
                self.intents.append(intent)
        self.sources += [one for one in body.sources if one not in self.sources]
        self.counts["unanswered"] += body.unanswered is not None
        if body.repair in REPAIRS:
            self.counts[REPAIRS[body.repair]] += 1
        if body.state.get("about") is not None:
            self.known.setdefault("intent", body.state["about"])
        if body.certainty is not None:
            self.certainties.append(body.certainty)
        if body.moment == "hearing":
            self.sentiments.append(body.sentiment)
        self.known["sentiment_last"] = body.mood
        self.known["discontent"] = max(self.known.get("discontent", 0.0), body.discontent)
        identity = body.state.get("identity")
        if isinstance(identity, dict) and identity.get("level") and "verified_at_seq" not in self.known:
            self.known |= {"customer": identity.get("customer"), "verified_at_seq": event.seq}

    def facts(self, details: Mapping[str, Any]) -> CallFacts:
        if self.intents:
            self.known.setdefault("intent", self.intents[0])
        return CallFacts(
            **self.known,
            **self.counts,
            **details,
            outcome=self._outcome(),
            intents=tuple(self.intents),
            sources=tuple(self.sources),
            confidence=_mean(self.certainties),
            confidence_min=min(self.certainties, default=None),
            sentiment=_mean(self.sentiments),
            answers_s=tuple(self.answers),
            answer_p50_s=percentile(self.answers, 50),
            answer_p95_s=percentile(self.answers, 95),
            actions=tuple(self.actions),
            parts_failed=tuple(self.failed_parts),
            transfer_outcome=self.transfer_ends[-1].outcome if self.transfer_ends else None,
            rung=len(self.legs),
            wait_s=round(sum(one.wait_s for one in self.transfer_ends), 3),
            human_talk_s=round(sum(one.talk_s or 0.0 for one in self.transfer_ends), 3),
        )

    def _outcome(self) -> CallOutcome:
        if any(one.outcome in TALKED for one in self.transfer_ends):
            return CallOutcome.HANDED_OVER
        if self.message:
            return CallOutcome.VOICEMAIL
        if self.promised:
            return CallOutcome.CALL_BACK
        return self._outcome_alone(self.known.get("end_reason"))

    def _outcome_alone(self, reason: str | None) -> CallOutcome:
        """Of a call that no human had or will have."""
        if reason is None:
            return CallOutcome.OPEN
        if self.transfer_open or (
            self.transfer_ends and self.transfer_ends[-1].outcome == Outcome.CALLER_GONE
        ):
            return CallOutcome.ABANDONED_WAITING
        if self.last is None and self.queued:
            return CallOutcome.REFUSED
        if reason in {CallEndReason.LOST, CallEndReason.CARRIER}:
            return CallOutcome.LOST
        return CallOutcome.ABANDONED if self._gave_up(reason) else CallOutcome.CONTAINED

    def _gave_up(self, reason: str) -> bool:
        """Whether the caller hung up before they were done."""
        if reason != CallEndReason.CALLER or self.last is None:
            return reason == CallEndReason.CALLER
        in_the_middle = self.last.state.get("flow") is not None
        no_answer = self.last.repair in NOT_UNDERSTOOD or self.last.unanswered is not None
        return in_the_middle or no_answer or not (self.actions or self.sources)


def _mean(values: list[float]) -> float | None:
    return round(fmean(values), 4) if values else None
