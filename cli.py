"""The `warmline` command: each room brings its commands in its own `cli.py`, and here they are put in order.

Each command imports what it needs when it runs: the speech models' libraries take seconds to import, and a list
of calls should not wait for them. So does each `cli.py`, which says what a command is given; what it does is in
the `command.py` beside it.
"""

import os
import sys
from collections.abc import Callable
from typing import Annotated

import typer

import authoring.cli
import calls.cli
import demo.cli
import handoff.promises.cli
import handoff.roster.cli
import models.cli
import qa.audit.cli
import qa.console.dashboard.cli
import qa.learning.cli
import qa.privacy.cli
import qa.replay.cli
import qa.rerun.cli
import qa.seed.cli
from settings import Settings, SettingsError
from terminal import explain, fail, log_to_stderr

# transformers is here for its tokenizer only; it would advise to install torch.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")
# The heads' matrices are small: threads that wait for each other by spinning cost a quarter more of a core, on a busy
# machine several times as much; and with another number of threads a head has other last digits, and another version.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def main() -> None:
    """Run the command; errors a user can mend are one line, not a traceback."""
    try:
        app()
    except SettingsError as error:
        explain(str(error))
        sys.exit(1)


def serve(
    log_level: Annotated[str, typer.Option(help="trace, debug, info, warning or error")] = "info",
) -> None:
    """Answer calls."""
    log_to_stderr(log_level)  # first of all: some libraries log what they are when they are imported
    import uvicorn

    from calls.database import StoreUrlError
    from classifiers import ClassifierSettingError
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.learning.versions import VersionError
    from qa.metrics.rules_file import RulesError
    from server import MAX_SOCKET_MESSAGE, check_ready, create_app

    settings = Settings.load()
    try:
        playbook, stand_ins = check_ready(settings)
    except (
        PlaybookError,
        ModelFileError,
        StoreUrlError,
        ClassifierSettingError,
        RulesError,
        VersionError,
    ) as error:
        fail(str(error))
    uvicorn.run(
        create_app(settings, playbook, stand_ins),
        host=settings.warmline_host,
        port=settings.warmline_port,
        ws_max_size=MAX_SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # 160 bytes of sound: packing costs more than it saves
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


COMMANDS: dict[str, Callable[..., None]] = {
    "serve": serve,
    "line": demo.cli.line,
    "demo": demo.cli.demo,
    "call": demo.cli.call,
    "seed-demo": qa.seed.cli.seed_demo,
    "init": authoring.cli.init,
    "check": authoring.cli.check,
    "schema": authoring.cli.schema,
    "chat": authoring.cli.chat,
    "replay": qa.replay.cli.replay,
    "audit": qa.audit.cli.audit,
    "train": qa.learning.cli.train,
    "digest": qa.console.dashboard.cli.digest,
    "rerun": qa.rerun.cli.rerun,
    "test": qa.rerun.cli.run_tests,
}
"""In the order of `warmline --help`; those that have commands of their own come after them."""
GROUPS: dict[str, typer.Typer] = {
    "models": models.cli.app,
    "calls": calls.cli.app,
    "people": handoff.roster.cli.app,
    "callbacks": handoff.promises.cli.app,
    "privacy": qa.privacy.cli.app,
}
app = typer.Typer(no_args_is_help=True, add_completion=False, help="A phone line that answers itself.")
for name, command in COMMANDS.items():
    app.command(name)(command)
for name, group in GROUPS.items():
    app.add_typer(group, name=name)

if __name__ == "__main__":
    main()
