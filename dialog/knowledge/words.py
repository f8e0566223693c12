"""Words of questions and articles: what counts, its stem, and which part of a spoken turn is the question."""

import re
from functools import lru_cache

import snowballstemmer  # type: ignore[import-untyped]

STOP = frozenset(
    " ".join(
        (
            "a an the is are am was be been being do does did doing done you your yours i my me mine we our",
            "us they them their it its he she this that these those there here have has had can could would",
            "will shall should may might must at in on of for to with and or but if so any some what which",
            "who whom whose how when where why by as from about into guys hey hi hello good day know tell",
            "let please get got need want like able yes no not just also then than too very really okay ok",
            "offer offers offered available accept accepts accepted allow allows allowed take takes provide provides",
            "place location establishment property site",
        )
    ).split()
)
"""Words that tell nothing about what is asked."""
FILLERS = re.compile(
    r"\b(?:u+h+|u+m+|h+m*|er+m?|o+h*|ok|okay|awesome|great|perfect|excellent|yeah|yes|thanks|thank you|got it|cool|"
    r"all right|alright|right|sure|please|sounds good|and|also|well|so|hi|hello)\b[,.!]?"
)
OPENERS = re.compile(
    r"\b(?:(?:do|if|whether|to|wanna|want to) (?:you )?(?:happen to )?know(?: if| whether)?"
    r"|(?:can|could|would) you (?:also |actually |please )*(?:check|see|tell me|find out)(?: for me)?(?: if| whether)?"
    r"|(?:check|see|tell me|wondering|tell) (?:if|whether)|able to check(?: if| whether)?"
    r"|(?:do|does|did) (?:they|it|you|the|i)|is (?:there|it)|are (?:there|they|you)|can i|what is|what's|whats|how)\b"
)
QUESTION_WORD = re.compile(r"\b(?:what|whats|when|where|which|why|who|how|until|till)(?: [\w']+){0,4} $")


def words(text: str) -> list[str]:
    """Lower case, without punctuation; "Wi-Fi", "wi fi" and "e-mail" are one word each."""
    plain = re.sub(r"['’]", "", text.lower())
    plain = re.sub(r"\b(wi|e)[- ](fi|mail)\b", r"\1\2", plain)
    return re.findall(r"[^\W_]+", plain)


def content_words(text: str) -> list[str]:
    """The words that carry meaning, in order."""
    return [word for word in words(text) if word not in STOP]


def stems(text: str) -> list[str]:
    """The stems of the words that carry meaning, in order."""
    return [_stem(word) for word in content_words(text)]


def question_part(turn: str) -> str:
    """A spoken turn from where its last question opens, without fillers; the whole turn where none opens."""
    plain = re.sub(r"\s+", " ", FILLERS.sub(" ", turn.lower())).strip()
    openings = [match.start() for match in OPENERS.finditer(plain)]
    if not openings:
        return plain or turn.lower()
    # "what ways of paying | do you have": the question word belongs to it.
    asking = QUESTION_WORD.search(plain[: openings[-1]])
    return plain[asking.start() if asking else openings[-1] :]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    # A stemmer keeps the word it works on inside, so threads must not share one.
    return str(snowballstemmer.stemmer("english").stemWord(word))
