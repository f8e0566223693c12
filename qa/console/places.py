"""Where the console's pages are, and which of them stand in its navigation."""

QA = "/qa"
CALLS = f"{QA}/calls"

NAVIGATION = ((QA, "Dashboard"), (CALLS, "Calls"))
"""Address and name, in order."""
