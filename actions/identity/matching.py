"""Who calls, from items of which each is heard badly: postcode, name and date of birth.

Each item comes as up to three attempts, each attempt as what may have been heard with scores. No item identifies
anybody on its own. Every profile gets the likelihood of all that was heard, item by item; what was not understood
counts for all alike. The best one is accepted when it is far enough ahead of the next, two items speak for it, and none
that was told speaks against it.
"""

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from actions.identity.births import Births
from actions.identity.sounds import MOST_LENGTH, Costs, Targets, distances

Scores = NDArray[np.float64]
Unlike = NDArray[np.float32]

SHARPNESS = 3.5
"""Log-likelihood that one unit of unlikeness costs."""
TRUST = 0.7
"""How much the recogniser's own order of its hypotheses counts."""
FLOOR = 10.0
"""What one attempt can cost at most: it may be noise, or an answer to something else."""
MOST_HEARD = 6
"""Hypotheses of an attempt that are looked at."""
ONE_NAME_ONLY = 2.0
"""Unlikeness of a name of which only the given name or the surname was heard."""
SURNAME_ONLY = 0.5
"""More, when a surname alone was spelled: callers who spell one name spell the first."""
MOST_WORDS = 4
"""Words of a said name that are looked at."""
SHIFTS = (-3, -2, -1, 0, 1, 2, 3)
"""How far the end of a spelled given name may lie from where its letters say, as letters are lost or added."""


@dataclass(frozen=True)
class Heard:
    """Something that may have been heard, and how likely, 0 to 1.

    Postcodes: letters and digits, also incomplete. Names: as said, or letters in capitals if they were spelled. Dates:
    ISO, `?` for digits that were not understood.
    """

    value: str
    score: float


Attempts = Sequence[Sequence[Heard]]


@dataclass(frozen=True)
class Profile:
    """A customer. `born` is an ISO date."""

    key: str
    postcode: str
    first: str
    last: str
    born: str


@dataclass(frozen=True)
class Told:
    """All that a caller has told of themselves: by item, each attempt's hypotheses."""

    postcode: Attempts = ()
    name: Attempts = ()
    born: Attempts = ()

    @property
    def personal(self) -> tuple[bool, bool, bool]:
        """Which items tell people apart, of those of which anything was understood at all."""
        return False, bool(_usable(self.name)), bool(_usable(self.born))


@dataclass(frozen=True)
class Bar:
    """What a profile must reach to be accepted."""

    evidence: float = 14.0
    """Log-likelihood above that of having understood nothing, over all items."""
    lead: float = 6.0
    """Log-likelihood above the next profile."""
    item: float = 4.0
    """Evidence from which an item speaks for a profile."""
    items: int = 2
    """How many items must speak for it."""
    fits: float = 1.0
    """Evidence that a name or date which was told must give: one that fits worse tells of somebody who is no customer.
    A postcode tells homes apart and not people, and is remembered wrongly."""
    behind: float = 5.0
    """No item may be this far behind the profile that the item itself makes likeliest: it speaks for somebody else."""


@dataclass(frozen=True)
class Match:
    """The likeliest profile, and whether it is accepted."""

    key: str
    accepted: bool
    evidence: float
    lead: float
    items: int


