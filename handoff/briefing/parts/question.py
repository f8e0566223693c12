"""What a human is asked in a consultation, while the caller stays with the assistant."""

from dialog.playbook import Playbook
from handoff.briefing.log import Log
from handoff.briefing.quoting import one_line, without_cards
from handoff.briefing.types import Fact, Part
from handoff.briefing.values import sentence, speakable

MOST_CHARACTERS = 160


def question(log: Log, _playbook: Playbook) -> tuple[Fact, ...]:
    """One fact of a consultation, none otherwise."""
    asked = log.requested
    if asked is None or asked.body.question is None:
        return ()
    text = without_cards(one_line(asked.body.question))[:MOST_CHARACTERS]
    said = sentence(f"My question: {speakable(text)}")
    return (Fact(part=Part.QUESTION, text=sentence(text), said=said, events=(asked.seq,)),)
