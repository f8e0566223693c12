"""The company that answers: one version of its playbook with all that it thinks and acts by."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from loguru import logger

from dialog.minds import Articles
from dialog.reload import EVERY_S, PlaybookWatch, Refused, Renewed
from handoff.escalation.weights import Weights
from speculation import Doing
from thinking import Thinking


@dataclass(frozen=True)
class Company:
    """One version of a playbook, ready to take calls. A call keeps the one that it began with."""

    thinking: Thinking
    actions: Doing
    articles: Articles | None = None
    """What its knowledge is searched by, where it has any."""
    models: Mapping[str, str] = field(default_factory=dict)
    """What it understands with, beside the process's own models, for the event log."""
    weights: Weights | None = None
    """What escalation goes by; None: what the process goes by."""

    @property
    def version(self) -> str:
        """Name and version of the playbook."""
        return self.thinking.dialog.playbook_version


class Companies:
    """The versions of the playbook that this process has: the newest for new calls, older ones for calls that go on."""

    def __init__(self, watch: PlaybookWatch[Company]) -> None:
        self._watch = watch
        self._versions = {watch.version: watch.current}

    def current(self) -> Company:
        """The version for a new call."""
        return self._watch.current

    def of(self, version: str) -> Company:
        """The version that a call began with; the newest where this process does not have it."""
        return self._versions.get(version, self._watch.current)

    async def renew(self, now: float) -> None:
        """Look at the playbook's folder: new calls get a new version, and one that is broken is told."""
        match await asyncio.to_thread(self._watch.maybe_reload, now):
            case Renewed(version=version):
                self._versions[version] = self._watch.current
                logger.bind(playbook=version).info("new calls get a new version of the playbook")
            case Refused(problems=problems, kept=kept):
                logger.bind(playbook=kept).error(
                    "the playbook is broken, calls keep the last version: {}", problems
                )


async def keep_renewed(companies: Companies, clock: Callable[[], float]) -> None:
    """Look every few seconds, until cancelled."""
    while True:
        await asyncio.sleep(EVERY_S)
        await companies.renew(clock())
