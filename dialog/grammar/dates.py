"""Days as callers say them: written out, in numbers, with gaps, or counted from today."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, product

from dialog.grammar.digits import SOUND_ALIKES, TEENS, TENS, UNITS
from dialog.grammar.number_words import ORDINALS

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("january", "jan"), ("february", "feb", "febuary"), ("march", "mar"), ("april", "apr"), ("may",),
            ("june", "jun"), ("july", "jul"), ("august", "aug"), ("september", "sep", "sept"),
            ("october", "oct", "oktober"), ("november", "nov"), ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}  # fmt: skip
FIRST_YEAR, LAST_YEAR = 1900, 2100
MOST_READINGS = 200
"""A text that can be read in more ways than this is not tried further."""
ZEROS = frozenset({"o", "oh"})
SURE, ODD, GUESS = 1.0, 0.5, 0.2
"""A plain reading; one that mends how recognisers write numbers; one that leaves something out."""
CUTS: Mapping[int, Sequence[tuple[tuple[int, ...], float]]] = {
    3: (((1, 2), ODD), ((2, 1), ODD)),
    4: (((2, 2), SURE),),
    5: (((1, 4), ODD),),
    6: (((2, 2, 2), SURE), ((2, 4), SURE), ((1, 1, 4), ODD)),
    7: (((1, 2, 4), ODD), ((2, 1, 4), ODD)),
    8: (((2, 2, 4), SURE),),
}
"""How a run of so many digits may be cut into day, month and year."""
SHORT_YEAR = 0.7
"""Share of dates whose year has two digits: the century is a guess."""
LEAP = 2000
"""Any leap year: so that the 29th of February may stand without its year."""


@dataclass(frozen=True)
class Part:
    """A piece of a date: a month's name, or digits, perhaps an ordinal."""

    digits: str = ""
    month: int = 0
    ordinal: bool = False


@dataclass(frozen=True)
class PartialDate:
    """What was understood of a date; None is what was not."""

    year: int | None
    month: int | None
    day: int | None
    score: float

    @property
    def whole(self) -> date | None:
        """The date, if nothing is missing."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def mask(self) -> str:
        """ISO with question marks for what is missing: `????-11-09`."""
        year = "????" if self.year is None else f"{self.year:04}"
        month = "??" if self.month is None else f"{self.month:02}"
        day = "??" if self.day is None else f"{self.day:02}"
        return f"{year}-{month}-{day}"


def dates_in(
    text: str, *, latest_year: int, day_first: bool = True, sound_alikes: bool = False
) -> list[PartialDate]:
    """The dates that a text may hold, likeliest first, with gaps where something was not understood.

    `latest_year`: two-digit years are the last ones up to this year. `day_first`: whether `3/4` is in April.
    """
    parts = _parts(text, sound_alikes=sound_alikes)
    best: dict[tuple[int | None, int | None, int | None], float] = {}
    for pieces, weight in _readings(parts):
        for found in _parsed(pieces, latest_year=latest_year, day_first=day_first):
            key = (found.year, found.month, found.day)
            best[key] = max(best.get(key, 0.0), found.score * weight)
    dates = [PartialDate(*key, score) for key, score in best.items() if _exists(*key)]
    return sorted(dates, key=lambda one: (one.whole is None, -one.score))


def _exists(year: int | None, month: int | None, day: int | None) -> bool:
    try:
        date(year if year is not None else LEAP, month or 1, day or 1)
    except ValueError:
        return False
    return True


def _parts(text: str, *, sound_alikes: bool) -> list[Part]:
    """The pieces of a date that stand in the text, in order."""
    lowered = text.lower().replace("'", "")
    lowered = re.sub(r"\b(?:o|oh|ol|po)(?=\d)", "0", lowered)
    tokens = re.findall(r"\d+(?:st|nd|rd|th)?|[a-z]+", lowered)
    parts: list[Part] = []
    at = 0
    while at < len(tokens):
        token = tokens[at]
        spelled, used = _spelled(tokens[at:], sound_alikes=sound_alikes)
        if token in MONTHS:
            parts.append(Part(month=MONTHS[token]))
        elif token[0].isdigit():
            parts.append(Part(digits=re.sub(r"\D", "", token), ordinal=not token.isdigit()))
        elif spelled is not None:
            parts.append(spelled)
            at += used
            continue
        at += 1
    return parts


def _spelled(tokens: Sequence[str], *, sound_alikes: bool) -> tuple[Part | None, int]:
    """A number in words: `twenty-first`, `nineteen eighty-four` (as two pieces), `two thousand and eight`."""
    words = [SOUND_ALIKES.get(token, token) if sound_alikes else token for token in tokens[:5]]
    if words[:2] == ["two", "thousand"]:
        return _hundreds(2000, words)
    if words[1:2] == ["hundred"] and words[0] in TEENS:
        return _hundreds(TEENS[words[0]] * 100, words)
    return _up_to_31(words)


def _up_to_31(words: Sequence[str]) -> tuple[Part | None, int]:
    """A day, a month, or half a year's number."""
    first, second = words[0], words[1] if len(words) > 1 else ""
    if first in ORDINALS:
        return Part(str(ORDINALS[first]), ordinal=True), 1
    if first in TENS:
        if ORDINALS.get(second, 10) < 10:
            return Part(str(TENS[first] + ORDINALS[second]), ordinal=True), 2
        unit = UNITS.get(second, 0)
        return Part(str(TENS[first] + unit)), 2 if unit else 1
    if first in ZEROS:
        return (Part(f"0{UNITS[second]}"), 2) if second in UNITS else (None, 0)
    value = TEENS.get(first, UNITS.get(first))
    return (Part(str(value)), 1) if value is not None else (None, 0)


