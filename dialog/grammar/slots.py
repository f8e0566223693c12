"""What the caller may have said where a slot of some kind was asked for: candidates, likeliest first."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from dialog.grammar.calendar_dates import When, calendar_dates
from dialog.grammar.choices import choices_in
from dialog.grammar.codes import codes_in
from dialog.grammar.digits import digits_in
from dialog.grammar.emails import emails_in
from dialog.grammar.kinds import SlotKind
from dialog.grammar.money import money_in
from dialog.grammar.names import names_in
from dialog.grammar.phones import phones_in
from dialog.grammar.postcodes import postcodes_in
from dialog.grammar.quantities import quantities_in
from dialog.grammar.times import times_in
from dialog.grammar.yes_no import yes_or_no


@dataclass(frozen=True)
class Candidate:
    """A value in its canonical form (`dialog.grammar.kinds`), and how likely it was meant, 0 to 1."""

    value: str
    score: float


@dataclass(frozen=True)
class SlotRule:
    """What a value must be."""

    kind: SlotKind
    least: int = 1
    """Digits, for `digits` and `phone`."""
    most: int = 20
    pattern: str | None = None
    """For codes: what the whole code matches."""
    choices: Mapping[str, Sequence[str]] | None = None
    """For choices: each value's ways of saying it."""
    day_first: bool = True
    """For dates: whether `3/4` is in April."""
    when: When = When.ANY
    """For dates: which ones make sense. `past` for a date of birth."""


@dataclass(frozen=True)
class Said:
    """One text of what may have been said, and how likely."""

    text: str
    confidence: float


ANY_CODE = r"[A-Z0-9]{3,20}"
"""What a code is where its rule has no pattern."""

SUPPORT, MOST_SUPPORT = 0.1, 6
"""Weight of the likeness to other attempts, and how many candidates of each are looked at."""
TIE = 6
"""Decimals in which scores are compared."""
STOPS = " .,;"
SUREST = 0.95
"""No single one of several attempts settles the matter: what is said twice beats what is said once."""

Scored = Sequence[tuple[str, float]]
"""Values in their canonical form with scores, as if the text were sure."""


def candidates(
    said: Sequence[Said], rule: SlotRule, now: datetime, *, strict: bool = True
) -> tuple[Candidate, ...]:
    """The values that may have been meant, likeliest first, from one or several texts of the same sound.

    `strict`: the value was asked for, so that words which sound like it are it. Otherwise the caller has said
    something else, and only what is clearly such a value counts.
    """
    best: dict[str, float] = {}
    for one in said:
        for found in _found(one.text, rule, now, strict=strict):
            best[found.value] = max(best.get(found.value, 0.0), found.score * one.confidence)
    return tuple(Candidate(value, score) for value, score in sorted(best.items(), key=lambda item: -item[1]))


def keyed(keys: str, rule: SlotRule) -> Candidate | None:
    """The value that keys stand for, if they can."""
    number = keys.rstrip("#")
    match rule.kind:
        case SlotKind.DIGITS | SlotKind.PHONE:
            fits = number.isdigit() and rule.least <= len(number) <= rule.most
            return Candidate(number, 1.0) if fits else None
        case SlotKind.CHOICE:
            values = list(rule.choices or {})
            index = int(number) - 1 if number.isdigit() else -1
            return Candidate(values[index], 1.0) if 0 <= index < len(values) else None
        case SlotKind.QUANTITY:
            return Candidate(str(int(number)), 1.0) if number.isdigit() else None
    return None


