"""How much of what must not be kept is found in texts, and how much is taken for it that is none.

    python -m bench.redaction [--data FOLDER] [--json]

Made texts come from a seeded generator: card numbers and codes in many written and spoken forms, in one turn and over
several, and beside them orders, telephone numbers, dates and sums, which must stay. `recall` is the share of secrets
of which nothing telling can be read any more: no four digits in a row of a card number, no two of a code. `precision`
is the share of what is masked that are secrets. With `--data`, the folder of labelled texts (MultiDoGO in
`intents/multidogo`): there the labels of slots say what a card number is; one counts when its turn holds 13 digits of
it or more, because callers also tell the last four, and the last four of their social security number beside it.

The three parts of `bench.spoken_secrets` were made after the rules, of other sentences and other ways to say a number;
there a secret is found when at most three digits of a card number, or one of a code, can still be read. Rules were
mended by the first two; the fresh part is only measured. With `--data` there are also real texts without any secret,
in which all that is masked is wrong, and digits in real voices as the recogniser writes them down.
"""

import argparse
import csv
import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from num2words import num2words
from rich.console import Console

from bench.heard_secrets import heard, readable
from bench.listener import recogniser_of
from bench.report import print_table, tell
from bench.secret_sentences import FIRST, FRESH, SECOND, Half
from bench.spoken_secrets import Scene, cards, codes, innocent
from calls.redaction.checks import luhn
from calls.redaction.find import find
from calls.redaction.kinds import ALWAYS, Kind
from calls.redaction.numbers import numbers_in
from calls.redaction.talk import ASSISTANT, CALLER, Span, Utterance, masked
from models.shelf import ModelShelf

SEED = 20261128
PARTS = {"first part": FIRST, "second part": SECOND, "fresh part": FRESH}
MOST_CARD, MOST_CODE = 3, 1
"""So many digits of a secret may be left to read."""
PREFIXES = (
    ("4", 16), ("4", 16), ("51", 16), ("55", 16), ("2221", 16), ("37", 15), ("34", 15), ("6011", 16), ("36", 14),
    ("4", 13), ("62", 19),
)  # fmt: skip
DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
ACCOUNTS = frozenset({"card_number", "account_number"})
"""Labels of numbers that nobody need keep apart: both are always masked."""
CARD_QUESTIONS = (
    "Could I have your card number, please?",
    "What is the long number across the front of your card?",
    "Please read me the sixteen digits of your credit card.",
    "And which card should I charge?",
)
CARD_INTROS = (
    "",
    "my card number is ",
    "it's a visa, ",
    "yeah sure ",
    "the number is ",
    "okay so it's ",
    "card ",
)
CODE_QUESTIONS = (
    "I have sent you a code. Please read it to me.",
    "What is your PIN?",
    "Please tell me the one-time passcode.",
    "And the three digits on the back?",
    "What is the security code of your card?",
)
CODE_INTROS = ("", "it's ", "the code is ", "okay, ", "my pin is ", "security code ", "I got ")
INNOCENT = (
    "my order number is {n8}",
    "order {n16}, it has not come",
    "the tracking number is {n14}",
    "call me back on plus {n12}",
    "my phone number is {n10}",
    "I ordered {n2} of them on the {n2} of March",
    "I paid {n2} dollars and ninety nine cents",
    "my customer number is {n9}",
    "the invoice is {n7} from 2026",
    "ticket {n6} please",
    "it came at ten thirty on november twenty third twenty twenty six",
    "the zip code is {n5}",
)


@dataclass(frozen=True)
class Case:
    """A conversation, and the digits of its secret; none where it has none."""

    talk: tuple[Utterance, ...]
    secret: str
    kind: Kind | None
    least: int = 4
    """From so many digits on, what is left of it tells too much."""


@dataclass(frozen=True)
class Figures:
    """What came of one set."""

    name: str
    cases: int
    recall: float | None
    precision: float | None
    missed: int
    wrong: int


def card_number(random_: random.Random) -> str:
    """A number with a fitting check digit, as the large schemes give them out."""
    begins, length = random_.choice(PREFIXES)
    body = begins + "".join(str(random_.randrange(10)) for _ in range(length - len(begins) - 1))
    return next(body + str(one) for one in range(10) if luhn(body + str(one)))


def said(digits: str, random_: random.Random) -> str:
    """Digits as somebody may say or write them."""
    ways: tuple[Callable[[str, random.Random], str], ...] = (
        lambda d, _: d,
        lambda d, _: " ".join(d),
        lambda d, _: grouped(d, 4, " "),
        lambda d, _: grouped(d, 4, "-"),
        lambda d, _: grouped(d, 4, ", "),
        in_words,
        in_words,
        with_repeats,
        in_pairs,
        lambda d, r: ", ".join(in_words(part, r) for part in parts(d, 4)),
        lambda d, r: " ".join(one if r.random() < 0.5 else DIGITS[int(one)] for one in d),
    )
    return random_.choice(ways)(digits, random_)


def grouped(digits: str, size: int, between: str) -> str:
    """In groups."""
    return between.join(parts(digits, size))


