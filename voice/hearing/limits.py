"""What a dictated answer may consist of: the tokens for digits and letters, and which texts fit."""

from collections.abc import Callable, Mapping
from functools import cached_property

from faster_whisper.tokenizer import Tokenizer

from dialog.grammar.digits import digits_in
from dialog.types import Expectation, ExpectationKind

DIGIT_NAMES = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
DIGIT_WORDS = frozenset((*DIGIT_NAMES, "oh", "double", "triple"))
LETTER_WORDS = frozenset(
    (
        *"abcdefghijklmnopqrstuvwxyz",
        *("as", "for", "in", "like", "double", "dash", "dot", "at"),
        *(
            "alpha",
            "bravo",
            "charlie",
            "delta",
            "echo",
            "foxtrot",
            "golf",
            "hotel",
            "india",
            "juliet",
            "kilo",
        ),
        *("lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform"),
        *("victor", "whiskey", "x-ray", "yankee", "zulu"),
    )
)
BETWEEN = frozenset((",", "."))


DICTATED = frozenset((ExpectationKind.DIGITS, ExpectationKind.SPELLED))
"""Where an answer is dictated, sign by sign."""


class Limits:
    """The tokens of one model's vocabulary that spell digits and letters."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def suppressed(self, kind: ExpectationKind) -> list[int] | None:
        """What may not be decoded while `kind` is expected; None where anything may."""
        match kind:
            case ExpectationKind.DIGITS:
                return self._outside_digits
            case ExpectationKind.SPELLED:
                return self._outside_letters
        return None

    @cached_property
    def digit_tokens(self) -> Mapping[str, list[int]]:
        """Each digit's tokens: `4` is written ` 4`, `4`, ` four`, ` Four` and so on. "Oh" is too much like "hello"."""
        tokens: dict[str, list[int]] = {digit: [] for digit in "0123456789"}
        for token in range(self._tokenizer.eot):
            text = self._tokenizer.decode([token]).strip().lower()
            if text in tokens:
                tokens[text].append(token)
            elif text in DIGIT_NAMES:
                tokens[str(DIGIT_NAMES.index(text))].append(token)
        return tokens

    @cached_property
    def _outside_digits(self) -> list[int]:
        return self._outside(lambda text: text in DIGIT_WORDS or (text.isdigit() and text.isascii()))

    @cached_property
    def _outside_letters(self) -> list[int]:
        return self._outside(lambda text: text in LETTER_WORDS or (text.isdigit() and len(text) == 1))

    def _outside(self, allowed: Callable[[str], bool]) -> list[int]:
        def may(token: int) -> bool:
            text = self._tokenizer.decode([token]).strip().lower()
            return text in BETWEEN or allowed(text)

        return [token for token in range(self._tokenizer.eot) if not may(token)]


def fits(text: str, expected: Expectation) -> bool:
    """Whether `text` is what is expected: as many digits as were asked for, or letters one by one."""
    if expected.kind is ExpectationKind.DIGITS:
        wanted = expected.digits
        return wanted is not None and digits_in(text, wanted, wanted, sound_alikes=True) is not None
    return expected.kind is ExpectationKind.SPELLED and all(word in LETTER_WORDS for word in words(text))


def nearly_fits(text: str, expected: Expectation) -> bool:
    """Whether it is a dictated answer, though not quite: another number of digits, or mostly letters."""
    said = words(text)
    if expected.kind is ExpectationKind.DIGITS:
        return expected.digits is not None and any(word.isdigit() or word in DIGIT_WORDS for word in said)
    return 2 * sum(word in LETTER_WORDS for word in said) >= len(said)


def is_one_word(text: str) -> bool:
    """Whether it is one word, once or again and again, and no longer number."""
    said = set(words(text))
    return len(said) == 1 and not (len(max(said)) > 1 and max(said).isdigit())


def words(text: str) -> list[str]:
    """The words of `text` in lower case, without what stands around and between them."""
    for mark in "-.,?!;:":
        text = text.replace(mark, " ")
    return text.lower().split()
