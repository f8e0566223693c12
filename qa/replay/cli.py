"""`warmline replay`: what it is given on the command line."""

import asyncio
from typing import Annotated

import typer

from calls.cli import with_store
from settings import StorageSettings
from terminal import console, fail


def replay(
    call_id: Annotated[str, typer.Argument(help="The call's id, or the start of it.")],
    speed: Annotated[float, typer.Option(help="0.25 to 16.")] = 1.0,
    sound: Annotated[bool, typer.Option(help="Play the recording, where a program here can.")] = True,
) -> None:
    """Play a call in the terminal, its events in step with its sound."""
    from calls.store import CallNotFoundError
    from qa.replay.command import ReplayError, replay_call

    folder = StorageSettings().warmline_data_dir
    try:
        asyncio.run(
            with_store(lambda store: replay_call(store, call_id, console, folder, speed, sound=sound))
        )
    except (CallNotFoundError, ReplayError) as error:
        fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None
