"""How many threads a speech model is worth: a second one helps on a core of its own, and hinders on a shared one."""

import os
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
MOST_THREADS = 2
"""Decoding one utterance on two cores takes 0.55 of the time; more cores are left to other calls."""


def speech_threads(cpuinfo: Path = CPUINFO) -> int:
    """Threads for one model on this machine."""
    return min(MOST_THREADS, physical_cores(cpuinfo))


def physical_cores(cpuinfo: Path = CPUINFO) -> int:
    """Cores, not counting the second threads of one; all processors where the system does not tell."""
    try:
        text = cpuinfo.read_text()
    except OSError:
        return os.cpu_count() or 1
    cores = set()
    for processor in text.split("\n\n"):
        fields = {name.strip(): value.strip() for name, _, value in map(_parted, processor.splitlines())}
        if "core id" in fields:
            cores.add((fields.get("physical id", "0"), fields["core id"]))
    return len(cores) or os.cpu_count() or 1


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")
