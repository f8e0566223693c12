"""Where the console's pages are, and which of them stand in its navigation."""

from web.accounts import Account, Role

QA = "/qa"
CALLS = f"{QA}/calls"
REVIEW = f"{QA}/review"
VIEWS = f"{QA}/views"
ACCESSES = f"{QA}/accesses"

SCORECARDS = f"{QA}/scorecards"
DISPUTES = f"{QA}/disputes"
RERUNS = f"{QA}/reruns"
GAPS = f"{QA}/gaps"
CORRECTIONS = f"{QA}/corrections"
VERSIONS = f"{QA}/versions"
PRIVACY = f"{QA}/privacy"

NAVIGATION = (
    (QA, "Dashboard"),
    (CALLS, "Calls"),
    (REVIEW, "Review"),
    (SCORECARDS, "Scorecards"),
    (DISPUTES, "Disputes"),
    (RERUNS, "Run again"),
    (GAPS, "Gaps"),
    (CORRECTIONS, "Corrections"),
    (VERSIONS, "Versions"),
    (ACCESSES, "Accesses"),
    (PRIVACY, "Privacy"),
)
"""Address and name, in order."""
NEEDS = {
    ACCESSES: (Role.SUPERVISOR,),
    CALLS: (Role.AGENT, Role.ANALYST, Role.SUPERVISOR),
    DISPUTES: (Role.AGENT, Role.ANALYST, Role.SUPERVISOR),
    PRIVACY: (Role.ADMIN,),
}
"""Who sees a page, where it is not `LOOKING_BACK`."""
LOOKING_BACK = (Role.ANALYST, Role.SUPERVISOR)


def navigation_of(account: Account) -> tuple[tuple[str, str], ...]:
    """The part of `NAVIGATION` that somebody may go to."""
    return tuple(one for one in NAVIGATION if account.has(*NEEDS.get(one[0], LOOKING_BACK)))
