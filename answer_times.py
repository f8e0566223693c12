"""How long answers take, from the caller's last sound to our first, and where the time goes."""

from collections.abc import Callable
from dataclasses import dataclass, field

from calls.events import TurnAnswered
from telephony.media.playout import RATE, Played
from voice.bridge import TurnTiming


@dataclass
class Answer:
    """An answer on its way to the caller's ear, with where its time went."""

    turn: int
    speech_end_s: float
    acted_at: float
    """When its action began, on the session's clock."""
    parts: dict[str, float] = field(default_factory=dict)
    first_utterance: int | None = None


class AnswerTimes:
    """The answers of one call that the caller has not begun to hear."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._said: list[Answer] = []
        self._unanswered: Answer | None = None
        """The answer to a turn whose action has not come back: nothing of it was said yet."""

    def planned(self, turn: int, timing: TurnTiming | None, plan_s: float) -> Answer | None:
        """The answer that a plan belongs to: to a turn just heard, or else to the one that waits for its action."""
        if timing is None:
            answer, self._unanswered = self._unanswered, None
            if answer is not None:
                answer.parts["action"] = self._clock() - answer.acted_at
            return answer
        parts = {
            "end_of_turn": timing.decided_s - timing.speech_end_s,
            "transcript": timing.decode_s,
            "plan": plan_s,
        }
        return Answer(turn, timing.speech_end_s, self._clock(), parts)

    def said(self, answer: Answer, first_utterance: int) -> None:
        """It is on its way, beginning with this utterance."""
        answer.first_utterance = first_utterance
        self._said.append(answer)

    def waits(self, answer: Answer | None) -> None:
        """Nothing is said before its action comes back."""
        self._unanswered = answer

    def begun(self, played: Played) -> TurnAnswered | None:
        """The event to be written down, where the caller begins to hear an answer."""
        for answer in self._said:
            if answer.first_utterance == played.utterance:
                self._said.remove(answer)
                total_s = played.at_sample / RATE - answer.speech_end_s
                spent_s = sum(answer.parts.get(name, 0.0) for name in ("end_of_turn", "plan", "action"))
                parts = {**answer.parts, "first_audio": max(0.0, total_s - spent_s)}
                return TurnAnswered(
                    turn=answer.turn,
                    total_s=round(total_s, 3),
                    parts={name: round(seconds, 3) for name, seconds in parts.items()},
                )
        return None
