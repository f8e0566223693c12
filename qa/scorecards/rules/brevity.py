"""Our answers are short enough to be kept in mind."""

from itertools import groupby

from calls.events import TurnSaid
from qa.scorecards.finding import Finding, Grade, not_applicable
from qa.scorecards.reading import Call, quoted

SHORT = 40
"""Words: some sixteen seconds of speech."""
LONG = 60


def brevity(call: Call) -> Finding:
    """By the words that we said between two turns of the caller's."""
    said = call.of(TurnSaid)
    if not said:
        return not_applicable("Nothing was said to the caller.")
    answers = [list(group) for _, group in groupby(said, key=lambda one: call.caller_before(one.seq))]
    lengths = [(sum(len(one.body.heard.split()) for one in group), group[0]) for group in answers]
    long = [(words, first) for words, first in lengths if words > SHORT]
    if not long:
        return Finding(Grade.YES, f"No answer was longer than {SHORT} words.")
    most = max(words for words, _ in long)
    grade = Grade.PARTLY if len(long) == 1 and most <= LONG else Grade.NO
    why = f"{len(long)} of {len(lengths)} answers were longer than {SHORT} words, the longest {most}."
    return Finding(grade, why, tuple(quoted(first.seq, first.body.heard) for _, first in long))
