"""Where the console's pages are, and which of them stand in its navigation."""

QA = "/qa"
CALLS = f"{QA}/calls"
PRIVACY = f"{QA}/privacy"

NAVIGATION = (
    (CALLS, "Calls"),
    (PRIVACY, "Privacy"),
)
"""Address and name, in order."""
