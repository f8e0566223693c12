"""What the pages of the console share."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from calls.log import CallLog
from dialog.playbook import Playbook
from qa.access.log import AccessLog
from qa.console.learning.learning import Learning
from qa.console.panels import Panel
from qa.facts.store import FactStore
from qa.metrics.rules import Rules
from qa.privacy.parts import PrivacyParts
from qa.review.rules import ReviewRules
from qa.scorecards.anew import ScoringAnew
from qa.scorecards.reviews import Reviews


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
    review: ReviewRules = field(default_factory=ReviewRules)
    """Who gets reviewed."""
    metrics: Rules = field(default_factory=Rules)
    """What things cost, what a fast answer is, what must be told."""
    panels: tuple[Panel, ...] = ()
    """Parts of the page of a call that other rooms bring, in their order."""
    reviews: Reviews | None = None
    """Scoring by people; None: this console has no scorecards."""
    scoring: ScoringAnew | None = None
    """Scores calls of the time back by another form; None: only calls that end from now on are."""
    learning: Learning | None = None
    """What the pages on corrections, versions and gaps work with; without it they are not there."""
    privacy: PrivacyParts | None = None
    """Finds, exports, deletes and sweeps; None where pages are shown without it."""
