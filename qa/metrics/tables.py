"""Many calls as columns, so that a metric is a line of arithmetic and ten thousand calls cost milliseconds."""

from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self, TypeVar

import numpy as np
from numpy.typing import NDArray

from qa.metrics.repeats import returns
from qa.metrics.rows import CallRow, Seconds, TransferRow

Numbers = NDArray[np.float64]
Flags = NDArray[np.bool_]
Names = NDArray[np.object_]
Places = NDArray[np.intp]


class Columns:
    """Base of tables: arrays of one length, which can be narrowed together."""

    def where(self, wanted: Flags | Places) -> Self:
        """The rows that are wanted."""
        kept = {one.name: getattr(self, one.name)[wanted] for one in fields(self)}  # type: ignore[arg-type]
        return type(self)(**kept)


@dataclass(frozen=True)
class Calls(Columns):
    """Columns as in `CallRow`."""

    call_id: Names
    started: Numbers
    ended: Numbers
    duration_s: Numbers
    outcome: Names
    intent: Names
    playbook: Names
    queue: Names
    useful: Flags
    confirmed: Flags
    turns: Numbers
    no_match: Numbers
    interruptions: Numbers
    wait_s: Numbers
    talk_s: Numbers
    wrap_up_s: Numbers
    briefing_s: Numbers
    speech_s: Numbers
    asked_assistant: Flags
    csat_assistant: Numbers
    asked_agent: Flags
    csat_agent: Numbers
    disposition: Names
    needless: Numbers
    language_model_asked: Numbers
    language_model_untold: Numbers
    tokens_in: Numbers
    tokens_out: Numbers
    score: Numbers
    auto_fail: Flags
    next_s: Numbers
    """Until the same person called again about the same: infinite where they have not, not a number where nobody can
    tell who called or about what."""
    last_s: Numbers
    """Since the same person had called about the same before."""

    def __len__(self) -> int:
        return len(self.call_id)


@dataclass(frozen=True)
class Transfers(Columns):
    """Columns as in `TransferRow`, and the place of the call in its table."""

    call: Places
    queue: Names
    reason: Names
    kind: Names
    outcome: Names
    wait_s: Numbers
    rung: Numbers
    declined: Numbers
    briefing_s: Numbers

    def __len__(self) -> int:
        return len(self.call)


@dataclass(frozen=True)
class Answers(Columns):
    """Answers of the assistant, or one stage of them."""

    call: Places
    seconds: Numbers

    def __len__(self) -> int:
        return len(self.call)


Hanging = TypeVar("Hanging", Transfers, Answers)


@dataclass(frozen=True)
class Tables:
    """Calls with all that hangs on them."""

    calls: Calls
    transfers: Transfers
    answers: Answers
    stages: dict[str, Answers]

    def where(self, wanted: Flags) -> "Tables":
        """The calls that are wanted, with what hangs on them."""
        moved = np.cumsum(wanted) - 1
        return Tables(
            self.calls.where(wanted),
            _followed(self.transfers, wanted, moved),
            _followed(self.answers, wanted, moved),
            {name: _followed(stage, wanted, moved) for name, stage in self.stages.items()},
        )


KINDS: dict[Any, tuple[str, ...]] = {
    np.float64: (
        *("started", "ended", "duration_s", "wait_s", "talk_s", "wrap_up_s", "briefing_s", "speech_s"),
        *("turns", "no_match", "interruptions", "csat_assistant", "csat_agent", "needless", "score"),
        *("language_model_asked", "language_model_untold", "tokens_in", "tokens_out"),
    ),
    np.bool_: ("useful", "confirmed", "asked_assistant", "asked_agent", "auto_fail"),
    np.object_: ("call_id", "outcome", "intent", "playbook", "queue", "disposition"),
}
TRANSFER_KINDS: dict[Any, tuple[str, ...]] = {
    np.float64: ("wait_s", "rung", "declined", "briefing_s"),
    np.object_: ("queue", "reason", "kind", "outcome"),
}
NONE: Seconds = array("d")


def tables_of(rows: Sequence[CallRow]) -> Tables:
    """The tables of some calls, in the order of time. Who called again is looked for among these calls."""
    rows = sorted(rows, key=lambda row: (row.started, row.call_id))
    columns = dict(zip(CallRow._fields, zip(*rows, strict=True), strict=True)) if rows else {}
    next_s, last_s = returns(rows)
    calls = Calls(**_arrays(columns, KINDS), next_s=next_s, last_s=last_s)
    stages = sorted({name for row in rows for name in row.stages_s})
    return Tables(
        calls,
        _transfers(rows),
        _answers([row.answers_s for row in rows]),
        {name: _answers([row.stages_s.get(name, NONE) for row in rows]) for name in stages},
    )


def _transfers(rows: Sequence[CallRow]) -> Transfers:
    found = [(place, *one) for place, row in enumerate(rows) for one in row.transfers]
    names = ("call", *TransferRow._fields)
    columns = dict(zip(names, zip(*found, strict=True), strict=True)) if found else {}
    return Transfers(
        call=np.array(columns.get("call", ()), dtype=np.intp), **_arrays(columns, TRANSFER_KINDS)
    )


def _arrays(columns: Mapping[str, Sequence[Any]], kinds: Mapping[Any, Sequence[str]]) -> dict[str, Any]:
    return {
        name: np.array(columns.get(name, ()), dtype=kind) for kind, names in kinds.items() for name in names
    }


def _answers(seconds: Sequence[Seconds]) -> Answers:
    calls = np.repeat(np.arange(len(seconds), dtype=np.intp), [len(one) for one in seconds])
    return Answers(calls, np.frombuffer(b"".join(seconds), dtype=np.float64))


def _followed(table: Hanging, wanted: Flags, moved: Places) -> Hanging:
    """What hangs on the calls that are wanted, with their new places."""
    kept = table.where(wanted[table.call])
    return replace(kept, call=moved[kept.call])
