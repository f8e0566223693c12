"""What the caller means, given what we asked: keys, grammars and intents, in that order of trust."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from dialog.grammar.digits import digits_in
from dialog.grammar.yes_no import yes_or_no
from dialog.intents import IntentClassifier
from dialog.playbook import Playbook
from dialog.schema import Command, Digits
from dialog.types import Hearing, Understanding

UNSURE = 0.3
"""Confidence given to words that the recogniser itself doubts, and below which intents are not believed."""
PERSON_KEY = "0"
REPEAT_KEY = "*"
SURE_COMMAND = 0.8
"""A command this sure is heard even where a yes or no was asked for."""

SHORT = 2
"""A yes or no of so few words is just that."""
NOTHING = Understanding()


@dataclass(frozen=True)
class Meaning:
    """One hearing, understood."""

    intent: str | None = None
    command: Command | None = None
    reply: bool | None = None
    """A yes or a no, where one makes sense."""
    digits: str | None = None
    """A number of the length asked for."""
    confidence: float = 0.0
    """How sure we are of what was heard, 0 to 1."""
    understanding: Understanding = NOTHING


@dataclass(frozen=True)
class Asked:
    """What the dialog asked for."""

    digits: Digits | None = None
    reply: bool = False
    strict: bool = False
    """Whether digits are expected now, so that words which sound like digits are digits."""


class Understander:
    """Understands hearings for one playbook. Stateless."""

    def __init__(
        self, playbook: Playbook, classifier: IntentClassifier, first_number: Callable[[str], Digits | None]
    ) -> None:
        self._playbook = playbook
        self._classifier = classifier
        self._first_number = first_number
        words = "|".join(
            re.escape(word) for word in sorted(playbook.head.person_words, key=len, reverse=True)
        )
        self._person = re.compile(rf"\b(?:{words})s?\b", re.IGNORECASE)

    def understand(self, hearing: Hearing, asked: Asked) -> Meaning:
        """What `hearing` means as an answer to what was asked."""
        if hearing.keyed:
            return _keyed(hearing.keyed, asked)
        if not hearing.text.strip():
            return Meaning()
        return self._spoken(hearing, asked)

    def _spoken(self, hearing: Hearing, asked: Asked) -> Meaning:
        confidence = min(hearing.confidence, UNSURE) if hearing.unsure else hearing.confidence
        ranking = self._classifier.rank(hearing.text)
        intent, score = ranking.best
        if confidence <= UNSURE or score < self._playbook.head.intent_threshold:
            intent = None
        command = self._command(intent)
        if self._person.search(hearing.text):
            command, intent, score = Command.PERSON, None, 1.0
        reply = yes_or_no(hearing.text) if asked.reply else None
        digits = _digits(hearing.text, asked, self._wanted_number(intent))
        if command is not Command.PERSON and _answers(
            hearing.text, reply, digits, asked, polite=score < SURE_COMMAND or command is Command.THANKS
        ):
            command = intent = None
        entities = {"digits": digits} if digits is not None else {}
        if reply is not None:
            entities["reply"] = "yes" if reply else "no"
        return Meaning(
            intent=intent,
            command=command,
            reply=reply,
            digits=digits,
            confidence=_number_confidence(hearing, confidence) if digits is not None else confidence,
            understanding=Understanding(
                intent=command.value if command is not None else intent,
                confidence=score,
                alternatives=ranking.scores,
                entities=entities,
            ),
        )

    def _wanted_number(self, intent: str | None) -> Digits | None:
        """The number that belongs to what the caller wants: `where is my order 4711`."""
        declared = self._playbook.intents.get(intent) if intent is not None else None
        return self._first_number(declared.flow) if declared is not None and declared.flow else None

    def _command(self, intent: str | None) -> Command | None:
        declared = self._playbook.intents.get(intent) if intent is not None else None
        return declared.command if declared is not None else None


def _answers(text: str, reply: bool | None, digits: str | None, asked: Asked, *, polite: bool) -> bool:
    """Whether this is the answer to our question, whatever else it sounds like; `polite`: not surely a command."""
    if asked.strict and digits is not None:
        return True
    return reply is not None and (polite or len(text.split()) <= SHORT)


def _digits(text: str, asked: Asked, wanted: Digits | None) -> str | None:
    """The number asked for, or the one that belongs to the caller's wish: `order for 711` is order 4711."""
    if asked.strict and asked.digits is not None:
        return digits_in(text, asked.digits.least, asked.digits.most, sound_alikes=True)
    rule = wanted or asked.digits
    if rule is None:
        return None
    found = digits_in(text, rule.least, rule.most)
    if found is None and wanted is not None:
        found = digits_in(text, rule.least, rule.most, sound_alikes=True)
    return found


def _number_confidence(hearing: Hearing, confidence: float) -> float:
    """How sure the recogniser is of the number itself: the words around it say nothing about it."""
    numbers = [word.probability for word in hearing.words if any(one.isdigit() for one in word.text)]
    if hearing.unsure or not numbers:
        return confidence
    return sum(numbers) / len(numbers)


def _keyed(keys: str, asked: Asked) -> Meaning:
    """Keys mean what they say: the number asked for, 1 and 2 for yes and no, 0 for a person, * to repeat."""
    number = keys.rstrip("#")
    if keys in {PERSON_KEY, REPEAT_KEY}:
        command = Command.PERSON if keys == PERSON_KEY else Command.REPEAT
        return Meaning(
            command=command,
            confidence=1.0,
            understanding=Understanding(intent=command.value, confidence=1.0, entities={"keys": keys}),
        )
    reply = {"1": True, "2": False}.get(number) if asked.reply else None
    fits = asked.digits is not None and asked.digits.least <= len(number) <= asked.digits.most
    digits = number if fits and number.isdigit() else None
    return Meaning(
        reply=reply,
        digits=digits,
        confidence=1.0,
        understanding=Understanding(confidence=1.0, entities={"keys": keys}),
    )
