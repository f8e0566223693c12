"""The pages of calls that were run again."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse, RedirectResponse, StreamingResponse

from calls.ids import CALL_ID
from qa.access.log import Accessed
from qa.console.console import Console
from qa.console.places import CALLS, LOOKING_BACK, QA, RERUNS, navigation_of
from qa.console.reruns.jobs import MOST_CALLS, BusyError, Job, RerunJobs
from qa.facts.filter import CallFilter
from qa.rerun.report import ORDER, Report
from qa.rerun.reports import NoSuchReportError, Reports
from qa.rerun.saving import scenario_of
from qa.rerun.scenario import as_yaml
from web.accounts import Account
from web.app import Site
from web.server_sent import EVENT_STREAM, KEEP_OPEN, retry_after, server_sent

KEEP_OPEN_S = 15.0
RETRY_MS = 1000
SEPARATOR = re.compile(r"[\s,;]+")


def create_reruns_router(site: Site, console: Console, jobs: RerunJobs) -> APIRouter:
    """The routes."""
    door = site.door
    analyst = Depends(door.needs(*LOOKING_BACK))
    router = APIRouter(prefix=QA, dependencies=[Depends(door.check_form)])
    reports = Reports(console.data_dir)

    @router.get("/reruns")
    async def all_reports(request: Request, account: Account = analyst, busy: bool = False) -> Response:
        kept = await asyncio.to_thread(lambda: list(reports.newest()))
        return site.pages.page(
            "qa/reruns/reports.html",
            request,
            account,
            navigation=navigation_of(account),
            reports=kept,
            job=jobs.under_way,
            busy=busy,
            most=MOST_CALLS,
            order=ORDER,
        )

    @router.post("/reruns")
    async def begin(
        account: Account = analyst,
        calls: Annotated[str, Form()] = "",
        newest: Annotated[int, Form(ge=0, le=MOST_CALLS)] = 0,
    ) -> Response:
        call_ids = await _meant(console, calls, newest)
        report_id = Reports.new_id(console.now())
        try:
            jobs.start(report_id, call_ids, console.playbook().folder)
        except BusyError:
            return RedirectResponse(f"{RERUNS}?busy=true", status_code=303)
        return RedirectResponse(f"{RERUNS}/{report_id}", status_code=303)

    @router.get("/reruns/{report_id}")
    async def one_report(request: Request, report_id: str, account: Account = analyst) -> Response:
        job = jobs.of(report_id)
        report = None
        if job is None or (job.over and job.failure is None):
            report = await _report(reports, report_id)
            await _note(console, account, report_id, report)
        return site.pages.page(
            "qa/reruns/report.html",
            request,
            account,
            navigation=navigation_of(account),
            report_id=report_id,
            report=report,
            job=job if report is None else None,
            order=ORDER,
            address=f"{CALLS}/",
        )

    @router.get("/reruns/{report_id}/progress")
    async def progress(report_id: str, account: Account = analyst) -> Response:
        job = jobs.of(report_id)
        if job is None:
            raise HTTPException(404)
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        return StreamingResponse(_progress(job), media_type=EVENT_STREAM, headers=headers)

    @router.get("/calls/{call_id}/scenario.yaml")
    async def scenario(call_id: str, account: Account = analyst, personal: bool = False) -> Response:
        if CALL_ID.fullmatch(call_id) is None or not (events := await console.log.read(call_id)):
            raise HTTPException(404)
        detail = "scenario, personal data kept" if personal else "scenario"
        await console.access.note(account.person_id, Accessed.EXPORTED, call_id, detail)
        saved = scenario_of(events, console.playbook().actions, keep_personal=personal)
        fields = ", ".join(saved.personal) or "nothing that is known of"
        text = as_yaml(saved.scenario, (f"May identify the caller: {fields}.",))
        name = f'attachment; filename="{call_id}.yaml"'
        return PlainTextResponse(text, headers={"content-disposition": name}, media_type="application/yaml")

    return router


async def _meant(console: Console, calls: str, newest: int) -> list[str]:
    """The calls of a form: ids, or so many of the newest."""
    given = [one for one in SEPARATOR.split(calls) if one]
    if any(CALL_ID.fullmatch(one) is None for one in given):
        raise HTTPException(400)
    wanted = CallFilter(call_ids=tuple(given)) if given else CallFilter()
    limit = len(given) if given else newest
    if not 0 < limit <= MOST_CALLS:
        raise HTTPException(400)
    found = [call.call_id for call in await console.facts.page(wanted, limit=limit)]
    if given and set(given) - set(found):
        raise HTTPException(404)
    if not found:
        raise HTTPException(404)
    return found


async def _report(reports: Reports, report_id: str) -> Report:
    try:
        return await asyncio.to_thread(reports.read, report_id)
    except NoSuchReportError:
        raise HTTPException(404) from None


async def _note(console: Console, account: Account, report_id: str, report: Report) -> None:
    """A report shows what callers said: of a single call, the access is noted with it."""
    call_ids = [call.call_id for call in report.calls]
    call_id = call_ids[0] if len(call_ids) == 1 else None
    await console.access.note(
        account.person_id, Accessed.OPENED, call_id, f"run again, {len(call_ids)} calls: {report_id}"
    )


async def _progress(job: Job) -> AsyncIterator[str]:
    yield retry_after(RETRY_MS)
    while True:
        changed = job.changed
        yield server_sent("progress", job.told)
        if job.over:
            return
        try:
            await asyncio.wait_for(changed.wait(), KEEP_OPEN_S)
        except TimeoutError:
            yield KEEP_OPEN
