"""No card number is in what was said, keyed, done, or told to a human."""

import re
from collections.abc import Iterator

from pydantic import JsonValue

from calls.events import (
    ActionRequested,
    CallEvent,
    TalkHeard,
    TransferBriefed,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    VoicemailLeft,
)
from calls.redaction.checks import luhn
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

LENGTHS = range(13, 20)
"""ISO/IEC 7812."""
GROUPS = ((4, 4, 4, 4), (8, 8), (4, 6, 5))
"""How card numbers are told in pieces. Other numbers follow each other too: an order's, a postcode, a code."""
FIRST = "23456"
"""With what the numbers of payment cards begin."""
UNITS = {
    "zero": "0", "oh": "0", "o": "0", "nought": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
TIMES = {"double": 2, "triple": 3}
TOKEN = re.compile(r"[0-9A-Za-z]+|[:+/_@]")
"""Words, and what never stands within a card number. Ids mix letters and digits: some hold 16 digits in a row."""


def no_card_data(call: Call) -> Finding:
    """By digits, also spoken ones, of a card number's length whose checksum is right. Evidence never repeats them."""
    texts = [(event.seq, text) for event in call.events for text in _texts(event)]
    if not texts:
        return not_applicable("Nothing was said or keyed.")
    runs = [(seq, run) for seq, text in texts for run in digit_runs(text)]
    found = sorted({seq for seq, run in runs if _is_card(run)} | set(_in_pieces(call)))
    if not found:
        return Finding(Grade.YES, "No card number was found.")
    evidence = tuple(Evidence(seq=seq, words="digits that make a card number") for seq in found)
    return Finding(Grade.NO, "The record of the call holds a card number.", evidence)


def digit_runs(text: str) -> list[str]:
    """The digits of a text that follow each other, spoken ones included."""
    runs, run, times = [], "", 1
    for token in TOKEN.findall(text.lower()):
        digits = token if token.isascii() and token.isdigit() else UNITS.get(token)
        if digits is not None:
            run, times = run + digits * times, 1
        elif token in TIMES:
            times = TIMES[token]
        elif run:
            runs.append(run)
            run, times = "", 1
    return [*runs, run] if run else runs


def _texts(event: CallEvent) -> Iterator[str]:
    match event.body:
        case (
            TurnHeard(text=text)
            | TalkHeard(text=text)
            | VoicemailLeft(text=text)
            | TransferBriefed(text=text)
        ):
            yield text
        case TurnKeyed(digits=text) | TurnSaid(text=text):
            yield text
        case ActionRequested(arguments=arguments):
            yield from _strings(arguments)


def _strings(value: JsonValue) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        for one in value.values() if isinstance(value, dict) else value:
            yield from _strings(one)


def _in_pieces(call: Call) -> Iterator[int]:
    """Where a caller has told it in several turns that hold nothing but digits."""
    turns: list[tuple[int, str]] = []
    for event in call.events:
        match event.body:
            case TurnHeard(text=text) | TurnKeyed(digits=text):
                turns.append((event.seq, text))
    told = [(seq, _only_digits(text)) for seq, text in turns]
    for last in range(len(told)):
        for lengths in GROUPS:
            group = told[max(0, last + 1 - len(lengths)) : last + 1]
            run = "".join(digits for _, digits in group)
            if tuple(len(digits) for _, digits in group) == lengths and _is_card(run):
                yield told[last][0]


def _only_digits(text: str) -> str:
    """The digits of a text that holds nothing else; empty where it does."""
    tokens = TOKEN.findall(text.lower())
    digits = [one if one.isdigit() else UNITS.get(one, "") for one in tokens]
    return "".join(digits) if all(digits) else ""


def _is_card(run: str) -> bool:
    return run.isdigit() and len(run) in LENGTHS and run[0] in FIRST and luhn(run)
