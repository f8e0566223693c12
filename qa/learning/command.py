"""What `warmline train` does and shows."""

import asyncio
import getpass
import json
from dataclasses import dataclass
from datetime import UTC, datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from calls.database import open_engine
from calls.store import open_store
from dialog.encoder import Encoder
from dialog.knowledge.remembering import RememberingEncoder
from dialog.playbook import Playbook
from qa.facts.projector import Projector
from qa.facts.store import FactStore
from qa.learning.compare import Comparison, Group
from qa.learning.gather import gather_from_desk, gather_material
from qa.learning.rehearsal import CallTrial, WordsAgain
from qa.learning.store import CorrectionStore
from qa.learning.training import Outcome, learn
from qa.learning.versions import BUILT_IN, Manifest, Tried, Versions

MOST_GROUPS = 12


@dataclass(frozen=True)
class Round:
    """One round of learning, and the version that was written of it; None in a rehearsal, or where nothing was new."""

    outcome: Outcome
    written: Manifest | None
    promoted: bool
    open_corrections: int
    """Those that nobody has looked at: nothing is learnt from them."""


async def train(
    store_url: str,
    versions: Versions,
    playbook: Playbook,
    encoder: Encoder,
    trial: CallTrial,
    *,
    dry_run: bool = False,
) -> Round:
    """Learn from what is accepted. What is better is promoted, unless `dry_run`.

    Raises:
        VersionError: the version in use cannot be read.
        StoreUrlError, StoreUnavailableError: the call store cannot be used.
    """
    current = versions.current()
    async with await open_store(store_url) as store:
        engine = await asyncio.to_thread(open_engine, store_url)
        try:
            await Projector(FactStore(engine), store.read).catch_up()
            corrections = CorrectionStore(engine, _now)
            await gather_from_desk(engine, store.read, corrections)
            material = await gather_material(engine, store.read, corrections, playbook, current.lessons)
            counts = await corrections.counts()
        finally:
            await engine.dispose()
    # Ten heads are trained and two more for the glance, mostly on the same sentences.
    knowing = RememberingEncoder(encoder)
    outcome = await asyncio.to_thread(learn, material, current, knowing, WordsAgain(knowing), trial)
    waiting = sum(count for state, count in counts.items() if state == "open")
    if dry_run or not (outcome.comparisons or outcome.tried != Tried()):
        return Round(outcome, None, promoted=False, open_corrections=waiting)
    at = _now()
    manifest = versions.write(
        outcome.lessons, outcome.weights, outcome.told(current.name, playbook.version, at)
    )
    if manifest.better:
        versions.promote(manifest.version, getpass.getuser(), at)
    return Round(outcome, manifest, promoted=manifest.better, open_corrections=waiting)


def roll_back(versions: Versions, name: str) -> None:
    """Use an earlier version, or `built-in`.

    Raises:
        VersionError: it cannot be used.
    """
    versions.promote(name, getpass.getuser(), _now())


def show_round(console: Console, done: Round, *, json_document: bool = False) -> None:
    """Both versions on what was held out, and what came of it."""
    if json_document:
        told = {
            **done.outcome.told("", "", _now()),
            "comparisons": [one.model_dump() for one in done.outcome.comparisons],
            "recorded": done.outcome.changes.model_dump(),
            "tried": done.outcome.tried.model_dump(),
            "version": done.written.version if done.written is not None else None,
            "promoted": done.promoted,
            "open_corrections": done.open_corrections,
        }
        for name in ("made_at", "parent", "playbook"):
            del told[name]
        console.out(json.dumps(told), highlight=False)
        return
    for comparison in done.outcome.comparisons:
        console.print(_table(comparison))
        console.print(Text(f"{comparison.head}: {comparison.why}."))
    for note in done.outcome.notes:
        console.print(Text(f"{note}."))
    changes = done.outcome.changes
    if changes.turns:
        console.print(
            f"Understood again: {changes.changed} of {changes.turns} recorded turns in {changes.calls} calls "
            "get another intent.",
            highlight=False,
        )
    tried = done.outcome.tried
    if tried != Tried() or any(one.better for one in done.outcome.comparisons):
        mark = "" if tried.holds else ": not promoted"
        console.print(Text(f"Calls run again with both: {tried.why}{mark}."))
    if tried.report is not None:
        console.print(Text(f"Turn by turn: /qa/reruns/{tried.report}"), soft_wrap=True)
    for one in done.outcome.left_out:
        console.print(Text(f"Correction {one.correction_id} teaches nothing: {one.code}."))
    if done.open_corrections:
        console.print(f"{done.open_corrections} corrections wait to be looked at: /qa/corrections")
    console.print(Text(_end(done)))


def _end(done: Round) -> str:
    if done.written is None:
        return "Nothing was written."
    if done.promoted:
        return f"{done.written.version} is promoted: servers take it up within seconds."
    return f"{done.written.version} is kept and not promoted."


def list_versions(console: Console, versions: Versions, *, json_lines: bool = False) -> None:
    """All versions, the newest first.

    Raises:
        VersionError: one cannot be read.
    """
    promoted = versions.promoted()
    if json_lines:
        for one in versions.manifests():
            line = {**one.model_dump(mode="json"), "promoted": one.version == promoted}
            console.out(json.dumps(line), highlight=False)
        return
    table = Table(box=None, header_style="bold")
    for title in ("version", "made", "parent", "corrections", "figures", "state"):
        table.add_column(title, no_wrap=title in {"version", "parent"})
    for one in versions.manifests():
        figures = "; ".join(f"{each.head} {_share(each.all)}" for each in one.comparisons)
        state = "promoted" if one.version == promoted else "" if one.better else "not better"
        made = f"{one.made_at:%Y-%m-%d %H:%M}"
        table.add_row(one.version, made, one.parent, str(len(one.items)), figures, state)
    table.add_row(BUILT_IN, "", "", "", "", "promoted" if promoted == BUILT_IN else "")
    console.print(table)


def _table(comparison: Comparison) -> Table:
    table = Table(title=comparison.head, title_justify="left", box=None, header_style="bold")
    for title in ("held out", "items", "current", "new", ""):
        table.add_column(title, justify="left" if title in {"held out", ""} else "right")
    changed = [group for group in comparison.groups if group.before != group.after]
    same = [group for group in comparison.groups if group.before == group.after]
    for group in (comparison.all, *(changed + same)[:MOST_GROUPS]):
        mark = "worse" if group.worse else ""
        table.add_row(
            group.name, str(group.items), _percent(group.before, group), _percent(group.after, group), mark
        )
    return table


def _percent(right: int, group: Group) -> str:
    return f"{100 * right / group.items:.1f} %"


def _share(group: Group) -> str:
    return f"{_percent(group.before, group)} → {_percent(group.after, group)}"


def _now() -> datetime:
    return datetime.now(UTC)
