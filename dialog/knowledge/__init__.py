"""Answers from a playbook's articles: found by meaning, wording and sound, or an honest "I don't know"."""

from dialog.encoder import Encoder
from dialog.knowledge.base import KnowledgeBase
from dialog.knowledge.gaps import Unanswered
from dialog.knowledge.questions import is_question, leans
from dialog.knowledge.values import Answer, ArticleText, Hit

__all__ = ["Answer", "ArticleText", "Encoder", "Hit", "KnowledgeBase", "Unanswered", "is_question", "leans"]
