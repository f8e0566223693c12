"""How long a pause must last to be the end of the turn: the first rule that knows decides."""

from voice.turns.answered import answered
from voice.turns.dictated import dictated
from voice.turns.farewell import farewell
from voice.turns.half_sentence import half_sentence
from voice.turns.melody import UNFINISHED_S, melody
from voice.turns.not_understood import not_understood
from voice.turns.pause import Pause, Rule
from voice.turns.preamble import preamble
from voice.turns.whole_question import whole_question

RULES: tuple[Rule, ...] = (
    answered,
    dictated,
    half_sentence,
    preamble,
    farewell,
    not_understood,
    whole_question,
    melody,
)


def needed_silence_s(pause: Pause) -> float:
    """Seconds of silence after which the caller has finished."""
    for rule in RULES:
        seconds = rule(pause)
        if seconds is not None:
            return seconds
    return UNFINISHED_S
