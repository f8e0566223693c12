"""Conversations in one line each, and what redaction leaves of them."""

from calls.redaction.find import find
from calls.redaction.kinds import ALWAYS
from calls.redaction.talk import ASSISTANT, CALLER, Utterance, masked


def talk(*lines):
    """What begins with a question mark is the assistant's, everything else the caller's."""
    return [
        Utterance(ASSISTANT, line[1:].strip()) if line.startswith("?") else Utterance(CALLER, line)
        for line in lines
    ]


def left(*lines, kinds=ALWAYS, names=()):
    """What is left of the caller's lines."""
    said = talk(*lines)
    spans = find(said, kinds, names)
    return [
        masked(one.text, [span for span in spans if span.at == at])
        for at, one in enumerate(said)
        if one.who == CALLER
    ]
