"""What makes a call worth a reviewer's time. Pure: the same call always gets the same reasons."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import NamedTuple

from dialog.reasons import Reason as Escalation
from qa.facts.types import CallOutcome


class Sign(StrEnum):
    """Why a call is among the worst. Names never change meaning."""

    AUTO_FAIL = "auto_fail"
    LOW_CSAT = "low_csat"
    WRONG = "wrong"
    """An agent says that the assistant got something wrong."""
    NEEDLESS = "needless"
    """An agent says that the assistant could have done it."""
    UPSET = "upset"
    RISK = "risk"
    ABANDONED = "abandoned"
    SLOW = "slow"
    NO_MATCH = "no_match"
    ACTION_FAILED = "action_failed"


WEIGHTS = {
    Sign.AUTO_FAIL: 5,
    Sign.LOW_CSAT: 4,
    Sign.WRONG: 4,
    Sign.NEEDLESS: 3,
    Sign.UPSET: 3,
    Sign.RISK: 3,
    Sign.ABANDONED: 3,
    Sign.SLOW: 2,
    Sign.NO_MATCH: 2,
    Sign.ACTION_FAILED: 2,
}
"""How much each counts; the sum orders the calls. What people say counts more than what is measured."""
ESCALATED = {
    Escalation.UPSET: (Sign.UPSET, "handed over because the caller was upset"),
    Escalation.RISK: (Sign.RISK, "handed over because the call went badly"),
}
ABANDONED = {
    CallOutcome.ABANDONED: "the caller hung up on the assistant",
    CallOutcome.ABANDONED_WAITING: "the caller hung up while they waited for a person",
}
GOT_WRONG = {
    "intent": "what the caller wanted",
    "facts": "a fact",
    "identity": "who the caller is",
    "other": "something",
}
"""What an agent can call wrong, as in `calls.events.CallDisposed`."""


class Signs(NamedTuple):
    """What is read of a call: columns of `qa_facts` of the same names."""

    call_id: str
    started_at: datetime
    outcome: str
    """What follows says how the call went."""
    escalation: str | None = None
    auto_fail: bool = False
    csat_assistant: int | None = None
    csat_agent: int | None = None
    answer_p95_s: float | None = None
    no_match: int = 0
    action_failures: int = 0
    wrong: str | None = None
    needless: bool | None = None


@dataclass(frozen=True)
class ReviewRules:
    """What the queue is made by. The defaults are what an installation starts with."""

    sample_percent: float = 2.0
    """How many of all calls are drawn, 0 to 100. More draws further calls and loses none."""
    seed: str = "warmline"
    """Another one draws other calls; at most 64 bytes."""
    csat_at_most: int = 2
    slow_above_s: float = 1.5
    """p95 of a call's answers."""
    no_match_at_least: int = 2


@dataclass(frozen=True)
class Reason:
    """One reason, in words that go on from "because"."""

    sign: Sign
    words: str

    @property
    def weight(self) -> int:
        """How much it counts."""
        return WEIGHTS[self.sign]


def draw_sample(call_ids: Iterable[str], rules: ReviewRules) -> list[str]:
    """The calls that are in the random sample: by their ids alone, so that nothing of a call can bias it.

    The draw never changes when other calls come or go, and every process draws the same.
    """
    seeded, limit = blake2b(digest_size=8, key=rules.seed.encode()), rules.sample_percent / 100 * 2**64
    drawn = []
    for call_id in call_ids:
        # A copy of the seeded state: the key, which is most of the work, is taken in once for all calls.
        lot = seeded.copy()
        lot.update(call_id.encode())
        if int.from_bytes(lot.digest()) < limit:
            drawn.append(call_id)
    return drawn


def is_sampled(call_id: str, rules: ReviewRules) -> bool:
    """Whether one call is in the random sample."""
    return bool(draw_sample([call_id], rules))


def reasons_of(call: Signs, rules: ReviewRules) -> tuple[Reason, ...]:
    """Why a call is among the worst, the weightiest reason first; empty where it is not."""
    return tuple(sorted(_reasons(call, rules), key=lambda one: -one.weight))


def _reasons(call: Signs, rules: ReviewRules) -> Iterator[Reason]:
    if call.auto_fail:
        yield Reason(Sign.AUTO_FAIL, "a rule failed that must not")
    scores = [one for one in (call.csat_assistant, call.csat_agent) if one is not None]
    if scores and min(scores) <= rules.csat_at_most:
        yield Reason(Sign.LOW_CSAT, f"the caller gave {min(scores)} of 5")
    if call.wrong is not None:
        what = GOT_WRONG.get(call.wrong, GOT_WRONG["other"])
        yield Reason(Sign.WRONG, f"an agent says that the assistant got {what} wrong")
    if call.needless:
        yield Reason(Sign.NEEDLESS, "an agent calls the transfer needless")
    yield from _measured(call, rules)


def _measured(call: Signs, rules: ReviewRules) -> Iterator[Reason]:
    for escalation, (sign, words) in ESCALATED.items():
        if call.escalation == escalation:
            yield Reason(sign, words)
    for outcome, words in ABANDONED.items():
        if call.outcome == outcome:
            yield Reason(Sign.ABANDONED, words)
    if call.answer_p95_s is not None and call.answer_p95_s > rules.slow_above_s:
        yield Reason(Sign.SLOW, f"slow answers: p95 {call.answer_p95_s:.1f} s")
    if call.no_match >= rules.no_match_at_least:
        yield Reason(Sign.NO_MATCH, f"not understood {call.no_match} times")
    if call.action_failures:
        times = "once" if call.action_failures == 1 else f"{call.action_failures} times"
        yield Reason(Sign.ACTION_FAILED, f"an action failed {times}")
