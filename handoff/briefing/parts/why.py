"""Why a person is needed now."""

from dataclasses import dataclass

from dialog.playbook import Playbook
from handoff.briefing.log import Log
from handoff.briefing.quoting import one_line, without_cards
from handoff.briefing.types import Fact, Part
from handoff.briefing.values import from_caller, sentence, speakable

SAID = {
    "asked_for_person": "They asked for a person.",
    "danger": "They spoke of danger.",
    "action_failed": "It did not work with me.",
    "action_failed_twice": "It failed twice.",
    "too_many_repairs": "We misunderstood each other too often.",
    "not_understood": "I could not understand them well enough.",
    "silent": "They did not answer me.",
    "not_identified": "I could not find out who they are.",
    "identity_locked": "The identity check failed too often.",
    "value_line": "The amount is above my limit.",
    "reserved_topic": "This is for people only.",
    "upset": "They are getting upset.",
    "risk": "It was not going well with me.",
    "flow": "This needs a person.",
    "fault": "I had a fault.",
}
"""By the stable code of the reason, for the ear: short, without numbers. Other codes are told by their words."""
MOST_CHARACTERS = 120
CALL_BACK = "call_back"
"""Nobody asks for a person now: what was promised is kept."""
_TO_A_PERSON = "to a person: "


@dataclass(frozen=True)
class Reason:
    """A reason with the event that tells it."""

    code: str
    words: str
    seq: int


def reason_of(log: Log) -> Reason | None:
    """As the transfer was ordered; before that, as it was judged, or as the dialog has planned it."""
    if log.requested is not None:
        return Reason(log.requested.body.reason, log.requested.body.words, log.requested.seq)
    if log.judged is not None:
        reasons = log.judged.body.reasons
        return Reason(reasons[0] if reasons else "risk", log.judged.body.words, log.judged.seq)
    for planned in log.plans_backwards():
        if planned.body.hand_over is not None:
            return Reason("flow", planned.body.why.removeprefix(_TO_A_PERSON), planned.seq)
    return None


def why(log: Log, _playbook: Playbook) -> tuple[Fact, ...]:
    """One fact, where somebody has said that a person is needed."""
    reason = reason_of(log)
    if reason is None:
        return ()
    words = str(from_caller(without_cards(one_line(reason.words))))[:MOST_CHARACTERS]
    if reason.code == CALL_BACK:
        words = f"promised call-back: {words}" if words else "promised call-back"
    by_words = sentence(words) if words else "A person is needed."
    said = SAID.get(reason.code) or speakable(by_words)
    text = by_words if words else said
    return (Fact(part=Part.WHY, text=text, said=said, events=(reason.seq,)),)
