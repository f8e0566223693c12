"""What `qa.review.rules` says of a call, for the database: thousands are ranked without reading them.

A test holds both together: a call has the same reasons, and so the same weight, here and there.
"""

from collections.abc import Callable

from sqlalchemy import ColumnElement, case, or_

from qa.facts.tables import facts
from qa.review.rules import ABANDONED, ESCALATED, WEIGHTS, ReviewRules, Sign

C = facts.c
ESCALATION_OF = {sign: escalation.value for escalation, (sign, _) in ESCALATED.items()}
CONDITIONS: dict[Sign, Callable[[ReviewRules], ColumnElement[bool]]] = {
    Sign.AUTO_FAIL: lambda _: C.auto_fail.is_(True),
    Sign.LOW_CSAT: lambda rules: or_(
        C.csat_assistant <= rules.csat_at_most, C.csat_agent <= rules.csat_at_most
    ),
    Sign.WRONG: lambda _: C.wrong.is_not(None),
    Sign.NEEDLESS: lambda _: C.needless.is_(True),
    Sign.UPSET: lambda _: C.escalation == ESCALATION_OF[Sign.UPSET],
    Sign.RISK: lambda _: C.escalation == ESCALATION_OF[Sign.RISK],
    Sign.ABANDONED: lambda _: C.outcome.in_([one.value for one in ABANDONED]),
    Sign.SLOW: lambda rules: C.answer_p95_s > rules.slow_above_s,
    Sign.NO_MATCH: lambda rules: C.no_match >= rules.no_match_at_least,
    Sign.ACTION_FAILED: lambda _: C.action_failures > 0,
}


def is_worth(rules: ReviewRules) -> ColumnElement[bool]:
    """Whether a call has any reason."""
    return or_(*(condition(rules) for condition in CONDITIONS.values()))


def weight(rules: ReviewRules) -> ColumnElement[int]:
    """The sum of the weights of a call's reasons."""
    weights = [case((condition(rules), WEIGHTS[sign]), else_=0) for sign, condition in CONDITIONS.items()]
    total: ColumnElement[int] = weights[0]
    for one in weights[1:]:
        total += one
    return total