class ProfileIndex:
    """Customers, arranged for comparing. Some 10,000 take about 15 ms a question."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        if not profiles:
            raise ValueError("a profile index needs at least one profile")
        self._profiles = tuple(profiles)
        self._places = {one.key: at for at, one in enumerate(profiles)}
        self._postcodes = _Column([flat(one.postcode) for one in profiles])
        self._firsts = _Column([flat(one.first) for one in profiles])
        self._lasts = _Column([flat(one.last) for one in profiles])
        self._backwards = Targets([one[::-1] for one in self._lasts.values])
        self._born = _Column([one.born for one in profiles])
        self._births = Births(self._born.values)

    def match(self, told: Told, bar: Bar | None = None, *, without: str | None = None) -> Match:
        """The likeliest profile for what was told. Accepted only above the bar. `without`: a profile to leave out."""
        bar = bar or Bar()
        items = np.stack(
            (
                self.postcode_evidence(told.postcode),
                self.name_evidence(told.name),
                self.born_evidence(told.born),
            )
        )
        if without is not None:
            items[:, self._places[without]] = -np.inf
        total = items.sum(axis=0)
        best = int(total.argmax())
        next_best = float(np.partition(total, -2)[-2]) if total.size > 1 else 0.0
        evidence, lead = float(total[best]), float(total[best]) - next_best
        speaking = int((items[:, best] >= bar.item).sum())
        accepted = evidence >= bar.evidence and lead >= bar.lead and speaking >= bar.items
        accepted = accepted and _none_against(items, best, told.personal, bar)
        return Match(self._profiles[best].key, accepted, evidence, lead, speaking)

    def postcode(self, attempts: Attempts) -> str | None:
        """The customers' postcode that fits best; None when nothing speaks for any."""
        return self._likeliest(self.postcode_evidence(attempts), [one.postcode for one in self._profiles])

    def name(self, attempts: Attempts) -> str | None:
        """The customers' name that fits best; None when nothing speaks for any."""
        return self._likeliest(
            self.name_evidence(attempts), [f"{one.first} {one.last}" for one in self._profiles]
        )

    def postcode_evidence(self, attempts: Attempts) -> Scores:
        """For each profile, the log-likelihood of its postcode above that of noise."""
        usable = _usable(attempts)
        strings = _distinct(flat(one.value) for heard in usable for one in heard)
        targets = self._postcodes.targets
        rows = dict(zip(strings, _whole(strings, targets, targets.by_name), strict=True))
        total = np.zeros(len(self._postcodes.values))
        for heard in usable:
            total += _evidence(heard, np.vstack([rows[flat(one.value)] for one in heard]))
        return np.asarray(total[self._postcodes.rows])

    def name_evidence(self, attempts: Attempts) -> Scores:
        """For each profile, the log-likelihood of its name above that of noise."""
        usable = _usable(attempts)
        values = _distinct(one.value for heard in usable for one in heard)
        spelled = [one for one in values if one.isupper()]
        said = [one for one in values if not one.isupper()]
        rows = dict(zip(spelled, self._spelled([flat(one)[:MOST_LENGTH] for one in spelled]), strict=True))
        rows.update(zip(said, self._said(said), strict=True))
        total = np.zeros(len(self._profiles))
        for heard in usable:
            total += _evidence(heard, np.vstack([rows[one.value] for one in heard]))
        return total

    def born_evidence(self, attempts: Attempts) -> Scores:
        """For each profile, the log-likelihood of its date of birth above that of noise."""
        total = np.zeros(len(self._born.values))
        for heard in _usable(attempts):
            total += _evidence(heard, np.vstack([self._births.unlike(one.value) for one in heard]))
        return np.asarray(total[self._born.rows])

    def _likeliest(self, evidence: Scores, values: Sequence[str]) -> str | None:
        best = int(evidence.argmax())
        return values[best] if evidence[best] > 0 else None

    def _spelled(self, heard: Sequence[str]) -> list[Unlike]:
        """Unlikeness of spelled letters to every profile's name: the given name, the surname, or both in a run."""
        if not heard:
            return []
        firsts = distances(heard, self._firsts.targets, self._firsts.targets.by_name)
        lasts = distances([one[::-1] for one in heard], self._backwards, self._backwards.by_name)
        rows = []
        for at, letters in enumerate(heard):
            length = len(letters)
            first, last = firsts[at, : length + 1], lasts[at, : length + 1]
            best = self._one_name(first[-1], last[-1] + SURNAME_ONLY)
            near = self._near(first.min(axis=0), last.min(axis=0))
            one, two = self._firsts.rows[near], self._lasts.rows[near]
            whole = np.full(len(near), np.inf, dtype=np.float32)
            for shift in SHIFTS:
                end = np.clip(self._firsts.targets.lengths[one] + shift, 0, length)
                np.minimum(whole, first[end, one] + last[length - end, two], out=whole)
            best[near] = np.minimum(best[near], whole)
            rows.append(best)
        return rows

    def _said(self, heard: Sequence[str]) -> list[Unlike]:
        """Unlikeness of said names to every profile's: the given name, the surname, or both, parted at any space."""
        if not heard:
            return []
        words = [[flat(word) for word in one.split() if flat(word)][:MOST_WORDS] for one in heard]
        heads = sorted({"".join(parts[:at]) for parts in words for at in range(1, len(parts) + 1)})
        tails = sorted({"".join(parts[at:]) for parts in words for at in range(len(parts))})
        first_names, last_names = self._firsts.targets, self._lasts.targets
        firsts = dict(zip(heads, _whole(heads, first_names, first_names.by_sound), strict=True))
        lasts = dict(zip(tails, _whole(tails, last_names, last_names.by_sound), strict=True))
        rows = []
        for parts in words:
            whole = "".join(parts)
            best = self._one_name(firsts[whole], lasts[whole])
            for at in range(1, len(parts)):
                first, last = firsts["".join(parts[:at])], lasts["".join(parts[at:])]
                near = self._near(first, last)
                both = first[self._firsts.rows[near]] + last[self._lasts.rows[near]]
                best[near] = np.minimum(best[near], both)
            rows.append(best)
        return rows

    def _one_name(self, first: Unlike, last: Unlike) -> Unlike:
        """Unlikeness where only one of the two names was heard."""
        either = np.minimum(first[self._firsts.rows], last[self._lasts.rows])
        return np.asarray(either + ONE_NAME_ONLY, dtype=np.float32)

    def _near(self, first: Unlike, last: Unlike) -> NDArray[np.intp]:
        """The profiles whose names are not too unlike to count, by the least that each part costs."""
        return np.flatnonzero(first[self._firsts.rows] + last[self._lasts.rows] < FLOOR / SHARPNESS)


