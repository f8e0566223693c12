"""A made-up caller: hears what is asked and does what the script says. Pure but for the place in the script."""

from collections import Counter

from dialog.playbook import Playbook
from dialog.schema.ask import Ask
from dialog.types import DialogState
from qa.seed.script import Line, Script

YES = ("yes please", "yes", "yes that's right", "yeah go ahead")
GOODBYE = ("no that's all thanks", "that's all thanks", "goodbye", "nothing else thank you")
CODE = "482913"
"""The digits that the caller reads in the text message: `qa.seed.rehearsal` sends no other."""

EVERYBODY = {
    "code": Line(keys=CODE),
    "callback_time": Line("in the afternoon"),
    "callback_topic": Line("about an invoice that I don't understand"),
    "phone": Line(keys="5550142777#"),
    "callback_number": Line(keys="5550142777#"),
}
"""What callers answer, whoever they are, by the slot that is asked for."""


class Caller:
    """One conversation of one caller."""

    def __init__(self, script: Script, playbook: Playbook) -> None:
        self._script = script
        self._playbook = playbook
        self._asked: Counter[str] = Counter()
        self._said_goodbye = False
        self._turns = 0

    def next(self, state: DialogState) -> Line | None:
        """What they do now; None: they hang up."""
        self._turns += 1
        if self._turns > self._script.most_turns:
            return None
        if state.offer is not None:
            return self._answer("offer", Line("yes please"))
        if state.finding_queue:
            return self._answer("matter", Line("it's about my order"))
        ask = self._question(state)
        if state.offered is not None or (ask is not None and ask.yes_no) or state.doubt is not None:
            slot = ask.slot if ask is not None and ask.slot in self._script.answers else "yes"
            return self._answer(slot, Line(YES[self._asked["yes"] % len(YES)]))
        if ask is not None:
            return self._answer(ask.slot, self._known(ask))
        return self._wish()

    def _question(self, state: DialogState) -> Ask | None:
        """The question that the dialog has put, where a flow did."""
        if state.flow is None or state.step is None:
            return None
        step = self._playbook.flows[state.flow].steps.get(state.step)
        if step is None:
            return None
        return step.ask

    def _answer(self, slot: str, otherwise: Line) -> Line:
        lines = self._script.answers.get(slot, (otherwise,))
        line = lines[min(self._asked[slot], len(lines) - 1)]
        self._asked[slot] += 1
        return line

    def _wish(self) -> Line | None:
        said = self._asked["wish"]
        self._asked["wish"] += 1
        if said < len(self._script.wishes):
            return self._script.wishes[said]
        if not self._script.goodbye or self._said_goodbye:
            return None
        self._said_goodbye = True
        return Line(GOODBYE[len(self._script.id) % len(GOODBYE)])

    def _known(self, ask: Ask) -> Line:
        """What they know of themselves, for a question that the script has no line for."""
        persona = self._script.persona
        known = dict(EVERYBODY)
        if persona is not None:
            known |= {
                "postcode": Line(persona.postcode),
                "full_name": Line(persona.name),
                "birth_date": Line(f"{persona.born.day} {persona.born:%B} {persona.born.year}"),
            }
        return known.get(ask.slot, Line("I don't know", confidence=0.8))
