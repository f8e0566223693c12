"""E-mail addresses as dictated: `maria dot silva at example dot com`. Nothing is ever corrected."""

import re

from email_validator import EmailNotValidError, validate_email

from dialog.grammar.digits import REPEATS, UNITS
from dialog.grammar.letters import ALPHABETS, LETTER_NAMES
from dialog.grammar.number_words import number_at

SIGNS = {
    "at": "@", "dot": ".", "point": ".", "period": ".", "underscore": "_", "dash": "-", "hyphen": "-", "minus": "-",
    "plus": "+", "@": "@", ".": ".", "_": "_", "-": "-", "+": "+",
}  # fmt: skip
PHRASES = (
    (r"\bat sign\b|\bat symbol\b", " at "), (r"\bunder ?score\b", " underscore "), (r"\bfull stop\b", " dot "),
    (r"\bg[ -]mail\b", "gmail"), (r"\bhot mail\b", "hotmail"), (r"\bout look\b", "outlook"),
    (r"\bi cloud\b", "icloud"),
    (r"\bproton mail\b", "protonmail"), (r"\bdot calm\b", "dot com"),
    (r"\ball one word\b|\ball lower ?case\b|\blower ?case\b", " "),
)  # fmt: skip
"""Names of signs and of common hosts that recognisers write as two words."""
OPENING = re.compile(
    r"^.*?\b(?:e-?mail(?: address)?(?:'s| is)?|address is|it's|it is|that's|that is|this is)\b[:,]?\s+",
    re.IGNORECASE,
)
CLEAR_OPENING = re.compile(r"\be-?mail(?: address)?(?:'s| is)\s+", re.IGNORECASE)
ENDINGS = frozenset(
    {"please", "thanks", "thank", "you", "okay", "right", "that's", "it", "is", "yes", "and", "the", "all"}
)
FILLERS = frozenset({"uh", "um", "er", "erm", "so", "yes", "yeah", "well", "okay", "then", "sure"})
WRITTEN = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def emails_in(text: str, *, strict: bool) -> list[tuple[str, float]]:
    """Addresses in lower case with scores.

    Not `strict`: only written ones, and those announced as an e-mail address.
    """
    written = [one.rstrip(".-") for one in WRITTEN.findall(text.lower())]
    if written and len(written) == 1 and len(text.split()) - 1 <= 3:
        return [(value, 1.0) for value in written if _valid(value)]
    source = text
    if not strict:
        opening = CLEAR_OPENING.search(text)
        if opening is None:
            return [(value, 1.0) for value in written if _valid(value)]
        source = text[opening.end() :]
    source = OPENING.sub("", source) or source
    found: dict[str, float] = {}
    for numbers, weight in ((True, 1.0), (False, 0.4)):
        value = _address(_words(source), numbers=numbers)
        if value is not None and _valid(value):
            found[value] = max(found.get(value, 0.0), weight)
    return sorted(found.items(), key=lambda item: -item[1])


def _words(text: str) -> list[str]:
    lowered = text.lower().replace("’", "'").strip(" .!?")
    for pattern, replacement in PHRASES:
        lowered = re.sub(pattern, replacement, lowered)
    words = re.findall(r"[a-z]+(?:'[a-z]+)?|\d+|[@._+-]", lowered)
    while words and words[0] in FILLERS:
        words = words[1:]
    while words and words[-1] in ENDINGS:
        words = words[:-1]
    return words


def _address(words: list[str], *, numbers: bool) -> str | None:
    """The words run together; the last `at` that a dot follows is the sign."""
    signs = [at for at, word in enumerate(words) if SIGNS.get(word) == "@"]
    signs = [at for at in signs if any(SIGNS.get(word) == "." for word in words[at + 1 :])]
    if not signs or signs[-1] == 0:
        return None
    middle = signs[-1]
    local = _run_together(words[:middle], numbers=numbers)
    host = _run_together(words[middle + 1 :], numbers=numbers)
    return f"{local}@{host}"


def _run_together(words: list[str], *, numbers: bool) -> str:
    parts: list[str] = []
    at = 0
    while at < len(words):
        word = words[at]
        if word in REPEATS and at + 1 < len(words) and _single(words[at + 1]):
            parts.append(_single(words[at + 1]) * REPEATS[word])
            at += 2
            continue
        if word in FILLERS and len(words) > 1:
            at += 1
            continue
        if _letter(words, at) and at + 2 < len(words) and words[at + 1] in {"for", "as"}:
            step = 4 if words[at + 1] == "as" and words[at + 2] in {"in", "for"} else 3
            parts.append(_single(word))
            at += step
            continue
        number = number_at(words, at) if numbers and not word.isdigit() else None
        if number is not None and not number.ordinal and word not in {"o", "oh"}:
            parts.append(str(number.value))
            at = number.end
            continue
        parts.append(SIGNS.get(word) or _spelled(words, at))
        at += 1
    return "".join(parts)


def _letter(words: list[str], at: int) -> bool:
    return len(words[at]) == 1 and words[at].isalpha()


def _spelled(words: list[str], at: int) -> str:
    """A letter's name counts as the letter only between other letters: `see` is also a word."""
    word = words[at]
    beside = [words[place] for place in (at - 1, at + 1) if 0 <= place < len(words)]
    spelling = any(len(one) == 1 and one.isalpha() for one in beside)
    alphabet = word in ALPHABETS and any(one in ALPHABETS for one in beside)
    if alphabet or (spelling and word in LETTER_NAMES):
        return {**ALPHABETS, **LETTER_NAMES}[word].lower()
    return word.replace("'", "")


def _single(word: str) -> str:
    """One letter or digit in small letters; empty if the word is neither."""
    if len(word) == 1 and word.isalnum():
        return word
    if word in UNITS:
        return str(UNITS[word])
    return LETTER_NAMES.get(word, "").lower()


def _valid(value: str) -> bool:
    try:
        validate_email(value, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return False
    return True
