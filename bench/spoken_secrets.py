"""Conversations in which a card number or a code is said, for measuring redaction on what its rules have not seen.

Three parts that share no sentence: `FIRST` and `SECOND`, by which rules were mended, and `FRESH`, which was only
measured, once, after that.
Every word that carries digits knows which, so that what is left readable is counted without the finder's own reader.
"""

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from num2words import num2words

from calls.redaction.checks import luhn
from calls.redaction.kinds import Kind
from calls.redaction.talk import ASSISTANT, CALLER, Span, Utterance

DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ALIKE = {"1": "won", "2": "to", "4": "for", "8": "ate"}
"""What a recogniser writes for a digit now and then."""
MANY = {2: "double", 3: "triple", 4: "quadruple"}
PREFIXES = (("4", 16), ("5", 16), ("2", 16), ("37", 15), ("34", 15), ("6011", 16), ("36", 14), ("62", 19))
GROUPS = ((1,), (2,), (3,), (5, 5, 6), (6, 4, 6), (3, 4, 4, 5), (2, 6), (4, 4, 8), (7, 9), (6, 5, 5))


@dataclass(frozen=True)
class Token:
    """Some characters, and the digits of a secret that they tell; none where they tell nothing."""

    text: str
    digits: str = ""


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


@dataclass(frozen=True)
class Half:
    """The sentences of one part."""

    card_asks: tuple[str, ...]
    card_says: tuple[str, ...]
    """`{}` is the number."""
    code_asks: tuple[tuple[str, int], ...]
    """With the number of digits that are asked for."""
    code_says: tuple[str, ...]
    fillers: tuple[str, ...]
    corrections: tuple[str, ...]
    replies: tuple[str, ...]
    """What the other says between two parts."""
    innocent: tuple[str, ...]
    """`{4}` is a number of four digits."""


FIRST = Half(
    card_asks=(
        "Which card would you like to use?",
        "Can I take the card details?",
        "Go ahead with the number whenever you're ready.",
        "I just need the digits on the front of your card.",
    ),
    card_says=(
        "{}", "right, {}", "ok ready? {}", "it's my husband's card, {}", "mastercard {}", "so that would be {} I think",
        "the card says {}", "let me get it out of my wallet. {}", "you can put it on {}",
    ),
    code_asks=(
        ("And the CVV?", 3), ("What's the passcode you were sent?", 6), ("Your four digit PIN, please.", 4),
        ("Please read out the verification code from the text message.", 6),
        ("What's the security number on the back?", 3), ("Can you tell me the one time password?", 5),
    ),
    code_says=("{}", "that's {}", "hang on, {}", "the text says {}", "erm {}", "I've got {} here", "it says {}"),
    fillers=("uh", "um", "and then", "let me see", "okay", "wait"),
    corrections=("no, {}", "sorry, {}", "no sorry {}", "I mean {}"),
    replies=("Okay.", "Yes, go on.", "Mm-hm.", "And the next ones?", "Got that."),
    innocent=(
        "I bought it for {2} dollars and it is size {2}",
        "order number {8} has not arrived",
        "the parcel is {15} and it was sent with UPS",
        "you can reach me at {10}, that's my mobile",
        "I paid {3} dollars with my card for order {4}",
        "my card was charged {2} dollars twice on the {1} of May",
        "the invoice {7} says {2}.{2}",
        "flight {4} leaves at {1} thirty",
        "my membership number is {9}",
        "I live at {3} Oak Street, zip code {5}",
        "please cancel {6}, that's the order",
        "I want to exchange item {10} from order W{7}",
    ),
)  # fmt: skip
SECOND = Half(
    card_asks=(
        "What card should that go on?",
        "May I have the full number of the card you want to pay with?",
        "Could you read the card to me, please?",
        "To take the payment I need your debit card number.",
    ),
    card_says=(
        "{}", "sure thing, {}", "yep {}", "it reads {}", "American Express, {}",
        "well the number I have here is {} okay", "charge {}", "I'll use my visa {}", "hold on a second. {}",
    ),
    code_asks=(
        ("And the three numbers on the signature strip?", 3), ("Please tell me the code we have just texted you.", 6),
        ("What is the PIN for your account?", 4), ("Enter or say your access code.", 5),
        ("And the CVC, please?", 3), ("I need the authentication code from your app.", 6),
    ),
    code_says=("{}", "ok it's {}", "one moment, {}", "I see {}", "the message reads {}",
               "well, {} is what it says", "mine is {}"),
    fillers=("er", "so", "next", "hmm", "then", "one second"),
    corrections=("no wait, {}", "oops, {}", "actually {}", "make that {}"),
    replies=("Right.", "Uh-huh, carry on.", "I'm listening.", "What comes next?", "Thanks, and the rest?"),
    innocent=(
        "it cost {3} dollars and {2} cents",
        "I'm calling about order {7}",
        "my tracking code is {12}",
        "call me at {10} after {1} pm",
        "you took {3} dollars from my card for order {5}",
        "there are {2} boxes of {4} screws",
        "ticket number {8} was opened on the {2} of June",
        "the model is {5} and the serial number {11}",
        "customer number {8}, account in the name of Lee",
        "we are {2} people in room {3}",
        "I returned order {6} and want my {2} dollars back on the card",
        "product {10} in order W{7} is the wrong colour",
    ),
)  # fmt: skip

