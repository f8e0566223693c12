"""Articles that are old, have expired, or do not agree: what `dialog.knowledge` finds, with its place."""

from collections.abc import Iterator
from datetime import date

from dialog.encoder import Encoder
from dialog.knowledge.contradictions import Finding as Clash
from dialog.knowledge.contradictions import Trouble, lint
from dialog.lint.finding import Finding, Severity, found
from dialog.minds import WordEncoder, article_texts
from dialog.playbook import Playbook
from dialog.source import Loc

RULES = {
    Trouble.EXPIRED: "expired-article",
    Trouble.OLD: "stale-article",
    Trouble.CONTRADICTS: "contradicting-articles",
    Trouble.SAYS_THE_SAME: "articles-too-alike",
    Trouble.SAME_QUESTION: "same-question",
}
PLACES: dict[Trouble, Loc] = {
    Trouble.EXPIRED: ("expires",),
    Trouble.OLD: ("updated",),
    Trouble.SAME_QUESTION: ("questions",),
}
DATED = frozenset({Trouble.EXPIRED, Trouble.OLD, Trouble.SAME_QUESTION})
"""What can be told without understanding a word."""


def article_findings(playbook: Playbook, today: date, encoder: Encoder) -> Iterator[Finding]:
    """All of `RULES`, and `article-from-the-future`."""
    yield from (_found(playbook, clash) for clash in lint(article_texts(playbook), encoder, today))
    yield from _from_the_future(playbook, today)


def dated_findings(playbook: Playbook, today: date) -> Iterator[Finding]:
    """What needs no encoder."""
    clashes = lint(article_texts(playbook), WordEncoder(), today)
    yield from (_found(playbook, clash) for clash in clashes if clash.trouble in DATED)
    yield from _from_the_future(playbook, today)


def _found(playbook: Playbook, clash: Clash) -> Finding:
    source = playbook.sources.articles[clash.articles[0]]
    return found(RULES[clash.trouble], source, PLACES.get(clash.trouble, ("spoken",)), clash.message)


def _from_the_future(playbook: Playbook, today: date) -> Iterator[Finding]:
    for name, article in playbook.articles.items():
        if article.updated > today:
            text = f"{article.updated} is yet to come: when it was last updated cannot be told"
            source = playbook.sources.articles[name]
            yield found("article-from-the-future", source, ("updated",), text, Severity.WARNING)