class _Column:
    """The distinct values of one column, and which of them each profile has."""

    def __init__(self, values: Sequence[str]) -> None:
        self.values = sorted(set(values))
        places = {value: at for at, value in enumerate(self.values)}
        self.rows = np.array([places[value] for value in values])

    @cached_property
    def targets(self) -> Targets:
        """The values, arranged for comparing letters."""
        return Targets(self.values)


def _none_against(items: Scores, best: int, personal: Sequence[bool], bar: Bar) -> bool:
    """Whether no item speaks against the profile `best`. `items`: evidence, items x profiles."""
    own = items[:, best]
    fits = bool((own[list(personal)] >= bar.fits).all())
    return fits and bool((items.max(axis=1) - own < bar.behind).all())


def flat(value: str) -> str:
    """Letters and digits only, upper case, without accents."""
    plain = unicodedata.normalize("NFKD", value)
    return "".join(one for one in plain.upper() if one.isascii() and one.isalnum())


def _distinct(values: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(values))


def _usable(attempts: Attempts) -> list[list[Heard]]:
    """The best hypotheses of each attempt that has any."""
    found = []
    for attempt in attempts:
        heard = [one for one in attempt if one.score > 0 and flat(one.value)]
        if heard:
            found.append(sorted(heard, key=lambda one: -one.score)[:MOST_HEARD])
    return found


def _whole(heard: Sequence[str], targets: Targets, costs: Costs) -> Unlike:
    """Unlikeness of whole strings to each target: heard strings x targets."""
    if not heard:
        return np.empty((0, targets.many), dtype=np.float32)
    ends = [min(len(one), MOST_LENGTH) for one in heard]
    return distances(heard, targets, costs)[np.arange(len(heard)), ends]


def _evidence(heard: Sequence[Heard], unlike: Unlike) -> Scores:
    """Log-likelihood of one attempt above noise: its best hypothesis decides, and nothing costs more than noise."""
    weights = np.log([one.score for one in heard])
    fits = TRUST * (weights - weights.max())[:, None] - SHARPNESS * unlike
    return np.asarray(np.logaddexp(fits.max(axis=0), -FLOOR) + FLOOR, dtype=np.float64)
