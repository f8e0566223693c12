"""`warmline audit`: what it is given on the command line."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from calls.cli import with_store
from terminal import console, errors, fail, log_to_stderr


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
    log_to_stderr("error")
    from datetime import date

    from authoring.command import playbook_folder, ready_encoder
    from dialog.load import load_playbook
    from dialog.source import PlaybookError
    from qa.audit.command import audit_tickets, show_audit, tickets_of_calls, write_page
    from qa.audit.report import TooFewTicketsError
    from qa.audit.tickets import TicketsError, read_tickets

    encoder = ready_encoder()
    if encoder is None:
        fail("The models are not prepared. Run: warmline models prepare")
    try:
        if tickets is not None:
            rows, column = read_tickets(tickets, text)
        else:
            rows, column = asyncio.run(with_store(tickets_of_calls))
        found = audit_tickets(
            rows, column, encoder, load_playbook(playbook_folder(playbook)), date.today(), errors
        )
    except (TicketsError, TooFewTicketsError, PlaybookError) as error:
        fail(str(error))
    write_page(found, out)
    show_audit(console, found, json_document=json_document)
    if not json_document:
        console.print(f"The report: {out}", highlight=False, soft_wrap=True)
