"""What the pages of the console share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from calls.log import CallLog
from dialog.playbook import Playbook
from qa.access.log import AccessLog
from qa.console.learning.learning import Learning
from qa.console.panels import Panel
from qa.facts.store import FactStore


@dataclass(frozen=True)
class Console:
    """All that the pages read. `now` gives aware times."""

    log: CallLog
    facts: FactStore
    access: AccessLog
    """Told before anything of a call is shown, played or exported."""
    data_dir: Path
    """Where recordings are."""
    playbook: Callable[[], Playbook]
    """The one that answers now."""
    now: Callable[[], datetime]
    panels: tuple[Panel, ...] = ()
    """Parts of the page of a call that other rooms bring, in their order."""
    learning: Learning | None = None
    """What the pages on corrections, versions and gaps work with; without it they are not there."""
