"""What would change in calls that were recorded: a glance at what was understood, and whole calls run again."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Protocol

from calls.events import CallEvent
from dialog.encoder import Encoder
from dialog.intents import IntentClassifier
from dialog.playbook import Playbook
from qa.learning.from_call import heard_turns
from qa.learning.versions import Changes, Tried, Version


@dataclass(frozen=True)
class Glance:
    """What a glance has found."""

    changes: Changes = field(default_factory=Changes)
    touched: tuple[str, ...] = ()
    """The calls with a turn that comes out otherwise, in the order in which they were given."""


class Rehearsal(Protocol):
    """Looks at recorded calls with two playbooks."""

    def glance(self, calls: Iterable[Sequence[CallEvent]], before: Playbook, after: Playbook) -> Glance:
        """How many turns come out otherwise, and in which calls."""


class CallTrial(Protocol):
    """Runs recorded calls again with two versions."""

    def tried(self, call_ids: Sequence[str], before: Version, after: Version) -> Tried:
        """How they come out; of more calls than it has time for, those that are named first. Blocks."""


class NoCalls:
    """A `CallTrial` without calls: what was held out decides alone."""

    def tried(self, call_ids: Sequence[str], before: Version, after: Version) -> Tried:
        """Nothing."""
        return Tried()


class WordsAgain:
    """Understands the recorded words again, turn by turn and without what was said before."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder

    def glance(self, calls: Iterable[Sequence[CallEvent]], before: Playbook, after: Playbook) -> Glance:
        """How many turns get another intent."""
        turns = [
            (events[0].call_id, [turn.text for turn in heard_turns(events) if turn.text.strip()])
            for events in calls
            if events
        ]
        texts = list(dict.fromkeys(text for _, some in turns for text in some))
        if not texts:
            return Glance(Changes(calls=len(turns)))
        was, would = (self._intents(playbook, texts) for playbook in (before, after))
        changed = {call_id: sum(was[text] != would[text] for text in some) for call_id, some in turns}
        changes = Changes(
            calls=len(turns), turns=sum(len(some) for _, some in turns), changed=sum(changed.values())
        )
        return Glance(changes, tuple(call_id for call_id, count in changed.items() if count))

    def _intents(self, playbook: Playbook, texts: Sequence[str]) -> dict[str, str]:
        chances = IntentClassifier(playbook, self._encoder).probabilities(texts)
        return {text: max(one, key=lambda name: one[name]) for text, one in zip(texts, chances, strict=True)}


def worth_running(recorded: Sequence[str], touched: Collection[str], taught: Collection[str]) -> list[str]:
    """Recorded calls, those first that tell most: in which something is understood otherwise.

    Among these, one that has taught nothing and one that has in turn: of the latter people have said what was right,
    but the heads have seen them.
    """
    first = [one for one in recorded if one in touched]
    unseen, seen = ([one for one in first if (one in taught) is known] for known in (False, True))
    return [*_in_turn(unseen, seen), *(one for one in recorded if one not in touched)]


def _in_turn(some: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    for pair in zip_longest(some, others):
        yield from (one for one in pair if one is not None)
