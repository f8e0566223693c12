"""Two runs of one recorded call, compared with each other: what another version would have done of it. Pure.

Both were given the same of the caller, one thing after the other, so what the two heard of one thing stands beside each
other. What people said of the call is known by the turns of then; here it is put at the turns of the first run.
"""

from collections.abc import Mapping, Sequence

from qa.rerun.difference import UNKNOWN, CallDifference, Known, difference
from qa.rerun.pairing import heard_in
from qa.rerun.run import Rerun
from qa.rerun.views import TurnView, view


def between(before: Rerun, after: Rerun, known: Known = UNKNOWN) -> CallDifference:
    """`then` of the result is the run before, `now` the one after. `known` is by turns of the recorded call."""
    turns = view(before.events).turns
    heard = [heard_in(turns, start_s, end_s) for _, start_s, end_s in before.released]
    again = tuple(
        (turn.number, start_s, end_s)
        for some, (_, start_s, end_s) in zip(heard, after.released, strict=False)
        for turn in some
    )
    # What came to no turn then has no truth either.
    then = [number if number is not None else 0 for number, _, _ in before.released]
    moved = known.model_copy(
        update={"texts": _moved(known.texts, then, heard), "intents": _first(known.intents, then, heard)}
    )
    return difference(before.events, after.model_copy(update={"released": again}), moved, virtual=True)


def _moved(
    texts: Mapping[int, str], then: Sequence[int], heard: Sequence[Sequence[TurnView]]
) -> dict[int, str]:
    """Of two things that were heard as one turn, what was said in both."""
    found: dict[int, list[str]] = {}
    for number, some in zip(then, heard, strict=True):
        if number in texts and some:
            found.setdefault(some[0].number, []).append(texts[number])
    return {number: " ".join(said) for number, said in found.items()}


def _first(
    intents: Mapping[int, str], then: Sequence[int], heard: Sequence[Sequence[TurnView]]
) -> dict[int, str]:
    found: dict[int, str] = {}
    for number, some in zip(then, heard, strict=True):
        if number in intents and some:
            found.setdefault(some[0].number, intents[number])
    return found
