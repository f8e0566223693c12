"""Nobody waits in silence for our answer."""

from itertools import pairwise

from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

SILENCE_S = 3.0
"""From here on callers ask whether anybody is there."""
LONG_S = 6.0


def dead_air(call: Call) -> Finding:
    """By the time from the caller's last sound to our next. Thinking is the caller's right, and hold is not silent."""
    waits = [
        (after.seq, after.start_s - before.end_s)
        for before, after in pairwise(call.speech)
        if not before.ours and after.ours
    ]
    if not waits:
        return not_applicable("The caller said nothing that was answered.")
    long = [(seq, wait_s) for seq, wait_s in waits if wait_s > SILENCE_S]
    if not long:
        return Finding(Grade.YES, f"No answer took longer than {SILENCE_S:g} s.")
    longest = max(wait_s for _, wait_s in long)
    grade = Grade.PARTLY if len(long) == 1 and longest <= LONG_S else Grade.NO
    times = "once" if len(long) == 1 else f"{len(long)} times"
    why = f"The caller waited in silence {times}, for {longest:.1f} s at the longest."
    evidence = (Evidence(seq=seq, words=f"{wait_s:.1f} s before our answer") for seq, wait_s in long)
    return Finding(grade, why, tuple(evidence))
