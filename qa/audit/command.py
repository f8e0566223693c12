"""What `warmline audit` does."""

import json
from datetime import date
from pathlib import Path

from rich.console import Console
from rich.table import Table

from calls.events import TurnHeard, TurnPlanned
from calls.store import CallStore
from dialog.encoder import Encoder
from dialog.minds import Articles
from dialog.playbook import Playbook
from qa.audit.page import page
from qa.audit.report import Audit, audited
from qa.audit.tickets import Ticket, tickets_of

CALLS = "first wish of each call"
MOST_CALLS = 20_000


async def tickets_of_calls(store: CallStore) -> tuple[list[Ticket], str]:
    """What each call was about: the caller's first turn that was taken for a wish, or was a question."""
    texts = []
    for summary in await store.summaries(MOST_CALLS):
        heard: dict[int, str] = {}
        for event in await store.read(summary.call_id):
            match event.body:
                case TurnHeard(turn=turn, text=text):
                    heard[turn] = text
                case TurnPlanned(turn=turn) as body if body.intent or body.unanswered or body.sources:
                    texts.append(heard.get(turn, ""))
                    break
    return tickets_of(texts), CALLS


def audit_tickets(
    tickets: list[Ticket],
    column: str,
    encoder: Encoder,
    playbook: Playbook | None,
    today: date,
    console: Console,
) -> Audit:
    """The audit.

    Raises:
        TooFewTicketsError: there are fewer than 20.
    """
    answers = None
    if playbook is not None and playbook.articles:
        articles = Articles(playbook, encoder)

        def answers(text: str) -> bool:
            return articles.answer(text, today=today) is not None

    with console.status("reading") as status:
        return audited(tickets, encoder, column, answers, status.update)


def show_audit(console: Console, audit: Audit, *, json_document: bool = False) -> None:
    """The categories, the largest first."""
    if json_document:
        candidates = [one.name for one in audit.candidates]
        told = {
            **audit.model_dump(mode="json"),
            "information_only": round(audit.information_only, 4),
            "candidates": candidates,
        }
        console.out(json.dumps(told, indent=2), highlight=False)
        return
    table = Table(box=None, header_style="bold")
    for title in ("category", "tickets", "share", "information alone"):
        table.add_column(title, justify="left" if title == "category" else "right")
    for one in audit.categories:
        alone = f"{one.information_only:.0%}" if one.is_wish else "no wish"
        table.add_row(one.name.replace("_", " "), str(one.volume), f"{one.share:.1%}", alone)
    console.print(table)
    begin = ", ".join(one.name.replace("_", " ") for one in audit.candidates)
    console.print(f"Begin with: {begin or 'an action for the largest category'}", highlight=False)


def write_page(audit: Audit, out: Path) -> None:
    """The report as one HTML file."""
    out.write_text(page(audit), "utf-8")
