"""Finds calls for lists and exports: their ids, many at once, and where in them words were said."""

from collections.abc import AsyncIterator, Sequence

from sqlalchemy import bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncEngine

from qa.facts.filter import WORD, CallFilter, narrowed, with_words
from qa.facts.store import ORDERS, Order
from qa.facts.tables import facts
from qa.facts.types import CallFacts

AT_ONCE = 500
"""Calls that are read in one statement."""
BEGIN, END = "\x02", "\x03"
"""Stand around a hit: nobody says them."""
SNIPPETS = {
    "sqlite": "snippet(qa_texts, 1, :begin, :end, ' … ', 16)",
    "postgresql": "ts_headline('english', text, plainto_tsquery('english', :words), "
    "'StartSel=' || :begin || ', StopSel=' || :end || ', MaxFragments=1, MinWords=6, MaxWords=16')",
}

Snippet = tuple[tuple[str, bool], ...]
"""A piece of what was said: texts in order, each with whether it is a hit."""


class Finder:
    """Reads the facts of many calls, in the database of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def ids(self, wanted: CallFilter, order: Order, limit: int | None = None) -> list[str]:
        """The ids of calls, in order."""
        statement = narrowed(select(facts.c.call_id), wanted, self._engine.dialect.name)
        statement = statement.order_by(ORDERS[order], facts.c.call_id).limit(limit)
        async with self._engine.connect() as connection:
            return list((await connection.scalars(statement)).all())

    async def many(self, call_ids: Sequence[str]) -> AsyncIterator[list[CallFacts]]:
        """The facts of these calls, in their order, some at a time; those that have gone are left out."""
        for at in range(0, len(call_ids), AT_ONCE):
            some = call_ids[at : at + AT_ONCE]
            statement = select(facts.c.call_id, facts.c.facts).where(facts.c.call_id.in_(some))
            async with self._engine.connect() as connection:
                found = {row.call_id: row.facts for row in (await connection.execute(statement)).all()}
            yield [CallFacts.model_validate(found[one]) for one in some if one in found]

    async def snippets(self, words: str, call_ids: Sequence[str]) -> dict[str, Snippet]:
        """Where these words were said, by call; nothing for calls in which they were not."""
        said = WORD.findall(words)
        if not said or not call_ids:
            return {}
        dialect = self._engine.dialect.name
        columns = select(text("call_id"), text(f"{SNIPPETS[dialect]} AS snippet"))
        of_these = text("call_id IN :ids").bindparams(bindparam("ids", list(call_ids), expanding=True))
        statement = with_words(columns, said, dialect).where(of_these).params(begin=BEGIN, end=END)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return {row.call_id: parts(row.snippet) for row in rows}


def parts(marked: str) -> Snippet:
    """A text whose hits stand between marks, cut at them."""
    found: list[tuple[str, bool]] = []
    for piece in marked.split(BEGIN):
        hit, mark, rest = piece.rpartition(END)
        found += [(hit, True)] if mark else []
        found += [(rest, False)] if rest else []
    return tuple(found)
