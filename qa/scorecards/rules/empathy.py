"""After bad news, or to somebody who is upset, we say that we are sorry about it."""

import re
from collections.abc import Iterator

from calls.events import ActionFailed, TurnPlanned, TurnSaid
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import Call

UPSET = -0.5
"""Sentiment of a turn from which on somebody is upset."""
HEARING = "hearing"
OURS = frozenset({"refused", "unavailable", "timed_out", "broken", "unknown", "limit"})
"""Failures that are bad news to the caller. Who could not be found is asked again, which is none."""
WORDS = re.compile(
    r"\b(sorry|apolog\w+|i understand|frustrat\w+|unfortunately|afraid|regret|i can see (why|how)|that must)\b",
    re.IGNORECASE,
)
AROUND = 1
"""Turns later in which it may still be said: not every sentence can begin with it."""


def empathy(call: Call) -> Finding:
    """By the sentences of the turn with the bad news, and of the next."""
    bad = dict(_bad_news(call))
    if not bad:
        return not_applicable("There was no bad news, and nobody was upset.")
    without = {turn: news for turn, news in bad.items() if not _is_soothed(call, turn)}
    if not without:
        return Finding(Grade.YES, "We said that we are sorry about it.", tuple(bad.values()))
    grade = Grade.PARTLY if len(without) < len(bad) else Grade.NO
    why = f"Bad news came in {len(bad)} turns, and in {len(without)} of them no word of ours was sorry about it."
    return Finding(grade, why, tuple(without.values()))


def _bad_news(call: Call) -> Iterator[tuple[int, Evidence]]:
    for planned in call.of(TurnPlanned):
        body = planned.body
        if body.moment == HEARING and body.sentiment <= UPSET:
            yield (
                body.turn,
                Evidence(seq=planned.seq, words=f"the caller's sentiment is {body.sentiment:.2f}"),
            )
    for failed in call.of(ActionFailed):
        if failed.body.failure in OURS:
            words = f"{failed.body.action} failed: {failed.body.failure}"
            yield failed.body.turn, Evidence(seq=failed.seq, words=words)


def _is_soothed(call: Call, turn: int) -> bool:
    return any(
        said.turn - turn in range(AROUND + 1) and WORDS.search(said.text)
        for said in (one.body for one in call.of(TurnSaid))
    )
