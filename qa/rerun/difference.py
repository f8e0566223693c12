"""What is different when a call is run again: turn by turn, and whether it is better or worse. Pure.

How turns are paired: `qa.rerun.pairing`.
"""

from collections.abc import Mapping, Sequence
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from calls.events import CallEvent
from dialog.playbook import OUT_OF_SCOPE
from qa.rerun.answers import NOT_RECORDED, normal
from qa.rerun.pairing import paired
from qa.rerun.run import Rerun
from qa.rerun.views import CallView, TurnView, view
from qa.rerun.words import word_error, words_of

SLOWER_S = 0.3
"""Two runs' answers that differ by less are as quick as each other."""
SURER = 0.2
"""How much likelier a turn must have been understood as meant to be told."""
NOT_UNDERSTOOD = frozenset({"no_match", "doubt"})
ASKED_FOR = frozenset({"asked_for_person", "danger"})
"""Reasons for which a person must take over, whatever the assistant could have done."""


class Verdict(StrEnum):
    """What a difference means. Names never change meaning."""

    BETTER = "better"
    WORSE = "worse"
    CHANGED = "changed"
    """Different, and nobody can say from the record which is right."""
    SAME = "same"


class Change(BaseModel):
    """One thing that is different."""

    model_config = ConfigDict(frozen=True)

    aspect: str
    """`heard`, `understood`, `decided`, `did`, `said`, `escalated`, `latency` or `outcome`."""
    verdict: Verdict
    then: str = ""
    now: str = ""
    reason: str
    """In words."""


class TurnDifference(BaseModel):
    """A turn of then beside the one of today; None where there is none."""

    model_config = ConfigDict(frozen=True)

    then: TurnView | None
    now: TurnView | None
    changes: tuple[Change, ...] = ()
    verdict: Verdict = Verdict.SAME
    diverged: bool = False
    """Today's assistant asked for something that the record cannot answer."""
    truth: str | None = None
    """What was really said, where somebody has written it down."""
    word_error_then: float | None = None
    """Against `truth`; without it, None."""
    word_error_now: float | None = None
    """Against `truth`; without it, against what was heard then."""


