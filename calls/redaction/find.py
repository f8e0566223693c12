"""Finds data of all kinds in a conversation, each with its place. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence

from calls.redaction.cards import card_in, card_joined, is_whole
from calls.redaction.chains import Chain, Part, chains
from calls.redaction.kinds import Kind
from calls.redaction.numbers import Number, Piece, numbers_in, readings
from calls.redaction.patterns import DATE, MONTH, formed
from calls.redaction.talk import Span, Utterance, apart
from calls.redaction.topics import About, Topic, about, asked_for

RULES = "2"
"""Counts up when the same texts give other spans: what was redacted by older rules is looked through again."""
PLUS = re.compile(r"(?:\+|\bplus)\W*$", re.IGNORECASE)
AHEAD_OF_NUMBER = re.compile(
    rf"(?:(?:the\s+)?(?:\d{{1,2}}|\w*(?:st|nd|rd|th|first|second|third))\s+(?:of\s+)?)?\b{MONTH}[\s,]*(?:of\s+)?$",
    re.IGNORECASE,
)
"""A month, perhaps with its day, before the number of its year."""
SHORT = (
    (Topic.CARD_CODE, Kind.CARD_CODE, range(3, 5)),
    (Topic.EXPIRY, Kind.CARD_EXPIRY, range(2, 9)),
    (Topic.CODE, Kind.CODE, range(3, 13)),
    (Topic.CARD_CODE, Kind.CODE, range(5, 13)),
    (Topic.BANK, Kind.BANK_ACCOUNT, range(4, 19)),
    (Topic.TAX, Kind.TAX_ID, range(4, 13)),
    (Topic.PHONE, Kind.PHONE, range(6, 16)),
    (Topic.POSTCODE, Kind.POSTCODE, range(4, 10)),
    (Topic.BIRTH, Kind.BIRTH_DATE, range(2, 9)),
)
"""What a number is announced as, its kind, and how many digits it may have; where a question asks for several things,
the first that fits. A "security code" with more digits than a card has is one that was sent."""
BARE_PHONE = range(10, 13)
"""A number of so many digits that nobody announces is taken for a telephone's."""
SECRETS = frozenset({Topic.CARD, Topic.CARD_CODE, Topic.CODE})
"""What is asked for as a number of digits that must not be kept: more of the answer may be one."""
CARD_LATELY = 3
"""Utterances after a card number in which its date and code are said without being announced."""


def find(talk: Sequence[Utterance], kinds: Collection[Kind], names: Collection[str] = ()) -> tuple[Span, ...]:
    """The data of these kinds, in order and without overlaps. `names` are those of people that the dialog knows."""
    numbers = [numbers_in(one.text, asked=asked_for(talk, at, SECRETS)) for at, one in enumerate(talk)]
    found = list(_Reading(talk, numbers).spans())
    for at, one in enumerate(talk):
        found += [Span(at, start, end, kind) for start, end, kind in formed(one.text, names)]
        found += _births(talk, at)
    # Chosen before overlaps are joined: what is not asked for hides nothing.
    return tuple(apart([span for span in found if span.kind in kinds and span.end > span.start]))


def _births(talk: Sequence[Utterance], at: int) -> Iterator[Span]:
    for match in DATE.finditer(talk[at].text):
        if about(talk, at, match.start(), match.end()).may_be(Topic.BIRTH):
            yield Span(at, match.start(), match.end(), Kind.BIRTH_DATE)


