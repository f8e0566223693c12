"""Finds a Chromium for the browser tests, or installs one. Never fails: without one those tests skip, saying so."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.browser import find_chromium

APT = (["apt-get", "update", "-q"], ["apt-get", "install", "-y", "-q", "--no-install-recommends", "chromium"])
PLAYWRIGHT = ([sys.executable, "-m", "playwright", "install", "chromium"],)


def main() -> None:
    """Try what this machine allows."""
    if find_chromium() is not None:
        return
    may_apt = shutil.which("apt-get") is not None and hasattr(os, "geteuid") and os.geteuid() == 0
    for commands in (*((APT,) if may_apt else ()), PLAYWRIGHT):
        sys.stdout.write(f"installing Chromium for the browser tests ({commands[-1][0]}) ...\n")
        sys.stdout.flush()
        if all(_run(command) for command in commands) and find_chromium() is not None:
            return
    sys.stdout.write("no Chromium could be installed: the browser tests will skip\n")


def _run(command: list[str]) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(command, env=environment, check=False, stdout=subprocess.DEVNULL).returncode == 0  # noqa: S603


if __name__ == "__main__":
    main()
