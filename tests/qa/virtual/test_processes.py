"""Processes that have calls beside each other."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from qa.virtual.processes import open_pool, processes_for

CHILD = """
import os, time
from qa.virtual.processes import open_pool

def opened(text):
    pass

if __name__ == "__main__":
    pool = open_pool(1, opened, "ready")
    print(pool.submit(os.getpid).result(), flush=True)
    time.sleep(60)
"""
PATIENCE_S = 20.0


@pytest.mark.parametrize(
    ("calls", "wanted", "expected"), [(1, None, 1), (3, 2, 2), (1, 4, 1), (0, None, 1)], ids=str
)
def test_there_are_no_more_processes_than_calls_and_one_at_least(calls, wanted, expected):
    assert processes_for(calls, wanted) == expected


def note(text):
    os.environ["WARMLINE_TEST_OPENED"] = text


def test_each_process_is_opened_with_what_is_given():
    with open_pool(1, note, "with this") as pool:
        assert pool.submit(os.getenv, "WARMLINE_TEST_OPENED").result() == "with this"


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="looks at /proc")
def test_a_process_ends_when_the_one_that_began_it_was_killed(tmp_path):
    script = tmp_path / "pool.py"
    script.write_text(CHILD)
    parent = subprocess.Popen(
        [sys.executable, str(script)],
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(Path.cwd())},
    )
    child = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    until = time.monotonic() + PATIENCE_S
    while is_there(child) and time.monotonic() < until:
        time.sleep(0.05)
    assert not is_there(child)


def is_there(pid):
    """A zombie that nobody waits for any more counts as gone."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False
