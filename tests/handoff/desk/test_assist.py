"""What is suggested for the caller's newest words."""

from datetime import date

from dialog.knowledge.values import ArticleText, Hit
from handoff.desk.assist import KnowledgeAssist

TODAY = date(2026, 11, 25)


def article(name, body="", spoken=None):
    said = spoken or f"{name}, in short."
    return ArticleText(id=name, title=name.title(), spoken=said, body=body, questions=(), updated=TODAY)


class Shelf:
    """Knows what is found for which question, alone and after what was said before."""

    def __init__(self, alone, after=()):
        self._alone, self._after = alone, after
        self.asked = []

    def search(self, question, context=(), *, today, most=5):
        self.asked.append((question, tuple(context), today))
        return tuple(self._after if context else self._alone)[:most]


def hit(name, score, passage=None, by_question=True):
    return Hit(name, passage or f"{name}, at length.", score, by_question=by_question)


async def test_the_newest_words_are_read_alone_and_after_what_was_said_before():
    shelf = Shelf(alone=[hit("returns", 0.2)], after=[hit("shipping", 0.5), hit("returns", 0.1)])
    assist = KnowledgeAssist(shelf, [article("returns"), article("shipping")], lambda: TODAY)
    found = await assist.suggest(["one", "two", "three", "and how long?"])
    assert shelf.asked == [("and how long?", (), TODAY), ("and how long?", ("two", "three"), TODAY)]
    assert [(one.article, one.score) for one in found.articles] == [("shipping", 0.5), ("returns", 0.2)]
    assert found.replies == ("shipping, in short.", "returns, in short.")


async def test_a_reply_is_the_passage_where_that_fits_better_than_the_short_answer():
    shelf = Shelf(alone=[hit("returns", 0.9, "Boots too.", by_question=False)])
    assist = KnowledgeAssist(shelf, [article("returns")], lambda: TODAY)
    assert (await assist.suggest(["boots?"])).replies == ("Boots too.",)


async def test_the_second_reply_of_a_single_article_is_what_it_says_besides():
    body = "Colours fade in the sun. A refund takes five days.\n\nBoots must be unworn when they come back."
    shelf = Shelf(alone=[hit("returns", 0.9)])
    assist = KnowledgeAssist(shelf, [article("returns", body)], lambda: TODAY)
    replies = (await assist.suggest(["must boots be unworn?"])).replies
    assert replies == ("returns, in short.", "Boots must be unworn when they come back.")


async def test_what_hardly_fits_and_what_is_no_article_any_more_is_not_suggested():
    shelf = Shelf(alone=[hit("removed", 0.9), hit("returns", 0.05)])
    assist = KnowledgeAssist(shelf, [article("returns")], lambda: TODAY)
    found = await assist.suggest(["hello?"])
    assert (found.articles, found.replies) == ((), ())
    assert (await assist.suggest([])).articles == ()
