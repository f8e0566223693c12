"""Whether an answer is a yes or a no."""

import re

YES = frozenset({
    "yes", "yeah", "yep", "yup", "ya", "yah", "sure", "correct", "right", "exactly", "absolutely", "definitely",
    "affirmative", "ok", "okay", "please", "perfect", "certainly", "indeed", "fine", "uhhuh", "mhm", "true", "course",
})  # fmt: skip
NO = frozenset({"no", "nope", "nah", "wrong", "incorrect", "negative", "never", "false", "nothing", "none"})
NEGATIONS = frozenset({"not", "isnt", "dont", "wasnt", "doesnt", "wont"})
MOST_WORDS = 12
"""A longer answer is more than a yes or a no."""


def yes_or_no(text: str) -> bool | None:
    """True for a yes, False for a no, None for neither. The first clear word counts: `no, that's right` is a no."""
    lowered = text.lower().replace("'", "").replace("’", "")
    words = re.findall(
        r"[a-z]+", re.sub(r"\buh[- ]?huh\b", "uhhuh", re.sub(r"\bmm+[- ]?hmm+\b", "mhm", lowered))
    )
    if len(words) > MOST_WORDS:
        return None
    if words[:1] and words[0] in NO:
        return False
    negated = bool(NEGATIONS.intersection(words))
    for word in words:
        if word in NO:
            return False
        if word in YES:
            return not negated
    return False if negated and len(words) <= 3 else None
