"""How many: `two`, `a couple`, `half a dozen`."""

import re

from dialog.grammar.number_words import numbers_in, words_of

PHRASES = (
    (r"\bhalf (?:a )?dozen\b", 6), (r"\b(?:a |one )?dozen\b", 12), (r"\b(?:a |the )?couple\b", 2),
    (r"\b(?:a )?pair\b", 2),
    (r"\bboth\b", 2), (r"\b(?:a )?single\b", 1), (r"\bonce\b", 1), (r"\btwice\b", 2),
)  # fmt: skip
DOZENS = re.compile(r"\b(\w+) dozen\b", re.IGNORECASE)
COUNTED = re.compile(r"^(?:of|pieces?|items?|units?|boxes|pairs?|copies|times|x)$")
"""What shows that a number nobody asked for counts things."""
LARGEST = 1_000_000


def quantities_in(text: str, *, strict: bool) -> list[tuple[str, float]]:
    """Whole numbers with scores. Not `strict`: only where the text shows that things are counted."""
    lowered = text.lower()
    words = words_of(text, sound_alikes=strict)
    dozens = DOZENS.search(lowered)
    if dozens:
        count = numbers_in(words_of(dozens[1]))
        if count:
            return [(str(count[0].value * 12), 1.0)]
    for pattern, value in PHRASES:
        if re.search(pattern, lowered):
            clear = strict or re.search(rf"(?:{pattern}) (?:of )?\w", lowered)
            return [(str(value), 0.95)] if clear else []
    found = [
        one
        for one in numbers_in(words)
        if not one.ordinal
        and one.value <= LARGEST
        and (strict or (one.end < len(words) and COUNTED.match(words[one.end])))
    ]
    values = list(dict.fromkeys(one.value for one in found))
    if len(values) == 1:
        return [(str(values[0]), 1.0)]
    if not values and strict and re.fullmatch(r"(?:just |only |um |uh )*an?(?: \w+)?\.?", lowered.strip()):
        return [("1", 0.6)]
    return [(str(value), 0.4) for value in values]
