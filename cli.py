"""The `warmline` command.

Each command imports what it needs when it runs: the speech models' libraries take seconds to import, and a list
of calls should not wait for them.
"""

import asyncio
import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer
from loguru import logger
from rich.console import Console

from settings import PlaybookSettings, Settings, SettingsError, StorageSettings

if TYPE_CHECKING:
    from contextlib import AbstractAsyncContextManager

    from calls.store import CallStore
    from handoff.promises.store import PromiseStore
    from handoff.roster.people import People
    from qa.privacy.parts import PrivacyParts

# transformers is here for its tokenizer only; it would advise to install torch.
os.environ.setdefault("TRANSFORMERS_NO_ADVISORY_WARNINGS", "1")

app = typer.Typer(no_args_is_help=True, add_completion=False, help="A phone line that answers itself.")
models_app = typer.Typer(invoke_without_command=True, help="The model weights: list, verify, prepare.")
calls_app = typer.Typer(invoke_without_command=True, help="The stored calls.")
app.add_typer(models_app, name="models")
app.add_typer(calls_app, name="calls")
people_app = typer.Typer(invoke_without_command=True, help="Those who sign in and take calls.")
app.add_typer(people_app, name="people")
callbacks_app = typer.Typer(invoke_without_command=True, help="The call-backs that are promised.")
app.add_typer(callbacks_app, name="callbacks")
privacy_app = typer.Typer(no_args_is_help=True, help="What is kept of people, and for how long.")
app.add_typer(privacy_app, name="privacy")

Stored = TypeVar("Stored")
Result = TypeVar("Result")
PlaybookFolder = Annotated[
    Path | None,
    typer.Argument(help="The playbook's folder; without it, WARMLINE_PLAYBOOK or the demo company."),
]
PersonName = Annotated[str | None, typer.Option("--name", help="As colleagues and callers know them.")]
Roles = Annotated[
    list[str] | None, typer.Option("--role", help="agent, supervisor, analyst or admin; more may follow.")
]
SipAddress = Annotated[
    str | None, typer.Option("--sip", help='Where an agent is rung, such as sip:anna@pbx; "": nowhere.')
]
Skills = Annotated[list[str] | None, typer.Option("--skill", help="As in queues.yaml; more may follow.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Such as en; more may follow.")]
JsonLines = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
console = Console()
errors = Console(stderr=True)


def main() -> None:
    """Run the command; errors a user can mend are one line, not a traceback."""
    try:
        app()
    except SettingsError as error:
        _explain(str(error))
        sys.exit(1)


@app.command()
def serve(
    log_level: Annotated[str, typer.Option(help="trace, debug, info, warning or error")] = "info",
) -> None:
    """Answer calls."""
    _log_to_stderr(log_level)  # first of all: some libraries log what they are when they are imported
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
        _fail(str(error))
    uvicorn.run(
        create_app(settings, playbook, stand_ins),
        host=settings.warmline_host,
        port=settings.warmline_port,
        ws_max_size=MAX_SOCKET_MESSAGE,
        ws_per_message_deflate=False,  # 160 bytes of sound: packing costs more than it saves
        log_level="warning",
        timeout_graceful_shutdown=5,
    )


@app.command()
def line(
    log_level: Annotated[str, typer.Option(help="trace, debug, info, warning or error")] = "info",
) -> None:
    """Run the local line: a Twilio-compatible carrier on this machine."""
    _log_to_stderr(log_level)
    from demo.local_line import run_local_line

    settings = Settings.load()
    asyncio.run(run_local_line(settings))


@app.command()
def demo(
    browser: Annotated[bool, typer.Option(help="Keep the line up for a person with a microphone.")] = False,
    handoff: Annotated[
        bool, typer.Option(help="A caller who wants a person, and a human who takes over.")
    ] = False,
) -> None:
    """Make a whole call on this machine: dial, speak, answer, replay."""
    _log_to_stderr("error")
    if handoff:
        from demo.show import run_handoff_demo

        raise typer.Exit(asyncio.run(run_handoff_demo(console, StorageSettings().warmline_data_dir)))
    from demo.show import run_demo

    raise typer.Exit(asyncio.run(run_demo(console, StorageSettings().warmline_data_dir, browser=browser)))


