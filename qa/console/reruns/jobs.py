"""Runs calls again beside the server: one process at a time and at low priority, so that live calls do not suffer."""

import asyncio
import json
import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from loguru import logger

from settings import HOME
from telephony.tasks import Tasks

NICE = 15
"""Live calls go first."""
MOST_CALLS = 500
NICELY = f"import os; os.nice({NICE}); import cli; cli.main()"


class BusyError(RuntimeError):
    """Calls are being run again already: `report_id` is the one under way."""

    def __init__(self, report_id: str) -> None:
        super().__init__("calls are being run again already")
        self.report_id = report_id


@dataclass
class Job:
    """One report on its way."""

    report_id: str
    call_ids: tuple[str, ...]
    done: int = 0
    verdicts: dict[str, int] = field(default_factory=dict)
    failure: str | None = None
    """Why there will be no report, where that is known."""
    over: bool = False
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def told(self) -> dict[str, object]:
        """What a page shows of it."""
        return {
            "done": self.done,
            "of": len(self.call_ids),
            "verdicts": self.verdicts,
            "over": self.over,
            "failure": self.failure,
        }

    def note(self) -> None:
        """Wake whoever follows."""
        self.changed.set()
        self.changed = asyncio.Event()


class RerunJobs:
    """The jobs of one server, one at a time. `store_url` and `data_dir` are where its calls are."""

    def __init__(self, data_dir: Path, store_url: str, command: Sequence[str] | None = None) -> None:
        """`command` stands in for `warmline` in tests."""
        self._data_dir = data_dir
        self._store_url = store_url
        self._command = tuple(command or (sys.executable, "-c", NICELY))
        self._tasks = Tasks()
        self._job: Job | None = None

    @property
    def under_way(self) -> Job | None:
        """The job that is being done."""
        return self._job if self._job is not None and not self._job.over else None

    def of(self, report_id: str) -> Job | None:
        """The last job, where it is that of this report."""
        return self._job if self._job is not None and self._job.report_id == report_id else None

    def start(self, report_id: str, call_ids: Sequence[str], playbook: Path) -> Job:
        """Begin.

        Raises:
            BusyError: another one is under way.
        """
        if self.under_way is not None:
            raise BusyError(self.under_way.report_id)
        job = self._job = Job(report_id, tuple(call_ids[:MOST_CALLS]))
        self._tasks.start(self._run(job, playbook))
        return job

    async def stop(self) -> None:
        """Give up what is under way."""
        await self._tasks.stop()

    async def _run(self, job: Job, playbook: Path) -> None:
        given = ("--progress", "--report-id", job.report_id, "--playbook", str(playbook), "--", *job.call_ids)
        try:
            # The database's address may hold a password: it goes by the environment, which others cannot read.
            environment = {
                **os.environ,
                "DATABASE_URL": self._store_url,
                "WARMLINE_DATA_DIR": str(self._data_dir),
                "PYTHONPATH": os.pathsep.join(filter(None, (str(HOME), os.environ.get("PYTHONPATH")))),
            }
            process = await asyncio.create_subprocess_exec(
                *self._command,
                "rerun",
                *given,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.DEVNULL,
                env=environment,
            )
            try:
                await self._follow(job, process)
            finally:
                if process.returncode is None:
                    process.terminate()
                    await process.wait()
        except OSError as error:
            logger.bind(error=type(error).__name__).error("calls cannot be run again")
            job.failure = "not_started"
        finally:
            job.over = True
            job.note()

    async def _follow(self, job: Job, process: asyncio.subprocess.Process) -> None:
        if process.stdout is None:
            raise OSError("a process without its output")
        async for line in process.stdout:
            try:
                verdict = str(json.loads(line)["verdict"])
            except (ValueError, KeyError, TypeError):
                continue  # a library's own words
            job.done += 1
            job.verdicts[verdict] = job.verdicts.get(verdict, 0) + 1
            job.note()
        if await process.wait() != 0:
            logger.bind(code=process.returncode).error("running calls again has failed")
            job.failure = "failed"
