"""Lays a conversation out in time. All times follow from how long words take."""

import random
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from calls.events import (
    ActionDone,
    ActionFailed,
    CallEnded,
    CallEvent,
    EventBody,
    StreamEnded,
    StreamStarted,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from qa.seed.pace import Conditions, Pace

KEY_S = 0.35
BETWEEN_S = 0.2
"""Between two sentences of ours."""
OPENING_S = 0.3
STREAM_S = 0.4
"""From the call's first event to the start of its recording."""
NO_INPUT_S = 8.0
CUTS_IN = 0.04
"""The share of turns in which the caller does not let us finish."""
LONG_ENOUGH_S = 2.0
"""Only a sentence that takes so long is cut short."""
OVERLAP_S, SLOWLY = 0.2, 0.1
"""So long both are heard before we stop; in this share of cases we are slow to notice, and it is up to 2.5 s."""
LONGEST_OVERLAP_S = 2.5
TIMED_OUT_S = 5.0


@dataclass(frozen=True)
class Timed:
    """An event and its time, in seconds since the call's first."""

    at_s: float
    body: EventBody


class Course:
    """One call. Give it each body in order; `now_s` is where it has come to, in seconds of the recording."""

    def __init__(self, pace: Pace, about: Conditions, rng: random.Random) -> None:
        self._pace = pace
        self._about = about
        self._rng = rng
        self.now_s = 0.0
        self.events: list[Timed] = []
        self._spoke_until: float | None = None
        """The end of the caller's last turn, while we have not answered it."""
        self._parts: dict[str, float] = {}
        self._no_input_s = NO_INPUT_S
        self._talking = False

    def take(self, body: EventBody) -> None:
        """The next body of the conversation."""
        match body:
            case StreamStarted():
                self.note(body)
            case TurnHeard():
                self._heard(body)
            case TurnKeyed():
                self._keyed(body)
            case TurnSilent():
                self._silent(body)
            case TurnPlanned():
                self._planned(body)
            case TurnSaid():
                self._said(body)
            case ActionDone() | ActionFailed():
                self._acted(body)
            case StreamEnded():
                self.pass_by(self._rng.uniform(0.2, 1.5))
                self.note(body)
            case CallEnded():
                self.note(body.model_copy(update={"duration_s": round(self.now_s + STREAM_S, 3)}))
            case _:
                self.note(body)

    def note(self, body: EventBody, at_s: float | None = None) -> None:
        """Something that happens now, or at another time of the recording."""
        at = self.now_s if at_s is None else at_s
        offset = 0.0 if not self.events else STREAM_S
        last = self.events[-1].at_s if self.events else 0.0
        self.events.append(Timed(max(last, round(at + offset, 4)), body))

    def pass_by(self, seconds: float) -> None:
        """Nothing happens for so long."""
        self.now_s += seconds

    def _heard(self, body: TurnHeard) -> None:
        cut = self._cut_short() if body.heard_of_us is not None or self._rng.random() < CUTS_IN else None
        gap_s = self._rng.lognormvariate(0.0, 0.4) * self._about.patience_s
        takes_s = self._pace.caller_s(body.text)
        start_s = round(self.now_s - self._overlap_s(takes_s) if cut is not None else self.now_s + gap_s, 3)
        end_s = round(start_s + takes_s, 3)
        unsure = body.unsure
        clarity = 1.0 if unsure else self._about.clarity
        confidence = min(0.995, max(0.05, body.confidence * clarity + self._rng.gauss(0.0, 0.02)))
        end_of_turn, transcript = self._drawn(0.26, 0.3), self._drawn(0.07, 0.4)
        self._await_answer(end_s, {"end_of_turn": end_of_turn, "transcript": transcript})
        self.now_s = end_s + end_of_turn + transcript
        self.note(
            body.model_copy(
                update={
                    "start_s": start_s,
                    "end_s": end_s,
                    "confidence": round(confidence, 4),
                    "heard_of_us": cut,
                }
            )
        )

    def _overlap_s(self, turn_s: float) -> float:
        """How long both are heard in a turn of this length in which the caller cuts in."""
        if self._rng.random() >= SLOWLY:
            return OVERLAP_S
        said = self.events[-1].body
        ours_s = said.end_s - said.start_s if isinstance(said, TurnSaid) else 0.0
        return min(self._rng.uniform(OVERLAP_S, LONGEST_OVERLAP_S), turn_s, 0.9 * ours_s)

    def _cut_short(self) -> str | None:
        """What the caller lets us finish of the sentence that we are saying; None where we say none."""
        if not self.events or not isinstance(self.events[-1].body, TurnSaid):
            return None
        said = self.events[-1].body
        takes_s = said.end_s - said.start_s
        if takes_s < LONG_ENOUGH_S:
            return None
        share = self._rng.uniform(0.4, 0.85)
        words = said.text.split()
        heard = " ".join(words[: max(1, int(len(words) * share))])
        end_s = round(said.start_s + takes_s * share, 3)
        self.events.pop()
        self.now_s = end_s
        self.note(said.model_copy(update={"heard": heard, "end_s": end_s, "interrupted": True}))
        return heard

    def _keyed(self, body: TurnKeyed) -> None:
        start_s = round(self.now_s + self._rng.uniform(0.8, 2.5), 3)
        end_s = round(start_s + KEY_S * len(body.digits), 3)
        self._await_answer(end_s, {"end_of_turn": 0.02})
        self.now_s = end_s + 0.02
        self.note(body.model_copy(update={"start_s": start_s, "end_s": end_s}))

    def _silent(self, body: TurnSilent) -> None:
        self.now_s += self._no_input_s
        self.note(body.model_copy(update={"at_s": round(self.now_s, 3)}))

    def _planned(self, body: TurnPlanned) -> None:
        plan_s = self._drawn(0.009, 0.3)
        if body.moment == "hearing":
            self._parts["plan"] = plan_s
        self.now_s += plan_s
        expect = body.state.get("expect")
        self._no_input_s = float(
            str((expect if isinstance(expect, dict) else {}).get("no_input_s") or NO_INPUT_S)
        )
        changed: dict[str, object] = {}
        if body.certainty is not None and body.certainty < 1.0:
            certainty = body.certainty * self._about.clarity + self._rng.gauss(0.0, 0.02)
            changed["certainty"] = round(min(1.0, max(0.02, certainty)), 4)
        self.note(body.model_copy(update=changed))

    def _acted(self, body: ActionDone | ActionFailed) -> None:
        takes_s = action_s(body, self._about, self._rng)
        self._parts["action"] = round(self._parts.get("action", 0.0) + takes_s, 4)
        self.now_s += takes_s
        self.note(body.model_copy(update={"duration_s": round(takes_s, 4)}))

    def _said(self, body: TurnSaid) -> None:
        if self._spoke_until is not None:
            first_audio = self._drawn(0.05, 0.35)
            start_s = self.now_s + first_audio
            total_s = start_s - self._spoke_until
            parts = {**self._parts, "first_audio": first_audio}
            self.note(
                TurnAnswered(
                    turn=body.turn,
                    total_s=round(total_s, 3),
                    parts={name: round(seconds, 3) for name, seconds in parts.items()},
                ),
                start_s,
            )
            self._spoke_until = None
        else:
            start_s = self.now_s + (BETWEEN_S if self._talking else OPENING_S)
        self._talking = True
        start_s = round(start_s, 3)
        self.now_s = round(start_s + self._pace.assistant_s(body.text), 3)
        self.note(body.model_copy(update={"start_s": start_s, "end_s": self.now_s}))

    def _await_answer(self, end_s: float, parts: dict[str, float]) -> None:
        self._spoke_until, self._parts, self._talking = end_s, parts, False

    def _drawn(self, usual_s: float, spread: float) -> float:
        return _drawn(usual_s, spread, self._about, self._rng)


def action_s(body: ActionDone | ActionFailed, about: Conditions, rng: random.Random) -> float:
    """How long the company's system takes for an action, in seconds."""
    usual_s = 0.09 if "find" in body.action or "status" in body.action else 0.22
    takes_s = _drawn(usual_s, 0.5, about, rng)
    timed_out = isinstance(body, ActionFailed) and body.failure == "timed_out"
    return TIMED_OUT_S if timed_out else takes_s


def as_events(timed: Iterable[Timed], call_id: str, began_at: datetime) -> list[CallEvent]:
    """The events of a call, numbered."""
    return [
        CallEvent(call_id=call_id, seq=seq, at=began_at + timedelta(seconds=one.at_s), body=one.body)
        for seq, one in enumerate(timed, start=1)
    ]


def _drawn(usual_s: float, spread: float, about: Conditions, rng: random.Random) -> float:
    """A time around the usual one, in seconds."""
    return round(usual_s * rng.lognormvariate(0.0, spread) * about.latency, 4)
