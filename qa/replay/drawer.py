"""All that the assistant knew and decided in a turn, in words. Pure."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    EscalationJudged,
    ModelAsked,
    TurnAnswered,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from calls.words import readable
from handoff.desk.words import DeskWords
from handoff.escalation.reasons import WORDS, Reason
from handoff.escalation.words import PHRASES
from qa.replay.curves import STAGES
from qa.replay.difference import Change, changes, masked, spoken
from qa.replay.turns import ReplayTurn
from qa.replay.values import Shown

MOMENTS = {
    "opened": "The call began",
    "hearing": "The caller had spoken",
    "silence": "The caller said nothing",
    "waiting": "An action took long",
    "done": "An action's answer came",
    "resumed": "The call went on after a break",
    "handed_back": "The caller came back from a hand-over",
    "escalated": "A person should take over",
}
NEXTS = {
    "listen": "listen",
    "await_actions": "wait for the action's answer",
    "hang_up": "hang up",
    "hand_over": "hand over",
}
EXPECTED = {
    "open": "anything",
    "yes_no": "yes or no",
    "digits": "digits",
    "spelled": "something spelled",
    "choice": "one of a few words",
    "nothing": "nothing",
}
PROPOSALS = {
    "proposed": "a language model has proposed it; the flows have decided",
    "slow": "a language model was asked and was too slow",
    "wrong": "a language model was asked, and its proposal was out of bounds",
    "nothing": "a language model was asked, and proposed nothing that may be used",
    "absent": "a language model was asked and could not be reached",
    "refused": "a language model was asked, and it or its server declined",
}
SIGNS = {
    **PHRASES,
    "same_slot": "the same asked again",
    "confidence": "not heard or understood surely",
    "sentiment": "mood",
    "prior_contact": "called within the last week",
}
"""Escalation signals, in words."""


class Fact(Shown):
    """One thing that was known or decided."""

    term: str
    text: str
    low: bool = False
    """It is a reason to doubt."""


class ActionShown(Shown):
    """One action: what was asked, and what was answered."""

    action: str
    key: str
    """In the ledger: the same key is never done twice."""
    sign: str
    result: str
    request: tuple[Fact, ...]
    answer: tuple[Fact, ...] = ()


class Decided(Shown):
    """One decision."""

    seq: int
    moment: str
    why: str
    """The rule, in the dialog's own words."""
    facts: tuple[Fact, ...]
    changes: tuple[Change, ...]


class Drawer(Shown):
    """One turn. Seconds in the recording."""

    seq: int
    title: str
    start_s: float | None
    end_s: float | None
    heard: tuple[Fact, ...]
    decisions: tuple[Decided, ...]
    actions: tuple[ActionShown, ...]
    said: tuple[Fact, ...]
    timing: tuple[Fact, ...]
    judged: tuple[Fact, ...]
    versions: tuple[Fact, ...]


def drawer_of(
    turn: ReplayTurn, states: Mapping[int, Mapping[str, Any]], names: DeskWords, versions: Sequence[Fact]
) -> Drawer:
    """What is known of one turn. `states` are those before each `turn.planned`, by its number (`states_before`)."""
    begun = turn.events[0].body
    return Drawer(
        seq=turn.seq,
        title=turn.title,
        start_s=getattr(begun, "start_s", getattr(begun, "at_s", None)),
        end_s=getattr(begun, "end_s", None),
        heard=tuple(_heard(begun)),
        decisions=tuple(_decisions(turn, states, names)),
        actions=tuple(_actions(turn, names)),
        said=tuple(_said(turn)),
        timing=tuple(_timing(turn)),
        judged=tuple(fact for body in turn.bodies(EscalationJudged) for fact in _judged(body)),
        versions=tuple(versions),
    )


def states_before(events: Iterable[CallEvent]) -> dict[int, Mapping[str, Any]]:
    """The dialog's state before each `turn.planned`, by the event's number."""
    found: dict[int, Mapping[str, Any]] = {}
    last: Mapping[str, Any] = {}
    for event in events:
        if isinstance(event.body, TurnPlanned):
            found[event.seq] = last
            last = event.body.state
    return found


