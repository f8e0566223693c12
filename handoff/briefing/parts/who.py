"""Who calls, and how they have shown it."""

from dialog.playbook import Playbook
from dialog.types import Identity
from handoff.briefing.log import Acted, Log, place_of
from handoff.briefing.quoting import one_line, without_numbers
from handoff.briefing.types import Fact, Part
from handoff.briefing.values import sentence

MOST_NAME = 40
LOCKED = "A caller who failed the identity check."
FAILED = "A caller who could not be identified."
NOBODY = "A caller, not identified."
A_CALLER = "A caller."


def who(log: Log, playbook: Playbook) -> tuple[Fact, ...]:
    """One fact. A name comes from a check of identity that was done, never from what the caller says."""
    last = log.last
    if last is None:
        return ()
    identity = place_of(last).identity
    if identity.level and identity.customer is not None:
        return _identified(log, playbook, last.seq, identity)
    text = LOCKED if identity.locked else FAILED if identity.failures else NOBODY
    return (Fact(part=Part.WHO, text=text, said=text, short=A_CALLER, events=(last.seq,)),)


def name_of(log: Log, playbook: Playbook) -> str | None:
    """The caller's name as the company's system knows it; None where they have not shown who they are."""
    if log.last is None:
        return None
    identity = place_of(log.last).identity
    customer = None if identity.locked else identity.customer
    names = [_name(one) for one in _checks(log, playbook, customer)] if customer is not None else []
    return next((name for name in names if name), None)


def _identified(log: Log, playbook: Playbook, seq: int, identity: Identity) -> tuple[Fact, ...]:
    level, locked, customer = identity.level, identity.locked, identity.customer or ""
    checks = _checks(log, playbook, customer)
    proof = [one for one in checks if _level(one, playbook) == level]
    if not proof:
        return ()
    name = next((name for one in checks if (name := _name(one))), "A known customer")
    rule = playbook.identity.levels.get(level)
    how = "identified" if rule is None else rule.briefing or f"identified by {rule.name}"
    events = {seq, *proof[-1].events, *(seq for one in checks if _name(one) for seq in one.events)}
    text = sentence(f"{name}, {how}")
    if locked:
        text = f"Perhaps {name}, but a later identity check failed too often."
        return (Fact(part=Part.WHO, text=text, said=text, short=LOCKED, events=tuple(sorted(events))),)
    return (Fact(part=Part.WHO, text=text, said=text, short=sentence(name), events=tuple(sorted(events))),)


def _checks(log: Log, playbook: Playbook, customer: str) -> list[Acted]:
    """The checks that have shown this customer."""
    return [
        one
        for one in log.acted
        if one.done is not None
        and (spec := playbook.actions.get(one.name)) is not None
        and spec.grants is not None
        and one.done.body.data.get("customer") == customer
    ]


def _level(check: Acted, playbook: Playbook) -> int | None:
    """What a check has shown, which is never more than it may grant."""
    shown = check.done.body.data.get("level") if check.done is not None else None
    grants = playbook.actions[check.name].grants
    return min(shown, grants) if isinstance(shown, int) and grants is not None else None


def _name(check: Acted) -> str:
    name = check.done.body.data.get("name") if check.done is not None else None
    return without_numbers(one_line(name))[:MOST_NAME] if isinstance(name, str) else ""
