"""Data that is known by its form: e-mail addresses, IBANs, passwords, postcodes, streets, names."""

import re
from collections.abc import Iterable, Iterator

from calls.redaction.checks import IBAN_LENGTHS, iban
from calls.redaction.kinds import Kind
from calls.redaction.numbers import numbers_in

Found = tuple[int, int, Kind]

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
SPOKEN_EMAIL = re.compile(
    r"(?:[\w]+(?:\s+(?:dot|underscore|dash|hyphen|point)\s+|\s*[._-]\s*|\s+(?=\d))){0,5}\w+\s+at\s+"
    r"(?:[a-z0-9-]+\s+(?:dot|point)\s+|[a-z0-9-]+\.)+(?:com|net|org|co(?:\s+dot\s+|\.)uk|uk|de|io|edu|gov|info)\b"
    r"|[\w.+-]+(?:\s+\d+)?\s+(?:at\s+)?(?:gmail|yahoo|hotmail|outlook|aol|icloud)\s?(?:dot\s|\.)?com\b",
    re.IGNORECASE,
)
SECRET_WORD = re.compile(
    r"\b(?:pass\s?word|pass\s?phrase|secret word|code\s?word|memorable word)"
    r"(?:\s+(?:is|was)|'s|:)\s+[\"“']?(?P<word>[\w!?#$%&*@-]+)",
    re.IGNORECASE,
)
COMMON = frozenset(
    {
        "not", "wrong", "what", "the", "a", "my", "in", "that", "this", "it", "incorrect", "correct", "expired",
        "invalid", "too", "still", "no", "also", "required", "needed", "locked",
    }
)  # fmt: skip
"""What follows "the password is" where no password does."""
TAX_ID = re.compile(
    r"\b\d{3}[- ]\d{2}[- ]\d{4}\b|\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b"
)
SORT_CODE = re.compile(r"\b\d{2}-\d{2}-\d{2}\b(?!-)")
UK_POSTCODE = re.compile(r"\b(?:GIR ?0AA|[A-Z]{1,2}\d[A-Z\d]? ?\d[ABD-HJLNP-UW-Z]{2})\b", re.IGNORECASE)
US_POSTCODE = re.compile(r"\b[A-Z]{2},? (\d{5}(?:-\d{4})?)\b")
STREET = re.compile(
    r"\b\d{1,5}[A-Za-z]?,?\s+(?:[A-Za-z'.]+\s+){1,4}?(?:street|st|road|rd|avenue|ave|lane|ln|drive|dr|close|court|ct|way"
    r"|place|pl|boulevard|blvd|square|terrace|crescent|gardens|hill|row|parkway|highway|circle)\b\.?"
    r"(?:,?\s+(?:apt|apartment|flat|unit|suite)\.?\s*\w+)?",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w+])\+\d[\d\s().-]{6,18}\d\b")
DATE = re.compile(
    rf"\b(?:\d{{1,2}}(?:st|nd|rd|th)?\s+(?:of\s+)?{MONTH},?\s+\d{{4}}|{MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?,?\s+\d{{4}}"
    r"|\d{1,2}[/.-]\d{1,2}[/.-](?:19|20)?\d{2}|(?:19|20)\d{2}-\d{2}-\d{2})\b",
    re.IGNORECASE,
)
ALNUM = re.compile(r"[^\W_]+")


def formed(text: str, names: Iterable[str] = ()) -> Iterator[Found]:
    """All data of a text that is known by its form. `names` are those of people that the dialog knows."""
    yield from _ibans(text)
    plain = (
        (EMAIL, Kind.EMAIL),
        (SPOKEN_EMAIL, Kind.EMAIL),
        (TAX_ID, Kind.TAX_ID),
        (SORT_CODE, Kind.BANK_ACCOUNT),
        (UK_POSTCODE, Kind.POSTCODE),
        (STREET, Kind.ADDRESS),
        (PHONE, Kind.PHONE),
    )
    for pattern, kind in plain:
        for match in pattern.finditer(text):
            yield match.start(), match.end(), kind
    for match in US_POSTCODE.finditer(text):
        yield match.start(1), match.end(1), Kind.POSTCODE
    for match in SECRET_WORD.finditer(text):
        if match["word"].lower() not in COMMON:
            yield match.start("word"), match.end("word"), Kind.CODE
    for name in names:
        if len(name) > 1:
            for match in re.finditer(rf"\b{re.escape(name)}\b", text, re.IGNORECASE):
                yield match.start(), match.end(), Kind.NAME


def _ibans(text: str) -> Iterator[Found]:
    """Written or spelled: letters and digits that stand together, whatever is between them."""
    letters, places = _compact(text)
    at = 0
    while at < len(letters) - 4:
        length = IBAN_LENGTHS.get(letters[at : at + 2])
        code = letters[at : at + length] if length is not None else ""
        if length is not None and len(code) == length and code[2:4].isdecimal() and iban(code):
            yield places[at][0], places[at + length - 1][1], Kind.BANK_ACCOUNT
            at += length
        else:
            at += 1


def _compact(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Letters and digits in capitals with their places; spoken numbers are digits, longer words are gaps."""
    pieces = {piece.start: piece for number in numbers_in(text) for piece in number.pieces}
    letters: list[str] = []
    places: list[tuple[int, int]] = []
    done = 0
    for token in ALNUM.finditer(text):
        if token.start() < done:
            continue
        piece = pieces.get(token.start())
        said = piece.digits if piece is not None else token[0].upper()
        start, end = (piece.start, piece.end) if piece is not None else token.span()
        done = end
        if piece is None and len(said) > 4 and said.isalpha():
            said = " "
        for place, one in enumerate(said):
            letters.append(one)
            exact = piece is None or piece.end - piece.start == len(said)
            places.append((start + place, start + place + 1) if exact and said != " " else (start, end))
    return "".join(letters), places
