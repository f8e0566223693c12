"""Conversations in which a card number or a code is said, for measuring redaction on what its rules have not seen.

Their sentences are those of `bench.secret_sentences`. Every word that carries digits knows which, so that what is left
readable is counted without the finder's own reader.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bench.secret_sentences import Half
from bench.spoken_digits import (
    WAYS,
    Token,
    as_recognised,
    card,
    groups,
    in_figures,
    in_pairs,
    one_by_one,
    with_many,
)
from calls.redaction.kinds import Kind
from calls.redaction.talk import ASSISTANT, CALLER, Span, Utterance

IN_PARTS = "in parts, read back"


@dataclass(frozen=True)
class Said:
    """One utterance with the places of the secret's digits: from, to, how many digits."""

    utterance: Utterance
    places: tuple[tuple[int, int, int], ...] = ()


@dataclass(frozen=True)
class Scene:
    """A conversation; `kind` is that of its secret, None where it has none. `form` is how it was said."""

    said: tuple[Said, ...]
    kind: Kind | None
    form: str

    @property
    def talk(self) -> tuple[Utterance, ...]:
        """What the finder sees."""
        return tuple(one.utterance for one in self.said)

    def left(self, spans: Sequence[Span]) -> int:
        """How many digits of the secret can still be read, of whoever said more of them."""
        left = {CALLER: 0, ASSISTANT: 0}
        for at, one in enumerate(self.said):
            for start, end, count in one.places:
                if not any(span.at == at and span.start <= start and end <= span.end for span in spans):
                    left[one.utterance.who] += count
        return max(left.values())

    def wrong(self, spans: Sequence[Span]) -> int:
        """How many spans hold no digit of the secret."""
        return sum(
            not any(span.start < end and start < span.end for start, end, _ in self.said[span.at].places)
            for span in spans
        )


def utterance(who: str, template: str, tokens: Sequence[Token]) -> Said:
    """The template with the tokens in place of `{}`."""
    before, _, after = template.partition("{}")
    text, places = before, []
    for number, one in enumerate(tokens):
        text += " " if number else ""
        if one.digits:
            end = len(text) + len(one.text.rstrip(",."))
            places.append((len(text), end, len(one.digits)))
        text += one.text
    return Said(Utterance(who, text + after), tuple(places))


def plain(who: str, text: str) -> Said:
    """An utterance without a secret."""
    return Said(Utterance(who, text))


def cards(half: Half, count: int, random_: random.Random) -> Iterator[Scene]:
    """Card numbers, in every way the same number of times."""
    forms = [*WAYS, IN_PARTS]
    for at in range(count):
        form = forms[at % len(forms)]
        number = card(random_, round_groups=form == "thousands, hundreds")
        asks = plain(ASSISTANT, random_.choice(half.card_asks))
        if form == IN_PARTS:
            yield Scene(tuple(_dictated(number, asks, half, random_)), Kind.CARD_NUMBER, form)
            continue
        says = random_.choice(half.card_says)
        announced = "card" in says or "visa" in says.lower() or "mastercard" in says
        opening = () if announced and random_.random() < 0.3 else (asks,)
        spoken = utterance(CALLER, says, WAYS[form](number, half, random_))
        yield Scene((*opening, spoken), Kind.CARD_NUMBER, form)


def _dictated(number: str, asks: Said, half: Half, random_: random.Random) -> Iterator[Said]:
    """In parts, of which the other reads some back."""
    yield asks
    ways = (one_by_one, in_pairs, with_many, in_figures, as_recognised)
    for part in groups(number, random_) if len(number) < 16 else _long(number, random_):
        yield utterance(CALLER, "{}", random_.choice(ways)(part, half, random_))
        if random_.random() < 0.3:
            yield utterance(ASSISTANT, "{}, " + random_.choice(half.replies), one_by_one(part, half, random_))
        else:
            yield plain(ASSISTANT, random_.choice(half.replies))


def _long(number: str, random_: random.Random) -> list[str]:
    """Parts of three digits at least: nobody waits for an answer after each digit."""
    parts: list[str] = []
    while number:
        size = random_.choice((3, 4, 4, 5, 6, 8))
        parts, number = [*parts, number[:size]], number[size:]
    return parts


def codes(half: Half, count: int, random_: random.Random) -> Iterator[Scene]:
    """PINs, passwords and codes of cards."""
    forms = [form for form in WAYS if form != "thousands, hundreds"]
    for at in range(count):
        form = forms[at % len(forms)]
        asks, length = random_.choice(half.code_asks)
        code = "".join(str(random_.randrange(10)) for _ in range(length))
        spoken = utterance(CALLER, random_.choice(half.code_says), WAYS[form](code, half, random_))
        yield Scene((plain(ASSISTANT, asks), spoken), Kind.CODE, form)


def innocent(half: Half, count: int, random_: random.Random) -> Iterator[Scene]:
    """Orders, prices, telephones: what must stay readable."""
    for at in range(count):
        text = half.innocent[at % len(half.innocent)]
        for size in range(1, 20):
            while f"{{{size}}}" in text:
                digits = "".join(str(random_.randrange(1, 10)) for _ in range(size))
                way = random_.choice((in_figures, in_figures, one_by_one, in_pairs))
                spoken = " ".join(one.text for one in way(digits, half, random_))
                text = text.replace(f"{{{size}}}", spoken, 1)
        yield Scene(
            (plain(ASSISTANT, "How can I help you?"), plain(CALLER, text)),
            None,
            half.innocent[at % len(half.innocent)],
        )
