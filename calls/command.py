"""What `warmline calls`, `warmline calls show` and `warmline calls gaps` do."""

import json
from collections.abc import Mapping
from datetime import tzinfo

from rich.console import Console

from calls.events import CallEvent
from calls.gaps import by_article, gaps
from calls.render import call_list, call_timeline, gap_list
from calls.store import CallNotFoundError, CallStore
from calls.summary import CallSummary
from calls.timeline import timeline


async def list_calls(
    store: CallStore, console: Console, json_lines: bool, limit: int, zone: tzinfo | None = None
) -> None:
    """Print the newest `limit` calls, newest first: as a table, or as one JSON object a line.

    Raises:
        StoreUnavailableError: the database does not answer.
    """
    summaries = await store.summaries(limit)
    if json_lines:
        for summary in summaries:
            _line(console, call_json(summary))
    else:
        console.print(call_list(summaries, zone))


async def show_call(
    store: CallStore, call_id: str, console: Console, json_lines: bool, zone: tzinfo | None = None
) -> None:
    """Print one call, given its id or a prefix that no other call's id has: a timeline, or its events as JSON lines.

    Raises:
        CallNotFoundError: no call has that id or prefix, or more than one has.
        StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
    """
    found = await store.find(call_id)
    events = await store.read(found)
    if json_lines:
        for event in events:
            _line(console, event_json(event))
        return
    line = timeline(events)
    if line is None:
        raise CallNotFoundError(f"call {found} has no events")
    console.print(call_timeline(line, zone))


async def list_gaps(
    store: CallStore, console: Console, json_lines: bool, limit: int, zone: tzinfo | None = None
) -> None:
    """Print the unanswered questions of the newest `limit` calls that have any, the commonest article first.

    Raises:
        StoreUnavailableError, UnreadableEventError: see `CallStore.read`.
    """
    found = [gap for call_id in await store.with_gaps(limit) for gap in gaps(await store.read(call_id))]
    if not json_lines:
        console.print(gap_list(by_article(found), zone))
        return
    for _, group in by_article(found):
        for gap in group:
            _line(console, gap.model_dump(mode="json"))


def call_json(summary: CallSummary) -> dict[str, object]:
    """A call as `warmline calls --json` shows it. Times are ISO 8601 in UTC; what is not known is null."""
    told = summary.model_dump(mode="json", exclude={"answers_s"})
    return {**told, "answer_median_s": summary.answer_median_s}


def event_json(event: CallEvent) -> dict[str, object]:
    """An event as `warmline calls show --json` shows it."""
    told = event.model_dump(mode="json")
    return {
        "call_id": told["call_id"],
        "seq": told["seq"],
        "at": told["at"],
        "name": event.body.name,
        "body": told["body"],
    }


def _line(console: Console, values: Mapping[str, object]) -> None:
    # As is: no wrapping, markup or colour in what programs read.
    console.out(json.dumps(values), highlight=False)
