"""Keeps the versions of forms. One is active, and what was ever active never changes."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from sqlalchemy import ColumnElement, CursorResult, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from qa.scorecards.form import Form
from qa.scorecards.tables import forms
from qa.scorecards.values import FormState, FormVersion

C = forms.c


class FormUnknownError(LookupError):
    """There is no such version of a form."""


class FormFrozenError(ValueError):
    """A version that is, or was, active cannot be changed or activated again."""


class FormStore:
    """The forms in the database of `engine`. `now` gives aware times."""

    def __init__(self, engine: AsyncEngine, now: Callable[[], datetime]) -> None:
        self._engine = engine
        self._now = now

    async def active(self) -> FormVersion | None:
        """The one by which calls are scored; None before there is any."""
        found = await self._some(C.state == FormState.ACTIVE.value)
        return found[0] if found else None

    async def all(self) -> list[FormVersion]:
        """Every version, the newest first."""
        return await self._some()

    async def get(self, name: str, version: int) -> FormVersion:
        """One version.

        Raises:
            FormUnknownError: there is none such.
        """
        found = await self._some(C.name == name, C.version == version)
        if not found:
            raise FormUnknownError(f"there is no form {name} {version}")
        return found[0]

    async def ensure(self, form: Form, source: str, by: str) -> FormVersion:
        """The active form. Without one it is this; beside one, this becomes a draft, where no version is the same."""
        known = await self.all()
        if not any(one.form == form for one in known):
            known.append(await self.add_draft(form, source, by))
        active = next((one for one in known if one.state is FormState.ACTIVE), None)
        if active is not None:
            return active
        same = next(one for one in known if one.form == form)
        return await self.activate(same.form.name, same.version, by)

    async def add_draft(self, form: Form, source: str, by: str) -> FormVersion:
        """A new version, which can still be changed."""
        async with self._engine.begin() as connection:
            highest = await connection.scalar(select(func.max(C.version)).where(C.name == form.name))
            made = FormVersion(
                form=form,
                version=(highest or 0) + 1,
                state=FormState.DRAFT,
                source=source,
                created_at=self._now(),
                created_by=by,
            )
            await connection.execute(insert(forms).values(_row(made)))
        return made

    async def change_draft(self, name: str, version: int, form: Form, source: str) -> None:
        """Another text for a draft.

        Raises:
            FormUnknownError: there is none such.
            FormFrozenError: it is no draft any more, or the text is of a form of another name.
        """
        if form.name != name:
            raise FormFrozenError("a draft keeps its name: save it as a new form instead")
        values = {"form": form.model_dump(mode="json"), "source": source}
        statement = update(forms).where(*_draft(name, version)).values(values)
        async with self._engine.begin() as connection:
            changed = cast("CursorResult[object]", await connection.execute(statement)).rowcount
        if changed != 1:
            await self.get(name, version)
            raise FormFrozenError(f"{name} {version} is no draft any more")

    async def activate(self, name: str, version: int, by: str) -> FormVersion:
        """Score calls by this draft from now on; the form before it is retired.

        Raises:
            FormUnknownError: there is none such.
            FormFrozenError: it is no draft any more.
        """
        now = self._now()
        async with self._engine.begin() as connection:
            await self._retire(connection)
            statement = (
                update(forms)
                .where(*_draft(name, version))
                .values(state=FormState.ACTIVE.value, activated_at=now, activated_by=by)
            )
            changed = cast("CursorResult[object]", await connection.execute(statement)).rowcount
            if changed != 1:
                # Raised within the transaction, so that the one before stays active.
                raise FormFrozenError(f"{name} {version} is no draft")
        return await self.get(name, version)

    async def _retire(self, connection: AsyncConnection) -> None:
        active = C.state == FormState.ACTIVE.value
        await connection.execute(update(forms).where(active).values(state=FormState.RETIRED.value))

    async def _some(self, *which: ColumnElement[bool]) -> list[FormVersion]:
        statement = select(forms).where(*which).order_by(C.created_at.desc(), C.version.desc())
        async with self._engine.connect() as connection:
            rows = (await connection.execute(statement)).all()
        values = (dict(row._mapping) for row in rows)
        return [FormVersion.model_validate({key: one[key] for key in one if key != "name"}) for one in values]


def _draft(name: str, version: int) -> tuple[ColumnElement[bool], ...]:
    return C.name == name, C.version == version, C.state == FormState.DRAFT.value


def _row(made: FormVersion) -> dict[str, object]:
    return {
        **made.model_dump(exclude={"form"}),
        "state": made.state.value,
        "name": made.form.name,
        "form": made.form.model_dump(mode="json"),
    }
