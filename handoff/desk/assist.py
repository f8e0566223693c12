"""Agent assist: what the knowledge says to the caller's newest words, and two replies that could be given."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol

from dialog.knowledge.passages import passages
from dialog.knowledge.values import ArticleText, Hit
from dialog.knowledge.words import content_words
from handoff.transfer.types import Value

LIKELY = 0.1
"""From this score on an article is worth a look: people judge better than the line's own `SURE`."""
MOST_ARTICLES = 3
MOST_REPLIES = 2
CONTEXT = 2


class Suggestion(Value):
    """An article that may help, with the passage that fits best."""

    article: str
    title: str
    passage: str
    score: float


class Suggestions(Value):
    """What may help now. `replies` are sentences to say as they stand."""

    articles: tuple[Suggestion, ...] = ()
    replies: tuple[str, ...] = ()


class Assist(Protocol):
    """Who knows."""

    async def suggest(self, caller_words: Sequence[str]) -> Suggestions:
        """For what the caller has said, newest last."""


class Knowledge(Protocol):
    """The search of the dialog."""

    def search(
        self, question: str, context: Sequence[str] = (), *, today: date, most: int = 5
    ) -> tuple[Hit, ...]:
        """The articles nearest to a question, best first."""


class KnowledgeAssist:
    """Suggests out of the playbook's articles. `today` gives the company's date."""

    def __init__(
        self, knowledge: Knowledge, articles: Sequence[ArticleText], today: Callable[[], date]
    ) -> None:
        self._knowledge = knowledge
        self._articles: Mapping[str, ArticleText] = {article.id: article for article in articles}
        self._today = today

    async def suggest(self, caller_words: Sequence[str]) -> Suggestions:
        """Search in a thread: embedding takes some milliseconds that live calls must not wait for."""
        if not caller_words:
            return Suggestions()
        *before, question = caller_words
        hits = await asyncio.to_thread(self._search, question, before[-CONTEXT:])
        found = [hit for hit in hits if hit.score >= LIKELY and hit.article in self._articles]
        replies = [self._reply(hit) for hit in found]
        if len(found) == 1:
            replies += self._more(found[0].article, question, replies[0])
        return Suggestions(
            articles=tuple(self._suggestion(hit) for hit in found),
            replies=tuple(dict.fromkeys(replies))[:MOST_REPLIES],
        )

    def _search(self, question: str, context: Sequence[str]) -> tuple[Hit, ...]:
        """Read alone and after what was said before: what fits either may help, and a person chooses."""
        best: dict[str, Hit] = {}
        for before in ((), context):
            for hit in self._knowledge.search(question, before, today=self._today(), most=MOST_ARTICLES):
                if hit.article not in best or hit.score > best[hit.article].score:
                    best[hit.article] = hit
        return tuple(sorted(best.values(), key=lambda hit: -hit.score)[:MOST_ARTICLES])

    def _reply(self, hit: Hit) -> str:
        return self._articles[hit.article].spoken if hit.by_question else hit.passage

    def _more(self, article: str, question: str, said: str) -> list[str]:
        """Of the same article, the passages that share most words with the question and were not said yet."""
        asked = set(content_words(question))
        found = [one for one in passages(self._articles[article].body) if one not in said and said not in one]
        return sorted(found, key=lambda one: -len(asked.intersection(content_words(one))))

    def _suggestion(self, hit: Hit) -> Suggestion:
        title = self._articles[hit.article].title
        return Suggestion(article=hit.article, title=title, passage=hit.passage, score=hit.score)


class NoAssist:
    """Where there is no knowledge to search."""

    async def suggest(self, caller_words: Sequence[str]) -> Suggestions:
        """Nothing."""
        del caller_words
        return Suggestions()
