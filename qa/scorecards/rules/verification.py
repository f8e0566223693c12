"""Who calls is made sure of before anything personal is told or done."""

from calls.events import ActionDone, ActionRequested
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import At, Call, identity_level


def verification(call: Call) -> Finding:
    """By the identity level behind each action that needs one. What was refused for lack of it was guarded well."""
    done = {one.body.key for one in call.of(ActionDone)}
    needing = [one for one in call.of(ActionRequested) if one.body.key in done and _needs(call, one)]
    if not needing:
        return not_applicable("Nothing was done that needs to know who calls.")
    early = [one for one in needing if identity_level(call.plan_before(one.seq)) < _needs(call, one)]
    if early:
        return Finding(
            Grade.NO,
            "Something personal was done for a caller who had not shown enough of who they are.",
            tuple(_told(call, one) for one in early),
        )
    why = "Everything personal was done after the caller had shown who they are."
    return Finding(Grade.YES, why, (_told(call, needing[0]),))


def _needs(call: Call, asked: At[ActionRequested]) -> int:
    spec = call.playbook.actions.get(asked.body.action)
    return spec.identity if spec is not None else 0


def _told(call: Call, asked: At[ActionRequested]) -> Evidence:
    level = identity_level(call.plan_before(asked.seq))
    words = f"{asked.body.action} at identity level {level}; it needs {_needs(call, asked)}"
    return Evidence(seq=asked.seq, words=words)
