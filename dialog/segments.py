"""A sentence cut into clauses that may each hold a wish of their own.

Speech has few full stops: "where's my order and how do I send something back" is two wishes, "I'd like a shirt and
trousers" is one. A sentence is cut at a joining word only where what follows begins as a clause does: with a
question word, an auxiliary, a subject with its verb, or an order to do something.

Some words join thoughts rather than things: "plus", "oh and", "and also". At them and at full stops speech falls into
parts, each with clauses of its own, and behind them a thing may stand for a wish: "and also my invoice".
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

LEAST_WORDS = 2
"""A clause of fewer words is no wish of its own: `and when`."""

_FILLER = (
    r"(?:(?:um+|uh+|er+|oh|well|so|okay|ok|please|just|maybe|also|then|too|now|actually|first|second(?:ly)?)"
    r",?\s+)*"
)
_QUESTION = (
    r"(?:(?:at|about|for|by|until|till|in|to|from)\s+)?"
    r"(?:what|where|when|how|who|whom|whose|why|which)(?:'s|'re|s)?"
)
_AUXILIARY = (
    r"(?:can|could|will|would|do|does|did|is|are|was|were|am|have|has|may|should|shall)(?:n't)?"
    r"\s+(?:i|you|we|they|it|there|he|she|the|my|your|our|this|that|these|those|any|anyone|someone)"
)
_SUBJECT = r"(?:i|we|you)(?:'d|'m|'ll|'ve|'re)?\s+(?!know\b|mean\b|guess\b|think\b)\w+"
_THING = r"(?:my|our|your|the)\s+\w+(?:\s+\w+)?\s+(?:is|are|was|were|has|have|does|doesn't|isn't|won't|never|still)"
_THERE = r"there(?:'s|\s+(?:is|are|was|were))"
_ORDER = (
    r"(?:let's|let me|help|cancel|change|check|send|tell|give|return|track|update|book|get|make|find|show|stop|talk"
    r"|speak|connect|transfer|put me|call|pay|reset|refund|replace|exchange|add|remove|delete|open|close"
    r"|block|activate|order|buy|set|move|extend|confirm|report|complain|renew|switch|turn|explain|see|know"
    r"|look|ask|file|claim|start|schedule|reschedule|withdraw|deposit|increase|decrease|reserve|upgrade|print"
    r"|remind|share|create|pull|take|use|repeat|skip|read|put|let|define)"
    r"\s+(?!and\b|or\b)\w+"
)
_POLITE = r"please\s+(?!and\b|or\b)\w+\s+\w+"
_OPENING = rf"(?:{_POLITE}|{_FILLER}(?:{_QUESTION}|{_AUXILIARY}|{_SUBJECT}|{_THING}|{_THERE}|{_ORDER}))\b"
_WEAK = r"(?:and then|and|then|but)"
_YEAH = r"(?:,?\s+(?:yeah|yes))?,?"
_STRONG = (
    rf"(?:(?:and\s+|but\s+)?oh{_YEAH}\s+(?:and|but)|and\s+oh{_YEAH}|oh,?\s+(?:yeah|yes),?"
    rf"|(?:(?:and\s+)?oh{_YEAH}\s+)?(?:and\s+|but\s+)?"
    r"(?:also|plus|as well as|besides(?:\s+that)?|by the way|on top of that|in addition|after (?:that|this)|afterwards"
    r"|while (?:i'm|i am|we're|we are|you're|you are) at it"
    r"|(?:another|one more|one other|(?:the )?second|(?:the )?other) thing(?:\s+(?:is|was))?))"
)
_JOINING = rf"(?:{_STRONG}|{_WEAK})"
_NAMED = r"(?:about\s+\w+|(?:a|an|the|my|our|another|some)\s+\w+)"
"""A thing, where it may stand for what is wanted of it."""
_NEW_PART = re.compile(
    rf"\s*[.?!;]+\s+(?:{_JOINING}\b,?\s*)?|\s*,?\s*\b{_STRONG}\b,?\s+(?={_OPENING}|{_NAMED}\b)",
    re.IGNORECASE,
)
_BREAK = re.compile(
    rf"\s*,\s*(?:{_JOINING}\b,?\s*)?(?={_OPENING})|\s+{_JOINING}\b,?\s+(?={_OPENING})",
    re.IGNORECASE,
)
_HANGING = re.compile(
    r"\b(?:if|that|because|when|while|whether|since|until|before|after|once|as|so|to|and|or|which|who|where|what|how|"
    r"the|a|an|my|your|of|for|with|from|in|on|at|i|we|you|they|can|could|would|will|may|should)$",
    re.IGNORECASE,
)
"""A clause that ends so has not ended: what follows belongs to it."""
_LEADING = re.compile(
    r"^(?:if|because|since|until|before|after|once|as|so that"
    r"|(?:when|while)\b(?!'|\s+(?:do|does|did|is|are|was|were|will|would|can|could|should|may|have|has)\b))\b",
    re.IGNORECASE,
)
"""A condition is no wish: it stays with the clause that it is about."""
_WORD = re.compile(r"[\w'’]+")


@dataclass(frozen=True)
class Part:
    """One thought of a sentence, with its clauses: one, or several."""

    text: str
    clauses: tuple[str, ...]


def parts(text: str) -> tuple[Part, ...]:
    """The parts of `text` in their order, without the words that joined them; at least one."""
    whole = text.strip().replace("’", "'")
    found = tuple(_joined(_pieces(whole, _NEW_PART)))
    return tuple(_part(one) for one in (found if len(found) > 1 else (whole,)))


def clauses(text: str) -> tuple[str, ...]:
    """The clauses of `text` in their order, without the words that joined them; the whole text where there is one."""
    return tuple(clause for part in parts(text) for clause in part.clauses)


def _part(text: str) -> Part:
    found = tuple(_joined(_pieces(text, _BREAK)))
    return Part(text, found if len(found) > 1 else (text,))


def _pieces(text: str, joint_of: re.Pattern[str]) -> Iterator[tuple[str, str]]:
    """Each piece with the text that joined it to the piece before."""
    start, joint = 0, ""
    for found in joint_of.finditer(text):
        yield joint, text[start : found.start()].strip(" ,")
        start, joint = found.end(), found.group()
    yield joint, text[start:].strip(" ,")


def _joined(pieces: Iterator[tuple[str, str]]) -> Iterator[str]:
    """Pieces too short to stand alone, and pieces of one thought, put together again."""
    held = ""
    for joint, piece in pieces:
        if not held:
            held = piece
        elif _stands(held) and len(_WORD.findall(piece)) >= LEAST_WORDS:
            yield held
            held = piece
        else:
            held = f"{held}{joint}{piece}"
    if held:
        yield held


def _stands(clause: str) -> bool:
    enough = len(_WORD.findall(clause)) >= LEAST_WORDS
    return enough and not _HANGING.search(clause) and not _LEADING.search(clause)
