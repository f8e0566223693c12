"""Words that say no more than "I am listening": they interrupt nothing."""

from dialog.types import Expectation, ExpectationKind
from voice.turns.pause import words

LISTENING = frozenset(
    (
        *(
            "mm-hmm",
            "mmhmm",
            "mhm",
            "mm",
            "hm",
            "hmm",
            "mmm",
            "uh-huh",
            "uhhuh",
            "uh",
            "huh",
            "ah",
            "aha",
            "oh",
        ),
        *("okay", "ok", "right", "yeah", "yep", "yes", "sure", "alright", "i see", "got it", "great", "good"),
    )
)
FIRST_SOUNDS = frozenset(("m", "m-m", "mm-m", "um"))
"""What a hum is written as while only its beginning is known."""
LONGEST = 3


def is_backchannel(text: str, expectation: Expectation) -> bool:
    """Whether `text`, said while we speak, only tells that the caller listens. Where a yes is asked for, it is one."""
    said = words(text)
    if not said or len(said) > LONGEST or expectation.kind is ExpectationKind.YES_NO:
        return False
    return " ".join(said) in LISTENING or all(word in LISTENING for word in said)


def begins_as_backchannel(word: str, expectation: Expectation) -> bool:
    """The same of the first word of somebody who may go on."""
    if expectation.kind is ExpectationKind.YES_NO:
        return False
    return is_backchannel(word, expectation) or word.strip(" .,-").lower() in FIRST_SOUNDS