def parts(digits: str, size: int) -> list[str]:
    """Of one size, the last perhaps shorter."""
    return [digits[at : at + size] for at in range(0, len(digits), size)]


def in_words(digits: str, random_: random.Random) -> str:
    """A word a digit, with pauses and fillers now and then."""
    words = []
    for digit in digits:
        words.append("oh" if digit == "0" and random_.random() < 0.6 else DIGITS[int(digit)])
        if random_.random() < 0.08:
            words[-1] += random_.choice((",", " uh", " um,", " and", "...", " then"))
    return " ".join(words)


def with_repeats(digits: str, random_: random.Random) -> str:
    """`double` and `triple` for digits in a row."""
    words, at = [], 0
    while at < len(digits):
        row = len(digits[at:]) - len(digits[at:].lstrip(digits[at]))
        many = min(row, 3)
        name = DIGITS[int(digits[at])]
        words.append(name if many == 1 else f"{('double', 'triple')[many - 2]} {name}")
        at += many
    return " ".join(words)


def in_pairs(digits: str, random_: random.Random) -> str:
    """`forty-one eleven`, `oh seven`."""
    words = []
    for pair in parts(digits, 2):
        if len(pair) == 1 or pair[0] == "0":
            words += ["oh" if one == "0" else DIGITS[int(one)] for one in pair]
        else:
            words.append(num2words(int(pair)).replace("-", random_.choice((" ", "-"))))
    return " ".join(words)


def made_cards(count: int, random_: random.Random) -> Iterator[Case]:
    """Card numbers, in one turn or dictated in parts."""
    for _ in range(count):
        number = card_number(random_)
        asked = [Utterance(ASSISTANT, random_.choice(CARD_QUESTIONS))] if random_.random() < 0.6 else []
        if random_.random() < 0.7:
            text = random_.choice(CARD_INTROS) + said(number, random_)
            yield Case((*asked, Utterance(CALLER, text)), number, Kind.CARD_NUMBER)
            continue
        talk = asked or [Utterance(ASSISTANT, CARD_QUESTIONS[0])]
        for part in parts(number, random_.choice((4, 4, 5, 8))):
            talk.append(Utterance(CALLER, random_.choice(("", "okay ", "then ")) + said(part, random_)))
            talk.append(
                Utterance(
                    ASSISTANT, random_.choice(("Go on.", "Yes?", "Mm-hm, and then?", in_words(part, random_)))
                )
            )
        yield Case(tuple(talk), number, Kind.CARD_NUMBER)


def made_codes(count: int, random_: random.Random) -> Iterator[Case]:
    """One-time codes, PINs and the codes on cards."""
    for _ in range(count):
        asks = random_.choice(CODE_QUESTIONS)
        length = 3 if "back" in asks or "card" in asks else random_.choice((4, 4, 5, 6, 6, 8))
        code = "".join(str(random_.randrange(10)) for _ in range(length))
        text = random_.choice(CODE_INTROS) + said(code, random_)
        yield Case((Utterance(ASSISTANT, asks), Utterance(CALLER, text)), code, Kind.CODE, least=2)


def made_innocent(count: int, random_: random.Random) -> Iterator[Case]:
    """Numbers that are no secrets."""
    for _ in range(count):
        text = re.sub(
            r"\{n(\d+)\}",
            lambda match: said("".join(str(random_.randrange(1, 10)) for _ in range(int(match[1]))), random_),
            random_.choice(INNOCENT),
        )
        yield Case((Utterance(ASSISTANT, "How can I help?"), Utterance(CALLER, text)), "", None)


