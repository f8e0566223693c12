"""`warmline rerun` and `warmline test`: what they are given on the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from settings import PlaybookSettings
from terminal import JsonLines, console, fail, log_to_stderr


def rerun(  # noqa: PLR0913, PLR0917 - an option of the command each
    calls: Annotated[
        list[str] | None, typer.Argument(help="Ids of calls; the start of one is enough.")
    ] = None,
    playbook: Annotated[
        Path | None, typer.Option(help="Its folder; without it, that of the settings.")
    ] = None,
    models: Annotated[
        Path | None, typer.Option(help="A TOML file, or a folder with a Whisper model.")
    ] = None,
    newest: Annotated[int | None, typer.Option(help="In place of ids: so many of the newest calls.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the report here, .html or .json.")] = None,
    processes: Annotated[int | None, typer.Option(min=1, max=8, help="As many as there are cores.")] = None,
    save_scenario: Annotated[
        Path | None, typer.Option(help="Run nothing: keep the calls as scenarios in this folder.")
    ] = None,
    audio: Annotated[
        bool, typer.Option(help="With --save-scenario: the caller's sound, not their text.")
    ] = False,
    keep_personal: Annotated[
        bool, typer.Option(help="With --save-scenario: keep what identifies the caller.")
    ] = False,
    progress: Annotated[bool, typer.Option("--progress", hidden=True)] = False,
    report_id: Annotated[str | None, typer.Option(hidden=True)] = None,
    json_out: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Run recorded calls again through today's version, and tell what is different."""
    log_to_stderr("critical")
    from datetime import UTC, datetime

    from calls.store import CallNotFoundError
    from classifiers import ClassifierSettingError
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.rerun.command import RerunCommandError, RerunOptions, found_calls
    from qa.rerun.command import rerun as run
    from qa.rerun.saving import SavingError, save_scenarios
    from qa.virtual.today import ModelsError

    settings = PlaybookSettings.load()
    try:
        found = asyncio.run(found_calls(settings.store_url, tuple(calls or ()), newest))
        if save_scenario is not None:
            save_scenarios(found, save_scenario, settings, console, audio=audio, keep_personal=keep_personal)
            return
        options = RerunOptions(found, playbook, models, processes, out, json_out, progress, report_id)
        run(options, settings, datetime.now(UTC), console)
    except (
        CallNotFoundError,
        ClassifierSettingError,
        ModelFileError,
        ModelsError,
        PlaybookError,
        RerunCommandError,
        SavingError,
    ) as error:
        fail(str(error))


def run_tests(
    folder: Annotated[
        Path | None, typer.Argument(help="Of the scenarios; without it, the playbook's own.")
    ] = None,
    playbook: Annotated[
        Path | None, typer.Option(help="Its folder; without it, that of the settings.")
    ] = None,
    models: Annotated[Path | None, typer.Option(help="As of rerun, for scenarios with sound.")] = None,
    junit: Annotated[Path | None, typer.Option(help="Write the results here as JUnit XML.")] = None,
    json_lines: JsonLines = False,
) -> None:
    """Run a playbook's scenarios: calls that must go as they are written down. Exits with 1 where one does not."""
    log_to_stderr("critical")
    from classifiers import ClassifierSettingError
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.rerun.scenario import ScenarioError
    from qa.rerun.testing import run_scenarios
    from qa.virtual.today import ModelsError

    settings = PlaybookSettings.load()
    try:
        passed = run_scenarios(
            folder,
            playbook or settings.warmline_playbook,
            models,
            console,
            junit=junit,
            json_lines=json_lines,
        )
    except (ScenarioError, ModelsError, PlaybookError, ModelFileError, ClassifierSettingError) as error:
        fail(str(error))
    raise typer.Exit(0 if passed else 1)
