"""Recorded calls on which a version that was just trained must hold, beside the one in use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from qa.corrected import CorrectedCalls
from qa.learning.versions import Tried, Version
from qa.rerun.command import with_progress
from qa.rerun.many import Ordered, run_many
from qa.rerun.reports import Reports
from qa.rerun.sources import CallSource
from settings import PlaybookSettings


def stored_calls_again(settings: PlaybookSettings, most: int, *, dry_run: bool) -> "CallsAgain":
    """The calls of this installation, `most` of them; what comes of it is kept as a report unless `dry_run`."""
    data_dir = settings.warmline_data_dir
    return CallsAgain(
        CorrectedCalls(settings.store_url, data_dir),
        settings.warmline_playbook,
        most,
        lambda: datetime.now(UTC),
        None if dry_run else Reports(data_dir),
    )


@dataclass(frozen=True)
class CallsAgain:
    """A `qa.learning.rehearsal.CallTrial`: the caller's sound goes through the whole pipeline with each version."""

    source: CallSource
    playbook: Path
    most: int
    """So many calls at most."""
    now: Callable[[], datetime]
    reports: Reports | None = None
    """Where the report is kept; None: nowhere."""

    def tried(self, call_ids: Sequence[str], before: Version, after: Version) -> Tried:
        """As `CallTrial.tried`, with a bar on the standard error.

        Raises:
            PlaybookError, ModelFileError, ClassifierSettingError: before anything is run, with what to do.
        """
        some = tuple(call_ids[: self.most])
        if not some:
            return Tried()
        ordered = Ordered(some, self.playbook, learnt=after, against=before)
        report = with_progress(len(some), lambda done: run_many(ordered, self.source, self.now(), done))
        report_id = None
        if self.reports is not None:
            report_id = Reports.new_id(report.made_at)
            self.reports.keep(report_id, report)
        return Tried(**report.counts, not_run=len(report.not_run), report=report_id)
