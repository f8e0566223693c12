"""`warmline demo` and `warmline call`: one call on this machine, shown while it happens."""

import asyncio
from collections.abc import Awaitable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console
from rich.rule import Rule

from calls.command import show_call
from calls.events import TurnPlanned
from calls.log import CallLog
from calls.store import CallStore, open_store
from calls.summary import CallSummary
from demo.handoff import run_handoff
from demo.live import show
from demo.proof import Proof, prove_status_was_spoken
from demo.script import AudioFileError, Line, as_caller, follow_script, read_wav
from demo.sip import CallRefusedError, open_telephone
from demo.sip.telephone import Sound, TelephoneError
from demo.stack import Stack, StackError, show_starting
from dialog.types import ExpectationKind
from models.errors import ModelFileError
from models.shelf import ModelShelf
from settings import StorageSettings
from voice.hearing.recogniser import Recogniser
from voice.speaking.renderer import Renderer

CALLER = "+15550142000"
ORDER = "4711"
CALL_TIMEOUT_S = 15.0
GOODBYE_S = 8.0
"""After the last line the assistant has this long to end the call itself."""
CONFIRMS = "Yes, that's right."
DEMO_SAYS = ("Hi, where is my order?", "It's four seven one one.", "No, thank you. Goodbye.")
MENDABLE = (AudioFileError, CallRefusedError, ModelFileError, StackError, TelephoneError)
"""What can go wrong before or in a trial call, each with a text that says what to do."""


@dataclass(frozen=True)
class TrialCall:
    """One call that was made."""

    summary: CallSummary
    heard: Sound
    """What the telephone heard."""


async def run_demo(console: Console, data_dir: Path, *, browser: bool) -> int:
    """The whole product in one call. Returns 0 only if the order's real status was heard by the caller."""
    work = _wait_for_browser(console, data_dir) if browser else _demo_call(console, data_dir)
    return await _explained(console, work)


async def run_handoff_demo(console: Console, data_dir: Path) -> int:
    """A caller, a human agent, and what both heard. Returns 0 only if all that must be true was."""
    return await _explained(console, run_handoff(console, data_dir))


async def run_call(console: Console, data_dir: Path, audio: Sequence[Path], say: Sequence[str]) -> int:
    """One call with any sound. Returns 0 if it was put through and came to its end."""
    return await _explained(console, _trial_call(console, data_dir, audio, say))


async def _explained(console: Console, work: Awaitable[int]) -> int:
    """Do it; what a user can mend is one line, not a traceback."""
    try:
        return await work
    except MENDABLE as error:
        console.print(f"[red]✖[/red] {error}", highlight=False)
        return 1


async def _trial_call(console: Console, data_dir: Path, audio: Sequence[Path], say: Sequence[str]) -> int:
    lines = [Line(path.name, read_wav(path)) for path in audio] or _spoken(say)
    async with show_starting(console, data_dir) as stack:
        call = await _call(console, stack, lines)
    await _show_record(console, data_dir, call)
    return 0


async def _demo_call(console: Console, data_dir: Path) -> int:
    *lines, confirm = _spoken([*DEMO_SAYS, CONFIRMS])
    async with show_starting(console, data_dir) as stack:
        call = await _call(console, stack, lines, confirm)
    await _show_record(console, data_dir, call)
    recogniser = Recogniser(ModelShelf().whisper())
    proof = await prove_status_was_spoken(call.heard, recogniser, data_dir / "shop.db", ORDER)
    _show_proof(console, proof)
    console.print(
        "Talk to it yourself: [bold].venv/bin/warmline demo --browser[/bold] keeps the line up and prints the"
        " address of a telephone in your browser."
    )
    return 0 if proof.held else 1


async def _wait_for_browser(console: Console, data_dir: Path) -> int:
    async with show_starting(console, data_dir) as stack:
        console.print(f"Open [bold]{stack.phone_url}[/bold], allow the microphone and press Call.")
        console.print(f"A SIP telephone on this machine can dial [bold]{stack.sip_address}[/bold].")
        console.print("Ctrl+C ends it.")
        await asyncio.Event().wait()
    return 0


def _spoken(sentences: Sequence[str]) -> list[Line]:
    voice = Renderer.load(ModelShelf().voice_path())
    return [Line(text, as_caller(voice.render(text))) for text in sentences]


async def _call(
    console: Console, stack: Stack, lines: Sequence[Line], confirm: Line | None = None
) -> TrialCall:
    """Dial in, follow the script, hang up, and wait for the end of the call's record."""
    began = datetime.now(UTC)
    try:
        async with (
            await _open_store(stack.data_dir) as store,
            CallLog(store, lambda: datetime.now(UTC)) as log,
            open_telephone(CALLER) as telephone,
        ):
            console.print(f"A telephone ({telephone.kind}) dials {stack.sip_address}", highlight=False)
            await telephone.dial(stack.sip_address)
            call_id = await _newest_call(store, began)
            watcher = _Watcher(console, confirm)
            watching = asyncio.create_task(watcher.watch(log, call_id))
            await follow_script(telephone, lines, watcher.next_line)
            with suppress(TimeoutError):
                async with asyncio.timeout(GOODBYE_S):
                    await telephone.ended.wait()
            await telephone.hang_up()
            async with asyncio.timeout(CALL_TIMEOUT_S):
                await watching
            summary = await store.summary(call_id)
            if summary is None:
                raise StackError("the call was not kept")
            return TrialCall(summary, telephone.heard())
    except TimeoutError:
        raise StackError(f"the call did not come to its end; see the logs in {stack.data_dir}") from None


async def _open_store(data_dir: Path) -> CallStore:
    return await open_store(StorageSettings(warmline_data_dir=data_dir).store_url)


async def _newest_call(store: CallStore, began: datetime) -> str:
    async with asyncio.timeout(CALL_TIMEOUT_S):
        while True:
            newest = await store.summaries(1)
            if newest and newest[0].started_at >= began:
                return newest[0].call_id
            await asyncio.sleep(0.05)


class _Watcher:
    """Shows a call while it happens, and knows what the assistant has asked."""

    def __init__(self, console: Console, confirm: Line | None) -> None:
        self._console = console
        self._confirm = confirm
        self._asks_yes_or_no = False

    async def watch(self, log: CallLog, call_id: str) -> None:
        """Until the call is over."""
        async for event in log.follow(call_id):
            show(event, self._console)
            if isinstance(event.body, TurnPlanned):
                self._asks_yes_or_no = event.body.expect == ExpectationKind.YES_NO

    def next_line(self) -> Line | None:
        """A yes, when the assistant reads back what it has heard."""
        asked, self._asks_yes_or_no = self._asks_yes_or_no, False
        return self._confirm if asked else None


async def _show_record(console: Console, data_dir: Path, call: TrialCall) -> None:
    console.print()
    async with await _open_store(data_dir) as store:
        await show_call(store, call.summary.call_id, console, json_lines=False)
    if call.summary.recording is not None:
        console.print(
            f"Recording: {data_dir / call.summary.recording} (left the caller, right the assistant)"
        )
    console.print(f"Again: .venv/bin/warmline calls show {call.summary.call_id[:10]}", highlight=False)


def _show_proof(console: Console, proof: Proof) -> None:
    console.print(Rule("Was it true?", align="left"))
    console.print(f"The shop's own record of order {proof.order}: [bold]{proof.status}[/bold]")
    console.print(f"What a machine understands of what the telephone heard: “{proof.heard_text}”")
    if proof.held:
        console.print("[green]✔[/green] The caller heard the order's real status.\n")
    else:
        console.print("[red]✖[/red] The caller did not hear the order's real status.\n")
