"""The reports that are kept, one JSON file each under the data directory. They hold what callers have said."""

import re
import secrets
from collections.abc import Collection, Iterator
from datetime import datetime
from pathlib import Path

from pydantic import ValidationError

from qa.rerun.report import Report

FOLDER = "reruns"
REPORT_ID = re.compile(r"\d{8}T\d{6}-[0-9a-f]{6}")


class NoSuchReportError(LookupError):
    """There is no report of that id, or none that this version can read."""


class Reports:
    """All reports of one data directory. Its methods block for a moment."""

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / FOLDER

    @staticmethod
    def new_id(now: datetime) -> str:
        """An id for a report that is begun `now`; later ones sort behind."""
        return f"{now:%Y%m%dT%H%M%S}-{secrets.token_hex(3)}"

    def keep(self, report_id: str, report: Report) -> Path:
        """Keep a report. Returns its file."""
        path = self._path(report_id)
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished = path.with_suffix(".part")
        unfinished.write_text(report.model_dump_json())
        unfinished.replace(path)
        return path

    def read(self, report_id: str) -> Report:
        """One report.

        Raises:
            NoSuchReportError: there is none.
        """
        try:
            return Report.model_validate_json(self._path(report_id).read_text())
        except (OSError, ValidationError):
            raise NoSuchReportError(f"there is no report {report_id}") from None

    def newest(self, limit: int = 50) -> Iterator[tuple[str, Report]]:
        """The newest first, with their ids."""
        found = sorted(self._folder.glob("*.json"), reverse=True)[:limit]
        for path in found:
            if REPORT_ID.fullmatch(path.stem):
                yield path.stem, self.read(path.stem)

    def forget(self, call_ids: Collection[str]) -> int:
        """Take calls out of all reports: their record is being deleted. Returns how many reports had one."""
        touched = 0
        for report_id, report in self.newest(limit=1_000_000):
            kept = report.without(call_ids)
            if kept != report:
                touched += 1
                self.keep(report_id, kept)
        return touched

    def _path(self, report_id: str) -> Path:
        if not REPORT_ID.fullmatch(report_id):
            raise NoSuchReportError("a report's id is a time and six hexadecimal digits")
        return self._folder / f"{report_id}.json"
