"""Whether an answer is a yes or a no."""

import re

YES = frozenset({
    "yes", "yeah", "yep", "yup", "ya", "yah", "sure", "correct", "right", "exactly", "absolutely", "definitely",
    "affirmative", "ok", "okay", "perfect", "certainly", "indeed", "fine", "uhhuh", "mhm", "true", "course",
})  # fmt: skip
NO = frozenset({"no", "nope", "nah", "wrong", "incorrect", "negative", "never", "false", "nothing", "none"})
NEGATIONS = frozenset({"not", "isnt", "dont", "wasnt", "doesnt", "wont"})
POLITE = frozenset({"please"})
"""A yes where nothing else is said; `slower please` is none."""
AROUND = frozenset({
    "that", "thats", "this", "its", "it", "is", "i", "id", "do", "does", "am", "you", "me", "the", "of", "go", "ahead",
    "for", "with", "um", "uh", "er", "erm", "hm", "hmm", "mm", "well", "so", "oh", "ah", "and", "very", "much", "thank",
    "thanks", "just", "all", "sounds", "good", "great", "like", "would", "want", "to", "confirm", "agree", "agreed",
})  # fmt: skip
"""Words that may stand around a yes or a no without meaning anything else."""
FORGET = re.compile(r"\bnever ?mind\b")
"""No no: the caller drops the matter."""
MOST_WORDS = 12
"""A longer answer is more than a yes or a no."""


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None for neither. The first clear word counts: `no, that's right` is a no."""
    words = _words(text)
    if len(words) > MOST_WORDS or FORGET.search(" ".join(words)):
        return None
    if words and POLITE.issuperset(words):
        return True
    if words[:1] and words[0] in NO:
        return False
    negated = bool(NEGATIONS.intersection(words))
    for word in words:
        if word in NO:
            return False
        if word in YES:
            return not negated
    return False if negated and len(words) <= 3 else None


def only_yes_or_no(text: str) -> bool:
    """Whether a yes or a no is all that is said: `yes please do it` is, `okay, wait` and `slower please` are not."""
    reply, said = yes_or_no(text), set(_words(text)) - POLITE - AROUND
    return reply is not None and (YES if reply else YES | NO | NEGATIONS).issuperset(said)


def _words(text: str) -> list[str]:
    lowered = text.lower().replace("'", "").replace("’", "")
    heard = re.sub(r"\buh[- ]?huh\b", "uhhuh", re.sub(r"\bmm+[- ]?hmm+\b", "mhm", lowered))
    return re.findall(r"[^\W_]+", heard)
