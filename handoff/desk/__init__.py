"""The agent desk: what a human sees before, during and after a call that was handed over to them."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where its templates and its static files are, for `web.app.create_site`."""