def join(attempts: Sequence[Sequence[Candidate]]) -> tuple[Candidate, ...]:
    """What several attempts at the same value say together. A negative score rules a value out.

    The order also counts how like a value is to what the other attempts may have been: `1958-04-21` after `1958-03-21`
    and `1968-04-21`. Of values that are still equal the one said last comes first: who says another one corrects.
    """
    refused = {one.value for attempt in attempts for one in attempt if one.score < 0}
    kept = [[one for one in attempt if one.value not in refused] for attempt in attempts]
    surest = SUREST if len(attempts) > 1 else 1.0
    scores: dict[str, float] = {}
    said_last: dict[str, int] = {}
    for number, attempt in enumerate(kept):
        for one in attempt:
            scores[one.value] = 1 - (1 - scores.get(one.value, 0.0)) * (1 - min(one.score, surest))
            said_last[one.value] = number

    def rank(value: str) -> tuple[float, int]:
        support = sum(_support(value, attempt) for attempt in kept) if len(kept) > 1 else 0.0
        return -round(scores[value] + SUPPORT * support, TIE), -said_last[value]

    return tuple(Candidate(value, scores[value]) for value in sorted(scores, key=rank))


def _support(value: str, attempt: Sequence[Candidate]) -> float:
    """How far an attempt speaks for a value, by the places in which it is equal to what the attempt may have been."""
    alike = [
        one.score * sum(a == b for a, b in zip(value, one.value, strict=True)) / len(value)
        for one in attempt[:MOST_SUPPORT]
        if len(one.value) == len(value)
    ]
    return max(alike, default=0.0)


def _found(text: str, rule: SlotRule, now: datetime, *, strict: bool) -> Sequence[Candidate]:
    return [Candidate(value, score) for value, score in GRAMMARS[rule.kind](text, rule, now, strict)]


def _digits(text: str, rule: SlotRule, now: datetime, strict: bool) -> Scored:
    number = digits_in(text, rule.least, rule.most, sound_alikes=strict)
    return [(number, 1.0)] if number is not None else []


def _text(text: str, rule: SlotRule, now: datetime, strict: bool) -> Scored:
    """Without the full stop that a recogniser puts behind it: it stands in the middle of our sentences."""
    words = text.strip(STOPS)
    return [(words, 1.0)] if strict and words else []


def _yes_no(text: str, rule: SlotRule, now: datetime, strict: bool) -> Scored:
    reply = yes_or_no(text)
    return [] if reply is None else [("yes" if reply else "no", 1.0)]


def _postcode(text: str, rule: SlotRule, now: datetime, strict: bool) -> Scored:
    found = postcodes_in(text, strict=strict)
    return [one for one in found if rule.pattern is None or re.fullmatch(rule.pattern, one[0])]


def _date(text: str, rule: SlotRule, now: datetime, strict: bool) -> Scored:
    return calendar_dates(text, now.date(), day_first=rule.day_first, when=rule.when, strict=strict)


GRAMMARS: Mapping[SlotKind, Callable[[str, SlotRule, datetime, bool], Scored]] = {
    SlotKind.DIGITS: _digits,
    SlotKind.YES_NO: _yes_no,
    SlotKind.TEXT: _text,
    SlotKind.CHOICE: lambda text, rule, now, strict: choices_in(text, rule.choices or {}, strict=strict),
    SlotKind.CODE: lambda text, rule, now, strict: codes_in(text, rule.pattern or ANY_CODE, strict=strict),
    SlotKind.NAME: lambda text, rule, now, strict: names_in(text, strict=strict),
    SlotKind.EMAIL: lambda text, rule, now, strict: emails_in(text, strict=strict),
    SlotKind.PHONE: lambda text, rule, now, strict: phones_in(text, rule.least, rule.most, strict=strict),
    SlotKind.POSTCODE: _postcode,
    SlotKind.DATE: _date,
    SlotKind.TIME: lambda text, rule, now, strict: times_in(text, now, strict=strict),
    SlotKind.MONEY: lambda text, rule, now, strict: money_in(text, strict=strict),
    SlotKind.QUANTITY: lambda text, rule, now, strict: quantities_in(text, strict=strict),
}
"""One grammar a kind: text, rule, the caller's now and whether the value was asked for, to values with scores."""
