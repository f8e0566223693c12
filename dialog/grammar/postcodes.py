"""Postcodes: British ones in their six shapes, German and American ones as digits."""

import re
from itertools import product

from dialog.grammar.digits import digits_in
from dialog.grammar.letters import dictated

AREAS = frozenset(
    [
        "AB",
        "AL",
        "B",
        "BA",
        "BB",
        "BD",
        "BF",
        "BH",
        "BL",
        "BN",
        "BR",
        "BS",
        "BT",
        "CA",
        "CB",
        "CF",
        "CH",
        "CM",
        "CO",
        "CR",
        "CT",
        "CV",
        "CW",
        "DA",
        "DD",
        "DE",
        "DG",
        "DH",
        "DL",
        "DN",
        "DT",
        "DY",
        "E",
        "EC",
        "EH",
        "EN",
        "EX",
        "FK",
        "FY",
        "G",
        "GL",
        "GU",
        "GY",
        "HA",
        "HD",
        "HG",
        "HP",
        "HR",
        "HS",
        "HU",
        "HX",
        "IG",
        "IM",
        "IP",
        "IV",
        "JE",
        "KA",
        "KT",
        "KW",
        "KY",
        "L",
        "LA",
        "LD",
        "LE",
        "LL",
        "LN",
        "LS",
        "LU",
        "M",
        "ME",
        "MK",
        "ML",
        "N",
        "NE",
        "NG",
        "NN",
        "NP",
        "NR",
        "NW",
        "OL",
        "OX",
        "PA",
        "PE",
        "PH",
        "PL",
        "PO",
        "PR",
        "RG",
        "RH",
        "RM",
        "S",
        "SA",
        "SE",
        "SG",
        "SK",
        "SL",
        "SM",
        "SN",
        "SO",
        "SP",
        "SR",
        "SS",
        "ST",
        "SW",
        "SY",
        "TA",
        "TD",
        "TF",
        "TN",
        "TQ",
        "TR",
        "TS",
        "TW",
        "UB",
        "W",
        "WA",
        "WC",
        "WD",
        "WF",
        "WN",
        "WR",
        "WS",
        "WV",
        "YO",
        "ZE",
    ]
)
"""The areas with which British postcodes begin."""
SHAPES = ("A9", "A99", "AA9", "AA99", "A9A", "AA9A")
INWARD = "9AA"
AS_DIGIT = {
    "O": ("0",), "I": ("1", "5"), "L": ("1",), "S": ("6", "5"), "V": ("5",), "A": ("8",), "H": ("8",), "B": ("3", "8"),
    "G": ("3",), "Y": ("5",), "X": ("6",), "F": ("5", "4"), "Z": ("0", "7"), "U": ("2",), "T": ("2",), "K": ("8",),
    "E": ("3",), "Q": ("2",), "P": ("3",), "D": ("3",), "N": ("9",),
}  # fmt: skip
AS_LETTER = {
    "0": ("O",), "8": ("H", "A"), "3": ("B", "E"), "2": ("Q", "U"), "6": ("S", "X"), "5": ("F", "S"), "1": ("I", "Y"),
    "9": ("N",), "4": ("F",), "7": ("S",),
}  # fmt: skip
"""Letters and digits that are taken for each other, where the shape says which of them it must be."""
MENDED = 0.35
"""Weight of each place that is mended so."""
ELSEWHERE = 0.2
"""Weight of a postcode in no known area."""
MOST_MENDED = 2
ABROAD = (5, 9)
"""Digits of German and American postcodes."""
NAMED = re.compile(r"\b(?:post ?code|zip(?: code)?|plz)\b", re.IGNORECASE)


def postcodes_in(text: str, *, strict: bool) -> list[tuple[str, float]]:
    """Postcodes in their canonical form with scores. Not `strict`: only what is clearly one."""
    found: dict[str, float] = {}
    for reading in dictated(_without_words(text), sound_alikes=strict):
        for value, weight in british(reading.value, mend=strict):
            found[value] = max(found.get(value, 0.0), weight * reading.weight)
    if strict or NAMED.search(text):
        for places in ABROAD:
            number = digits_in(text, places, places, sound_alikes=strict)
            if number is not None:
                found[number] = max(found.get(number, 0.0), 0.9)
    if not found:
        written = re.findall(r"\b([A-Z]{1,2}\d[A-Z\d]?) ?(\d[A-Z]{2})\b", text.upper())
        found = {f"{out} {inward}": 1.0 for out, inward in written if _area(out) in AREAS}
    return sorted(found.items(), key=lambda item: -item[1])


def british(letters: str, *, mend: bool) -> list[tuple[str, float]]:
    """The British postcodes that a run of letters and digits can be, in the form `SW1A 1AA`."""
    found: dict[str, float] = {}
    for shape in SHAPES:
        if len(letters) != len(shape) + len(INWARD):
            continue
        choices = [
            _place(letter, wanted, mend=mend) for letter, wanted in zip(letters, shape + INWARD, strict=True)
        ]
        if (
            not all(choices)
            or sum(letter not in dict(one) for letter, one in zip(letters, choices, strict=True))
            > MOST_MENDED
        ):
            continue
        for chosen in product(*choices):
            value = "".join(one for one, _ in chosen)
            weight = 1.0 if _area(value) in AREAS else ELSEWHERE
            for _, share in chosen:
                weight *= share
            written = f"{value[:-3]} {value[-3:]}"
            found[written] = max(found.get(written, 0.0), weight)
    return list(found.items())


def _place(letter: str, wanted: str, *, mend: bool) -> list[tuple[str, float]]:
    if letter.isdigit() is (wanted == "9"):
        return [(letter, 1.0)]
    others = (AS_DIGIT if wanted == "9" else AS_LETTER).get(letter, ()) if mend else ()
    return [(other, MENDED / (1 + at)) for at, other in enumerate(others)]


def _area(value: str) -> str:
    match = re.match(r"[A-Z]+", value)
    return match[0] if match else ""


def _without_words(text: str) -> str:
    """Without what introduces a postcode."""
    return re.sub(
        r"^.*\b(?:post ?code|zip ?code|zip)(?:'s| is| would be)?\b[:,]?", "", text, flags=re.IGNORECASE
    )
