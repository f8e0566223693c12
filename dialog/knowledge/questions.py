"""Does a spoken turn ask for information?"""

import re

from dialog.knowledge.words import FILLERS, content_words, question_part

ASKING = re.compile(
    r"^(?:but |or |because |i mean |actually )*(?:what|whats|what's|which|who|whose|where|wheres|when|why|how|hows|"
    r"is|isn't|are|aren't|was|were|do|don't|does|doesn't|did|has|have you|have they|may|shall|should|will|would it|"
    r"am i|can i|could i|can we|can you still|can one|can it|can they|can my)\b"
    r"|\bdo you (?:happen to )?(?:know|have|offer|take|accept|sell|ship|deliver|charge|allow)\b"
    r"|\b(?:can|could|would|will) you (?:please |also |just )*(?:tell|explain|check|see|say|confirm|let me know|"
    r"find out|give me)\b"
    r"|\b(?:i (?:wanted|want|need|would like|just want)|i'd (?:like|love)) to (?:know|ask|find out)\b"
    r"|\b(?:i was|i am|i'm|just) wondering\b|\b(?:question about|info(?:rmation)? (?:about|on))\b"
    r"|\b(?:is there|are there|what is|what are|what about|how about|how much|how long|how many|how do)\b"
    r"|\b(?:does|do|did|is|are) (?:it|they|that|this|the|these|those|there|your)\b|\bif (?:you|they|it|there|i)\b.*\?$"
)
TALK = re.compile(
    r"\b(?:are you (?:there|still there|a robot|a machine|human|kidding|serious))\b"
    r"|\b(?:say|repeat) (?:that|it) again\b|\bwhat did you (?:just )?say\b|\bhow are you\b|\bhold on\b"
)
REFERS = re.compile(
    r"\b(?:it|its|that|this|those|these|them|they|there|one|ones|then|same|else)\b|^(?:and|or|what about)\b"
)
GOES_ON = re.compile(
    r"^(?:(?:oh|um+|uh+|ok|okay|so|yes|well|right),?\s+)*(?:and|or|but|what about|how about)\b"
)
FEW_WORDS = 3
"""A question with fewer words of its own says too little by itself."""


def leans(text: str) -> bool:
    """Whether a turn is a question that takes up what was said before: by a word for it, or by going on from it."""
    if not is_question(text):
        return False
    asked = question_part(text)
    goes_on = GOES_ON.search(text.lower()) is not None and len(content_words(asked)) < FEW_WORDS
    return goes_on or REFERS.search(asked) is not None


def points_back(asked: str) -> bool:
    """Whether a question, without what leads to it, points back by a word or says little by itself."""
    return REFERS.search(asked) is not None or len(content_words(asked)) < FEW_WORDS


def is_question(text: str) -> bool:
    """Whether a turn asks to be told something, by its wording; small talk and requests to act do not."""
    plain = text.lower().replace("’", "'").strip()
    if TALK.search(plain):
        return False
    if plain.endswith("?"):
        return True
    bare = re.sub(r"\s+", " ", FILLERS.sub(" ", plain)).strip(" ,.!")
    return bool(ASKING.search(bare))