def _heard(body: object) -> list[Fact]:
    match body:
        case TurnHeard():
            facts = [
                Fact(term="Text", text=f"“{body.text}”" if body.text else "not understood"),
                Fact(
                    term="Confidence",
                    text=f"{body.confidence:.0%}" + (", unsure" if body.unsure else ""),
                    low=body.unsure,
                ),
                Fact(term="Language", text=body.language),
            ]
            if body.alternatives:
                others = "; ".join(f"“{one}”" for one in body.alternatives)
                facts.append(Fact(term="It may have been", text=others))
            if body.heard_of_us is not None:
                facts.append(
                    Fact(term="Cut in after", text=f"“{body.heard_of_us}”" if body.heard_of_us else "nothing")
                )
            facts += [
                Fact(term=f"Voice: {readable(name)}", text=f"{value:+.1f} of the caller's own spread")
                for name, value in body.prosody.items()
            ]
            return facts
        case TurnKeyed():
            return [Fact(term="Keys", text=body.digits)]
        case TurnSilent():
            return [Fact(term="Silence", text="for as long as we waited", low=True)]
    return []


def _decisions(
    turn: ReplayTurn, states: Mapping[int, Mapping[str, Any]], names: DeskWords
) -> Iterator[Decided]:
    """Each decision; what a language model took for the turn stands with the first."""
    tokens = _tokens(tuple(turn.bodies(ModelAsked)))
    for event in turn.events:
        if isinstance(event.body, TurnPlanned):
            decided = _decided(event.seq, event.body, states.get(event.seq, {}), names)
            yield decided.model_copy(update={"facts": (*decided.facts, *tokens)})
            tokens = ()


def _tokens(asked: Sequence[ModelAsked]) -> tuple[Fact, ...]:
    """What the askings of one turn took, as far as their provider has told."""
    if not asked:
        return ()
    told = [one for one in asked if one.tokens_in is not None and one.tokens_out is not None]
    often = f"asked {len(asked)} times; " if len(asked) > 1 else ""
    taken = (
        f"{sum(one.tokens_in or 0 for one in told):,} read, {sum(one.tokens_out or 0 for one in told):,} written"
        if told
        else "not known"
    )
    missing = f"; of {len(asked) - len(told)} not known" if told and len(told) < len(asked) else ""
    by = ", ".join(sorted({one.model for one in asked if one.model}))
    return (Fact(term="Tokens", text=f"{often}{taken}{missing}" + (f" ({by})" if by else "")),)


def _decided(seq: int, body: TurnPlanned, before: Mapping[str, Any], names: DeskWords) -> Decided:
    return Decided(
        seq=seq,
        moment=MOMENTS.get(body.moment, readable(body.moment)),
        why=body.why,
        facts=(*_understood(body, names), *_rested(body, names), *_next(body, names)),
        changes=changes(masked(before, names.secret), masked(body.state, names.secret)),
    )


def _understood(body: TurnPlanned, names: DeskWords) -> list[Fact]:
    facts = []
    if body.intent is not None:
        facts.append(Fact(term="Intent", text=f"{names.intent(body.intent)}, {body.confidence:.0%}"))
    elif body.moment == "hearing":
        facts.append(Fact(term="Intent", text="none"))
    others = [f"{names.intent(name)} {score:.0%}" for name, score in body.alternatives if name != body.intent]
    if others:
        facts.append(Fact(term="Other intents", text=", ".join(others)))
    if body.more:
        facts.append(Fact(term="In the same breath", text=", ".join(map(names.intent, body.more))))
    facts += [
        Fact(term=f"Entity: {readable(name)}", text=value)
        for name, value in masked(body.entities, names.secret).items()
    ]
    if body.certainty is not None:
        facts.append(
            Fact(term="Certainty", text=f"{body.certainty:.0%} that this was meant", low=body.certainty < 0.6)
        )
    if body.repair != "none":
        facts.append(Fact(term="Repair", text=readable(body.repair), low=True))
    if body.moment == "hearing":
        facts.append(Fact(term="Sentiment", text=f"{body.sentiment:+.2f}; mood {body.mood:+.2f}"))
    if body.dissatisfaction is not None:
        facts.append(
            Fact(term="Dissatisfied", text=f"{body.dissatisfaction:.0%}", low=body.dissatisfaction >= 0.5)
        )
    return facts


