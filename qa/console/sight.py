"""Which calls somebody may see: the one place that decides it.

Every page of the console narrows what it shows by `sight`, and refuses a single call that `sees` does not allow.
"""

from qa.facts.filter import CallFilter
from qa.facts.types import CallFacts
from web.accounts import Account, Role

ALL = (Role.ANALYST, Role.SUPERVISOR)
"""Who sees the calls of all agents; an admin does too."""
NOTHING = CallFilter(call_ids=())


def sight(account: Account) -> CallFilter:
    """The filter that narrows everything somebody sees: agents, to the calls that were theirs."""
    if account.has(*ALL):
        return CallFilter()
    return CallFilter(agent=account.person_id) if account.has(Role.AGENT) else NOTHING


def within(wanted: CallFilter, seen: CallFilter) -> CallFilter:
    """The calls of `wanted` that are within somebody's sight."""
    if seen.call_ids is not None:
        return seen
    if seen.agent is None:
        return wanted
    if wanted.agent not in {None, seen.agent}:
        return NOTHING
    return wanted.model_copy(update={"agent": seen.agent})


def sees(account: Account, call: CallFacts) -> bool:
    """Whether somebody may open this call."""
    seen = sight(account)
    return seen.call_ids is None and seen.agent in {None, call.agent}
