"""What all commands share: where they print, how they tell what a user can mend, and options that mean the same."""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager
from typing import Annotated, NoReturn, TypeVar

import typer
from loguru import logger
from rich.console import Console

from settings import StorageSettings

Stored = TypeVar("Stored")
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
console = Console()
errors = Console(stderr=True)


def log_to_stderr(level: str) -> None:
    """Log from `level` on, such as `error`, to the standard error. To be called before what logs is imported."""
    logger.remove()
    logger.add(sys.stderr, level=level.upper(), format="{time:HH:mm:ss.SSS} {level} {message} {extra}")
    # What processes of ours log before they have begun.
    os.environ["LOGURU_LEVEL"] = level.upper()


def fail(text: str) -> NoReturn:
    """End with exit code 1 and say what the user can mend, a line each."""
    explain(text)
    raise typer.Exit(1)


def explain(text: str) -> None:
    """Tell the user something that is wrong, a line each."""
    for part in text.splitlines():
        errors.print("[red]✖[/red]", end=" ")
        errors.print(part, highlight=False, markup=False, soft_wrap=True)


def with_stored(
    opens: Callable[[str], AbstractAsyncContextManager[Stored]],
    work: Callable[[Stored], Awaitable[None]],
    mendable: type[Exception],
) -> None:
    """Do something with what `opens` finds at the store's URL; what a user can mend is one line, not a traceback."""

    async def run() -> None:
        async with opens(StorageSettings().store_url) as stored:
            await work(stored)

    try:
        asyncio.run(run())
    except mendable as error:
        fail(str(error))
