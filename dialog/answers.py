"""Answers to questions: from an article, from an intent itself, or from what the articles say."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Protocol

from dialog.confidence import joint_confidence
from dialog.draft import Draft
from dialog.knowledge.gaps import Unanswered
from dialog.playbook import Playbook
from dialog.types import DialogState
from dialog.understand import Meaning

Fill = Callable[[DialogState, str], str]
SURE_ALONE = 0.75
"""A wish this sure is what the words say, whatever they point back to."""


class Answer(Protocol):
    """What an article answers."""

    @property
    def article(self) -> str:
        """The article's id."""

    @property
    def text(self) -> str:
        """What is said."""

    @property
    def score(self) -> float:
        """How likely it is the answer, 0 to 1."""


class Knowledge(Protocol):
    """Knows the articles of one playbook."""

    def answer(self, question: str, context: Sequence[str] = (), *, today: date) -> Answer | None:
        """The answer, or None where nothing fits."""

    def is_question(self, text: str) -> bool:
        """Whether it asks for information."""

    def leans(self, text: str) -> bool:
        """Whether it is a question that takes up what was said before."""

    def near(self, question: str, context: Sequence[str] = (), *, today: date) -> tuple[str, ...]:
        """The articles that may have to do with it, nearest first."""

    def gap(self, question: str, context: Sequence[str] = (), *, today: date) -> Unanswered:
        """A question without an answer, with the article that came nearest."""


class Answers:
    """What one playbook answers. Stateless."""

    def __init__(self, playbook: Playbook, knowledge: Knowledge | None, fill: Fill) -> None:
        """`fill` puts values into what an intent says."""
        self._playbook = playbook
        self._knowledge = knowledge
        self._fill = fill

    def to(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """What is said to a question; None where it is none, or where nobody knows."""
        known = self._leaning(state, meaning) or self.of_intent(state, meaning.intent)
        if known is not None:
            return known
        intent = self._playbook.intents.get(meaning.intent or "")
        if intent is not None:
            return Draft(state, (self._fill(state, intent.say),)) if intent.say is not None else None
        if self._knowledge is None or not self._knowledge.is_question(meaning.text):
            return None
        return self._found(state, meaning)

    def _leaning(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """To a question like `how long do I have for that`: it is read after what was said before.

        The head knows the words alone: it is believed where it is sure of them, or surer than the articles are.
        """
        sure = meaning.intent is None or meaning.certainty >= SURE_ALONE
        if sure or self._knowledge is None or not state.topics[:-1]:
            return None
        if not self._knowledge.leans(meaning.text):
            return None
        found = self._found(state, meaning)
        return found if found is not None and (found.certainty or 0.0) > meaning.certainty else None

    def _found(self, state: DialogState, meaning: Meaning) -> Draft | None:
        """What the articles say to a turn, unless it answers us."""
        if self._knowledge is None or meaning.found or meaning.reply is not None:
            return None
        answer = self._knowledge.answer(meaning.text, state.topics[:-1], today=today(state))
        if answer is None:
            return None
        certainty = round(joint_confidence(meaning.confidence, answer.score), 4)
        return Draft(state, (answer.text,), sources=(answer.article,), certainty=certainty)

    def of_intent(self, state: DialogState, intent: str | None) -> Draft | None:
        """The short answer of the article that an intent is; None where it has expired."""
        article = self._playbook.articles.get(intent or "")
        if article is None or (article.expires is not None and article.expires < today(state)):
            return None
        return Draft(state, (article.spoken,), sources=(intent or "",))

    def gap(self, state: DialogState, meaning: Meaning) -> Unanswered | None:
        """The question in a turn that was not understood; None where there is none."""
        if self._knowledge is None or meaning.corrects or not self._knowledge.is_question(meaning.text):
            return None
        return self._knowledge.gap(meaning.text, state.topics[:-1], today=today(state))

    def near(self, state: DialogState, text: str) -> dict[str, str]:
        """The articles that may have to do with a text, whole, by their ids."""
        if self._knowledge is None:
            return {}
        found = self._knowledge.near(text, state.heard, today=today(state))
        return {name: self._whole(name) for name in found}

    def _whole(self, name: str) -> str:
        article = self._playbook.articles[name]
        return f"{article.title}\n{article.spoken}\n{self._playbook.bodies[name]}"


def today(state: DialogState) -> date:
    """The day of the call, where the company is."""
    return datetime.fromisoformat(state.opened_at).date()
