"""What the human might do or say first: one suggestion, by the first rule that fits."""

from collections.abc import Sequence

from actions.types import Failure
from dialog.playbook import Playbook
from handoff.briefing.log import Log, place_of
from handoff.briefing.parts.mood import mood
from handoff.briefing.parts.tried import Attempt, attempts
from handoff.briefing.parts.wants import Wish, their, wish_of
from handoff.briefing.parts.why import Reason, reason_of
from handoff.briefing.types import Fact, Outcome, Part
from handoff.briefing.values import Told, sentence

NOT_CLEAR = frozenset({"too_many_repairs", "not_understood", "risk"})
BY_FAILURE: dict[str, tuple[str, str]] = {
    Failure.LIMIT: ("decide on {}", "decide on it"),
    Failure.REFUSED: ("see whether {} can be allowed", "see whether it can be allowed"),
    Failure.NOT_FOUND: ("ask for the details once more", ""),
}


def suggest(log: Log, playbook: Playbook) -> tuple[Fact, ...]:
    """One fact; none of a consultation, which asks something."""
    if log.requested is not None and log.requested.body.question is not None:
        return ()
    reason = reason_of(log)
    if reason is not None and reason.code == "danger":
        return (_fact("ask first whether everybody is safe", (reason.seq,)),)
    stuck = _stuck(log, playbook)
    if stuck is not None:
        return (_about(stuck),)
    if log.last is None:
        return ()
    return (_otherwise(log, playbook, reason),)


def _stuck(log: Log, playbook: Playbook) -> Attempt | None:
    """The last thing that did not work."""
    found = [one for one in attempts(log, playbook) if not (one.superseded or one.checks)]
    return next((one for one in reversed(found) if one.outcome is not Outcome.DONE), None)


def _about(stuck: Attempt) -> Fact:
    if stuck.outcome is Outcome.UNKNOWN:
        return _with(stuck.told, "check what became of {}", "check what became of it", stuck.events)
    by_failure = BY_FAILURE.get(stuck.failure or "")
    if by_failure is not None:
        return _with(stuck.told, *by_failure, stuck.events)
    return _with(stuck.told, "do by hand: {}", "do it by hand", stuck.events)


def _otherwise(log: Log, playbook: Playbook, reason: Reason | None) -> Fact:
    """Where nothing is stuck."""
    last = log.planned[-1]
    identity = place_of(last).identity
    if identity.locked or (identity.failures and not identity.level):
        return _fact("find out who is calling", (last.seq,))
    events = (last.seq, *(() if reason is None else (reason.seq,)))
    wish = wish_of(log, playbook)
    if wish is None:
        return _fact("ask what it is about", events)
    events = (*events, wish.seq)
    if wish.question is not None:
        return _fact("answer their question", events)
    feels = [fact for fact in mood(log, playbook) if not fact.silent]
    return _go_on(
        _matter(wish, playbook), reason, (*events, *(seq for one in feels for seq in one.events)), feels
    )


def _go_on(matter: str, reason: Reason | None, events: tuple[int, ...], feels: Sequence[Fact]) -> Fact:
    """With what they want, as the reason and their mood ask for."""
    code = reason.code if reason is not None else ""
    if code == "value_line":
        return _fact(f"decide on {matter}", events, "decide on it")
    if feels:
        return _fact(f"say sorry, then see to {matter}", events, "say sorry first")
    return _fact(f"go on {'slowly ' if code in NOT_CLEAR else ''}with {matter}", events)


def _matter(wish: Wish, playbook: Playbook) -> str:
    """`their refund`, or an article's `shipping`."""
    if wish.flow is not None:
        return their(playbook.flows[wish.flow].title)
    return playbook.articles[wish.article or ""].title.lower()


def _with(told: Told, words: str, short: str, events: tuple[int, ...]) -> Fact:
    fact = _fact(words.format(told.text), events, short)
    return fact.model_copy(update={"said": _suggested(words.format(told.said))})


def _fact(words: str, events: tuple[int, ...], short: str = "") -> Fact:
    text = _suggested(words)
    return Fact(
        part=Part.NEXT,
        text=text,
        said=text,
        short=_suggested(short) if short else "",
        events=tuple(sorted(set(events))),
    )


def _suggested(words: str) -> str:
    return sentence(f"Suggest: {words}")
