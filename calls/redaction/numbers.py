"""Numbers in a text, written or spoken, with their places: `4111 1111`, `double four`, `forty-two oh seven`.

The dialog has a grammar of its own for the one number that it has asked for. This reader is after every number that is
anywhere, needs to know which characters it came from, and may rather read too much than too little.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, product

UNITS = {
    "zero": 0, "oh": 0, "o": 0, "nought": 0, "naught": 0, "nil": 0, "one": 1, "two": 2, "three": 3, "four": 4,
    "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "niner": 9,
}  # fmt: skip
TEENS = {
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19,
}  # fmt: skip
TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
SOUND_ALIKES = {
    "for": "four", "fore": "four", "to": "two", "too": "two", "won": "one", "ate": "eight", "tree": "three",
    "sex": "six", "sicks": "six", "owe": "oh", "ah": "oh", "fife": "five", "free": "three",
}  # fmt: skip
"""How a recogniser writes digits now and then: counted only beside other numbers."""
REPEATS = {"double": 2, "triple": 3, "treble": 3, "quadruple": 4}
SCALES = {"hundred": 100, "thousand": 1000}
FILLERS = frozenset(
    {
        "uh", "um", "er", "erm", "and", "then", "dash", "hyphen", "minus", "space", "hmm", "mm", "so", "a", "uhm",
        "next", "okay", "ok", "comma", "stroke", "slash", "dot", "point", "gap", "pause", "followed", "by", "again",
        "yeah", "yes", "wait",
    }
)  # fmt: skip
"""Words within a number that do not end it."""
CORRECTIONS = frozenset(
    {"no", "sorry", "mean", "actually", "oops", "rather", "correction", "wait", "scratch"}
)
"""What says that the digit before it was wrong, and another one follows."""
IN_CORRECTIONS = frozenset({"i", "that", "its", "thats", "not", "but", "was", "is", "my", "mistake"})
"""Words around those, which end a number by themselves."""
MOST_FILLERS = 4
MOST_ASIDE = 3
"""Words of any kind within a number that was asked for."""
DICTATED = 6
"""Where so many number words stand together, a word that only sounds like one may be one at their edge."""
GAP = re.compile(r"[\s\-‐‑–—.,;·•/_()*|…]*")
"""What may stand between the parts of one number."""
MOST_READINGS = 512

TOKEN = re.compile(r"\d+|[^\W\d_]+(?:'[^\W\d_]+)?")
GLUED = re.compile(r"[^\W\d_]")


@dataclass(frozen=True)
class Word:
    """A word or a run of digits, at characters `start` to `end` of its text."""

    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Piece:
    """A part of a number with all that it may stand for, likeliest first."""

    start: int
    end: int
    readings: tuple[str, ...]

    @property
    def digits(self) -> str:
        """The likeliest reading."""
        return self.readings[0]


@dataclass(frozen=True)
class Number:
    """A number: pieces that stand together."""

    pieces: tuple[Piece, ...]

    @property
    def start(self) -> int:
        """Where it begins in its text."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.pieces[-1].end

    @property
    def digits(self) -> str:
        """The likeliest reading."""
        return "".join(piece.digits for piece in self.pieces)


def words_in(text: str) -> list[Word]:
    """Words and runs of digits, lower case. Digits that hang on letters (`CA12`, `4x`) are no numbers and left out."""
    found = []
    for match in TOKEN.finditer(text):
        token, start, end = match[0], match.start(), match.end()
        if token[0].isdecimal():
            before, behind = text[start - 1 : start], text[end : end + 1]
            if GLUED.match(before) or GLUED.match(behind) or not token.isascii():
                continue
        found.append(Word(token.lower().replace("'", ""), start, end))
    return found


def numbers_in(text: str, *, asked: bool = False) -> list[Number]:
    """All numbers of a text, in order. What stands apart, or has other words between, is another number.

    `asked`: the text answers a question for a number, so that more of it may be one.
    """
    words = words_in(text)
    alike, edges = _alike(text, words, asked=asked)
    return [
        Number(tuple(_pieces(run, {one.start for one in corrected}, {words[at].start for at in edges})))
        for run, corrected in _runs(text, words, alike | edges, asked=asked)
        if any(_is_number(one) for one in run)
    ]


def readings(pieces: Sequence[Piece]) -> Iterator[str]:
    """What these pieces may stand for together, likeliest first, at most `MOST_READINGS`."""
    return islice(("".join(parts) for parts in product(*(piece.readings for piece in pieces))), MOST_READINGS)


def _runs(
    text: str, words: Sequence[Word], alike: frozenset[int], *, asked: bool
) -> Iterator[tuple[list[Word], list[Word]]]:
    """Words that make one number, fillers left out, and those of them that were taken back."""
    run: list[Word] = []
    corrected: list[Word] = []
    passed: list[Word] = []
    last: Word | None = None
    for index, word in enumerate(words):
        if run and last is not None and not GAP.fullmatch(text, last.end, word.start):
            yield run, corrected
            run, corrected, passed = [], [], []
        if _is_number(word) or index in alike:
            if run and not asked and _is_aside(passed):
                yield run, corrected
                run, corrected = [], []
            if run and any(one.text in CORRECTIONS for one in passed):
                corrected.append(run[-1])
            run.append(_as_number(word))
            passed = []
        elif run:
            passed.append(word)
            if not _may_pass(passed, asked=asked):
                yield run, corrected
                run, corrected, passed = [], [], []
        last = word
    if run:
        yield run, corrected


