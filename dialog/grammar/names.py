"""Names as said, spelled, or both: `Marshall, M A R S H A double L`."""

import re
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from dialog.grammar.digits import REPEATS
from dialog.grammar.letters import ALPHABETS, AS_IN, LETTER_NAMES, dictated

OPENINGS = re.compile(
    r"^(?:(?:yes|yeah|hi|hello|okay|ok|well|so|um|uh|er|erm|no|sorry|it's|its|it is|this is|that's|that is|i'm|i am|im"
    r"|my (?:full |first |last )?name(?:'s| is)?|the name(?:'s| is)?|(?:first |last )?name is|name's|surname(?: is)?"
    r"|you're speaking (?:to|with)|speaking|call me|mr|mrs|ms|miss|dr|mister)\b[\s,.:]*)+",
    re.IGNORECASE,
)
CLEAR_OPENING = re.compile(
    r"\b(?:my (?:full |first |last )?name(?:'s| is)|the name(?:'s| is)|this is|speaking (?:to|with))\s+",
    re.IGNORECASE,
)
SPELLED_FROM = re.compile(
    r"\b(?:that's|that is|which is|it's|is)?\s*(?:spelled|spelt|spelling)\b|\bcapital\b", re.IGNORECASE
)
PARTICLES = frozenset(
    {"de", "da", "del", "della", "di", "du", "la", "le", "van", "von", "der", "den", "bin", "dos", "el"}
)
LONGEST = 5
"""Words of a name."""
PIECE = 2
"""Recognisers run spelled letters together in pieces up to about this length."""
NOT_NAMES = frozenset(
    {
        "yes", "no", "what", "please", "thanks", "thank", "you", "order", "number", "hello", "sorry", "help", "want",
        "need", "know", "the", "is", "my", "refund", "cancel", "repeat", "person", "agent", "speak", "don't", "dont",
        "why", "how", "calling", "about", "would", "like", "have", "not", "just", "here", "there", "again",
    }
)  # fmt: skip


@dataclass(frozen=True)
class HeardName:
    """A name, or a part of one. `spelled`: `value` is letters, upper case, perhaps of several words run together."""

    value: str
    weight: float
    spelled: bool


def names_heard(text: str) -> list[HeardName]:
    """What a text may hold of a name, likeliest first, said and spelled parts apart."""
    rest = OPENINGS.sub("", text.strip()).strip(" ,.!?")
    if not rest:
        return []
    said, letters = _parts(rest)
    found: list[HeardName] = []
    if letters:
        found += [HeardName(one.value, one.weight, True) for one in _spelled(letters)]
    if said and not _only_letters(said):
        found.append(HeardName(said, 1.0 if not letters else 0.8, False))
    if not found and len(rest.split()) <= 2 * LONGEST:
        found.append(HeardName(rest, 0.4, False))
    return found


def names_in(text: str, *, strict: bool) -> list[tuple[str, float]]:
    """Names in their canonical form with scores. Not `strict`: only after words such as `my name is`."""
    source = text.strip()
    if not strict:
        opening = CLEAR_OPENING.search(source)
        if opening is None:
            return []
        source = source[opening.end() :]
    heard = names_heard(source)
    spelled = [one for one in heard if one.spelled]
    said = [one for one in heard if not one.spelled]
    found: list[tuple[str, float]] = []
    for one in said:
        words = _words(one.value)
        if not words or len(words) > LONGEST or NOT_NAMES.intersection(word.lower() for word in words):
            continue
        if spelled:
            found += [(_mended(words, other.value), other.weight) for other in spelled[:4]]
        found.append((" ".join(capitalised(word) for word in words), one.weight * (0.5 if spelled else 0.9)))
    if not said:
        found += [(capitalised(one.value), one.weight * 0.8) for one in spelled if len(one.value) > 1]
    return found


def capitalised(word: str) -> str:
    """`o'neill` → `O'Neill`, `mary-jane` → `Mary-Jane`; a word that has capitals inside keeps them."""
    if any(letter.isupper() for letter in word[1:]) and not word.isupper():
        return word[0].upper() + word[1:]
    if word.lower() in PARTICLES:
        return word.lower()
    return re.sub(r"[^\W\d_]+", lambda part: part[0].capitalize(), word.lower().replace("'s", "s"))


def _words(said: str) -> list[str]:
    return re.findall(r"[^\W\d_]+(?:['’-][^\W\d_]+)*", said)


def _parts(text: str) -> tuple[str, str]:
    """The words that are said and those that are letters."""
    mark = SPELLED_FROM.search(text)
    if mark is not None:
        return text[: mark.start()].strip(" ,."), text[mark.end() :].strip(" ,.")
    tokens = text.split()
    plain = [re.sub(r"[^\w']", "", token).lower() for token in tokens]
    kinds = [_is_letter(plain, at) for at in range(len(plain))]
    first = _first_letter(kinds, plain)
    if first is None:
        return text, ""
    return " ".join(tokens[:first]).strip(" ,.;:-"), " ".join(tokens[first:])


def _first_letter(kinds: list[bool], words: list[str]) -> int | None:
    """Where spelling begins: from there on at least three in four words are letters or pieces of spelling."""
    for at, is_letter in enumerate(kinds):
        rest = kinds[at:]
        short = sum(len(word) <= PIECE + 1 for word in words[at:])
        if len(rest) < 2 or not (is_letter or len(words[at]) <= PIECE + 2):
            continue
        singles = sum(rest)
        if singles >= 2 and (
            singles >= 0.7 * len(rest) or (short >= 0.7 * len(rest) and singles >= 0.35 * len(rest))
        ):
            return at
    return None


def _is_letter(words: list[str], at: int) -> bool:
    word = words[at]
    if len(word) == 1 or word in ALPHABETS or word in REPEATS or word in AS_IN or word in LETTER_NAMES:
        return True
    return at >= 2 and words[at - 1] in {"as", "in", "for"}


def _only_letters(said: str) -> bool:
    words = said.lower().split()
    return len(words) > 1 and all(len(word) == 1 for word in words)


def _spelled(letters: str) -> list[HeardName]:
    readings = dictated(letters, names=True)
    return [HeardName(kept, one.weight, True) for one in readings if (kept := re.sub(r"\d", "", one.value))]


def _mended(words: list[str], letters: str) -> str:
    """The said name with the spelled word in place of the one it sounds like; a whole name where all is spelled."""
    joined = "".join(words).upper()
    unlike = [Levenshtein.distance(word.upper(), letters) for word in words]
    if len(words) > 1 and Levenshtein.distance(joined, letters) < min(unlike):
        at = len(words[0]) + (len(letters) - len(joined)) // 2
        return f"{capitalised(letters[:at])} {capitalised(letters[at:])}"
    kept = [capitalised(word) for word in words]
    kept[unlike.index(min(unlike))] = capitalised(letters)
    return " ".join(kept)