@app.command()
def call(
    audio: Annotated[list[Path] | None, typer.Option(help="A WAV file to play; more may follow.")] = None,
    say: Annotated[list[str] | None, typer.Option(help="A sentence to speak; more may follow.")] = None,
    more: Annotated[list[str] | None, typer.Argument(help="More files or sentences.")] = None,
) -> None:
    """Place one call over the local line and print what was understood."""
    if bool(audio) == bool(say):
        _fail("give --audio files or --say sentences")
    _log_to_stderr("error")
    from demo.show import run_call

    files = [*audio, *map(Path, more or [])] if audio else []
    sentences = [*say, *(more or [])] if say else []
    raise typer.Exit(asyncio.run(run_call(console, StorageSettings().warmline_data_dir, files, sentences)))


@app.command("seed-demo")
def seed_demo(
    calls: Annotated[int, typer.Option(min=1, help="How many calls.")] = 10_000,
    audio: Annotated[int, typer.Option(min=0, help="How many of them are spoken.")] = 300,
    seed: Annotated[int, typer.Option(help="The same seed and the same --until give the same calls.")] = 1,
    days: Annotated[int, typer.Option(min=1, help="Over so many days.")] = 60,
    until: Annotated[str | None, typer.Option(help="The last day, ISO 8601; without it, today.")] = None,
    data_dir: Annotated[
        Path | None, typer.Option(help="Where calls and recordings go; without it, as the settings say.")
    ] = None,
) -> None:
    """Fill a database with made-up calls, to try the QA console with."""
    _log_to_stderr("critical")
    from calls.database import StoreUrlError
    from models.errors import ModelFileError
    from qa.seed.command import SeedError, run_seed_demo

    try:
        run_seed_demo(console, calls, audio, seed, days, until, data_dir)
    except (SeedError, StoreUrlError, ModelFileError) as error:
        _fail(str(error))


@app.command()
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
        _fail(str(error))


@app.command()
def check(
    folder: PlaybookFolder = None,
    json_lines: JsonLines = False,
    strict: Annotated[bool, typer.Option("--strict", help="Exit with 2 where there are warnings.")] = False,
) -> None:
    """Check a playbook: rules that it breaks, and what callers would stumble over."""
    _log_to_stderr("error")
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
        _fail(str(error))
    raise typer.Exit(code)


@app.command()
def schema(
    out: Annotated[Path, typer.Option(help="The folder to write them into.")] = Path("schema"),
) -> None:
    """Write the JSON Schemas of a playbook's files, for editors."""
    from authoring.starter import write_schemas

    for path in write_schemas(out):
        console.print(str(path), highlight=False, soft_wrap=True)


@app.command()
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
    _log_to_stderr("critical")
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
            _explain("The models are not prepared: only words are understood. Run: warmline models prepare")
        run_chat(options, encoder, console, errors)
    except (ChatError, PlaybookError, ModelFileError, ClassifierSettingError) as error:
        _fail(str(error))


@app.command()
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
            _with_store(lambda store: replay_call(store, call_id, console, folder, speed, sound=sound))
        )
    except (CallNotFoundError, ReplayError) as error:
        _fail(str(error))
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


@app.command()
def audit(
    tickets: Annotated[Path | None, typer.Argument(help="A CSV file; without it, the stored calls.")] = None,
    text: Annotated[str | None, typer.Option(help="Its column with what customers wrote.")] = None,
    out: Annotated[Path, typer.Option(help="Where the report goes, one HTML file.")] = Path("audit.html"),
    playbook: Annotated[
        Path | None, typer.Option(help="Whose articles may answer; without it, WARMLINE_PLAYBOOK.")
    ] = None,
    json_document: Annotated[bool, typer.Option("--json", help="Also print it as JSON.")] = False,
) -> None:
    """Before automating: what months of tickets or calls are about, and where to begin."""
    _log_to_stderr("error")
    from datetime import date

    from authoring.command import playbook_folder, ready_encoder
    from dialog.load import load_playbook
    from dialog.source import PlaybookError
    from qa.audit.command import audit_tickets, show_audit, tickets_of_calls, write_page
    from qa.audit.report import TooFewTicketsError
    from qa.audit.tickets import TicketsError, read_tickets

    encoder = ready_encoder()
    if encoder is None:
        _fail("The models are not prepared. Run: warmline models prepare")
    try:
        if tickets is not None:
            rows, column = read_tickets(tickets, text)
        else:
            rows, column = asyncio.run(_with_store(tickets_of_calls))
        found = audit_tickets(
            rows, column, encoder, load_playbook(playbook_folder(playbook)), date.today(), errors
        )
    except (TicketsError, TooFewTicketsError, PlaybookError) as error:
        _fail(str(error))
    write_page(found, out)
    show_audit(console, found, json_document=json_document)
    if not json_document:
        console.print(f"The report: {out}", highlight=False, soft_wrap=True)


