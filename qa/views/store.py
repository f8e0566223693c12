"""Keeps saved views: an address of the list of calls under a name, somebody's own or shared with all."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict
from sqlalchemy import (
    Boolean,
    Column,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.tables import NAMES

MOST_NAME = 60
MOST_OWN = 100
"""Views that one person may have."""

metadata = MetaData(naming_convention=NAMES)
views = Table(
    "qa_views",
    metadata,
    Column("view_id", Integer(), primary_key=True, autoincrement=True),
    Column("person_id", String(40), nullable=False),
    Column("name", String(MOST_NAME), nullable=False),
    Column("query", Text(), nullable=False),
    Column("shared", Boolean(), nullable=False),
    Column("first", Boolean(), nullable=False),
    Index("ix_qa_views_person_id", "person_id", "name", unique=True),
)


class ViewRefusedError(ValueError):
    """A view that cannot be kept. The text says why, for people."""


class SavedView(BaseModel):
    """One view. It keeps a period by name, so "last 7 days" stays that."""

    model_config = ConfigDict(frozen=True)

    view_id: int = 0
    person_id: str
    """Whose it is."""
    name: str
    query: str
    """What stands behind the `?`, as `qa.console.addresses` writes it."""
    shared: bool = False
    """Whether others see it in their lists. What it shows is narrowed by what they may see."""
    first: bool = False
    """Whether its owner's list of calls opens with it."""


class ViewStore:
    """The views of all people, in the database of `engine`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine

    async def seen_by(self, person_id: str) -> Sequence[SavedView]:
        """Somebody's own views, then those that others share, by name."""
        statement = (
            select(views)
            .where(or_(views.c.person_id == person_id, views.c.shared.is_(True)))
            .order_by(views.c.person_id != person_id, func.lower(views.c.name), views.c.view_id)
        )
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [SavedView.model_validate(dict(row._mapping)) for row in rows]

    async def first_of(self, person_id: str) -> SavedView | None:
        """The view that somebody's list opens with; None where they have chosen none."""
        statement = select(views).where(views.c.person_id == person_id, views.c.first.is_(True))
        async with self._engine.connect() as connection:
            row = (await connection.execute(statement)).first()
        return SavedView.model_validate(dict(row._mapping)) if row is not None else None

    async def save(self, view: SavedView) -> None:
        """Keep a view, in place of its owner's one of the same name.

        Raises:
            ViewRefusedError: it has no name or too long a one, or its owner has too many.
        """
        if not 1 <= len(view.name) <= MOST_NAME:
            raise ViewRefusedError(f"A view needs a name of at most {MOST_NAME} characters.")
        own = views.c.person_id == view.person_id
        values = view.model_dump(exclude={"view_id"})
        async with self._engine.begin() as connection:
            if view.first:
                await connection.execute(update(views).where(own).values(first=False))
            same = update(views).where(own, views.c.name == view.name).values(values)
            if (await connection.execute(same)).rowcount:
                return
            count = await connection.scalar(select(func.count()).select_from(views).where(own))
            if (count or 0) >= MOST_OWN:
                raise ViewRefusedError(f"You have {MOST_OWN} views: delete one first.")
            await connection.execute(insert(views).values(values))

    async def delete(self, view_id: int, person_id: str | None) -> bool:
        """Forget a view of `person_id`, or of anybody where that is None. Returns whether there was one."""
        statement = delete(views).where(views.c.view_id == view_id)
        if person_id is not None:
            statement = statement.where(views.c.person_id == person_id)
        async with self._engine.begin() as connection:
            return bool((await connection.execute(statement)).rowcount)
