"""The QA console: pages on which calls are found, heard again, scored and counted. They only read events."""

from pathlib import Path

FOLDER = Path(__file__).parent
"""Where its templates and its static files are, for `web.app.create_site`."""
