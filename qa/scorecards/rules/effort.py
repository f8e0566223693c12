"""Callers need not say things again."""

from calls.events import TurnPlanned
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

AGAIN = {
    "no_match": "not understood",
    "doubt": "asked back",
    "correction": "corrected by the caller",
    "repeat": "repeated at the caller's wish",
}
"""Repairs that cost the caller another turn."""
FEW, MANY = 1, 3


def effort(call: Call) -> Finding:
    """By the repairs of the call; being silent costs nobody an effort."""
    if not call.caller_turns:
        return not_applicable("The caller said nothing.")
    repairs = [one for one in call.of(TurnPlanned) if one.body.repair in AGAIN]
    evidence = tuple(
        Evidence(seq=one.seq, words=f"turn {one.body.turn} was {AGAIN[one.body.repair]}") for one in repairs
    )
    if len(repairs) <= FEW:
        return Finding(Grade.YES, "The caller hardly had to say anything again.", evidence)
    grade = Grade.PARTLY if len(repairs) < MANY else Grade.NO
    return Finding(grade, f"{len(repairs)} turns were for nothing.", evidence)
