"""Where the console's pages are, and which of them stand in its navigation."""

QA = "/qa"
CALLS = f"{QA}/calls"

SCORECARDS = f"{QA}/scorecards"
DISPUTES = f"{QA}/disputes"

NAVIGATION = (
    (CALLS, "Calls"),
    (SCORECARDS, "Scorecards"),
    (DISPUTES, "Disputes"),
)
"""Address and name, in order."""
