"""`warmline people`: what it is given on the command line."""

import sys
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Annotated

import typer

from terminal import JsonLines, console, with_stored

if TYPE_CHECKING:
    from handoff.roster.people import People

app = typer.Typer(invoke_without_command=True, help="Those who sign in and take calls.")
PersonName = Annotated[str | None, typer.Option("--name", help="As colleagues and callers know them.")]
Roles = Annotated[
    list[str] | None, typer.Option("--role", help="agent, supervisor, analyst or admin; more may follow.")
]
SipAddress = Annotated[
    str | None, typer.Option("--sip", help='Where an agent is rung, such as sip:anna@pbx; "": nowhere.')
]
Skills = Annotated[list[str] | None, typer.Option("--skill", help="As in queues.yaml; more may follow.")]
Languages = Annotated[list[str] | None, typer.Option("--language", help="Such as en; more may follow.")]


@app.callback()
def people_default(context: typer.Context) -> None:
    """List everybody."""
    if context.invoked_subcommand is None:
        people_list()


@app.command("list")
def people_list(json_lines: JsonLines = False) -> None:
    """List everybody, by id."""
    from handoff.roster.command import list_people

    _with_people(lambda people: list_people(people, console, json_lines))


@app.command("add")
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


@app.command("change")
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


@app.command("remove")
def people_remove(person_id: str) -> None:
    """Remove somebody; calls that they took keep their id."""
    from handoff.roster.command import remove_person

    _with_people(lambda people: remove_person(people, person_id))


@app.command("passwd")
def people_passwd(person_id: str) -> None:
    """Give somebody a new password, asked for or from the standard input; their sign-ins end."""
    from handoff.roster.command import set_password

    password = _password()
    _with_people(lambda people: set_password(people, person_id, password))


@app.command("presence")
def people_presence(
    person_id: str, presence: Annotated[str, typer.Argument(help="offline, available or away.")]
) -> None:
    """Say for somebody whether they are there."""
    from handoff.roster.command import set_presence

    _with_people(lambda people: set_presence(people, person_id, presence))


def _with_people(work: "Callable[[People], Awaitable[None]]") -> None:
    from handoff.roster.command import PeopleError, open_people

    with_stored(open_people, work, PeopleError)


def _password() -> str:
    """Never an argument: arguments are seen by everybody on the machine."""
    if sys.stdin.isatty():
        return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
    return sys.stdin.readline().rstrip("\r\n")
