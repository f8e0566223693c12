"""Keeps what a caller is privately asked for out of the record of a call that goes on."""

from calls.events import EventBody, TurnDropped, TurnHeard, TurnKeyed, TurnWords
from calls.redaction.bodies import redacted
from calls.redaction.kinds import ALWAYS, Kind, marker
from calls.redaction.numbers import numbers_in, readings
from calls.redaction.secrets import LEAST_PART, Secrets

MOST_READINGS = 16
"""Of a number that was said: what the dialog may have taken it for."""


class PrivateWords:
    """What one call has heard in private steps; only in memory, for as long as the call goes on."""

    def __init__(self) -> None:
        self._numbers: dict[str, Kind] = {}
        self._texts: dict[str, str] = {}
        self._said: dict[Kind, str] = {}
        self._turns: set[int] = set()

    def hidden(self, body: EventBody, asked: Kind | None) -> EventBody:
        """The event as it may be kept. `asked` is what the caller is privately asked for now; None: nothing."""
        match body:
            case TurnHeard() if asked is not None:
                for text in (body.text, *body.alternatives):
                    self._hear(text, asked)
                self._turns.add(body.turn)
                kept = body.model_copy(update={"text": marker(asked), "words": (), "alternatives": ()})
                return self._without(kept)  # they may have cut in while it was read back
            case TurnKeyed() if asked is not None:
                self._hear(body.digits, asked)
                return body.model_copy(update={"digits": marker(asked)})
            case TurnDropped() if asked is not None and body.text:
                return body.model_copy(update={"text": marker(asked)})
            case TurnWords() if body.turn in self._turns:
                return body.model_copy(update={"words": ()})
        return self._without(body)

    def _without(self, body: EventBody) -> EventBody:
        if not self._numbers:
            return body
        return redacted(body, (), Secrets(ALWAYS, self._numbers, self._texts))

    def _hear(self, text: str, kind: Kind) -> None:
        numbers = numbers_in(text, asked=True)
        if not numbers:
            return  # "what do you mean?" is no secret, and "yes" stands in many places
        self._texts[text] = marker(kind)
        for number in numbers:
            for digits in list(readings(number.pieces))[:MOST_READINGS]:
                self._numbers.setdefault(digits, kind)
        together = "".join(number.digits for number in numbers)
        self._said[kind] = (self._said.get(kind, "") + together)[-64:]
        if len(self._said[kind]) >= LEAST_PART:
            self._numbers.setdefault(self._said[kind], kind)
            self._numbers.setdefault(together, kind)
