"""Where the browser of the browser tests is."""

import shutil
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
FLAGS = (
    "--no-sandbox",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
    "--autoplay-policy=no-user-gesture-required",
)


def find_chromium() -> str | None:
    """A Chromium or Chrome on this machine, or the one that playwright has installed; None when there is none."""
    installed = next((path for name in NAMES if (path := shutil.which(name))), None)
    if installed is not None:
        return installed
    return str(MAC) if MAC.exists() else _playwrights()


def _playwrights() -> str | None:
    folders = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    found = [path for folder in folders for pattern in patterns for path in folder.glob(pattern)]
    return str(found[-1]) if found else None
