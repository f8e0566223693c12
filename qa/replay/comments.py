"""Comments on calls, each at a second of the recording."""

import secrets
from collections.abc import Callable, Mapping
from datetime import datetime
from enum import StrEnum

from pydantic import BaseModel, ConfigDict
from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncEngine

from calls.events import Personal
from qa.replay.tables import comments

LONGEST = 1000
LATEST_S = 86_400.0
"""No call is longer than a day."""


class CommentKind(StrEnum):
    """What somebody thinks of it. Names never change meaning."""

    GOOD = "good"
    NEUTRAL = "neutral"
    POOR = "poor"
    TRAINING = "training"
    """Good for training."""


class CommentError(ValueError):
    """A comment breaks a rule. `problems` has what is wrong with each field, for people."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("; ".join(f"{name}: {problem}" for name, problem in problems.items()))
        self.problems = dict(problems)


class Words(BaseModel):
    """What somebody says of a moment."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    at_s: float
    kind: CommentKind
    text: Personal


class Comment(Words):
    """A comment that is kept."""

    comment_id: str
    call_id: str
    person_id: str
    name: str
    """Of who made it, as they were called then."""
    made_at: datetime
    changed_at: datetime | None = None


def read_words(form: Mapping[str, str]) -> Words:
    """What a form says: `at_s` (seconds), `kind`, `text` (1 to 1000 characters).

    Raises:
        CommentError: a field breaks its rule.
    """
    problems = {}
    text = form.get("text", "").replace("\0", "").replace("\r\n", "\n").strip()
    if not text:
        problems["text"] = "Write something."
    elif len(text) > LONGEST:
        problems["text"] = f"At most {LONGEST} characters; these are {len(text)}."
    kind = form.get("kind", "")
    if kind not in set(CommentKind):
        problems["kind"] = "Choose what you think of it."
    at_s = _seconds(form.get("at_s", ""))
    if at_s is None:
        problems["at_s"] = "Give the second of the call, such as 12.3."
    if problems or at_s is None:
        raise CommentError(problems)
    return Words(at_s=at_s, kind=CommentKind(kind), text=text)


class CommentStore:
    """Keeps comments. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def add(self, call_id: str, person_id: str, name: str, words: Words) -> Comment:
        """Keep a new one."""
        comment = Comment(
            **words.model_dump(),
            comment_id=secrets.token_hex(12),
            call_id=call_id,
            person_id=person_id,
            name=name,
            made_at=self._now(),
        )
        async with self._engine.begin() as connection:
            await connection.execute(insert(comments).values(comment.model_dump()))
        return comment

    async def change(self, call_id: str, comment_id: str, person_id: str, words: Words) -> bool:
        """Change one's own comment; False where there is none of theirs."""
        values = {**words.model_dump(), "changed_at": self._now()}
        statement = update(comments).where(*_own(call_id, comment_id, person_id)).values(values)
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def remove(self, call_id: str, comment_id: str, person_id: str) -> bool:
        """Remove one's own comment; False where there is none of theirs."""
        statement = delete(comments).where(*_own(call_id, comment_id, person_id))
        async with self._engine.begin() as connection:
            return (await connection.execute(statement)).rowcount > 0

    async def of(self, call_id: str) -> list[Comment]:
        """All comments on a call, in the order of the recording."""
        statement = select(comments).where(comments.c.call_id == call_id)
        statement = statement.order_by(comments.c.at_s, comments.c.made_at, comments.c.comment_id)
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        return [Comment.model_validate(dict(row._mapping)) for row in rows]


def _own(call_id: str, comment_id: str, person_id: str) -> tuple[ColumnElement[bool], ...]:
    return (
        comments.c.comment_id == comment_id,
        comments.c.call_id == call_id,
        comments.c.person_id == person_id,
    )


def _seconds(text: str) -> float | None:
    try:
        seconds = float(text)
    except ValueError:
        return None
    return round(seconds, 1) if 0 <= seconds <= LATEST_S else None
