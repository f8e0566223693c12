"""Whether a call went as its scenario says. Pure."""

from collections.abc import Iterator

from qa.rerun.scenario import Expected, OfCall
from qa.rerun.views import CallView, TurnView


def missed(expected: Expected, turn: TurnView | None) -> Iterator[str]:
    """What is not as it must be in one turn, a line each. Only what is given is looked at."""
    given = expected.model_fields_set
    if turn is None:
        if given:
            yield "there was no such turn"
        return
    for name in ("intent", "flow", "repair", "escalation"):
        wanted, found = getattr(expected, name), getattr(turn, name)
        if name in given and wanted != found:
            yield f"{name}: expected {wanted or 'none'}, got {found or 'none'}"
    if "handed_over" in given and expected.handed_over != turn.hand_over:
        yield f"handed_over: expected {expected.handed_over or 'no'}, got {turn.hand_over or 'no'}"
    if expected.actions is not None:
        asked = sorted(one.action for one in turn.actions)
        if asked != sorted(expected.actions):
            yield f"actions: expected {_list(expected.actions)}, got {_list(asked)}"
    said = " ".join(turn.said)
    for part in expected.said:
        if part.casefold() not in said.casefold():
            yield f'said: expected "{part}" in "{said}"'


def missed_in_call(expected: OfCall, call: CallView) -> Iterator[str]:
    """What is not as it must be in the whole call."""
    if "handed_over" in expected.model_fields_set and expected.handed_over != call.transfer:
        yield f"handed_over: expected {expected.handed_over or 'no'}, got {call.transfer or 'no'}"
    if expected.done is not None:
        done = sorted({one.action for turn in call.turns for one in turn.actions if one.outcome == "done"})
        if done != sorted(set(expected.done)):
            yield f"done: expected {_list(expected.done)}, got {_list(done)}"


def _list(names: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(sorted(names)) or "none"
