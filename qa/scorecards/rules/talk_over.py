"""We let callers finish, and fall silent when they speak."""

from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call, Spoken

CLASH_S = 0.8
"""So long it takes to hear that somebody speaks and to fall silent, with a reserve."""
LONG_S = 2.0


def talk_over(call: Call) -> Finding:
    """By the time in which both spoke at once."""
    ours = [one for one in call.speech if one.ours]
    theirs = [one for one in call.speech if not one.ours]
    if not ours or not theirs:
        return not_applicable("Only one side has spoken.")
    clashes = [(one.seq, seconds) for one in theirs if (seconds := both_s(one, ours)) > CLASH_S]
    if not clashes:
        return Finding(Grade.YES, "We did not speak while the caller spoke.")
    longest = max(seconds for _, seconds in clashes)
    grade = Grade.PARTLY if len(clashes) == 1 and longest <= LONG_S else Grade.NO
    times = "once" if len(clashes) == 1 else f"{len(clashes)} times"
    why = f"Both spoke at once {times}, for {longest:.1f} s at the longest."
    return Finding(grade, why, tuple(Evidence(seq=seq, words=f"{s:.1f} s at once") for seq, s in clashes))


def both_s(turn: Spoken, ours: list[Spoken]) -> float:
    """How long we spoke within a turn of the caller's."""
    return sum(max(0.0, min(turn.end_s, one.end_s) - max(turn.start_s, one.start_s)) for one in ours)