FRESH = Half(
    card_asks=(
        "Okay, and how will you be paying? Which card?",
        "If you give me your card number I can take the payment now.",
        "Let's start with the long number on the card.",
        "I'm ready for your card number when you are.",
    ),
    card_says=(
        "{}", "got it here, {}", "alright so {}", "the first numbers are, well, {}", "it's my wife's visa: {}",
        "take it off {}", "my new card is {}", "please use {} for that", "you should have it, but anyway {}",
    ),
    code_asks=(
        ("Now the three digit security code.", 3), ("What code did you get by text?", 6), ("And your PIN?", 4),
        ("Tell me the one time code that is on your screen.", 6), ("And the CVV, from the back?", 3),
        ("Please give me your telephone password, the five digits.", 5),
    ),
    code_says=("{}", "yes, {}", "there it is, {}", "I think {}", "it came just now, {}",
               "{} I believe", "should be {}"),
    fillers=("ehm", "and", "now", "let's see", "then comes", "right"),
    corrections=("no no, {}", "sorry that's {}", "wait, {}", "I meant {}"),
    replies=("Okay, thanks.", "Go ahead.", "Next?", "Yes.", "I have that, and then?"),
    innocent=(
        "I spent {3} dollars in your shop last week",
        "my booking number is {8}",
        "shipment {14} is lost",
        "please call my cell, {10}",
        "there is a charge of {3} dollars on my card from the {2} of July",
        "we need {3} chairs and {2} tables by the {2}",
        "case number {7} is still open",
        "the serial number on the box is {12}",
        "policy {9} is in my name",
        "flat {2} on the {1} floor, and the postcode is {5}",
        "invoice {6} was {4} dollars",
        "I have order {8} here, paid by card in {1} parts",
    ),
)  # fmt: skip

Way = Callable[[str, Half, random.Random], list[Token]]


def card(random_: random.Random, *, round_groups: bool = False) -> str:
    """A card number with its check digit; with `round_groups` some groups of four end in noughts."""
    begins, length = random_.choice(PREFIXES)
    body = begins + "".join(str(random_.randrange(10)) for _ in range(length - len(begins) - 1))
    if round_groups:
        at = random_.choice((4, 8))
        body = body[: at + 1] + random_.choice(("000", "500")) + body[at + 4 :]
    return next(body + str(one) for one in range(10) if luhn(body + str(one)))


def groups(digits: str, random_: random.Random) -> list[str]:
    """In groups as people make them."""
    sizes, at = random_.choice(GROUPS), 0
    parts: list[str] = []
    while at < len(digits):
        size = sizes[len(parts) % len(sizes)]
        parts.append(digits[at : at + size])
        at += size
    return parts