def _hundreds(hundreds: int, words: Sequence[str]) -> tuple[Part, int]:
    rest = words[3:] if words[2:3] == ["and"] else words[2:]
    value, used = _below_hundred(rest)
    return Part(str(hundreds + value)), (len(words) - len(rest) + used) if used else 2


def _below_hundred(words: Sequence[str]) -> tuple[int, int]:
    if not words:
        return 0, 0
    if words[0] in TENS:
        unit = UNITS.get(words[1], 0) if len(words) > 1 else 0
        return TENS[words[0]] + unit, 2 if unit else 1
    value = TEENS.get(words[0], UNITS.get(words[0], 0))
    return value, 1 if value else 0


def _readings(parts: Sequence[Part]) -> Iterator[tuple[list[Part], float]]:
    """The ways to cut and join runs of digits, each with its weight."""
    named = any(part.month for part in parts)
    options = [_cuts(part, named=named) for part in parts]
    ways = 1
    for option in options:
        ways *= len(option)
    if not parts or ways > MOST_READINGS:
        return
    for chosen in product(*options):
        weight = 1.0
        pieces: list[Part] = []
        for cut, share in chosen:
            pieces.extend(cut)
            weight *= share
        yield from _joined(pieces, weight)


def _cuts(part: Part, *, named: bool) -> list[tuple[list[Part], float]]:
    """`1403` may be a year or a day and a month; `14031936` is three numbers."""
    digits = part.digits
    if part.month or part.ordinal or len(digits) <= 2:
        return [([part], SURE)]
    cuts = [(_cut(digits, lengths), weight) for lengths, weight in CUTS.get(len(digits), ())]
    if len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return [([part], SURE)] if named else [([part], SURE), (_cut(digits, (2, 2)), ODD)]
    if len(digits) == 5:
        shorter = dict.fromkeys(digits[:at] + digits[at + 1 :] for at in range(5) if digits[at] in "01")
        cuts += [(_cut(one, (2, 2)), GUESS) for one in shorter]
        cuts += [([Part(digits[:4])], GUESS), ([Part(digits[1:])], GUESS)]
    return cuts or [([], GUESS)]


def _cut(digits: str, lengths: Sequence[int]) -> list[Part]:
    ends = list(accumulate(lengths))
    return [Part(digits[end - length : end]) for end, length in zip(ends, lengths, strict=True)]


def _joined(pieces: list[Part], weight: float) -> Iterator[tuple[list[Part], float]]:
    """Years that stand in two pieces: `19 84`, `1980 4`, `2000 1`; and as they are."""
    for at in range(len(pieces) - 1):
        one, two = pieces[at].digits, pieces[at + 1].digits
        if not one or not two:
            continue
        before, after = pieces[:at], pieces[at + 2 :]
        if one in {"19", "20"} and len(two) == 2 and not pieces[at].ordinal:
            yield [*before, Part(one + two, ordinal=pieces[at + 1].ordinal), *after], weight
        if len(one) == 4 and one[3] == "0" and len(two) == 1 and two != "0":
            yield [*before, Part(one[:3] + two), *after], weight * 0.9
        if one in {"19", "20"} and len(two) == 3 and two[1] == "0" and two[2] == "0":
            yield [*before, Part(one + two[0] + "0"), *after], weight * GUESS
    yield pieces, weight