def _may_pass(words: Sequence[Word], *, asked: bool) -> bool:
    """Whether a number may go on behind these words."""
    if asked and len(words) <= MOST_ASIDE:
        return True
    if len(words) > MOST_FILLERS:
        return False
    return all(one.text in FILLERS | CORRECTIONS | IN_CORRECTIONS for one in words)


def _is_aside(words: Sequence[Word]) -> bool:
    """Whether words that only belong to a correction stand there without one."""
    texts = {one.text for one in words}
    return bool(texts & IN_CORRECTIONS) and not texts & CORRECTIONS


def _alike(text: str, words: Sequence[Word], *, asked: bool) -> tuple[frozenset[int], frozenset[int]]:
    """Which words that sound like digits stand for them: between numbers; and may, at the edge of many, or of one that
    was asked for."""
    between: set[int] = set()
    edges: set[int] = set()
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and (_is_number(words[end]) or words[end].text in SOUND_ALIKES):
            if end > start and not GAP.fullmatch(text, words[end - 1].end, words[end].start):
                break
            end += 1
        real = [at for at in range(start, end) if _is_number(words[at])]
        if real:
            alike = {at for at in range(start, end) if words[at].text in SOUND_ALIKES}
            inside = {at for at in alike if real[0] < at < real[-1]}
            between |= inside
            edges |= alike - inside if asked or len(real) >= DICTATED else set()
        start = max(end, start + 1)
    return frozenset(between), frozenset(edges)


def _as_number(word: Word) -> Word:
    return Word(SOUND_ALIKES.get(word.text, word.text), word.start, word.end)


def _is_number(word: Word) -> bool:
    return word.text.isdecimal() or any(word.text in names for names in (UNITS, TEENS, TENS, REPEATS, SCALES))


def _pieces(run: Sequence[Word], corrected: Collection[int], doubtful: Collection[int]) -> Iterator[Piece]:
    """The pieces of a run; those at `corrected` were taken back, and like the `doubtful` most likely are nothing."""
    rest = list(run)
    while rest:
        ways, used = _piece([word.text for word in rest])
        if any(word.start in corrected for word in rest[:used]):
            ways = (*_without_last(ways), *ways)
        elif rest[0].start in doubtful:
            ways = ("", *ways)
        yield Piece(rest[0].start, rest[used - 1].end, ways)
        rest = rest[used:]


def _without_last(ways: Sequence[str]) -> tuple[str, ...]:
    """Without the digit that was wrong; a pair of digits may have been wrong as a whole."""
    less = tuple(dict.fromkeys(way[:-1] for way in ways))
    return less if ways[0][:-1] == "" else (*less, "")


def _piece(tokens: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """The ways to write the number that starts here, and how many words it takes."""
    first = tokens[0]
    if first in REPEATS:
        digit = _unit(tokens[1]) if len(tokens) > 1 else None
        return ((digit * REPEATS[first],), 2) if digit is not None else (("",), 1)
    scaled = _scaled(tokens)
    if scaled is not None:
        return scaled
    if first in TENS:
        unit = _unit(tokens[1]) if len(tokens) > 1 and not tokens[1].isdecimal() else None
        if unit is not None and unit != "0":
            return (str(TENS[first] + int(unit)), f"{TENS[first]}{unit}"), 2
        return (str(TENS[first]),), 1
    if first in SCALES:
        return (str(SCALES[first]),), 1
    return (first if first.isdecimal() else str(UNITS.get(first, TEENS.get(first, ""))),), 1


def _scaled(tokens: Sequence[str]) -> tuple[tuple[str, ...], int] | None:
    """`four thousand seven hundred eleven`, `twelve hundred`: as a value, or as it sounds."""
    total, used, seen = 0, 0, False
    while used < len(tokens):
        value, words = _below_hundred(tokens[used:])
        scale = SCALES.get(tokens[used + words]) if words and used + words < len(tokens) else None
        if scale is None:
            break
        total, used, seen = total + value * scale, used + words + 1, True
    if not seen:
        return None
    value, words = _below_hundred(tokens[used:])
    plain = str(total)
    # `five hundred four two` may be 5042 as well as 504 2: both are tried.
    return ((str(total + value), f"{plain}{value}") if words else (plain,)), used + words


def _below_hundred(tokens: Sequence[str]) -> tuple[int, int]:
    """Value and length in words of a number below 100; (0, 0) when there is none."""
    if not tokens:
        return 0, 0
    first = tokens[0]
    if first in TENS:
        unit = UNITS.get(tokens[1], 0) if len(tokens) > 1 else 0
        return (TENS[first] + unit, 2) if unit else (TENS[first], 1)
    if first.isdecimal() and len(first) <= 2:
        return int(first), 1
    value = UNITS.get(first, TEENS.get(first))
    return (value, 1) if value is not None else (0, 0)


def _unit(token: str) -> str | None:
    if token in UNITS:
        return str(UNITS[token])
    return token if len(token) == 1 and token.isdecimal() else None
