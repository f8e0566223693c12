"""Letters and digits as they are dictated: `S for Sierra`, `double seven`, `oh`, `be are why`."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from dialog.grammar.digits import REPEATS, TEENS, TENS, UNITS

ALPHABETS = {
    word: word[0].upper()
    for word in (
        "alpha", "alfa", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "indigo", "juliet",
        "juliett", "juliette", "kilo", "lima", "mike", "november", "oscar", "papa", "quebec", "romeo", "sierra",
        "tango", "uniform", "victor", "whiskey", "whisky", "yankee", "zulu", "able", "baker", "dog", "easy", "fox",
        "george", "how", "item", "jig", "king", "love", "nan", "oboe", "peter", "queen", "roger", "sugar", "tare",
        "uncle", "william", "yoke", "zebra", "apple", "bertie", "freddie", "freddy", "harry", "jack", "lucy", "mother",
        "mary", "nellie", "orange", "robert", "samuel", "tommy", "yellow", "edward", "frederick", "isaac",
        "lucky", "nuts", "monkey", "elephant", "elizabeth", "tiger",
    )
}  # fmt: skip
"""Spelling alphabets, British, American and international; any other word counts after "as in"."""
LETTER_NAMES = {
    "ay": "A", "eh": "A", "be": "B", "bee": "B", "see": "C", "sea": "C", "cee": "C", "dee": "D", "ee": "E",
    "ef": "F", "eff": "F", "gee": "G", "aitch": "H", "haitch": "H", "eye": "I", "jay": "J", "kay": "K",
    "el": "L", "ell": "L", "em": "M", "en": "N", "oh": "O", "owe": "O", "pee": "P", "pea": "P", "cue": "Q",
    "queue": "Q", "are": "R", "ar": "R", "ess": "S", "tee": "T", "tea": "T", "you": "U", "ewe": "U",
    "vee": "V", "ex": "X", "why": "Y", "wye": "Y", "zed": "Z", "zee": "Z", "zedd": "Z",
}  # fmt: skip
"""How recognisers write the names of letters."""
HEARD_AS = {
    "and": (("N", 0.6), ("", 0.5)), "an": (("N", 0.6), ("A", 0.3)),
    "in": (("N", 0.6), ("", 0.3), ("I", 0.2)), "any": (("NE", 0.7),), "that": (("Z", 0.6), ("", 0.4)),
    "said": (("Z", 0.8),), "dead": (("Z", 0.6), ("D", 0.3)), "bed": (("Z", 0.6), ("B", 0.3)),
    "set": (("Z", 0.6), ("S", 0.3)), "the": (("", 0.6), ("D", 0.4)), "they": (("D", 0.4), ("A", 0.4)),
    "he": (("E", 0.7), ("H", 0.4)), "hey": (("A", 0.7), ("", 0.3)), "am": (("M", 0.7), ("AM", 0.3)),
    "i'm": (("M", 0.6),), "all": (("L", 0.5), ("O", 0.3), ("R", 0.2)),
    "or": (("R", 0.6), ("O", 0.3), ("4", 0.3)), "our": (("R", 0.9),), "i'll": (("L", 0.8), ("R", 0.3)),
    "ill": (("L", 0.6), ("ILL", 0.5)), "hitch": (("H", 0.9),), "hatch": (("H", 0.9),),
    "hate": (("H", 0.6), ("8", 0.6)), "each": (("H", 0.6), ("E", 0.4)), "age": (("H", 0.7),),
    "page": (("H", 0.5), ("PH", 0.5)), "eat": (("E", 0.6), ("8", 0.5)), "key": (("K", 0.6), ("E", 0.3)),
    "okay": (("K", 0.6), ("", 0.5), ("OK", 0.3)), "ok": (("K", 0.5), ("", 0.4), ("OK", 0.4)),
    "day": (("J", 0.5), ("DA", 0.4), ("A", 0.3)), "if": (("F", 0.7),), "off": (("F", 0.6),),
    "it": (("E", 0.4), ("", 0.4)), "is": (("S", 0.5), ("", 0.5)), "as": (("S", 0.6), ("", 0.2)),
    "us": (("S", 0.6), ("US", 0.3)), "it's": (("", 0.6), ("S", 0.2)), "its": (("", 0.6), ("S", 0.2)),
    "er": (("R", 0.5), ("", 0.5)), "ah": (("R", 0.5), ("", 0.4)), "white": (("Y", 0.8),),
    "wife": (("Y", 0.7),), "wine": (("Y", 0.5), ("1", 0.3)), "ray": (("RA", 0.5), ("A", 0.3), ("RJ", 0.2)),
    "cube": (("Q", 0.8),), "cute": (("Q", 0.8),), "use": (("U", 0.6),), "used": (("U", 0.5),),
    "view": (("U", 0.6), ("V", 0.4)), "do": (("D", 0.4), ("2", 0.4)),
    "by": (("Y", 0.5), ("B", 0.5), ("5", 0.2)), "my": (("Y", 0.6), ("", 0.2)),
    "hi": (("I", 0.7), ("", 0.3)), "high": (("I", 0.7),), "no": (("N", 0.4), ("0", 0.3), ("", 0.3)),
    "note": (("0", 0.8),), "know": (("N", 0.4), ("0", 0.3)), "so": (("", 0.5), ("S", 0.4)),
    "say": (("A", 0.3), ("", 0.3)), "peter's": (("P", 0.9),), "for": (("4", 0.9),), "fore": (("4", 0.9),),
    "full": (("4", 0.8),), "four's": (("4", 0.8),), "fall": (("4", 0.7),), "to": (("2", 0.9),),
    "too": (("2", 0.9),), "through": (("3", 0.6),), "free": (("3", 0.9),), "tree": (("3", 0.9),),
    "won": (("1", 0.9),), "ate": (("8", 0.9),), "sex": (("6", 0.9),), "sticks": (("6", 0.8),),
    "six's": (("6", 0.9),), "size": (("5", 0.6), ("6", 0.3)), "fi": (("5", 0.6),), "fife": (("5", 0.9),),
    "knife": (("9", 0.7),), "second": (("7", 0.5),), "oh": (("0", 0.9), ("O", 0.8)),
    "o": (("0", 0.9), ("O", 0.8)), "owe": (("0", 0.9), ("O", 0.8)), "ellie": (("LE", 0.8),),
    "angie": (("NG", 0.6),), "easy": (("EZ", 0.7), ("E", 0.5)), "xray": (("X", 1.0),), "bea": (("B", 0.9),),
    "indeed": (("ND", 0.6),), "lol": (("LL", 0.4),), "stevie": (("SV", 0.6),),
    "hp": (("HP", 1.0), ("AP", 0.4)), "dr": (("DR", 1.0),), "plus": (("", 0.5),),
}  # fmt: skip
"""What recognisers make of letters and digits when nothing tells them that somebody spells; weights 0 to 1."""
FILLERS = frozenset(
    {
        "uh", "um", "erm", "hmm", "mm", "then", "dash", "hyphen", "minus", "space", "my", "postcode", "code",
        "number", "is", "yes", "yeah", "sorry", "please", "capital", "letter", "name", "zip", "post", "of",
    }
)  # fmt: skip
AS_IN = frozenset({"for", "as", "like"})
BEAM = 12
"""Readings that are kept."""
LEAST = 0.02
"""Readings below this share of the best are dropped."""
INITIAL, WHOLE = 0.5, 0.15
"""Weights of a word that is nowhere listed: for its first letter, and for all its letters."""
SHORT = 2
"""Unknown words up to this length are letters."""
MOST_PIECE = 4
"""Longer unknown words are no run of letters."""
ZEROS = frozenset({"oh", "o", "owe"})
VOWELS = frozenset("aeiou")


@dataclass(frozen=True)
class Reading:
    """Letters and digits, upper case, and how likely they were meant, 0 to 1."""

    value: str
    weight: float


Options = Sequence[tuple[str, float]]


def dictated(text: str, *, sound_alikes: bool = True, names: bool = False) -> list[Reading]:
    """The letters and digits that a text may dictate, likeliest first; empty when it dictates nothing.

    `sound_alikes`: words which sound like a letter or digit are it; without, anything but letters, digits, number
    words and spelling alphabets makes the text no dictation. `names`: pieces of words are letters as they stand, as
    in `dou g l a s`.
    """
    tokens = _tokens(text)
    beam: dict[str, float] = {"": 1.0}
    at = 0
    while at < len(tokens):
        options, used = _options(tokens, at, sound_alikes=sound_alikes, names=names)
        at += used
        if not options:
            if not sound_alikes:
                return []
            continue
        grown: dict[str, float] = {}
        for value, weight in beam.items():
            for letters, share in options:
                key = value + letters
                grown[key] = max(grown.get(key, 0.0), weight * share)
        best = max(grown.values())
        kept = sorted(grown.items(), key=lambda item: -item[1])[:BEAM]
        beam = {value: weight for value, weight in kept if weight >= best * LEAST}
    return [Reading(value, weight) for value, weight in beam.items() if value]


def _tokens(text: str) -> list[str]:
    lowered = text.lower().replace("’", "'")
    lowered = re.sub(r"\bdouble[- ]?(?:u|you|yu)\b", "w", lowered)
    lowered = re.sub(r"\bx[- ]?rays?\b", "xray", lowered)
    lowered = re.sub(r"\b([a-z])&([a-z])\b", r"\1\2", lowered)
    return re.findall(r"\d+|[a-z]+(?:'[a-z]+)?", lowered)


def _options(tokens: Sequence[str], at: int, *, sound_alikes: bool, names: bool) -> tuple[Options, int]:
    """What the token at `at` may stand for, and how many tokens that takes."""
    token = tokens[at]
    if token in REPEATS and at + 1 < len(tokens):
        options, used = _options(tokens, at + 1, sound_alikes=sound_alikes, names=names)
        single = [(value, share) for value, share in options if len(value) == 1]
        if single:
            return [(value * REPEATS[token], share) for value, share in single], used + 1
    example = _as_in(tokens, at)
    if example is not None:
        return [(example[0], 1.0)], example[1]
    if token.isdigit():
        return [(token, 1.0)], 1
    number = _number(tokens, at)
    if number is not None:
        return number
    return _word(token, sound_alikes=sound_alikes, names=names), 1


def _as_in(tokens: Sequence[str], at: int) -> tuple[str, int] | None:
    """`B for Bertie`, `be as in boy`: the letter and how many tokens say it."""
    letter = _letter(tokens[at])
    if letter is None or at + 2 >= len(tokens) or tokens[at + 1] not in AS_IN:
        return None
    skip = 2 if tokens[at + 1] == "for" or tokens[at + 2] not in {"in", "for"} else 3
    place = at + skip
    if place >= len(tokens):
        return None
    word = tokens[place]
    fits = len(word) > SHORT and word not in UNITS and word[0].upper() == letter
    return (letter, skip + 1) if fits else None


def _letter(token: str) -> str | None:
    if len(token) == 1 and token.isalpha():
        return token.upper()
    return LETTER_NAMES.get(token)


def _number(tokens: Sequence[str], at: int) -> tuple[Options, int] | None:
    token = tokens[at]
    if token in TENS:
        unit = UNITS.get(tokens[at + 1], 0) if at + 1 < len(tokens) else 0
        if unit:
            return [(str(TENS[token] + unit), 1.0), (f"{TENS[token]}{unit}", 0.4)], 2
        return [(str(TENS[token]), 1.0)], 1
    if token in TEENS:
        return [(str(TEENS[token]), 1.0)], 1
    if token in UNITS and len(token) > SHORT:
        return [(str(UNITS[token]), 1.0)], 1
    return None


def _word(token: str, *, sound_alikes: bool, names: bool) -> Options:
    plain = token.replace("'", "")
    if plain in ALPHABETS:
        return [(ALPHABETS[plain], 1.0), (plain.upper(), 0.3)] if names else [(ALPHABETS[plain], 1.0)]
    if token in ZEROS and not names:
        return HEARD_AS[token]
    if len(plain) == 1:
        return [(plain.upper(), 1.0)]
    if plain in LETTER_NAMES:
        return [(LETTER_NAMES[plain], 1.0), *([(plain.upper(), 0.5)] if names else [])]
    if not sound_alikes:
        return _clear(plain)
    return _in_name(token, plain) if names else _in_code(token, plain)


def _clear(word: str) -> Options:
    """What is surely spelling, or only introduces it."""
    if word in FILLERS:
        return [("", 1.0)]
    return [(word.upper(), 1.0)] if _looks_spelled(word) else []


def _in_name(token: str, word: str) -> Options:
    """A piece of a spelled name: as it stands, what it sounds like, or a word for its first letter."""
    alike = [(value, share * 0.7) for value, share in HEARD_AS.get(token, ()) if not value.isdigit()]
    return _unique([(word.upper(), 0.9), *alike, (word[0].upper(), 0.3 if len(word) > SHORT else 0.1)])


def _in_code(token: str, word: str) -> Options:
    """A word within a code: what it sounds like, or a word for its first letter."""
    if token in HEARD_AS:
        return _unique([*HEARD_AS[token], *([(word.upper(), 0.3)] if len(word) <= SHORT else [])])
    if word in FILLERS:
        return [("", 1.0)]
    if _looks_spelled(word):
        return [(word.upper(), 1.0)]
    return _unique([(word[0].upper(), INITIAL), (word.upper() if len(word) <= MOST_PIECE else "", WHOLE)])


def _looks_spelled(word: str) -> bool:
    return len(word) <= SHORT or (len(word) <= MOST_PIECE and not VOWELS.intersection(word))


def _unique(options: Sequence[tuple[str, float]]) -> Options:
    best: dict[str, float] = {}
    for value, share in options:
        best[value] = max(best.get(value, 0.0), share)
    return list(best.items())
