"""`warmline demo` and `warmline call`: one call on this machine, shown while it happens."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from calls.log import CallLog
from calls.store import open_store
from demo.proof import prove_status_was_spoken
from demo.script import AudioFileError, Line, as_caller, follow_script, read_wav
from demo.sip import open_telephone
from demo.stack import Stack, StackError, open_stack
from models.shelf import ModelShelf
from settings import StorageSettings
from voice.recogniser import Recogniser
from voice.synthesis import Synthesiser

CALLER = "+15550142000"
ORDER = "4711"
END_TIMEOUT_S = 15.0
DEMO_SAYS = ("Hi, where is my order?", "It's four seven one one.", "No, thank you. Goodbye.")


async def run_demo(console: Console, data_dir: Path, *, browser: bool) -> int:
    """The whole product in one call. Returns 0 only if the order's real status was heard by the caller."""
    shelf = ModelShelf()
    console.print("[bold]Warmline[/bold] starts: the server and the local line, on this machine only.")
    try:
        async with open_stack(data_dir) as stack:
            if browser:
                return await _wait_for_browser(console, stack)
            caller_voice = Synthesiser(shelf.piper())
            lines = [Line(text, as_caller(caller_voice.render(text))) for text in DEMO_SAYS]
            call_id, heard = await _call(console, stack, lines)
            proof = await prove_status_was_spoken(
                heard, Recogniser(shelf.whisper()), data_dir / "shop.db", ORDER
            )
    except StackError as error:
        console.print(f"[red]✖[/red] {error}")
        return 1
    await _show_record(console, data_dir, call_id)
    _show_proof(console, proof)
    console.print(
        "\nCall it yourself: [bold]warmline demo --browser[/bold] keeps the line up and prints the address of"
        " a telephone in your browser."
    )
    return 0 if proof.held else 1


async def run_call(console: Console, data_dir: Path, audio: Sequence[Path], say: Sequence[str]) -> int:
    """One call with any sound. Returns 0 if it was completed."""
    try:
        lines = [Line(path.name, read_wav(path)) for path in audio]
    except AudioFileError as error:
        console.print(f"[red]✖[/red] {error}")
        return 1
    if say:
        voice = Synthesiser(ModelShelf().piper())
        lines = [Line(text, as_caller(voice.render(text))) for text in say]
    try:
        async with open_stack(data_dir) as stack:
            call_id, _ = await _call(console, stack, lines)
    except StackError as error:
        console.print(f"[red]✖[/red] {error}")
        return 1
    await _show_record(console, data_dir, call_id)
    return 0


async def _wait_for_browser(console: Console, stack: Stack) -> int:
    console.print(f"\nOpen [bold]{stack.phone_url}[/bold], allow the microphone and press Call.")
    console.print(f"A SIP telephone on this machine can dial [bold]{stack.sip_address}[/bold].")
    console.print("Ctrl+C ends it.")
    await asyncio.Event().wait()
    return 0


async def _call(console: Console, stack: Stack, lines: Sequence[Line]) -> tuple[str, "Sound"]:
    """Dial in, follow the script, hang up, and wait for the call's record. Returns its id and what was heard."""
    began = datetime.now(UTC)
    store = await open_store(StorageSettings(warmline_data_dir=stack.data_dir).store_url)
    log = CallLog(store, lambda: datetime.now(UTC))
    try:
        async with open_telephone(caller_id=CALLER) as telephone:
            console.print(f"{telephone.kind} dials {stack.sip_address}\n")
            await telephone.dial(stack.sip_address)
            call_id = await _newest_call(store, began)
            watching = asyncio.create_task(_watch(console, log, call_id))
            await follow_script(telephone, lines)
            await telephone.hang_up()
            async with asyncio.timeout(END_TIMEOUT_S):
                await watching
            return call_id, telephone.heard()
    finally:
        await log.close()
        await store.close()