@app.command()
def train(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Compare only; write and promote nothing.")
    ] = False,
    list_all: Annotated[bool, typer.Option("--list", help="Show all versions.")] = False,
    rollback: Annotated[
        str | None, typer.Option(metavar="VERSION", help="Use an earlier version, or built-in.")
    ] = None,
    calls: Annotated[
        int, typer.Option(min=0, help="So many recorded calls at most are run again with both versions.")
    ] = 20,
    json_lines: JsonLines = False,
) -> None:
    """Learn from accepted corrections; what is better on held-out items and on calls run again is promoted."""
    _log_to_stderr("error")
    from authoring.command import ready_encoder
    from calls.database import StoreUrlError
    from calls.store import StoreUnavailableError
    from classifiers import ClassifierSettingError
    from dialog.load import load_playbook
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.learning.command import list_versions, roll_back, show_round
    from qa.learning.command import train as train_round
    from qa.learning.versions import VersionError, Versions

    settings = PlaybookSettings.load()
    versions = Versions(settings.warmline_data_dir)
    try:
        if list_all:
            list_versions(console, versions, json_lines=json_lines)
        elif rollback is not None:
            roll_back(versions, rollback)
            console.print(f"{rollback} is in use: servers take it up within seconds.", highlight=False)
        else:
            encoder = ready_encoder()
            if encoder is None:
                _fail("The models are not prepared. Run: warmline models prepare")
            playbook = load_playbook(settings.warmline_playbook)
            from qa.calls_again import stored_calls_again

            trial = stored_calls_again(settings, calls, dry_run=dry_run)
            round_of = train_round(settings.store_url, versions, playbook, encoder, trial, dry_run=dry_run)
            done = asyncio.run(round_of)
            show_round(console, done, json_document=json_lines)
    except (
        ClassifierSettingError,
        ModelFileError,
        PlaybookError,
        StoreUnavailableError,
        StoreUrlError,
        VersionError,
    ) as error:
        _fail(str(error))


@models_app.callback()
def models_default(context: typer.Context) -> None:
    """Show every model, its source and its state."""
    if context.invoked_subcommand is None:
        models_list()


@models_app.command("list")
def models_list() -> None:
    """Show every model, its source and its state."""
    from models.command import list_models

    list_models(console)


@models_app.command("verify")
def models_verify() -> None:
    """Check every file's sha256."""
    from models.command import verify_models

    raise typer.Exit(0 if verify_models(console) else 1)


@models_app.command("prepare")
def models_prepare(
    anew: Annotated[bool, typer.Option(help="Also those that are there.")] = False,
) -> None:
    """Put the models into the user's cache in the form they are loaded from."""
    from models.command import prepare_models
    from models.errors import ModelFileError

    try:
        prepare_models(console, anew=anew)
    except ModelFileError as error:
        _fail(str(error))


@calls_app.callback()
def calls_list(
    context: typer.Context,
    json_lines: JsonLines = False,
    limit: Annotated[int, typer.Option(help="How many at most.")] = 50,
) -> None:
    """List the calls, newest first."""
    if context.invoked_subcommand is None:
        from calls.command import list_calls

        asyncio.run(_with_store(lambda store: list_calls(store, console, json_lines, limit)))


@calls_app.command("show")
def calls_show(call_id: str, json_lines: JsonLines = False) -> None:
    """Show one call turn by turn; the start of its id is enough."""
    from calls.command import show_call
    from calls.store import CallNotFoundError

    try:
        asyncio.run(_with_store(lambda store: show_call(store, call_id, console, json_lines)))
    except CallNotFoundError as error:
        _fail(str(error))


@calls_app.command("gaps")
def calls_gaps(
    json_lines: JsonLines = False,
    limit: Annotated[int, typer.Option(help="From so many calls at most, the newest that have any.")] = 50,
) -> None:
    """List the questions that no article answered, by the article that came nearest."""
    from calls.command import list_gaps

    asyncio.run(_with_store(lambda store: list_gaps(store, console, json_lines, limit)))


