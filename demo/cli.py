"""`warmline line`, `warmline demo` and `warmline call`: what they are given on the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from settings import Settings, StorageSettings
from terminal import console, fail, log_to_stderr


def line(
    log_level: Annotated[str, typer.Option(help="trace, debug, info, warning or error")] = "info",
) -> None:
    """Run the local line: a Twilio-compatible carrier on this machine."""
    log_to_stderr(log_level)
    from demo.local_line import run_local_line

    settings = Settings.load()
    asyncio.run(run_local_line(settings))


def demo(
    browser: Annotated[bool, typer.Option(help="Keep the line up for a person with a microphone.")] = False,
    handoff: Annotated[
        bool, typer.Option(help="A caller who wants a person, and a human who takes over.")
    ] = False,
) -> None:
    """Make a whole call on this machine: dial, speak, answer, replay."""
    log_to_stderr("error")
    if handoff:
        from demo.show import run_handoff_demo

        raise typer.Exit(asyncio.run(run_handoff_demo(console, StorageSettings().warmline_data_dir)))
    from demo.show import run_demo

    raise typer.Exit(asyncio.run(run_demo(console, StorageSettings().warmline_data_dir, browser=browser)))


def call(
    audio: Annotated[list[Path] | None, typer.Option(help="A WAV file to play; more may follow.")] = None,
    say: Annotated[list[str] | None, typer.Option(help="A sentence to speak; more may follow.")] = None,
    more: Annotated[list[str] | None, typer.Argument(help="More files or sentences.")] = None,
) -> None:
    """Place one call over the local line and print what was understood."""
    if bool(audio) == bool(say):
        fail("give --audio files or --say sentences")
    log_to_stderr("error")
    from demo.show import run_call

    files = [*audio, *map(Path, more or [])] if audio else []
    sentences = [*say, *(more or [])] if say else []
    raise typer.Exit(asyncio.run(run_call(console, StorageSettings().warmline_data_dir, files, sentences)))
