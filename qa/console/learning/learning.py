"""What the pages of learning work with."""

from dataclasses import dataclass
from pathlib import Path

from qa.gaps.keeper import GapKeeper
from qa.learning.store import CorrectionStore
from qa.learning.versions import Versions


@dataclass(frozen=True)
class Learning:
    """Corrections, versions and gaps."""

    corrections: CorrectionStore
    versions: Versions
    gaps: GapKeeper
    drafts: Path
    """The folder that drafts of articles are written into."""
