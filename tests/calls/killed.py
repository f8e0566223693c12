"""A process that is killed in the middle of its work."""

import os
import signal
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def kill_after(code, number):
    """Run `code`, which prints how far it is, and kill it once it has printed `number`."""
    process = subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True)
    for line in process.stdout:
        if int(line) >= number:
            break
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    process.stdout.close()
