"""One call as metrics read it: a flat row, made from the document that `qa_facts` keeps.

The document was validated when it was written. Reading thousands of them for a page must not cost a validation each.
"""

from array import array
from collections.abc import Mapping
from datetime import datetime
from math import nan
from typing import Any, NamedTuple, TypeAlias

from qa.facts.types import CallOutcome

Seconds: TypeAlias = "array[float]"
"""Bare numbers: thousands of calls are joined into one column without a look at each answer."""


class TransferRow(NamedTuple):
    """One transfer. Seconds; not a number where no event has told."""

    queue: str
    reason: str
    kind: str
    outcome: str
    """Empty where the log ends before the transfer did."""
    wait_s: float
    talk_s: float
    rung: int
    declined: int
    briefing_s: float


class CallRow(NamedTuple):
    """One call. Times are seconds since the epoch, numbers that no event has told are not a number, names empty."""

    call_id: str
    started: float
    ended: float
    duration_s: float
    outcome: str
    caller: str
    customer: str
    intent: str
    playbook: str
    queue: str
    useful: bool
    confirmed: bool
    turns: int
    no_match: int
    interruptions: int
    wait_s: float
    talk_s: float
    wrap_up_s: float
    briefing_s: float
    speech_s: float
    asked_assistant: bool
    csat_assistant: float
    asked_agent: bool
    csat_agent: float
    disposition: str
    needless: float
    """1 or 0, by an agent."""
    language_model_asked: int
    language_model_untold: int
    tokens_in: int
    tokens_out: int
    score: float
    auto_fail: bool
    answers_s: Seconds
    stages_s: Mapping[str, Seconds]
    transfers: tuple[TransferRow, ...]


def row_of(document: Mapping[str, Any]) -> CallRow:
    """The row of one call's facts, as JSON has them."""
    transfers = tuple(_transfer(one) for one in document.get("each_transfer", ()))
    needless = document.get("needless")
    return CallRow(
        call_id=document["call_id"],
        started=datetime.fromisoformat(document["started_at"]).timestamp(),
        ended=_time(document.get("ended_at")),
        duration_s=_number(document, "duration_s"),
        outcome=document.get("outcome", CallOutcome.OPEN.value),
        caller=document.get("caller") or "",
        customer=document.get("customer") or "",
        intent=document.get("intent") or "",
        playbook=document.get("playbook") or "",
        queue=document.get("queue") or "",
        useful=bool(document.get("actions") or document.get("sources")),
        confirmed=bool(document.get("confirmed")),
        turns=document.get("turns", 0),
        no_match=document.get("no_match", 0),
        interruptions=document.get("interruptions", 0),
        wait_s=document.get("wait_s", 0.0),
        talk_s=document.get("human_talk_s", 0.0),
        wrap_up_s=_number(document, "wrap_up_s"),
        briefing_s=sum(one.briefing_s for one in transfers if one.briefing_s == one.briefing_s),
        speech_s=_number(document, "speech_s"),
        asked_assistant=bool(document.get("asked_assistant")),
        csat_assistant=_number(document, "csat_assistant"),
        asked_agent=bool(document.get("asked_agent")),
        csat_agent=_number(document, "csat_agent"),
        disposition=document.get("disposition") or "",
        needless=nan if needless is None else float(needless),
        language_model_asked=document.get("language_model_asked", 0),
        language_model_untold=document.get("language_model_untold", 0),
        tokens_in=document.get("tokens_in", 0),
        tokens_out=document.get("tokens_out", 0),
        score=_number(document, "score"),
        auto_fail=bool(document.get("auto_fail")),
        answers_s=array("d", document.get("answers_s", ())),
        stages_s={name: array("d", seconds) for name, seconds in document.get("stages_s", {}).items()},
        transfers=transfers,
    )


def _transfer(document: Mapping[str, Any]) -> TransferRow:
    return TransferRow(
        queue=document["queue"],
        reason=document["reason"],
        kind=document["kind"],
        outcome=document.get("outcome") or "",
        wait_s=_number(document, "wait_s"),
        talk_s=_number(document, "talk_s"),
        rung=document.get("rung", 0),
        declined=document.get("declined", 0),
        briefing_s=_number(document, "briefing_s"),
    )


def _number(document: Mapping[str, Any], name: str) -> float:
    value = document.get(name)
    return nan if value is None else float(value)


def _time(text: str | None) -> float:
    return nan if text is None else datetime.fromisoformat(text).timestamp()
