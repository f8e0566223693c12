"""What a resumed call has left of private answers: markers. They are asked for again, never taken for values."""

from collections.abc import Mapping

from calls.redaction.kinds import holds_marker
from dialog.draft import changed
from dialog.filling import less
from dialog.schema.flows import Flow
from dialog.types import DialogState, Waiter


def lost_slots(state: DialogState) -> frozenset[str]:
    """The slots of which only a marker is left."""
    values = {name for name, value in state.slots.items() if isinstance(value, str) and holds_marker(value)}
    tried = {**state.attempts, **state.recalled}
    return frozenset(values) | {
        name
        for name, attempts in tried.items()
        if any(holds_marker(one.value) for attempt in attempts for one in attempt)
    }


def asked_again(state: DialogState, flows: Mapping[str, Flow]) -> DialogState:
    """The state in which what was lost is open again; the same one where nothing was.

    Every flow that has got it goes back to the question for it, those that wait underneath too. What lies between is
    known, or is done by the same key as before.
    """
    lost = lost_slots(state)
    if not lost:
        return state
    return changed(
        state,
        step=_asks(flows.get(state.flow or ""), state.step, lost),
        slots=less(state.slots, lost),
        attempts=less(state.attempts, lost),
        recalled=less(state.recalled, lost),
        confidences=less(state.confidences, lost),
        stack=tuple(_waits(one, flows, lost) for one in state.stack),
        offered=None,
        agreed=None,
        pending=(),
        repairs=0,
    )


def _asks(flow: Flow | None, step: str | None, lost: frozenset[str]) -> str | None:
    """The first question for something that is lost, up to this step; the step itself where there is none."""
    if flow is None or step not in flow.steps:
        return step
    names = list(flow.steps)
    before = names[: names.index(step) + 1]
    return next(
        (one for one in before if (ask := flow.steps[one].ask) is not None and ask.slot in lost), step
    )


def _waits(waiter: Waiter, flows: Mapping[str, Flow], lost: frozenset[str]) -> Waiter:
    step = _asks(flows.get(waiter.flow), waiter.step, lost) or waiter.step
    return waiter if step == waiter.step else waiter.model_copy(update={"step": step, "offered": None})
