"""What the human was told before they took the call is borne out by its log, and nothing that was tried is left out."""

from collections.abc import Iterator
from dataclasses import dataclass

from calls.events import CallEvent, TransferBriefed, TransferRequested
from handoff.briefing.briefer import Briefer
from handoff.briefing.proof import Code, problems_of
from handoff.briefing.types import Briefing, Fact, Part
from qa.scorecards.finding import Evidence, Finding, Grade, not_applicable
from qa.scorecards.reading import At, Call

NOT_IN_THE_LOG = "is not in the log"
SECRET = "holds what must not be passed on"  # noqa: S105 - a sentence
LEFT_OUT = "leaves out what was tried"


@dataclass(frozen=True)
class _Fault:
    seq: int
    words: str


def briefing_true(call: Call) -> Finding:
    """By `handoff.briefing.proof`: the events that a fact cites must lead to exactly its words."""
    briefed = {one.body.facts: one for one in call.of(TransferBriefed) if one.body.facts}
    if not briefed:
        return not_applicable("Nobody was briefed.")
    if call.facts.playbook != call.playbook.version:
        return not_applicable(
            "The briefing was made with another playbook, so that its words cannot be proven."
        )
    faults = [fault for one in briefed.values() for fault in _faults(call, one)]
    evidence = tuple(Evidence(seq=one.seq, words=one.words) for one in faults)
    if not faults:
        told = tuple(Evidence(seq=one.seq, words=f"{len(one.body.facts)} facts") for one in briefed.values())
        return Finding(Grade.YES, "Every fact of the briefing is borne out by the log.", told)
    if all(one.words.endswith(LEFT_OUT) for one in faults):
        return Finding(Grade.PARTLY, "The briefing leaves something out.", evidence)
    return Finding(
        Grade.NO, "The briefing says what the log does not bear out, or must not be passed on.", evidence
    )


def _faults(call: Call, told: At[TransferBriefed]) -> Iterator[_Fault]:
    briefer = Briefer(call.playbook)
    known = [event for event in call.events if event.seq < told.seq]
    by_seq = {event.seq: event for event in known}
    proven: list[Fact] = []
    for fact in told.body.facts:
        cited = [by_seq[seq] for seq in fact.events if seq in by_seq]
        found = _facts(briefer, cited) if len(cited) == len(fact.events) else ()
        same = next((one for one in found if (one.part, one.text) == (fact.part, fact.text)), None)
        if same is None:
            yield _Fault(told.seq, f"what it says of {fact.part} {NOT_IN_THE_LOG}")
        else:
            proven.append(same)
    for problem in problems_of(_briefing(call, proven), known, call.playbook, lambda _: tuple(proven)):
        if problem.code is Code.SECRET:
            yield _Fault(told.seq, f"what it says of {problem.part} {SECRET}")
    if _left_out(call, briefer, told):
        yield _Fault(told.seq, f"the briefing {LEFT_OUT}")


def _briefing(call: Call, facts: list[Fact]) -> Briefing:
    return Briefing(call_id=call.facts.call_id, upto=0, facts=tuple(facts), category="other", first_line="")


def _left_out(call: Call, briefer: Briefer, told: At[TransferBriefed]) -> bool:
    """Whether something had been tried by the time the transfer was requested that is not told of."""
    requested = [
        one.seq for one in call.of(TransferRequested) if one.body.transfer_id == told.body.transfer_id
    ]
    if not requested:
        return False
    texts = {fact.text for fact in told.body.facts}
    until = [event for event in call.events if event.seq <= requested[-1]]
    return any(fact.text not in texts for fact in _facts(briefer, until) if fact.part is Part.TRIED)


def _facts(briefer: Briefer, events: list[CallEvent]) -> tuple[Fact, ...]:
    return briefer.build(events).facts if events else ()
