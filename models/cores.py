"""How many threads a speech model is worth, and how many utterances a machine recognises at once.

A second thread helps on a core of its own and hinders on a shared one. Where the processor multiplies whole numbers of
8 bits fast, the recogniser's steps are so short that two threads wait for each other more than they work: one is
faster, and the other core is free for another caller.
"""

import os
from pathlib import Path

CPUINFO = Path("/proc/cpuinfo")
MOST_THREADS = 2
"""Decoding one utterance on two cores takes 0.55 of the time; more cores are left to other calls."""
FAST_INT8 = "avx512_vnni"
"""Measured on 58 utterances with beam 5: one thread takes 0.120 s there, two take 0.163 s."""
MOST_UTTERANCES = 2
"""The rest of the cores is for turns, speech and the event loop."""


def speech_threads(cpuinfo: Path = CPUINFO) -> int:
    """Threads for one model on this machine."""
    return min(MOST_THREADS, physical_cores(cpuinfo))


def utterance_threads(cpuinfo: Path = CPUINFO) -> int:
    """Threads that recognise one utterance on this machine."""
    return 1 if FAST_INT8 in _flags(_told(cpuinfo)) else speech_threads(cpuinfo)


def utterances_at_once(threads: int, cpuinfo: Path = CPUINFO) -> int:
    """How many utterances are recognised at the same time, each by so many threads."""
    return max(1, min(MOST_UTTERANCES, physical_cores(cpuinfo) // threads))


def physical_cores(cpuinfo: Path = CPUINFO) -> int:
    """Cores, not counting the second threads of one; all processors where the system does not tell."""
    cores = set()
    for processor in _told(cpuinfo).split("\n\n"):
        fields = {name.strip(): value.strip() for name, _, value in map(_parted, processor.splitlines())}
        if "core id" in fields:
            cores.add((fields.get("physical id", "0"), fields["core id"]))
    return len(cores) or os.cpu_count() or 1


def _flags(text: str) -> set[str]:
    told = next((line for line in text.splitlines() if line.startswith("flags")), "")
    return set(told.split())


def _told(cpuinfo: Path) -> str:
    try:
        return cpuinfo.read_text()
    except OSError:
        return ""


def _parted(line: str) -> tuple[str, str, str]:
    return line.partition(":")
