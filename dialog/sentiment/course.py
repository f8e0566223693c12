"""How a conversation goes for the caller, by what was said on both sides.

Few callers who are not served well show anger (Schmitt & Ultes 2015). So what counts is mostly what the assistant
could not do, and that the caller denies, corrects, insists and asks the same again.
"""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

Turn = tuple[Literal["caller", "assistant"], str]

APOLOGY = 1.0
FAILURE = 0.75
REFUSAL = 0.5
RESERVE = 0.25
"""What an assistant's reply costs: it is sorry; nothing was found; it says no; it says but, or only."""
DENIAL = 0.75
SEVERAL_DENIALS = 1.1
POLITE_NO = 0.25
CORRECTION = 0.5
SORRY = 0.75
"""A caller who is sorry was misunderstood, or has to mend something."""
AMISS = 0.5
LIKENESS = 0.5
MOOD = 1.0
ANNOYANCE = 1.5
LENGTH = 0.01
LONGEST = 25
"""A long turn explains or insists: so much a word, up to so many words."""
BEGINNING = 1.5
"""Taken off while nothing has been answered: a conversation that has not begun cannot have gone wrong."""
CARRIED = 0.2
"""So much of a turn is left in the next one."""
MIDDLE, SLOPE = 1.45, 2.2
"""Where a caller is as likely dissatisfied as not, and how fast that changes. By hand, on made-up conversations."""

_HARMLESS_NO = re.compile(r"\bno (?:problem|worries|trouble)\b|\b(?:why|if|or) not\b", re.IGNORECASE)
_APOLOGY = re.compile(r"\b(?:sorry|apolog\w+|unfortunately|afraid|mistake|error)\b", re.IGNORECASE)
_FAILURE = re.compile(
    r"\b(?:unable|fail\w*|unsuccessful|no luck|could(?:n't| not)|can ?not|can't|not (?:available|found|find|able)"
    r"|(?:do|did)(?:n't| not) (?:see|find|have any)|there (?:are|is|were|was) (?:no|not|none|nothing)"
    r"|(?:no|not any|nothing|none)\b.{0,40}\b(?:match\w*|available|found|listed|meets?|fits?))\b",
    re.IGNORECASE,
)
_REFUSAL = re.compile(r"\b(?:no|not|none|neither|nothing|never|unavailable|cannot)\b|n't\b", re.IGNORECASE)
_RESERVE = re.compile(r"\b(?:however|but|only|full)\b", re.IGNORECASE)
_NO = re.compile(
    r"\b(?:no|not|nope|never|none|nothing|wrong|incorrect)\b|n't\b",
    re.IGNORECASE,
)
_POLITE = re.compile(
    r"\bno,? (?:thanks?|that(?:'s| is| will| should))|doesn'?t matter|don'?t (?:care|mind)"
    r"|\bno (?:preference|problem|worries)\b|\bnot (?:particular|picky)\b|\bnothing else\b",
    re.IGNORECASE,
)
_CORRECTION = re.compile(
    r"\b(?:no,? (?:i|that|it)|(?:i|you) (?:said|meant|asked|wanted|already|just|told)|not what|actually|instead|rather"
    r"|(?:are )?you sure|again|still|wrong|mistake|already|wait|but|start over)\b",
    re.IGNORECASE,
)
_SORRY = re.compile(r"\b(?:sorry|pardon|excuse me)\b", re.IGNORECASE)
_WORD = re.compile(r"[\w']+")


@dataclass(frozen=True)
class Evidence:
    """What the models say of one caller turn."""

    mood: float
    """Sentiment of the words, and of the voice where it is known, -1 to 1."""
    amiss: float
    """How much it sounds like a turn of a caller who is not served well, 0 to 1."""
    likeness: float
    """To the most similar of the caller's earlier turns: cosine; 0 where there is none."""
    annoyed: bool
    """It holds a phrase of annoyance."""


def dissatisfied(turns: Sequence[Turn], evidence: Sequence[Evidence]) -> float:
    """How likely the caller is dissatisfied at the last turn, 0 to 1.

    `evidence` belongs to the last caller turns, in order; the one before the last still counts a little.
    """
    places = [place for place, (who, _) in enumerate(turns) if who == "caller"]
    if not places or not evidence:
        return 0.0
    total = 0.0
    for place, one in zip(places[-len(evidence) :], evidence, strict=True):
        total = max(0.0, CARRIED * total) + trouble(turns[: place + 1], one)
    return 1.0 / (1.0 + math.exp(-SLOPE * (total - MIDDLE)))


def trouble(turns: Sequence[Turn], evidence: Evidence) -> float:
    """What speaks for trouble at the last of `turns`, the caller's; ordinary turns come to about 0.5."""
    said = turns[-1][1].replace("’", "'")
    replies = [text for who, text in turns[:-1] if who == "assistant"]
    total = LENGTH * min(LONGEST, len(_WORD.findall(said)))
    total += AMISS * evidence.amiss + LIKENESS * evidence.likeness - MOOD * evidence.mood
    total += ANNOYANCE * evidence.annoyed + denial(said)
    total += CORRECTION * bool(_CORRECTION.search(said)) + SORRY * bool(_SORRY.search(said))
    return total + (reply_cost(replies[-1]) if len(turns) > 1 and replies else -BEGINNING)


def reply_cost(reply: str) -> float:
    """What the assistant's last reply costs the caller, 0 to 1."""
    text = _HARMLESS_NO.sub(" ", reply.replace("’", "'"))
    if _APOLOGY.search(text):
        return APOLOGY
    if _FAILURE.search(text):
        return FAILURE
    if _REFUSAL.search(text):
        return REFUSAL
    return RESERVE if _RESERVE.search(text) else 0.0


def denial(said: str) -> float:
    """What the caller's no is worth: a polite one little, and several more than one."""
    found = len(_NO.findall(_POLITE.sub(" ", said)))
    if found:
        return DENIAL if found == 1 else SEVERAL_DENIALS
    return POLITE_NO if _NO.search(said) else 0.0
