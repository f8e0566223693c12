"""Finds a program on this machine that plays a WAV file, and has it play."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from pathlib import Path

Find = Callable[[str], str | None]


def player_for(path: Path, speed: float, find: Find = shutil.which) -> Sequence[str] | None:
    """The command that plays a file at a speed; None where no program on this machine can."""
    file = str(path)
    commands: list[Sequence[str]] = [
        ("ffplay", "-nodisp", "-autoexit", "-loglevel", "quiet", "-af", f"atempo={speed:g}", file),
        ("play", "-q", file, *(() if speed == 1 else ("tempo", f"{speed:g}"))),
        ("afplay", "-r", f"{speed:g}", file),
    ]
    if speed == 1:
        commands += [("aplay", "-q", file), ("paplay", file)]  # they know one speed only
    for name, *arguments in commands:
        if (found := find(name)) is not None:
            return (found, *arguments)
    return None


class Sound:
    """A file that is played while the block lasts; silence where there is no command."""

    def __init__(self, command: Sequence[str] | None) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def __enter__(self) -> "Sound":
        if self._command is not None:
            # A list of arguments, of which the file is ours: no shell reads it.
            self._process = subprocess.Popen(  # noqa: S603
                self._command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait()
