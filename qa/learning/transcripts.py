"""What corrected transcripts teach: what was misheard means what was really said. Pure.

A caller who is misheard in the same way is understood then. Where somebody has said too what that turn meant, the
mishearing is a lesson already, and the right words are one more. Otherwise the head says what the right words mean, and
only what it is sure of is taken. It must have learnt from people alone: what is derived here never speaks for itself.
"""

from collections.abc import Callable, Mapping, Sequence

from dialog.intents import normal
from dialog.playbook import Playbook
from qa.learning.correction import Correction, Kind
from qa.learning.lessons import TEACHES, LeftOut, Lesson, Lessons, Source, examples_of, fault_of, in_order

SURE = 0.8
"""From this probability on the head's word is taken: of 713 new sentences it is sure of 620, of 618 of them rightly
(docs/decisions/0042)."""

Judge = Callable[[Sequence[str]], Sequence[Mapping[str, float]]]
"""The probability of each intent, each article and `out_of_scope`, for each text."""


def with_transcripts(
    told: Lessons, accepted: Sequence[Correction], playbook: Playbook, judge: Judge
) -> tuple[Lessons, tuple[LeftOut, ...]]:
    """What people have told outright, and what corrected transcripts teach besides; and those that teach nothing."""
    newest = sorted(accepted, key=lambda one: (one.at, one.correction_id), reverse=True)
    transcripts = [one for one in newest if one.kind is Kind.TRANSCRIPT]
    of_turns = _of_turns(newest)
    own = examples_of(playbook)
    surely = _surely(transcripts, judge) | own
    found = {one.text: one for one in told.lessons}
    left: list[LeftOut] = []
    for one in transcripts:
        heard, said = normal(one.text), normal(one.meant or "")
        of_turn = of_turns.get((one.call_id, one.turn))
        text, name = (heard, surely.get(said)) if of_turn is None else (said, of_turn)
        code = "unsure" if name is None else fault_of(text, name, own, found, playbook)
        if name is None or code is not None:
            left.append(LeftOut(one.correction_id, code or ""))
            continue
        found[text] = Lesson(
            text=text,
            name=name,
            correction_id=one.correction_id,
            call_id=one.call_id,
            source=Source.TRANSCRIPT,
        )
    return in_order(found.values()), tuple(left)


def _of_turns(newest: Sequence[Correction]) -> dict[tuple[str, int], str]:
    """What somebody has said that a turn meant, by call and turn; the newest counts."""
    return {
        (one.call_id, one.turn): one.meant
        for one in reversed(newest)
        if one.kind in TEACHES and one.meant is not None
    }


def _surely(transcripts: Sequence[Correction], judge: Judge) -> dict[str, str]:
    """What the right words mean, where the head is sure of it."""
    texts = list(dict.fromkeys(normal(one.meant or "") for one in transcripts))
    judged = zip(texts, judge(texts), strict=True) if texts else ()
    best = [(text, *max(chances.items(), key=lambda pair: pair[1])) for text, chances in judged]
    return {text: name for text, name, chance in best if chance >= SURE}
