"""Whether an answer alone would do, or something must be looked up or done for this customer. By rules, stated here.

A text is information-only where an article answers it, or where it asks a question (`dialog.knowledge.is_question`) and
names nothing of the customer's own: no number, no "my order", no "I want to cancel".
"""

import re
from collections.abc import Callable
from enum import StrEnum

from dialog.knowledge import is_question


class Need(StrEnum):
    """What would serve a text. Names never change meaning."""

    ARTICLE = "article"
    """An article of the playbook answers it."""
    QUESTION = "question"
    """It asks for information that everybody gets the same way; no article has it."""
    ACTION = "action"
    """Something must be looked up or done in a system."""
    NONE = "none"
    """It wants nothing by itself: a greeting, a yes, thanks."""


Answers = Callable[[str], bool]
"""Whether an article of the playbook answers a text."""

_GENERAL = re.compile(
    r"^(?:[\w' ]{0,30}\b)?(?:how (?:do|can|could|to|long|much|many|does)|what (?:is|are|do|does|kind)|"
    r"where (?:do|can|is|are)|when (?:do|does|is|are|will|can)|which|is it possible|is there|are there|can i|could i|"
    r"do you|do i (?:need|have)|are you|what's|who (?:pays|can)|steps? to|"
    r"information|info|procedure|conditions?|policy)\b",
    re.IGNORECASE,
)
_OWN = re.compile(
    r"\[(?:number|email)\]|\bmy (?:order|orders|purchase|parcel|package|delivery|claim|flight|booking|reservation|"
    r"account balance|balance|card|refund|return|invoice|bill|seat|policy|ticket|money|payment)\b",
    re.IGNORECASE,
)
_WANTS = re.compile(
    r"\b(?:i(?:'d| would)? (?:want|need|like|have|must|wish|am trying|try|tried|can'?t|cannot|lost)|i'm trying|"
    r"help (?:me )?(?:to )?\w+|(?:can|could|would|will) you (?:please )?(?:help|cancel|change|send|book|check))\b",
    re.IGNORECASE,
)
_COURTESY = """
    a all am and are bye day evening fine for good goodbye great have hello help here hey hi how i is it it's later me
    much my morning afternoon name nice no nope not now ok okay one please right see so sorry sure thank thanks that
    that's the this to too very was welcome well yeah yep yes you your
"""
_TALK = frozenset(_COURTESY.split())


def need_of(text: str, answers: Answers) -> Need:
    """What a masked text needs."""
    words = re.findall(r"[\w']+", text.lower())
    if not words or all(word in _TALK for word in words):
        return Need.NONE
    own = _OWN.search(text) is not None
    asks = is_question(text) or _GENERAL.match(text) is not None
    if not own and asks and answers(text):
        return Need.ARTICLE
    if own or not asks or _WANTS.search(text):
        return Need.ACTION
    return Need.QUESTION


def no_article(_text: str) -> bool:
    """Where there is no playbook to look in."""
    return False