class CallDifference(BaseModel):
    """One call of then beside its run of today."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    verdict: Verdict
    changes: tuple[Change, ...] = ()
    """Of the call as a whole."""
    turns: tuple[TurnDifference, ...]
    then: CallView
    now: CallView
    stood_in: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    gave_up: bool = False
    seconds: float = 0.0

    @property
    def counts(self) -> dict[str, int]:
        """How many turns are better, worse, changed, the same."""
        return {one.value: sum(turn.verdict is one for turn in self.turns) for one in Verdict}


class Known(BaseModel):
    """What people have said of a call since: the truth that the two are measured by."""

    model_config = ConfigDict(frozen=True)

    texts: Mapping[int, str] = {}
    """By turn of then: what was really said."""
    intents: Mapping[int, str] = {}
    """By turn of then: the intent or article that was meant, or `out_of_scope`."""
    needless: bool | None = None
    """Whether its transfer was needless."""
    missed: bool = False
    """A person was due, and nobody took over."""


UNKNOWN = Known()


def difference(
    events: Sequence[CallEvent], rerun: Rerun, known: Known = UNKNOWN, *, virtual: bool = False
) -> CallDifference:
    """The whole comparison. `virtual`: the events of then are of a run too, so that latencies are comparable."""
    then, now = view(events), view(rerun.events)
    turns = []
    for pair in paired(then.turns, now.turns, rerun.released):
        said = [known.texts[number] for number in pair.numbers if number in known.texts]
        intents = [known.intents[number] for number in pair.numbers if number in known.intents]
        truth, intent = " ".join(said) if said else None, intents[0] if intents else None
        turns.append(_turn(pair.then, pair.now, truth, intent, virtual=virtual))
    changes = _outcome(then, now, rerun, known)
    return CallDifference(
        call_id=rerun.call_id,
        verdict=_of_call(changes, turns),
        changes=tuple(changes),
        turns=tuple(turns),
        then=then,
        now=now,
        stood_in=rerun.stood_in,
        missing=rerun.missing,
        gave_up=rerun.gave_up,
        seconds=rerun.seconds,
    )


def _turn(
    then: TurnView | None, now: TurnView | None, truth: str | None, intent: str | None, *, virtual: bool
) -> TurnDifference:
    changes = _compared(then, now, truth, intent, virtual=virtual)
    reference = truth if truth is not None else (then.text if then is not None else None)
    spoken = now is not None and now.kind == "spoken"
    return TurnDifference(
        then=then,
        now=now,
        changes=tuple(changes),
        verdict=_overall(changes),
        diverged=now is not None and any(one.reason == NOT_RECORDED for one in now.actions),
        truth=truth,
        word_error_then=round(word_error(truth, then.text), 4)
        if truth is not None and then is not None
        else None,
        word_error_now=round(word_error(reference, now.text), 4) if spoken and now and reference else None,
    )


def _compared(
    then: TurnView | None, now: TurnView | None, truth: str | None, intent: str | None, *, virtual: bool
) -> list[Change]:
    if then is None and now is not None:
        what = "silence was waited out" if now.kind == "silent" else "something was taken for a turn"
        return [_change("heard", Verdict.CHANGED, "", now.text, f"{what} that was none then")]
    if then is not None and now is None:
        if then.kind == "silent":
            return [_change("heard", Verdict.CHANGED, "silence", "", "nobody had to wait for the caller")]
        return [_change("heard", Verdict.WORSE, then.text, "", "a turn of the caller's is lost")]
    if then is None or now is None:
        return []
    changes = [*_heard(then, now, truth)]
    if then.planned and now.planned:
        changes += [
            *_understood(then, now, intent),
            *_decided(then, now),
            *_did(then, now),
            *_escalated(then, now),
        ]
    if then.planned and not _say_the_same(then.said, now.said):
        reason = "we say something else"
        changes.append(_change("said", Verdict.CHANGED, " ".join(then.said), " ".join(now.said), reason))
    if virtual and then.answer_s is not None and now.answer_s is not None:
        changes += _latency(then.answer_s, now.answer_s)
    return changes


def _say_the_same(then: Sequence[str], now: Sequence[str]) -> bool:
    """Of who is cut short, one word more or less of the last sentence is no other sentence."""
    one, other = [words_of(text) for text in then], [words_of(text) for text in now]
    if len(one) != len(other) or not one:
        return words_of(" ".join(then)) == words_of(" ".join(now))
    least = min(len(one[-1]), len(other[-1]))
    return one[:-1] == other[:-1] and one[-1][:least] == other[-1][:least]


def _heard(then: TurnView, now: TurnView, truth: str | None) -> list[Change]:
    if words_of(then.text) == words_of(now.text):
        return []
    if truth is None:
        error = word_error(then.text, now.text)
        return [
            _change("heard", Verdict.CHANGED, then.text, now.text, f"{error:.0%} of the words are others")
        ]
    before, after = word_error(truth, then.text), word_error(truth, now.text)
    verdict = Verdict.BETTER if after < before else Verdict.WORSE if after > before else Verdict.CHANGED
    reason = f"word errors {before:.0%} then, {after:.0%} now"
    return [_change("heard", verdict, then.text, now.text, reason)]


def _understood(then: TurnView, now: TurnView, intent: str | None) -> list[Change]:
    changes = []
    if then.intent != now.intent:
        verdict, reason = Verdict.CHANGED, "another intent"
        if intent is not None:
            was, is_now = ((one.intent or OUT_OF_SCOPE) == intent for one in (then, now))
            verdict = Verdict.WORSE if was else Verdict.BETTER if is_now else Verdict.CHANGED
            reason = f"it was {intent}"
        changes.append(_change("understood", verdict, then.intent or "none", now.intent or "none", reason))
    before, after = then.repair in NOT_UNDERSTOOD, now.repair in NOT_UNDERSTOOD
    if before and not after:
        changes.append(_change("understood", Verdict.BETTER, then.repair, now.repair, "it is understood now"))
    elif after and not before:
        reason = "it is not understood any more"
        changes.append(_change("understood", Verdict.WORSE, then.repair, now.repair, reason))
    elif then.certainty is not None and now.certainty is not None:
        changes += _surer(then.certainty, now.certainty)
    return changes


def _surer(then: float, now: float) -> list[Change]:
    if abs(now - then) < SURER:
        return []
    reason = "surer than then" if now > then else "less sure than then"
    # Told and no more: where it makes a difference, something else is understood, decided or said.
    return [_change("understood", Verdict.SAME, f"sure {then:.2f}", f"sure {now:.2f}", reason)]


def _decided(then: TurnView, now: TurnView) -> list[Change]:
    before, after = _place(then), _place(now)
    if before == after:
        return []
    return [_change("decided", Verdict.CHANGED, before, after, "the dialog goes on elsewhere")]


def _place(turn: TurnView) -> str:
    where = ":".join(part for part in (turn.flow, turn.step) if part) or "no flow"
    return f"{where}, {turn.then}, expects {turn.expect}"


def _did(then: TurnView, now: TurnView) -> list[Change]:
    before = {normal(one.action, one.arguments): one for one in then.actions}  # type: ignore[arg-type]
    after = {normal(one.action, one.arguments): one for one in now.actions}  # type: ignore[arg-type]
    changes = []
    for key, one in after.items():
        if key not in before:
            unknown = one.reason == NOT_RECORDED
            reason = "asked for, and the record has no answer" if unknown else "done only now"
            verdict = Verdict.WORSE if unknown else Verdict.CHANGED
            changes.append(_change("did", verdict, "", f"{one.action}: {one.outcome}", reason))
        elif one.outcome != before[key].outcome:
            verdict = Verdict.BETTER if one.outcome == "done" else Verdict.WORSE
            was, is_now = before[key].outcome, one.outcome
            changes.append(
                _change("did", verdict, f"{one.action}: {was}", f"{one.action}: {is_now}", "another outcome")
            )
    for key, one in before.items():
        if key not in after:
            verdict = Verdict.WORSE if one.outcome == "done" else Verdict.CHANGED
            changes.append(_change("did", verdict, f"{one.action}: {one.outcome}", "", "not done any more"))
    return changes


def _escalated(then: TurnView, now: TurnView) -> list[Change]:
    if then.hand_over != now.hand_over:
        reason = "handed over elsewhere in the call"
        return [_change("escalated", Verdict.CHANGED, then.hand_over or "no", now.hand_over or "no", reason)]
    if then.escalation is None or now.escalation is None or then.escalation == now.escalation:
        return []
    return [_change("escalated", Verdict.CHANGED, then.escalation, now.escalation, "another level")]


def _latency(then_s: float, now_s: float) -> list[Change]:
    if abs(now_s - then_s) < SLOWER_S:
        return []
    verdict = Verdict.WORSE if now_s > then_s else Verdict.BETTER
    return [_change("latency", verdict, f"{then_s:.2f} s", f"{now_s:.2f} s", "time to the answer")]


def _outcome(then: CallView, now: CallView, rerun: Rerun, known: Known) -> list[Change]:
    """Of the call as a whole."""
    changes = []
    if rerun.gave_up:
        changes.append(_change("outcome", Verdict.WORSE, "", "", "the call comes to no end"))
    if any(turn.planned for turn in then.turns) and then.transfer != now.transfer:
        changes.append(_transfer(then.transfer, now.transfer, known))
    before, after = (
        sum(turn.repair in NOT_UNDERSTOOD for turn in side.turns if turn.planned) for side in (then, now)
    )
    if any(turn.planned for turn in then.turns) and before != after:
        verdict = Verdict.WORSE if after > before else Verdict.BETTER
        changes.append(_change("outcome", verdict, str(before), str(after), "turns that were not understood"))
    lost = _done(then) - _done(now)
    if lost:
        changes.append(_change("outcome", Verdict.WORSE, ", ".join(sorted(lost)), "", "not done any more"))
    gained = _done(now) - _done(then)
    if gained:
        changes.append(_change("outcome", Verdict.CHANGED, "", ", ".join(sorted(gained)), "done only now"))
    return changes


def _transfer(then: str | None, now: str | None, known: Known) -> Change:
    verdict, reason = Verdict.CHANGED, "handed over for another reason"
    if now is None:
        verdict, reason = Verdict.CHANGED, "not handed over any more"
        if known.needless:
            verdict, reason = Verdict.BETTER, "not handed over any more, which was needless"
        elif then in ASKED_FOR:
            verdict, reason = Verdict.WORSE, "not handed over, though a person had to take over"
    elif then is None:
        verdict, reason = Verdict.WORSE, "handed over now"
        if known.missed:
            verdict, reason = Verdict.BETTER, "handed over now, and a person was due"
        elif now in ASKED_FOR:
            verdict = Verdict.CHANGED
    return _change("outcome", verdict, then or "no", now or "no", reason)


def _done(call: CallView) -> set[str]:
    return {one.action for turn in call.turns for one in turn.actions if one.outcome == "done"}


def _overall(changes: Sequence[Change]) -> Verdict:
    verdicts = {change.verdict for change in changes} - {Verdict.SAME}
    if Verdict.BETTER in verdicts and Verdict.WORSE not in verdicts:
        return Verdict.BETTER
    if Verdict.WORSE in verdicts and Verdict.BETTER not in verdicts:
        return Verdict.WORSE
    return Verdict.CHANGED if verdicts else Verdict.SAME


def _of_call(changes: Sequence[Change], turns: Sequence[TurnDifference]) -> Verdict:
    """What the call came to counts before its turns; these decide by their number."""
    whole = _overall(changes)
    if whole in {Verdict.BETTER, Verdict.WORSE}:
        return whole
    better = sum(turn.verdict is Verdict.BETTER for turn in turns)
    worse = sum(turn.verdict is Verdict.WORSE for turn in turns)
    if better != worse:
        return Verdict.BETTER if better > worse else Verdict.WORSE
    same = whole is Verdict.SAME and all(turn.verdict is Verdict.SAME for turn in turns)
    return Verdict.SAME if same else Verdict.CHANGED


def _change(aspect: str, verdict: Verdict, then: str, now: str, reason: str) -> Change:
    return Change(aspect=aspect, verdict=verdict, then=then, now=now, reason=reason)
