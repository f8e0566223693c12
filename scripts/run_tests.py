"""Runs every test: those that wait for real telephones and browsers beside those that compute.

    python scripts/run_tests.py [PYTEST ARGUMENTS]

The first kind runs in real time and leaves the processor idle for most of it; the second kind uses that, at a lower
priority. With arguments, pytest gets them and nothing runs beside it.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

REAL_TIME = "sip or browser or server"
EVERY_TIME = "not soak"
"""Long stories in real time are left to `make soak`."""
LOWER_PRIORITY = 10
"""Lower ones were tried: servers that compute among them then found no room for their calls."""


def pytest_command(*arguments: str) -> list[str]:
    """One run of pytest in this environment."""
    return [sys.executable, "-m", "pytest", *arguments]


def main() -> int:
    """Returns 0 only if both kinds have passed."""
    if sys.argv[1:]:
        return subprocess.call(pytest_command(*sys.argv[1:]))  # noqa: S603 - what the developer asks for
    with tempfile.TemporaryDirectory() as folder:
        output = Path(folder) / "computing.log"
        with output.open("wb") as log:
            computing = subprocess.Popen(  # noqa: S603
                pytest_command("-q", "-m", f"{EVERY_TIME} and not ({REAL_TIME})", "-p", "no:cacheprovider"),
                stdout=log,
                stderr=subprocess.STDOUT,
                preexec_fn=lambda: os.nice(LOWER_PRIORITY),  # noqa: PLW1509 - no threads yet
            )
            try:
                print(
                    f"Tests with real telephones, browsers and servers ({REAL_TIME}); the others run beside them."
                )
                sys.stdout.flush()
                real_time = subprocess.call(  # noqa: S603
                    pytest_command("-q", "-m", f"{EVERY_TIME} and ({REAL_TIME})", "-p", "no:cacheprovider")
                )
                print("The others:")
                sys.stdout.flush()
                computed = computing.wait()
            finally:
                computing.kill()
        sys.stdout.write(output.read_text(encoding="utf-8", errors="replace"))
    return real_time or computed


if __name__ == "__main__":
    sys.exit(main())