def labelled(folder: Path) -> Iterator[Case]:
    """Turns of customers in which slots are labelled. What they were asked is not told."""
    for path in sorted(folder.glob("intents/multidogo/*/*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t"):
                words, labels = row["utterance"].split(), (row["slot-labels"] or "").split()
                if len(words) != len(labels) or not re.search(r"\d", row["utterance"]):
                    continue
                pairs = zip(words, labels, strict=True)
                secret = "".join(re.sub(r"\D", "", word) for word, label in pairs if label == "card_number")
                kind = Kind.CARD_NUMBER if 13 <= len(secret) <= 19 else None
                if kind is not None or not ACCOUNTS.intersection(labels):
                    yield Case((Utterance(CALLER, row["utterance"]),), secret if kind else "", kind, least=5)


def measured(name: str, cases: Sequence[Case]) -> Figures:
    """Recall and precision on a set."""
    found = missed = right = wrong = 0
    for case in cases:
        spans = find(case.talk, ALWAYS)
        if case.kind is not None and hidden(case, spans):
            found += 1
        missed += case.kind is not None and not hidden(case, spans)
        right += len(spans) if case.kind is not None else 0
        wrong += sum(span.kind is Kind.CARD_NUMBER or "multidogo" not in name for span in spans) * (
            case.kind is None
        )
    return Figures(
        name,
        len(cases),
        round(found / (found + missed), 4) if found + missed else None,
        round(right / (right + wrong), 4) if right + wrong else None,
        missed,
        wrong,
    )


def hidden(case: Case, spans: Sequence[Span]) -> bool:
    """Whether what is left of the caller's words does not tell the secret."""
    left = [
        masked(one.text, [span for span in spans if span.at == at])
        for at, one in enumerate(case.talk)
        if one.who == CALLER
    ]
    numbers = ["".join(number.digits for number in numbers_in(text)) for text in left]
    return not any(len(one) >= case.least and one in case.secret for one in numbers)


def held_out(name: str, half: Half, count: int = 900) -> list[Figures]:
    """Card numbers and codes of one half, each beside its innocent numbers."""
    random_ = random.Random(f"{SEED}:{name}")  # noqa: S311 - made-up numbers
    innocents = list(innocent(half, count, random_))
    return [
        counted(f"card numbers, {name}", [*cards(half, count, random_), *innocents], MOST_CARD),
        counted(f"codes, {name}", [*codes(half, count, random_), *innocents], MOST_CODE),
    ]


def counted(name: str, scenes: Sequence[Scene], most: int) -> Figures:
    """Recall and precision on scenes; `most` digits of a secret may be left."""
    found = missed = right = wrong = 0
    for scene in scenes:
        spans = find(scene.talk, ALWAYS)
        if scene.kind is not None:
            found += scene.left(spans) <= most
            missed += scene.left(spans) > most
        wrong += scene.wrong(spans)
        right += len(spans) - scene.wrong(spans)
    recall = round(found / (found + missed), 4)
    return Figures(name, len(scenes), recall, round(right / (right + wrong), 4), missed, wrong)


def unlabelled(data: Path) -> list[Figures]:
    """Real texts without cards and codes: all that is masked in them is wrong."""
    found = []
    for name, scenes in (("mwoz", _mwoz(data)), ("identity", _identity(data))):
        talks = list(scenes)
        wrong = sum(len(find(talk, ALWAYS)) for talk in talks)
        found.append(Figures(f"no secret, {name}", sum(map(len, talks)), None, None, 0, wrong))
    return found


def _mwoz(data: Path) -> Iterator[tuple[Utterance, ...]]:
    for part in (data / "satisfaction/mwoz.txt").read_text(encoding="utf-8").split("\n\n"):
        rows = [line.split("\t") for line in part.splitlines() if line.count("\t") >= 1]
        yield tuple(Utterance(CALLER if row[0] == "USER" else ASSISTANT, row[1]) for row in rows)


def _identity(data: Path) -> Iterator[tuple[Utterance, ...]]:
    with (data / "identity/dialogues.dev.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            asks = f"What is your {row['item'].replace('_', ' ')}?"
            yield Utterance(ASSISTANT, asks), Utterance(CALLER, row["transcription"] or "")


def recognised(data: Path, count: int = 40) -> list[Figures]:
    """Digits in real voices, by the recogniser that calls are heard with.

    Raises:
        ModelFileError: it is not prepared.
    """
    recogniser = recogniser_of(ModelShelf())
    random_ = random.Random(SEED)  # noqa: S311 - made-up numbers
    left: dict[Kind, list[int]] = {Kind.CARD_NUMBER: [], Kind.CODE: []}
    for talk, kind in heard(
        data / "spoken_digits", lambda pcm: recogniser.recognise(pcm).text, count, random_
    ):
        spans = [span for span in find(talk, ALWAYS) if span.at == 1]
        left[kind].append(readable(talk[1].text, spans))
    sets = (("card numbers", Kind.CARD_NUMBER, MOST_CARD), ("codes", Kind.CODE, MOST_CODE))
    return [
        Figures(
            f"{name}, recognised",
            count,
            round(sum(one <= most for one in left[kind]) / count, 4),
            None,
            sum(one > most for one in left[kind]),
            0,
        )
        for name, kind, most in sets
    ]


def figures(data: Path | None) -> list[Figures]:
    """All sets."""
    random_ = random.Random(SEED)  # noqa: S311 - made-up numbers
    innocent = list(made_innocent(1000, random_))
    sets = [
        measured("card numbers, made", [*made_cards(3000, random_), *innocent]),
        measured("codes, made", [*made_codes(3000, random_), *innocent]),
    ]
    for name, half in PARTS.items():
        sets += held_out(name, half)
    if data is not None:
        sets.append(measured("card numbers, multidogo", list(labelled(data))))
        sets += [*unlabelled(data), *recognised(data)]
    return sets


def show(console: Console, found: list[Figures]) -> None:
    """As a table."""
    rows = [(one.name, one.cases, one.recall, one.precision, one.missed, one.wrong) for one in found]
    print_table(console, "Redaction", ("Set", "Texts", "Recall", "Precision", "Missed", "Wrong"), rows)


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description="How much of what must not be kept is found.")
    parser.add_argument("--data", type=Path, help="folder of labelled texts")
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    found = figures(given.data)
    if given.json:
        tell([one.__dict__ for one in found], lambda *_: None, as_json=True)
    else:
        show(Console(), found)


if __name__ == "__main__":
    main()
