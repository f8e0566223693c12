"""Where the console's pages are, and which of them stand in its navigation."""

QA = "/qa"
CALLS = f"{QA}/calls"

GAPS = f"{QA}/gaps"
CORRECTIONS = f"{QA}/corrections"
VERSIONS = f"{QA}/versions"

NAVIGATION = ((CALLS, "Calls"), (GAPS, "Gaps"), (CORRECTIONS, "Corrections"), (VERSIONS, "Versions"))
"""Address and name, in order."""
