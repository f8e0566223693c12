"""What would change in calls that were recorded: a glance at what was understood, or the whole call run again."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from calls.events import CallEvent
from dialog.encoder import Encoder
from dialog.intents import IntentClassifier
from dialog.playbook import Playbook
from qa.learning.from_call import heard_turns
from qa.learning.versions import Changes


class Rehearsal(Protocol):
    """Runs recorded calls through two playbooks. What stands behind it may run the sound again, or the words alone."""

    def changes(self, calls: Iterable[Sequence[CallEvent]], before: Playbook, after: Playbook) -> Changes:
        """How many turns come out otherwise."""


class WordsAgain:
    """Understands the recorded words again, turn by turn and without what was said before."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def changes(self, calls: Iterable[Sequence[CallEvent]], before: Playbook, after: Playbook) -> Changes:
        """How many turns get another intent."""
        turns = [[turn.text for turn in heard_turns(events) if turn.text.strip()] for events in calls]
        texts = list(dict.fromkeys(text for some in turns for text in some))
        if not texts:
            return Changes(calls=len(turns))
        was, would = (self._intents(playbook, texts) for playbook in (before, after))
        return Changes(
            calls=len(turns),
            turns=sum(map(len, turns)),
            changed=sum(was[text] != would[text] for some in turns for text in some),
        )

    def _intents(self, playbook: Playbook, texts: Sequence[str]) -> dict[str, str]:
        chances = IntentClassifier(playbook, self._encoder).probabilities(texts)
        return {text: max(one, key=lambda name: one[name]) for text, one in zip(texts, chances, strict=True)}
