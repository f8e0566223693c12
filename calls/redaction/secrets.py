"""Masks data that is known already, wherever else it stands: in the dialog's state, in an action's arguments. Pure."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from pydantic import JsonValue

from calls.redaction.find import find
from calls.redaction.kinds import Kind, marker
from calls.redaction.numbers import Number, numbers_in, readings
from calls.redaction.talk import CALLER, Span, Utterance, apart, masked

LONG = 8
"""From so many digits on, a part of a secret is masked too, and what was nearly heard as it."""
LEAST_PART = 4
MOST_APART = 4
"""Digits in which two readings of one long number may differ."""
TIME = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}\S*")
SENSITIVE = (
    (re.compile(r"card_?(?:number|no)|^(?:credit_|debit_)?card$|^pan$", re.IGNORECASE), Kind.CARD_NUMBER),
    (re.compile(r"cvv|cvc|cv2|security_?code|card_?code", re.IGNORECASE), Kind.CARD_CODE),
    (re.compile(r"expir|valid_until", re.IGNORECASE), Kind.CARD_EXPIRY),
    (re.compile(r"^code$|(?:^|_)pin$|otp|one_time|pass(?:word|code)|secret", re.IGNORECASE), Kind.CODE),
    (re.compile(r"iban|sort_?code|bank_?account|routing", re.IGNORECASE), Kind.BANK_ACCOUNT),
    (re.compile(r"ssn|social_?security|tax_?id", re.IGNORECASE), Kind.TAX_ID),
    (re.compile(r"e_?mail", re.IGNORECASE), Kind.EMAIL),
    (re.compile(r"phone|mobile|caller_number", re.IGNORECASE), Kind.PHONE),
    (re.compile(r"post_?code|zip", re.IGNORECASE), Kind.POSTCODE),
    (re.compile(r"address|street", re.IGNORECASE), Kind.ADDRESS),
    (re.compile(r"birth|born|dob", re.IGNORECASE), Kind.BIRTH_DATE),
    (re.compile(r"(?:^|_)name$", re.IGNORECASE), Kind.NAME),
)
"""Names of slots and arguments by which their values are known."""
FOR_PEOPLE = frozenset({Kind.EMAIL, Kind.ADDRESS, Kind.NAME})
"""Kinds whose values need no digit."""
OF_AGENTS = frozenset({"target", "targets"})
"""Names of values that tell who was rung."""


@dataclass(frozen=True)
class Secrets:
    """What was found in the conversation of one call."""

    kinds: frozenset[Kind]
    numbers: Mapping[str, Kind] = field(default_factory=dict)
    """Digits."""
    texts: Mapping[str, str] = field(default_factory=dict)
    """Utterances with data in them, and how they are masked."""
    names: frozenset[str] = frozenset()

    def text(self, text: str) -> str:
        """The text without them, and without what can be told by itself."""
        for whole, instead in self.texts.items():
            if whole in text:
                text = text.replace(whole, instead)
        alone = find((Utterance(CALLER, text),), self.kinds, self.names)
        return masked(text, apart([*alone, *self.known(text)]))

    def json(self, value: JsonValue, key: str = "") -> JsonValue:
        """The value without them, at any depth. `key` is its name in the object that it stands in."""
        match value:
            case str():
                return self._named(value, key) or self.text(value)
            case dict():
                return {
                    self.text(name): one if name in OF_AGENTS else self.json(one, name)
                    for name, one in value.items()
                }
            case list():
                return self._list(value, key)
        return value

    def _list(self, values: Sequence[JsonValue], key: str) -> list[JsonValue]:
        """Where one of several readings of an answer is masked, the others may give it away: they are masked too."""
        done = [self.json(one, key) for one in values]
        hidden = next((one for one in done if _is_masked(one)), None)
        if hidden is None or not all(
            isinstance(one, dict) and set(one) == {"value", "score"} for one in done
        ):
            return done
        mark = hidden["value"] if isinstance(hidden, dict) else hidden
        return [{**one, "value": mark} if isinstance(one, dict) else one for one in done]

    def _named(self, value: str, key: str) -> str | None:
        """The marker, where the name of a value tells what it is."""
        for pattern, kind in SENSITIVE:
            if kind in self.kinds and pattern.search(key):
                if kind in FOR_PEOPLE and value:
                    return marker(kind)
                if kind not in FOR_PEOPLE and any(one.isdecimal() for one in value):
                    return marker(kind)
        return None

    def known(self, text: str, at: int = 0) -> list[Span]:
        """Where they stand in a text, the one of utterance `at`."""
        times = [match.span() for match in TIME.finditer(text)]
        found = []
        for number in numbers_in(text):
            kind = self._kind(number)
            in_time = any(start <= number.start < end for start, end in times)
            if kind is not None and not in_time:
                found.append(Span(at, number.start, number.end, kind))
        return found

    def _kind(self, number: Number) -> Kind | None:
        ways = set(readings(number.pieces))
        for secret, kind in self.numbers.items():
            if secret in ways or (len(secret) >= LONG and any(_is_part(one, secret) for one in ways)):
                return kind
        return None


def secrets_of(
    talk: Sequence[Utterance], spans: Sequence[Span], kinds: Collection[Kind], names: Collection[str] = ()
) -> Secrets:
    """What these spans of a conversation hold."""
    numbers: dict[str, Kind] = {}
    texts: dict[str, str] = {}
    joined: dict[tuple[str, Kind], str] = {}
    for at, one in enumerate(talk):
        own = [span for span in spans if span.at == at]
        if own and one.text.strip():
            texts[one.text] = masked(one.text, own)
        for span in own:
            digits = "".join(number.digits for number in numbers_in(one.text[span.start : span.end]))
            if digits:
                numbers.setdefault(digits, span.kind)
                joined[one.who, span.kind] = joined.get((one.who, span.kind), "") + digits
    for (_, kind), digits in joined.items():
        if kind in {Kind.CARD_NUMBER, Kind.BANK_ACCOUNT} and len(digits) <= 4 * LONG:
            numbers.setdefault(digits, kind)
    # The longest first: a short one may be a part of it.
    in_order = sorted(texts.items(), key=lambda pair: -len(pair[0]))
    return Secrets(frozenset(kinds), numbers, dict(in_order), frozenset(names))


def _is_part(digits: str, secret: str) -> bool:
    """Whether a number is the secret, a part of it, or nearly what it is."""
    if len(digits) < LEAST_PART:
        return False
    if digits in secret or secret in digits:
        return True
    if len(digits) != len(secret):
        return False
    return sum(one != other for one, other in zip(digits, secret, strict=True)) <= MOST_APART


def _is_masked(value: JsonValue) -> bool:
    text = value.get("value") if isinstance(value, dict) else value
    return isinstance(text, str) and any(marker(kind) in text for kind in Kind)