@app.command()
def digest(
    day: Annotated[str | None, typer.Option(help="A day such as 2026-11-27; without it, yesterday.")] = None,
    out: Annotated[Path | None, typer.Option(help="The file; without it, digest-<day>.html here.")] = None,
) -> None:
    """Write one day in figures as an HTML file: what got worse first."""
    _log_to_stderr("error")
    from calls.store import StoreUnavailableError
    from dialog.source import PlaybookError
    from qa.console.dashboard.command import DigestError, DigestSettings, write_digest
    from qa.metrics.rules_file import RulesError

    try:
        asyncio.run(write_digest(DigestSettings.load(), day, out, console))
    except (DigestError, RulesError, PlaybookError, StoreUnavailableError) as error:
        _fail(str(error))


@app.command()
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
    _log_to_stderr("critical")
    from datetime import UTC, datetime

    from calls.store import CallNotFoundError
    from classifiers import ClassifierSettingError
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.rerun.command import RerunCommandError, RerunOptions, found_calls
    from qa.rerun.command import rerun as run
    from qa.rerun.models import ModelsError
    from qa.rerun.saving import SavingError, save_scenarios

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
        _fail(str(error))


@app.command("test")
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
    _log_to_stderr("critical")
    from classifiers import ClassifierSettingError
    from dialog.source import PlaybookError
    from models.errors import ModelFileError
    from qa.rerun.models import ModelsError
    from qa.rerun.scenario import ScenarioError
    from qa.rerun.testing import run_scenarios

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
        _fail(str(error))
    raise typer.Exit(0 if passed else 1)


@people_app.callback()
def people_default(context: typer.Context) -> None:
    """List everybody."""
    if context.invoked_subcommand is None:
        people_list()


@people_app.command("list")
def people_list(json_lines: JsonLines = False) -> None:
    """List everybody, by id."""
    from handoff.roster.command import list_people

    _with_people(lambda people: list_people(people, console, json_lines))


@people_app.command("add")
def people_add(
    person_id: str,
    name: PersonName = None,
    role: Roles = None,
    sip: SipAddress = None,
    skill: Skills = None,
    language: Languages = None,
) -> None:
    """Add somebody; asks for the password, or reads it from the standard input."""
    from handoff.roster.command import Given, add_person

    given = Given(name or person_id, role, sip, skill, language)
    password = _password()
    _with_people(lambda people: add_person(people, person_id, given, password))


@people_app.command("change")
def people_change(
    person_id: str,
    name: PersonName = None,
    role: Roles = None,
    sip: SipAddress = None,
    skill: Skills = None,
    language: Languages = None,
    active: Annotated[bool | None, typer.Option(help="Whether they may sign in and be rung.")] = None,
) -> None:
    """Change what is given of somebody, and leave the rest."""
    from handoff.roster.command import Given, change_person

    given = Given(name, role, sip, skill, language, active)
    _with_people(lambda people: change_person(people, person_id, given))


@people_app.command("remove")
def people_remove(person_id: str) -> None:
    """Remove somebody; calls that they took keep their id."""
    from handoff.roster.command import remove_person

    _with_people(lambda people: remove_person(people, person_id))


@people_app.command("passwd")
def people_passwd(person_id: str) -> None:
    """Give somebody a new password, asked for or from the standard input; their sign-ins end."""
    from handoff.roster.command import set_password

    password = _password()
    _with_people(lambda people: set_password(people, person_id, password))


@people_app.command("presence")
def people_presence(
    person_id: str, presence: Annotated[str, typer.Argument(help="offline, available or away.")]
) -> None:
    """Say for somebody whether they are there."""
    from handoff.roster.command import set_presence

    _with_people(lambda people: set_presence(people, person_id, presence))


@callbacks_app.callback()
def callbacks(context: typer.Context, json_lines: JsonLines = False) -> None:
    """Those that are not kept yet, and first those that people must see to."""
    if context.invoked_subcommand is None:
        from handoff.promises.command import list_promises

        _with_promises(lambda promises: list_promises(promises, console, json_lines))


@callbacks_app.command("done")
def callback_done(promise_id: Annotated[str, typer.Argument(help="Its id, or the start of it.")]) -> None:
    """People have seen to it: nobody is called any more."""
    from handoff.promises.command import close_promise

    _with_promises(lambda promises: close_promise(promises, promise_id))


