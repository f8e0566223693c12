"""`warmline init`, `check`, `schema` and `chat`: what they are given on the command line."""

from pathlib import Path
from typing import Annotated

import typer

from settings import PlaybookSettings
from terminal import JsonLines, console, errors, explain, fail, log_to_stderr

PlaybookFolder = Annotated[
    Path | None,
    typer.Argument(help="The playbook's folder; without it, WARMLINE_PLAYBOOK or the demo company."),
]


def init(
    folder: Annotated[Path, typer.Argument(help="A folder that does not exist or is empty.")],
    name: Annotated[str | None, typer.Option(help="For logs; without it, from the folder's name.")] = None,
    brand: Annotated[str | None, typer.Option(help="As callers hear it; without it, from the name.")] = None,
) -> None:
    """Write a starter playbook: your company as data, to be changed."""
    from datetime import date

    from authoring.starter import InitError, write_starter

    try:
        write_starter(folder, console, date.today(), name, brand)
    except InitError as error:
        fail(str(error))


def check(
    folder: PlaybookFolder = None,
    json_lines: JsonLines = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 where there are warnings.")] = False,
) -> None:
    """Check a playbook: rules that it breaks, and what callers would stumble over."""
    log_to_stderr("error")
    from datetime import date

    from authoring.command import check_playbook, playbook_folder, ready_encoder
    from models.errors import ModelFileError

    try:
        code = check_playbook(
            playbook_folder(folder),
            console,
            date.today(),
            ready_encoder(),
            json_lines=json_lines,
            strict=strict,
        )
    except ModelFileError as error:
        fail(str(error))
    raise typer.Exit(code)


def schema(
    out: Annotated[Path, typer.Option(help="The folder to write them into.")] = Path("schema"),
) -> None:
    """Write the JSON Schemas of a playbook's files, for editors."""
    from authoring.starter import write_schemas

    for path in write_schemas(out):
        console.print(str(path), highlight=False, soft_wrap=True)


def chat(
    folder: PlaybookFolder = None,
    caller: Annotated[str | None, typer.Option(help="The number that calls, such as +15550142000.")] = None,
    script: Annotated[Path | None, typer.Option(help="A file with one line of the caller's each.")] = None,
    json_lines: JsonLines = False,
    now: Annotated[str | None, typer.Option(help="When the call begins, ISO 8601.")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Keep the demo shop here; without it, for this call.")
    ] = None,
) -> None:
    """Talk with a playbook in text; its actions are really run."""
    log_to_stderr("critical")
    from authoring.chat import ChatError, ChatOptions, run_chat
    from authoring.command import playbook_folder, ready_encoder
    from classifiers import ClassifierSettingError, load_stand_ins
    from dialog.source import PlaybookError
    from models.errors import ModelFileError

    settings = PlaybookSettings.load()
    try:
        encoder = ready_encoder()
        stand_ins = load_stand_ins(settings)
        options = ChatOptions(
            playbook_folder(folder), caller, script, json_lines, now, data, settings, stand_ins
        )
        if encoder is None:
            explain("The models are not prepared: only words are understood. Run: warmline models prepare")
        run_chat(options, encoder, console, errors)
    except (ChatError, PlaybookError, ModelFileError, ClassifierSettingError) as error:
        fail(str(error))
