"""Where the console's pages are, and which of them stand in its navigation."""

QA = "/qa"
CALLS = f"{QA}/calls"
RERUNS = f"{QA}/reruns"

NAVIGATION = (
    (CALLS, "Calls"),
    (RERUNS, "Run again"),
)
"""Address and name, in order."""
