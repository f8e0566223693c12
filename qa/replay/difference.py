"""What changed between two states of a dialog, in words. Pure."""

from collections.abc import Iterator, Mapping, Set
from typing import Any

from qa.replay.values import Shown

HIDDEN = "•••"
"""In the place of a one-time code."""
ABSENT = "nothing"
LEFT_OUT = frozenset({"course", "topics", "attempts", "recalled", "last_said"})
"""What both sides said lately, again: the transcript has it."""
LONGEST = 160
READABLE = str.maketrans("_", " ")


class Change(Shown):
    """One value that changed."""

    where: str
    """Its place: `slots, order number`."""
    before: str
    after: str


def masked(value: Any, secret: Set[str]) -> Any:
    """A JSON value without what stands under the `secret` names, at any depth."""
    if isinstance(value, Mapping):
        return {
            name: HIDDEN if name in secret and one else masked(one, secret) for name, one in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(one, secret) for one in value]
    return value


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """What is different, by place, in the order of the later state."""
    old, new = dict(_leaves(before)), dict(_leaves(after))
    places = [*new, *(place for place in old if place not in new)]
    return tuple(
        Change(where=", ".join(place), before=spoken(old.get(place)), after=spoken(new.get(place)))
        for place in places
        if old.get(place) != new.get(place)
    )


def spoken(value: object) -> str:
    """A JSON value in words."""
    match value:
        case None | "" | [] | {}:
            text = ABSENT
        case bool():
            text = "yes" if value else "no"
        case float():
            text = f"{value:.3f}".rstrip("0").rstrip(".")
        case list() | tuple():
            text = "; ".join(spoken(one) for one in value)
        case dict():
            text = ", ".join(f"{str(name).translate(READABLE)} {spoken(one)}" for name, one in value.items())
        case _:
            text = str(value)
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"


def _leaves(value: Mapping[str, Any], path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Any]]:
    for name, one in value.items():
        if not path and name in LEFT_OUT:
            continue
        place = (*path, str(name).translate(READABLE))
        if isinstance(one, Mapping) and one:
            yield from _leaves(one, place)
        elif one not in (None, "", [], {}, ()):
            yield place, one
