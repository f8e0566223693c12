"""A caller on hold can still speak with the assistant: what they want, and the word that they hear now and then."""

import re
from dataclasses import dataclass
from typing import Literal

from dialog.grammar.yes_no import only_yes_or_no
from dialog.playbook import Playbook
from dialog.schema.intents import Command
from dialog.types import DialogState, Hearing
from dialog.understand import Asked, Meaning, Understander
from dialog.values import Values

WORD_EVERY_S = 30.0
"""So often a caller on hold hears a word."""
CALL_BACK_KEY, PERSON_KEY = "1", "0"
NEVER_MIND = re.compile(
    r"\b(?:never ?mind|forget (?:it|about it)|don'?t bother|no need|go back|stay with you|go on with you"
    r"|(?:you|let'?s) (?:can )?(?:try|do it|help me) (?:yourself|without)"
    r"|don'?t (?:want|need) (?:a|any) (?:person|colleague)"
    r"|no (?:person|colleague)|i(?:'ll| will)? (?:changed my mind|talk to you))\b",
    re.IGNORECASE,
)
CALL_BACK = re.compile(
    r"\b(?:(?:call|ring|phone) (?:me|us) (?:back|later)|call[- ]?back|(?:call|ring|phone) me (?:tomorrow|tonight)"
    r"|(?:one|someone|somebody) (?:can|could|should) (?:call|ring|phone) me)\b",
    re.IGNORECASE,
)
VOICEMAIL = re.compile(
    r"\b(?:leave (?:a|you a|them a) (?:message|voicemail)|voice ?mail|take a message)\b", re.IGNORECASE
)
HOW_LONG = re.compile(
    r"\bhow (?:much )?long(?:er)?\b|\bhow many (?:people|others|callers)\b|\b(?:my|which|what) (?:place|position)\b"
    r"|\bwhen (?:will|is|does) (?:some|any|the|an?)\w*\b|\bstill there\b|\bwaiting time\b",
    re.IGNORECASE,
)
COURTESIES = frozenset({Command.THANKS, Command.HOLD_ON})

HoldChoice = Literal["stay", "call_back", "voicemail"]


@dataclass(frozen=True)
class Waited:
    """How a caller waits."""

    seconds: float
    position: int | None = None
    """The place in the queue, from 1; None where it is not known."""


@dataclass(frozen=True)
class HoldReply:
    """What a caller on hold wants, and what they are told."""

    choice: HoldChoice | None = None
    """As `handoff.transfer.types.Choice`; None: they go on waiting."""
    say: tuple[str, ...] = ()


class Holding:
    """What one playbook says to callers on hold. Stateless."""

    def __init__(self, playbook: Playbook, understander: Understander) -> None:
        self._playbook = playbook
        self._understander = understander
        self._values = Values(playbook)
        self._prompts = playbook.head.people.hold

    def reply(self, state: DialogState, hearing: Hearing, waited: Waited) -> HoldReply:
        """What is made of a word or a key."""
        if hearing.keyed:
            return self._keyed(state, hearing.keyed)
        if not hearing.text.strip():
            return HoldReply()
        return self._chosen(state, hearing.text) or self._answered(state, hearing, waited)

    def words(self, state: DialogState, waited: Waited) -> tuple[str, ...]:
        """The word of every half minute, in other words than the last; every other one names the ways out."""
        turn = max(1, round(waited.seconds / WORD_EVERY_S))
        still = self._prompts.still[(turn - 1) % len(self._prompts.still)]
        text = self._prompts.still_at if waited.position is not None else still
        ways = (self._prompts.ways,) if turn % 2 else ()
        return tuple(self._fill(state, one, waited) for one in (text, *ways))

    def _keyed(self, state: DialogState, keys: str) -> HoldReply:
        match keys.rstrip("#"):
            case "1":
                return HoldReply("call_back", (self._fill(state, self._prompts.call_back),))
            case "0":
                return HoldReply(say=(self._fill(state, self._prompts.calling),))
        return HoldReply(say=(self._fill(state, self._prompts.ways),))

    def _chosen(self, state: DialogState, text: str) -> HoldReply | None:
        """A way out in plain words."""
        takes_messages = self._playbook.head.voicemail_flow is not None
        if VOICEMAIL.search(text):
            chosen: HoldChoice = "voicemail" if takes_messages else "call_back"
            said = self._prompts.voicemail if takes_messages else self._prompts.call_back
            return HoldReply(chosen, (self._fill(state, said),))
        if CALL_BACK.search(text):
            return HoldReply("call_back", (self._fill(state, self._prompts.call_back),))
        if NEVER_MIND.search(text.replace("’", "'")):
            return HoldReply("stay", (self._fill(state, self._prompts.stay),))
        return None

    def _answered(self, state: DialogState, hearing: Hearing, waited: Waited) -> HoldReply:
        """Anything else: it changes nothing, and is answered shortly."""
        if HOW_LONG.search(hearing.text):
            return HoldReply(say=(self._how_long(state, waited), self._fill(state, self._prompts.ways)))
        meaning = self._understander.understand(hearing, Asked(now=state.opened_at))
        if meaning.command is Command.CANCEL:
            return HoldReply("stay", (self._fill(state, self._prompts.stay),))
        if meaning.command is Command.PERSON:
            return HoldReply(say=(self._fill(state, self._prompts.calling),))
        if _needs_nothing(meaning):
            return HoldReply()
        return HoldReply(say=(self._fill(state, self._prompts.ways),))

    def _how_long(self, state: DialogState, waited: Waited) -> str:
        if waited.position is not None:
            return self._fill(state, self._prompts.position, waited)
        known = waited.seconds >= WORD_EVERY_S
        return self._fill(state, self._prompts.waited if known else self._prompts.unknown, waited)

    def _fill(self, state: DialogState, text: str, waited: Waited | None = None) -> str:
        minutes = max(1, round(waited.seconds / 60.0)) if waited is not None else 1
        position = waited.position if waited is not None and waited.position is not None else 1
        return self._values.fill(state, text, minutes=minutes, position=position)


def _needs_nothing(meaning: Meaning) -> bool:
    """Whether it is a courtesy that wants no answer."""
    return meaning.command in COURTESIES or only_yes_or_no(meaning.text)
