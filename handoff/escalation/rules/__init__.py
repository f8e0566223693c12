"""The hard rules, one a file, in the order in which they are asked. Each is enough by itself."""

from collections.abc import Callable

from handoff.escalation.finding import Finding
from handoff.escalation.history import History
from handoff.escalation.rules.action_failed import action_failed
from handoff.escalation.rules.decided import decided
from handoff.escalation.rules.identity_locked import identity_locked
from handoff.escalation.rules.not_understood import not_understood
from handoff.escalation.rules.too_many_repairs import too_many_repairs
from handoff.escalation.rules.upset import upset
from handoff.escalation.weights import Weights

Rule = Callable[[History, Weights], Finding | None]
RULES: tuple[Rule, ...] = (
    decided,
    action_failed,
    identity_locked,
    not_understood,
    upset,
    too_many_repairs,
)
