"""Texts that are too long for the ear, or say their braces aloud."""

import re
from collections.abc import Iterator

from dialog.lint.finding import Finding, Severity, found
from dialog.playbook import Playbook
from dialog.texts import Spoken, spoken

WORD_S = 0.35
"""Seconds that a spoken word takes."""
LONGEST_S = 15.0
VALUE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
BLOCK = re.compile(r"\{%.*?%\}", re.DOTALL)
VALUE_WORDS = " one two three "
"""A value counts as three words: a date has five, a name two."""


def sentence_findings(playbook: Playbook) -> Iterator[Finding]:
    """`long-sentence` and `template-not-filled`."""
    for one in spoken(playbook):
        seconds = seconds_of(one.text)
        if seconds > LONGEST_S:
            text = (
                f"takes some {seconds:.0f} s to say, more than {LONGEST_S:.0f}: "
                "nobody remembers that much; say the most important part and offer the rest"
            )
            yield found("long-sentence", one.source, one.loc, text)
        yield from _braces(one)


def seconds_of(text: str) -> float:
    """How long a text takes to say."""
    return WORD_S * len(BLOCK.sub(" ", VALUE.sub(VALUE_WORDS, text)).split())


def _braces(one: Spoken) -> Iterator[Finding]:
    if not one.is_template and (VALUE.search(one.text) or BLOCK.search(one.text)):
        text = "no value is filled in here: the caller hears the braces"
        yield found("template-not-filled", one.source, one.loc, text, Severity.WARNING)
