"""Runs every test: those that wait for real telephones and browsers beside those that compute.

    python scripts/run_tests.py [PYTEST ARGUMENTS]

The first kind runs in real time and leaves the processor idle for most of it; the second kind uses that, at a lower
priority. What of the first kind fails beside the second is run again with nothing beside it, and said to have been:
only what fails then too has failed. With arguments, pytest gets them and nothing runs beside it.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

REAL_TIME = "sip or browser or server"
EVERY_TIME = "not soak"
"""What takes minutes is left to `make soak`."""
LOWER_PRIORITY = 10
"""Lower ones were tried: servers that compute among them then found no room for their calls."""
SOME_FAILED = 1
"""pytest's exit status when tests ran and some failed."""


def pytest_command(*arguments: str) -> list[str]:
    """One run of pytest in this environment."""
    return [sys.executable, "-m", "pytest", *arguments]


def say(line: str) -> None:
    """A line between the outputs of pytest."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def computing_tests(output: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """The tests that compute, at a lower priority, until they have ended or are no longer wanted."""
    with output.open("wb") as log:
        computing = subprocess.Popen(  # noqa: S603
            pytest_command("-q", "-m", f"{EVERY_TIME} and not ({REAL_TIME})", "-p", "no:cacheprovider"),
            stdout=log,
            stderr=subprocess.STDOUT,
            preexec_fn=lambda: os.nice(LOWER_PRIORITY),  # noqa: PLW1509 - no threads yet
        )
        try:
            yield computing
        finally:
            computing.kill()
            computing.wait()


def run_in_real_time(folder: Path, *arguments: str) -> int:
    """The tests in real time; `folder` keeps which of them failed."""
    command = pytest_command("-q", "-m", f"{EVERY_TIME} and ({REAL_TIME})", "-o", f"cache_dir={folder}/cache")
    return subprocess.call([*command, *arguments])  # noqa: S603


def main() -> int:
    """Returns 0 only if both kinds have passed."""
    if sys.argv[1:]:
        return subprocess.call(pytest_command(*sys.argv[1:]))  # noqa: S603 - what the developer asks for
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        output = folder / "computing.log"
        with computing_tests(output) as computing:
            say(
                f"Tests with real telephones, browsers and servers ({REAL_TIME}); the others run beside them."
            )
            real_time = run_in_real_time(folder)
            say("The others:")
            computed = computing.wait()
        sys.stdout.write(output.read_text(encoding="utf-8", errors="replace"))
        if real_time == SOME_FAILED:
            say("Those in real time that failed above, once more and with nothing beside them:")
            real_time = run_in_real_time(folder, "--last-failed")
    return real_time or computed


if __name__ == "__main__":
    sys.exit(main())
