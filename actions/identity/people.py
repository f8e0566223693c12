"""Finds out which of a company's customers calls: by their telephone and what they say, or by what they say alone."""

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

from actions.identity.matching import Attempts, Match, Profile, ProfileIndex, Told, flat


class People:
    """The customers of a company, arranged for comparing: profiles, and each one's telephone by the profile's key."""

    def __init__(self, profiles: Sequence[Profile], phones: Mapping[str, str] | None = None) -> None:
        self.index = ProfileIndex(profiles)
        self._profiles = {one.key: one for one in profiles}
        self._at: dict[str, list[str]] = defaultdict(list)
        for key, phone in (phones or {}).items():
            self._at[phone].append(key)

    def match(self, told: Told, number: str | None = None, *, without: str | None = None) -> Match:
        """Who it is, and whether that is accepted.

        Whoever calls from a customer's telephone (`number`) must say one thing that is exactly that customer's, and
        nothing that is not. Without that, what was said has to speak for somebody clearly. `without`: a profile to
        leave out.
        """
        at_home = [
            key for key in self._at.get(number or "", ()) if key != without and self._says_theirs(told, key)
        ]
        if len(at_home) == 1:
            return Match(at_home[0], True, math.inf, math.inf, 1 + sum(map(bool, _items(told))))
        return self.index.match(told, without=without)

    def _says_theirs(self, told: Told, key: str) -> bool:
        own = self._profiles[key]
        values = (own.postcode, f"{own.first} {own.last}", own.born)
        said = [(attempts, value) for attempts, value in zip(_items(told), values, strict=True) if attempts]
        return bool(said) and all(_is_said(value, attempts) for attempts, value in said)


def _items(told: Told) -> tuple[Attempts, Attempts, Attempts]:
    return (told.postcode, told.name, told.born)


def _is_said(value: str, attempts: Attempts) -> bool:
    """Whether a value is what one of the attempts may have been, letter for letter."""
    plain = flat(value)
    return bool(plain) and plain in _plain(attempts)


def _plain(attempts: Attempts) -> Iterable[str]:
    return {flat(one.value) for attempt in attempts for one in attempt}