def _parsed(pieces: Sequence[Part], *, latest_year: int, day_first: bool) -> Iterator[PartialDate]:
    """Dates in one reading: by the month's name, or by the order of its numbers."""
    named = [at for at, piece in enumerate(pieces) if piece.month]
    for at in named:
        month = pieces[at].month
        rest = [*pieces[:at], *pieces[at + 1 :]]
        # Recognisers write "the" as "May" and an "8" for the breath before a year: what is over is left out.
        share = SURE if len(named) == 1 else (ODD if month == 5 else SURE)
        rest = [piece for piece in rest if not piece.month]
        yield from _with_month(month, rest, share, before=at, latest_year=latest_year)
    numbers = [piece for piece in pieces if not piece.month]
    may_only = all(pieces[at].month == 5 for at in named)
    if may_only:
        yield from _in_numbers(numbers, ODD if named else SURE, latest_year=latest_year, day_first=day_first)


def _with_month(
    month: int, rest: Sequence[Part], share: float, *, before: int, latest_year: int
) -> Iterator[PartialDate]:
    days = [(at, int(piece.digits)) for at, piece in enumerate(rest) if _is_day(piece)]
    years = [(at, year) for at, piece in enumerate(rest) for year in _years(piece, latest_year)]
    if not rest:
        yield PartialDate(None, month, None, share * 0.1)
    for place, day in days:
        after = [(at, year) for at, year in years if at > place]
        for at, year in after:
            extra = len(rest) - 2
            unlike = 0.8 if place != 0 or (before > 0 and before <= place) else 1.0
            short = SHORT_YEAR if len(rest[at].digits) <= 2 else 1.0
            yield PartialDate(year, month, day, share * short * unlike * (0.8 ** max(extra, 0)))
        yield PartialDate(None, month, day, share * 0.3 * (1.0 if len(rest) == 1 else 0.3))
    for at, year in years:
        if len(rest[at].digits) == 4:
            yield PartialDate(year, month, None, share * 0.3 * (0.8 ** (len(rest) - 1)))


def _in_numbers(
    numbers: Sequence[Part], share: float, *, latest_year: int, day_first: bool
) -> Iterator[PartialDate]:
    """`14 3 1936` in the order of the place, or the other way round where only that is a date; `1936 3 14` too."""
    for picked, weight in _triples(numbers):
        if len(picked[0].digits) == 4:
            yield from _year_first(picked, share * weight, latest_year=latest_year)
        else:
            yield from _year_last(picked, share * weight, latest_year=latest_year, day_first=day_first)
    if len(numbers) == 2:
        one, two = numbers
        first, second = (one, two) if day_first else (two, one)
        if _is_day(first) and _is_month(second):
            yield PartialDate(None, int(second.digits), int(first.digits), share * 0.3)
        if len(two.digits) == 4 and _is_day(one):
            yield from (
                PartialDate(year, None, int(one.digits), share * 0.2) for year in _years(two, latest_year)
            )
    if numbers and len(numbers[-1].digits) == 4:
        for year in _years(numbers[-1], latest_year):
            yield PartialDate(year, None, None, share * 0.1)


Three = tuple[Part, Part, Part]


def _year_first(picked: Three, share: float, *, latest_year: int) -> Iterator[PartialDate]:
    one, two, three = picked
    if _is_month(two) and _is_day(three):
        for year in _years(one, latest_year):
            yield PartialDate(year, int(two.digits), int(three.digits), share)


def _year_last(picked: Three, share: float, *, latest_year: int, day_first: bool) -> Iterator[PartialDate]:
    one, two, three = picked
    first, second = (one, two) if day_first else (two, one)
    usual = _is_day(first) and _is_month(second)
    short = SHORT_YEAR if len(three.digits) <= 2 else 1.0
    for year in _years(three, latest_year):
        if usual:
            yield PartialDate(year, int(second.digits), int(first.digits), share * short)
        if _is_day(second) and _is_month(first):
            swapped = 0.3 if usual else 0.8
            yield PartialDate(year, int(first.digits), int(second.digits), share * short * swapped)


def _triples(numbers: Sequence[Part]) -> Iterable[tuple["Three", float]]:
    if len(numbers) == 3:
        yield (numbers[0], numbers[1], numbers[2]), 1.0
    elif len(numbers) == 4:
        for left_out in range(4):
            kept = [piece for at, piece in enumerate(numbers) if at != left_out]
            yield (kept[0], kept[1], kept[2]), GUESS


def _is_day(piece: Part) -> bool:
    return len(piece.digits) <= 2 and 1 <= int(piece.digits) <= 31


def _is_month(piece: Part) -> bool:
    return len(piece.digits) <= 2 and 1 <= int(piece.digits) <= 12


def _years(piece: Part, latest: int) -> list[int]:
    digits = piece.digits
    if len(digits) == 4 and FIRST_YEAR <= int(digits) <= LAST_YEAR:
        return [int(digits)] if int(digits) <= latest else []
    if len(digits) == 2 and not piece.ordinal:
        century = latest - latest % 100
        year = century + int(digits)
        return [year if year <= latest else year - 100]
    return []
