"""A sentence that breaks off in the middle, or in a hesitation, goes on."""

from voice.turns.pause import Pause, words

GOES_ON_S = 1.5
HANGING = frozenset(
    (
        *("and", "or", "but", "so", "because", "if", "when", "that", "which", "who", "than", "as"),
        *("a", "an", "the", "my", "your", "our", "his", "her", "their", "this", "some"),
        *("to", "of", "for", "from", "with", "in", "on", "at", "by", "about", "into"),
        *(
            "is",
            "are",
            "was",
            "were",
            "am",
            "i'm",
            "it's",
            "i'd",
            "i'll",
            "i've",
            "can",
            "could",
            "would",
            "will",
        ),
        *("i", "we", "they", "um", "uh", "er", "hmm", "like", "well", "let's", "not", "want", "need"),
    )
)
QUESTIONS = frozenset(("where", "what", "how", "why", "whose"))
"""Words that open a question inside a sentence, or end one: "to where?"."""
FINISHED = 0.5
OPEN_ENDS = ("...", "…", "-", "–", ",")
WHOLE = frozenset(
    ("so", "can", "could", "would", "will", "is", "are", "was", "am", "not", "this", "that", "about")
)
"""Words that hang in the middle of a statement but may well end a question or a short answer."""
HELPERS = frozenset(("do", "does", "did", "can", "could", "will", "would", "should"))
SUBJECTS = frozenset(("i", "you", "we", "they", "he", "she", "it", "this", "that"))


def half_sentence(pause: Pause) -> float | None:
    """How long to wait behind an end that is none."""
    text = pause.text.rstrip()
    said = words(text)
    if not said:
        return None
    if text.endswith(OPEN_ENDS):
        return GOES_ON_S
    asks = text.endswith("?")
    may_end = (said[-1] in WHOLE and (asks or pause.finished >= FINISHED)) or (said[-1] in QUESTIONS and asks)
    hangs = (said[-1] in HANGING | QUESTIONS and not may_end) or _lacks_its_verb(said)
    return GOES_ON_S if hangs and len(said) > 1 else None


def _lacks_its_verb(said: list[str]) -> bool:
    """Whether a question stops behind its subject: "how long does this", "what are you"."""
    if len(said) < 3 or said[0] not in QUESTIONS | {"when"} or said[-1] not in SUBJECTS:
        return False
    return said[-2] in HELPERS or said[:2] == ["what", "are"]