def one_by_one(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """A word a digit, nought as people say it."""
    noughts = random_.choice(("oh", "zero", "o", "nought"))
    return [Token(noughts if one == "0" else DIGITS[int(one)], one) for one in digits]


def in_pairs(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """`forty five thirty nine`."""
    between = random_.choice((" ", "-"))
    tokens = []
    for at in range(0, len(digits), 2):
        pair = digits[at : at + 2]
        if len(pair) == 1 or pair[0] == "0":
            tokens += one_by_one(pair, half, random_)
        else:
            tokens.append(Token(num2words(int(pair)).replace("-", between), pair))
    return tokens


def with_many(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """`double four`, `triple one`."""
    tokens, at = [], 0
    while at < len(digits):
        row = min(4, len(digits[at:]) - len(digits[at:].lstrip(digits[at])))
        name = "oh" if digits[at] == "0" else DIGITS[int(digits[at])]
        tokens.append(Token(f"{MANY[row]} {name}" if row > 1 else name, digits[at] * row))
        at += row
    return tokens


def in_thousands(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Groups of four: `four thousand`, `forty five hundred`, others by pairs or one by one."""
    tokens = []
    for at in range(0, len(digits), 4):
        part = digits[at : at + 4]
        if len(part) == 4 and part[1:] == "000" and part[0] != "0":
            tokens.append(Token(f"{DIGITS[int(part[0])]} thousand", part))
        elif len(part) == 4 and part[2:] == "00" and part[0] != "0" and part[1] != "0":
            tokens.append(Token(f"{num2words(int(part[:2]))} hundred", part))
        else:
            tokens += random_.choice((one_by_one, in_pairs))(part, half, random_)
    return tokens


def with_fillers(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Groups with words in between."""
    tokens: list[Token] = []
    for part in groups(digits, random_):
        if tokens and random_.random() < 0.4:
            tokens.append(Token(random_.choice(half.fillers)))
        tokens += random_.choice((one_by_one, in_pairs, with_many, in_figures))(part, half, random_)
    return tokens


def in_figures(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """As it is written."""
    return [Token(digits, digits)]


def corrected(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """One digit is said wrongly, and mended."""
    at = random_.randrange(1, len(digits) - 1)
    wrong = str((int(digits[at]) + random_.randrange(1, 9)) % 10)
    mended = random_.choice(half.corrections).replace("{}", DIGITS[int(digits[at])])
    before, _, word = mended.rpartition(" ")
    return [
        *one_by_one(digits[:at], half, random_),
        Token(DIGITS[int(wrong)]),
        Token(before),
        Token(word, digits[at]),
        *one_by_one(digits[at + 1 :], half, random_),
    ]


def misheard(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """One or two words are written as others that sound the same."""
    tokens = one_by_one(digits, half, random_)
    alike = [at for at, one in enumerate(tokens) if one.digits in ALIKE]
    for at in random_.sample(alike, min(len(alike), random_.choice((1, 2)))):
        tokens[at] = Token(ALIKE[tokens[at].digits], tokens[at].digits)
    return tokens


def as_recognised(digits: str, half: Half, random_: random.Random) -> list[Token]:
    """Figures as a recogniser spells them: `1234, 5678.`, `12-34-56`, `1,234,567`, `1 2 3. 4 5`."""
    way = random_.randrange(6)
    if way == 0:
        return [Token(part + random_.choice(",."), part) for part in groups(digits, random_)]
    if way == 1:
        return [Token("-".join(groups(digits, random_)), digits)]
    if way == 2:
        return [Token(f"{int(digits):,}" if digits[0] != "0" else digits, digits)]
    if way == 3:
        return [Token(one + random_.choice(("", "", "", ",", ".")), one) for one in digits]
    if way == 4:
        return [Token("-".join(digits), digits)]
    tokens = []
    for part in groups(digits, random_):
        words = random_.random() < 0.5
        tokens += one_by_one(part, half, random_) if words else in_figures(part, half, random_)
    return tokens


WAYS: dict[str, Way] = {
    "one by one": one_by_one,
    "pairs": in_pairs,
    "double, triple": with_many,
    "thousands, hundreds": in_thousands,
    "fillers, odd groups": with_fillers,
    "corrected": corrected,
    "misheard words": misheard,
    "recogniser's spelling": as_recognised,
}
IN_PARTS = "in parts, read back"


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
