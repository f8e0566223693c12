"""Cuts the first clause off a sentence, so that its sound is there before the rest has been worked on."""

import re

SHORTEST = 12
"""Characters in either part: what is shorter is spoken faster than the cut saves, and sounds clipped."""
BREAK = re.compile(r"(?<=[,;:])\s+(?=\S)|\s+(?=[–—]\s)")


def clauses(sentence: str) -> tuple[str, ...]:
    """`sentence` in one or two parts, cut behind its first comma, semicolon, colon or dash with enough around it.

    Only the first clause is cut off: every further cut would cost the melody of the sentence and save nothing.
    """
    for gap in BREAK.finditer(sentence):
        first, rest = sentence[: gap.start()], sentence[gap.end() :]
        if len(first) >= SHORTEST and len(rest) >= SHORTEST:
            return first, rest
    return (sentence,)