class _Reading:
    """One pass over the numbers of a conversation."""

    def __init__(self, talk: Sequence[Utterance], numbers: Sequence[Sequence[Number]]) -> None:
        self._talk = talk
        self._numbers = numbers
        self._cards: list[int] = []
        """Utterances that hold card numbers."""

    def spans(self) -> Iterator[Span]:
        for chain in chains(self._talk, self._numbers):
            cards = list(self._cards_of(chain))
            cards += self._repeated(cards)
            self._cards += [span.at for span in cards]
            yield from cards
            for part in chain.parts:
                covered = [one for one in cards if one.at == part.at]
                yield from self._rest_of(part, covered)

    def _cards_of(self, chain: Chain) -> Iterator[Span]:
        """Card numbers of single parts, or else one of all parts together."""
        single = [
            (part, start, end)
            for part in chain.parts
            for start, end in self._cards_in(part.number.pieces, self._about(part), self._plus(part))
        ]
        if len(chain.parts) > 1 and not any(is_whole(part.number.pieces[a:b]) for part, a, b in single):
            joined = list(self._joined(chain))
            if joined:
                yield from joined
                return
        for part, start, end in single:
            yield self._span(part.at, part.number.pieces[start:end], Kind.CARD_NUMBER)

    def _repeated(self, cards: Sequence[Span]) -> Iterator[Span]:
        """What the other reads back of a card number while it is dictated."""
        if len({span.at for span in cards}) < 2:
            return
        who = self._talk[cards[0].at].who
        said = "".join(
            number.digits
            for span in cards
            for number in numbers_in(self._talk[span.at].text[span.start : span.end], asked=True)
        )
        for at in range(cards[0].at, min(cards[-1].at + 2, len(self._talk))):
            if self._talk[at].who != who:
                for number in self._numbers[at]:
                    if any(way and way in said for way in readings(number.pieces)):
                        yield self._span(at, number.pieces, Kind.CARD_NUMBER)

    def _cards_in(self, pieces: Sequence[Piece], found: About, plus: bool) -> Iterator[tuple[int, int]]:
        """All card numbers of one number: two cards may be read out in one breath."""
        at = 0
        while at < len(pieces) and (place := card_in(pieces[at:], found, after_plus=plus)) is not None:
            yield at + place[0], at + place[1]
            at += place[1]

    def _joined(self, chain: Chain) -> Iterator[Span]:
        """One card number over several parts, from any of them on."""
        for first in range(len(chain.parts) - 1):
            parts = chain.parts[first:]
            places = Chain(parts).places
            pieces = [piece for _, piece in places]
            count = card_joined(pieces, self._about(parts[0]), after_plus=self._plus(parts[0]))
            if count is None:
                continue
            inside = pieces[:count]
            for part in parts:
                own = [one for one in part.number.pieces if any(one is other for other in inside)]
                if own:
                    yield self._span(part.at, own, Kind.CARD_NUMBER)
            return

    def _rest_of(self, part: Part, cards: Sequence[Span]) -> Iterator[Span]:
        """What else a number, or what is left of it beside a card's, may be."""
        left: list[Piece] = []
        for piece in (*part.number.pieces, None):
            taken = piece is not None and any(one.start <= piece.start < one.end for one in cards)
            if piece is not None and not taken:
                left.append(piece)
            elif left:
                yield from self._short(part.at, left)
                left = []

    def _short(self, at: int, pieces: Sequence[Piece]) -> Iterator[Span]:
        found = about(self._talk, at, pieces[0].start, pieces[-1].end)
        ways = tuple(readings(pieces))
        kind = _announced(found, ways) or self._beside_card(at, ways[0], found) or _by_length(found, ways[0])
        if kind is None:
            return
        span = self._span(at, pieces, kind)
        if kind in {Kind.CARD_EXPIRY, Kind.BIRTH_DATE}:
            ahead = AHEAD_OF_NUMBER.search(self._talk[at].text[: span.start])
            span = Span(at, ahead.start() if ahead else span.start, span.end, kind)
        yield span

    def _beside_card(self, at: int, digits: str, found: About) -> Kind | None:
        """A date or a code that is said with a card number, or right after it."""
        near = any(0 <= at - card <= CARD_LATELY for card in self._cards)
        if not near or (found.own and found.nearest not in {Topic.CARD, Topic.EXPIRY, Topic.CARD_CODE}):
            return None
        if len(digits) >= 4 and 1 <= int(digits[:2]) <= 12:
            return Kind.CARD_EXPIRY if len(digits) <= 10 else None
        return Kind.CARD_CODE if len(digits) in range(3, 9) else None

    def _about(self, part: Part) -> About:
        return about(self._talk, part.at, part.number.start, part.number.end)

    def _plus(self, part: Part) -> bool:
        return PLUS.search(self._talk[part.at].text[: part.number.start]) is not None

    def _span(self, at: int, pieces: Sequence[Piece], kind: Kind) -> Span:
        return Span(at, pieces[0].start, pieces[-1].end, kind)


def _announced(found: About, ways: Sequence[str]) -> Kind | None:
    for topic, kind, lengths in SHORT:
        if topic in found.all and any(len(digits) in lengths for digits in ways):
            return kind
    return None


def _by_length(found: About, digits: str) -> Kind | None:
    something_else = found.nearest in {Topic.OTHER, Topic.AMOUNT}
    return Kind.PHONE if len(digits) in BARE_PHONE and not something_else else None