def _rested(body: TurnPlanned, names: DeskWords) -> list[Fact]:
    """What the answer rests on."""
    facts = []
    if body.sources:
        facts.append(Fact(term="Articles", text=", ".join(map(names.intent, body.sources))))
    if body.unanswered is not None:
        nearest = ""
        if body.nearest is not None:
            score = f", {body.nearest_score:.0%}" if body.nearest_score is not None else ""
            nearest = f"; nearest is {names.intent(body.nearest)}{score}"
        facts.append(Fact(term="No article answers", text=f"“{body.unanswered}”{nearest}", low=True))
    asked = "no" if body.proposed is None else PROPOSALS.get(body.proposed, readable(body.proposed))
    facts.append(Fact(term="Language model", text="not asked" if asked == "no" else asked))
    return facts


def _next(body: TurnPlanned, names: DeskWords) -> list[Fact]:
    facts = [Fact(term="To say", text=" ".join(body.say))] if body.say else []
    facts.append(Fact(term="Then", text=NEXTS.get(body.then, readable(body.then))))
    facts.append(Fact(term="Expects", text=EXPECTED.get(body.expect, readable(body.expect))))
    if body.hand_over is not None:
        why = f": {_reason(body.reason)}" if body.reason else ""
        facts.append(Fact(term="Hands over to", text=f"{names.queue(body.hand_over).name}{why}"))
    return facts


def _actions(turn: ReplayTurn, names: DeskWords) -> list[ActionShown]:
    found: dict[str, ActionShown] = {}
    for event in turn.events:
        match event.body:
            case ActionRequested() as body:
                found[body.key] = ActionShown(
                    action=readable(body.action),
                    key=body.key,
                    sign="…",
                    result="no answer is in the record",
                    request=_fields(body.arguments, names),
                )
            case ActionDone() | ActionFailed() as body:
                asked = found.get(body.key)
                request = asked.request if asked is not None else ()
                found[body.key] = _answered(body, request, names)
    return list(found.values())


def _answered(body: ActionDone | ActionFailed, request: tuple[Fact, ...], names: DeskWords) -> ActionShown:
    if isinstance(body, ActionDone):
        sign, result, answer = "✔", f"done in {body.duration_s:.2f} s", _fields(body.data, names)
    else:
        why = f" ({readable(body.reason)})" if body.reason else ""
        sign, result, answer = "✖", f"{readable(body.failure)}{why} after {body.duration_s:.2f} s", ()
    return ActionShown(
        action=readable(body.action), key=body.key, sign=sign, result=result, request=request, answer=answer
    )


def _fields(values: Mapping[str, Any], names: DeskWords) -> tuple[Fact, ...]:
    shown = masked(values, names.secret)
    return tuple(Fact(term=readable(name), text=spoken(value)) for name, value in shown.items())


def _said(turn: ReplayTurn) -> list[Fact]:
    facts = []
    for body in turn.bodies(TurnSaid):
        facts.append(Fact(term="Said", text=f"“{body.text}”"))
        if body.heard != body.text:
            how = "cut off" if body.interrupted else "not all played"
            heard = f"“{body.heard}”" if body.heard else "nothing"
            facts.append(Fact(term="Heard of it", text=f"{heard} ({how})", low=True))
    return facts


def _timing(turn: ReplayTurn) -> list[Fact]:
    facts = []
    for body in turn.bodies(TurnAnswered):
        facts.append(Fact(term="Answer", text=f"{body.total_s:.2f} s after the caller's last sound"))
        facts += [
            Fact(term=STAGES.get(name, readable(name)).capitalize(), text=f"{seconds:.3f} s")
            for name, seconds in body.parts.items()
        ]
    return facts


def _judged(body: EscalationJudged) -> list[Fact]:
    facts = [
        Fact(
            term="Level",
            text=f"{readable(body.level)}, risk {body.risk:.0%}",
            low=body.level != "normal",
        )
    ]
    if body.words or body.reasons:
        facts.append(Fact(term="Because", text=body.words or ", ".join(map(_reason, body.reasons))))
    facts += [
        Fact(term=f"Signal: {SIGNS.get(name, readable(name))}", text=f"{value:.2f}")
        for name, value in sorted(body.signals.items(), key=lambda one: -one[1])
        if value
    ]
    if body.weights:
        facts.append(Fact(term="Weights", text=body.weights))
    return facts


def _reason(code: str | None) -> str:
    return WORDS.get(Reason(code), readable(code)) if code in set(Reason) else readable(code or "")