@privacy_app.command("redact")
def privacy_redact() -> None:
    """Redact all calls that are over and were not looked through yet."""
    from qa.privacy.command import redact

    _with_privacy(lambda privacy: redact(privacy, console))


@privacy_app.command("sweep")
def privacy_sweep(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Delete nothing, and tell what would be.")
    ] = False,
) -> None:
    """Delete what was kept for as long as privacy.yaml says."""
    from qa.privacy.command import sweep

    _with_privacy(lambda privacy: sweep(privacy, console, dry=dry_run))


@privacy_app.command("export")
def privacy_export(
    number: Annotated[str, typer.Argument(help="A telephone number with its country code.")],
    out: Annotated[Path, typer.Option(help="The ZIP file to write; it must not exist.")],
) -> None:
    """All that is kept of a person, by their number."""
    from qa.privacy.command import export

    _with_privacy(lambda privacy: export(privacy, console, number, out))


@privacy_app.command("delete")
def privacy_delete(
    number: Annotated[str, typer.Argument(help="A telephone number with its country code.")],
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Delete all that is kept of a person, by their number, here and with the carrier."""
    from qa.privacy.command import delete

    if not yes:
        typer.confirm("Delete everything that is kept of this number? It cannot be taken back", abort=True)
    _with_privacy(lambda privacy: delete(privacy, console, number))


@privacy_app.command("hold")
def privacy_hold(
    call_id: str, reason: Annotated[str, typer.Option(help="Why nobody may delete it.")]
) -> None:
    """Have nobody delete a call, by hand or by age, until it is released."""
    from qa.privacy.command import who

    _with_privacy(lambda privacy: privacy.holds.put(call_id, who(), reason))


@privacy_app.command("release")
def privacy_release(call_id: str) -> None:
    """Take a hold away."""
    _with_privacy(lambda privacy: privacy.holds.release(call_id))


def _with_privacy(work: "Callable[[PrivacyParts], Awaitable[bool | None]]") -> None:
    """Do something; what a user can mend is one line, and what was left undone a failure."""
    from calls.database import StoreUrlError
    from calls.store import StoreUnavailableError
    from dialog.source import PlaybookError
    from qa.privacy.command import open_privacy
    from qa.privacy.holds import HoldError
    from qa.privacy.person import NumberUnknownError

    async def run() -> bool | None:
        async with open_privacy(PlaybookSettings.load()) as privacy:
            return await work(privacy)

    mendable = (PlaybookError, StoreUrlError, StoreUnavailableError, HoldError, NumberUnknownError, OSError)
    try:
        if asyncio.run(run()) is False:
            raise typer.Exit(1)
    except mendable as error:
        _fail(str(error))


def _with_promises(work: "Callable[[PromiseStore], Awaitable[None]]") -> None:
    from handoff.promises.command import PromiseCommandError, open_promises

    _with_stored(open_promises, work, PromiseCommandError)


def _with_people(work: "Callable[[People], Awaitable[None]]") -> None:
    from handoff.roster.command import PeopleError, open_people

    _with_stored(open_people, work, PeopleError)


def _with_stored(
    opens: "Callable[[str], AbstractAsyncContextManager[Stored]]",
    work: "Callable[[Stored], Awaitable[None]]",
    mendable: type[Exception],
) -> None:
    """Do something with what is kept; what a user can mend is one line, not a traceback."""

    async def run() -> None:
        async with opens(StorageSettings().store_url) as stored:
            await work(stored)

    try:
        asyncio.run(run())
    except mendable as error:
        _fail(str(error))


def _password() -> str:
    """Never an argument: arguments are seen by everybody on the machine."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")


async def _with_store(work: "Callable[[CallStore], Awaitable[Result]]") -> "Result":
    from calls.store import open_store

    async with await open_store(StorageSettings().store_url) as store:
        return await work(store)


def _log_to_stderr(level: str) -> None:
    logger.remove()
    logger.add(sys.stderr, level=level.upper(), format="{time:HH:mm:ss.SSS} {level} {message} {extra}")


def _fail(text: str) -> NoReturn:
    _explain(text)
    raise typer.Exit(1)


def _explain(text: str) -> None:
    for part in text.splitlines():
        errors.print("[red]✖[/red]", end=" ")
        errors.print(part, highlight=False, markup=False, soft_wrap=True)


if __name__ == "__main__":
    main()
