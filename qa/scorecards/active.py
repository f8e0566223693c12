"""The form by which calls are scored now, at hand without asking the database for each call."""

import asyncio
from pathlib import Path

from loguru import logger
from sqlalchemy.exc import SQLAlchemyError

from qa.scorecards.form_store import FormStore
from qa.scorecards.source import OWN, STARTER, read_form
from qa.scorecards.values import FormVersion

EVERY_S = 15.0
"""How soon a form that was activated elsewhere holds here too."""
BY_ITSELF = "warmline"
"""Who brings the form of a playbook."""


class ActiveForm:
    """Knows the active form, and asks now and then whether it is still that one."""

    def __init__(self, store: FormStore, first: FormVersion) -> None:
        self.store = store
        self._current = first

    @classmethod
    async def opened(cls, store: FormStore, folder: Path) -> "ActiveForm":
        """With the form of the playbook in `folder`, where none is active yet.

        Raises:
            PlaybookError: the form breaks a rule.
        """
        path = folder / OWN if (folder / OWN).exists() else STARTER
        form, text = await asyncio.to_thread(lambda: (read_form(path), path.read_text("utf-8")))
        return cls(store, await store.ensure(form, text, BY_ITSELF))

    def current(self) -> FormVersion:
        """The one that calls are scored by."""
        return self._current

    async def renew(self) -> None:
        """Ask the database."""
        self._current = await self.store.active() or self._current

    async def keep_up(self) -> None:
        """Ask now and then, until cancelled."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.renew()
            except (SQLAlchemyError, OSError) as error:
                logger.bind(error=type(error).__name__).error("the active scorecard cannot be read")
