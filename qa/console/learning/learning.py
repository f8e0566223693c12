"""What the pages of learning work with."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qa.gaps.keeper import GapKeeper
from qa.learning.became import Became, became
from qa.learning.correction import Correction
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

    def became(self, corrections: Sequence[Correction]) -> dict[str, Became]:
        """What has become of those that were accepted, by their ids.

        Raises:
            VersionError: a version cannot be read.
        """
        current = self.versions.current()
        return became(corrections, self.versions.manifests(), current.name, current.lessons)
