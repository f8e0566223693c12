"""What the pages of the console share."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from calls.log import CallLog
from dialog.playbook import Playbook
from qa.access.log import AccessLog
from qa.facts.store import FactStore
from qa.privacy.parts import PrivacyParts


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
    privacy: PrivacyParts | None = None
    """Finds, exports, deletes and sweeps; None where pages are shown without it."""
