"""A wish that was not heard well enough to act upon is asked back first; one that is said twice is believed."""

from dataclasses import replace

from dialog.draft import Draft, changed
from dialog.filling import Heard
from dialog.flow import Flows
from dialog.grammar.slots import Said
from dialog.playbook import Playbook
from dialog.schema.intents import Command
from dialog.types import DialogState, Doubt
from dialog.understand import Meaning

LASTING = frozenset({Command.REPEAT, Command.SLOWER, Command.HOLD_ON})
"""Who asks for one of these still owes us the yes or no."""


class Doubts:
    """The doubts about one playbook's flows. Stateless.

    Answers from articles are not asked back: hearing the wrong one costs the caller no more than the question would.
    """

    def __init__(self, playbook: Playbook, flows: Flows) -> None:
        self._playbook = playbook
        self._flows = flows

    def settled(self, state: DialogState, meaning: Meaning) -> tuple[DialogState, Meaning]:
        """The state without its doubt, and the turn with the wish that its yes is about.

        A yes or no to the doubt is none to anything else. Where something was read back, a doubtful wish is no wish:
        two questions with a yes or no must never be open at once.
        """
        doubt = state.doubt
        if doubt is None:
            quiet = meaning.is_doubtful and self._flows.reads_back(state)
            return state, replace(meaning, intent=None, more=()) if quiet else meaning
        if meaning.command in LASTING:
            return state, meaning
        state = changed(state, doubt=None)
        same = meaning.intent in {None, doubt.intent}
        if same and meaning.reply is False:
            return state, replace(meaning, intent=None, more=(), reply=None, plain=False, found=())
        if same and (meaning.intent is not None or meaning.reply is True):
            return state, _as_asked_back(meaning, doubt)
        return state, replace(meaning, reply=None, plain=False)

    def raised(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """The question back; None where there is nothing to doubt, or no flow to begin."""
        intent = self._playbook.intents.get(meaning.intent or "")
        if intent is None or intent.flow is None or meaning.intent is None or not meaning.is_doubtful:
            return None
        if intent.flow == state.flow:
            return None
        doubt = Doubt(
            intent=meaning.intent,
            text=meaning.text,
            confidence=meaning.confidence,
            certainty=meaning.certainty,
            more=meaning.more,
        )
        title = self._flows.title(intent.flow)
        question = self._flows.fill(state, self._playbook.prompts.doubt, title=title)
        why = f"not sure enough that it is {meaning.intent}"
        return self._flows.waiting(changed(state, doubt=doubt), question, why=why)


def _as_asked_back(meaning: Meaning, doubt: Doubt) -> Meaning:
    """The first saying with its values, now believed: one of two hearings is right if either is."""
    second = meaning.certainty if meaning.intent is not None else meaning.confidence
    known = meaning.understanding.model_copy(update={"intent": doubt.intent, "more": doubt.more})
    return replace(
        meaning,
        intent=doubt.intent,
        more=doubt.more,
        reply=None,
        plain=False,
        found=(),
        certainty=round(1.0 - (1.0 - doubt.certainty) * (1.0 - second), 4),
        heard=Heard((Said(doubt.text, doubt.confidence), *meaning.heard.said)),
        understanding=known,
    )
