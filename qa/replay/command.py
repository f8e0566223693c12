"""What `warmline replay` does."""

import time
from pathlib import Path

from rich.console import Console

from calls.store import CallNotFoundError, CallStore
from handoff.desk.words import DeskWords
from qa.replay.player import Sound, player_for
from qa.replay.replay import Replay, recording_of
from qa.replay.sound import length_of, recording_file
from qa.replay.terminal import Pace, play

SLOWEST, FASTEST = 0.25, 16.0


class ReplayError(Exception):
    """A call cannot be played as it was asked for. The text says what to do."""


async def replay_call(
    store: CallStore,
    call_id: str,
    console: Console,
    data_dir: Path,
    speed: float = 1.0,
    *,
    sound: bool = True,
    pace: Pace | None = None,
) -> None:
    """Play one call in the terminal, given its id or a prefix that no other call's id has.

    Raises:
        ReplayError: the speed is outside 0.25 to 16.
        CallNotFoundError: no call has that id or prefix, or more than one has.
        StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
    """
    if not SLOWEST <= speed <= FASTEST:
        raise ReplayError(f"--speed must be {SLOWEST:g} to {FASTEST:g}, not {speed:g}")
    found = await store.find(call_id)
    events = await store.read(found)
    if not events:
        raise CallNotFoundError(f"call {found} has no events")
    path = recording_file(data_dir, recording_of(events))
    replay = Replay(events, DeskWords(), length_of(path))
    command = player_for(path, speed) if path is not None and sound else None
    console.print(f"Call {found}, {_with_sound(path, command is not None, asked=sound)}", highlight=False)
    with Sound(command):
        await play(replay, console, pace or Pace(time.monotonic, speed=speed))


def _with_sound(path: Path | None, has_player: bool, *, asked: bool) -> str:
    if path is None:
        return "which has no recording"
    if not asked:
        return "without its sound"
    return (
        "with its sound" if has_player else "silent: no program here plays it (ffplay, play, afplay, aplay)"
    )
