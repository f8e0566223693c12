"""What was tried in the company's systems, what came of it, and why it failed."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from actions.spec import ActionSpec
from actions.types import Failure
from dialog.playbook import Playbook
from handoff.briefing.log import Acted, Log
from handoff.briefing.types import Fact, Outcome, Part
from handoff.briefing.values import Told, fill, from_caller, plain, sentence

WHY: dict[str, str] = {
    Failure.NOT_FOUND: "nothing was found",
    Failure.REFUSED: "the system refused",
    Failure.INVALID: "it was asked wrongly",
    Failure.FORBIDDEN: "it was not allowed",
    Failure.LIMIT: "it is above my limit",
    Failure.TIMED_OUT: "the system did not answer",
    Failure.UNAVAILABLE: "the system is down",
    Failure.BROKEN: "the system is broken",
    Failure.FORGOTTEN: "what it needs was not kept",
}
TIMES = {2: "twice", 3: "three times"}


@dataclass(frozen=True)
class Attempt:
    """One thing that was tried, once or again and again with the same outcome."""

    action: str
    outcome: Outcome
    failure: str | None
    reason: str | None
    told: Told
    """What was done, or what did not work."""
    events: tuple[int, ...]
    times: int = 1
    superseded: bool = False
    """It worked later."""
    reads: bool = True
    checks: bool = False
    """It is a check of who calls."""


def tried(log: Log, playbook: Playbook) -> tuple[Fact, ...]:
    """One fact for each thing, in the order in which they were first tried."""
    return tuple(_fact(one) for one in attempts(log, playbook))


def attempts(log: Log, playbook: Playbook) -> list[Attempt]:
    """What was tried, those alike told as one."""
    found: list[Attempt] = []
    for acted in log.acted:
        one = _attempt(acted, playbook.actions.get(acted.name))
        same = next((i for i, other in enumerate(found) if _alike(one, other)), None)
        if same is None:
            found.append(one)
        else:
            found[same] = _again(found[same], one)
    return [_with_later(one, found[index + 1 :]) for index, one in enumerate(found)]


def _attempt(acted: Acted, spec: ActionSpec | None) -> Attempt:
    failure = acted.failed.body.failure if acted.failed is not None else None
    if acted.done is not None:
        outcome = Outcome.DONE
    else:
        outcome = Outcome.UNKNOWN if failure in {None, Failure.UNKNOWN} else Outcome.FAILED
    return Attempt(
        action=acted.name,
        outcome=outcome,
        failure=failure,
        reason=acted.failed.body.reason if acted.failed is not None else None,
        told=_told(acted, spec, outcome),
        events=acted.events,
        reads=spec is None or spec.reads,
        checks=spec is not None and spec.grants is not None,
    )


def _told(acted: Acted, spec: ActionSpec | None, outcome: Outcome) -> Told:
    """In the playbook's words, or by the action's name."""
    named = acted.name.rpartition(".")[2].replace("_", " ")
    words = f"did “{named}”" if outcome is Outcome.DONE else f"“{named}”"
    known = spec.briefing if spec is not None else None
    if known is None:
        return Told(words, words)
    results = acted.done.body.data if acted.done is not None else {}
    values = {name: from_caller(value) for name, value in acted.asked.body.arguments.items()}
    values |= {name: plain(value) for name, value in results.items()}
    return fill(known.done if outcome is Outcome.DONE else known.failed, values) or Told(words, words)


def _alike(one: Attempt, other: Attempt) -> bool:
    mine = (one.action, one.outcome, one.failure, one.reason, one.told)
    return mine == (other.action, other.outcome, other.failure, other.reason, other.told)


def _again(before: Attempt, now: Attempt) -> Attempt:
    return replace(before, events=(*before.events, *now.events), times=before.times + 1)


def _with_later(one: Attempt, later: Iterable[Attempt]) -> Attempt:
    worked = [other for other in later if other.action == one.action and other.outcome is Outcome.DONE]
    if one.outcome is Outcome.DONE or not worked:
        return one
    return replace(one, events=(*one.events, *worked[0].events), superseded=True)


def _fact(one: Attempt) -> Fact:
    match one.outcome:
        case Outcome.DONE:
            text, said = sentence(one.told.text), one.told.said
        case Outcome.UNKNOWN:
            text, said = (sentence(f"{told}: nobody knows whether it worked") for told in _both(one.told))
        case Outcome.FAILED:
            text, said = (sentence(f"{told} failed{_times(one)}: {why(one)}") for told in _both(one.told))
    return Fact(
        part=Part.TRIED,
        text=text,
        said=said,
        events=one.events,
        outcome=one.outcome,
        silent=one.superseded or one.checks,
    )


def why(one: Attempt) -> str:
    """Why it failed."""
    known = WHY.get(one.failure or "", "something went wrong")
    return f"{known}, {one.reason.replace('_', ' ')}" if one.reason else known


def _times(one: Attempt) -> str:
    return f" {TIMES.get(one.times, f'{one.times} times')}" if one.times > 1 else ""


def _both(told: Told) -> tuple[str, str]:
    return told.text, told.said
