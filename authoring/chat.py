"""What `warmline chat` does: a conversation in text with a playbook, its actions really run."""

import asyncio
import json
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.text import Text

from authoring.script import Deed, Keys, KeysCode, Says, ScriptError, Silent, read_line, read_script
from authoring.text_actions import Inbox, open_actions
from authoring.text_call import Listener, TextCall
from calls.command import event_json
from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
    TurnSaid,
    TurnSilent,
)
from classifiers import minds_of
from dialog.encoder import Encoder
from dialog.language_model import client as language_model
from dialog.load import load_playbook
from dialog.minds import BUILT_IN, StandIns, word_minds
from dialog.plan import Dialog
from dialog.playbook import Playbook
from settings import PlaybookSettings
from thinking import Thinking

QUIT = "/quit"
NUMBER = re.compile(r"\+[1-9]\d{6,14}")
HELP = "Say something, or /key 1, /silence, /code, /confidence 0.4 TEXT, /quit."


class ChatError(Exception):
    """What was given to `warmline chat` cannot be used; the text says what to mend."""


@dataclass(frozen=True)
class ChatOptions:
    """What was given to `warmline chat`."""

    folder: Path
    caller: str | None = None
    script: Path | None = None
    json_lines: bool = False
    now: str | None = None
    """ISO 8601; without a time zone, the company's. None: now."""
    data: Path | None = None
    """Where the demo shop and the ledger are kept; None: they go with the call."""
    settings: PlaybookSettings = field(default_factory=PlaybookSettings)
    """Which language model is asked, as it would be in a call."""
    stand_ins: StandIns = BUILT_IN
    """Models in place of the built-in heads."""


@dataclass(frozen=True)
class Circumstances:
    """What one conversation needs besides its playbook."""

    data_dir: Path
    caller: str | None
    began_at: datetime
    """With a time zone."""
    now: Callable[[], datetime]
    """For what is written down; aware times."""
    settings: PlaybookSettings
    stand_ins: StandIns = BUILT_IN


def run_chat(options: ChatOptions, encoder: Encoder | None, console: Console, aside: Console) -> None:
    """Have one conversation, typed or from a script; `aside` gets what is neither said nor an event.

    Without an encoder, only the words of the playbook's examples are understood.

    Raises:
        PlaybookError: the playbook breaks rules, or a model that stands in does not know its intents.
        ChatError: caller, date or script cannot be used.
    """
    if options.json_lines and options.script is None:
        raise ChatError("--json needs a --script")
    if options.caller is not None and not NUMBER.fullmatch(options.caller):
        raise ChatError("--caller must be an E.164 number such as +15550142000")
    playbook = load_playbook(options.folder)
    deeds = _script(options.script) if options.script is not None else None
    began_at = _began_at(options.now, ZoneInfo(playbook.queues.timezone))
    now = (lambda: began_at) if options.now is not None else (lambda: datetime.now(UTC))
    with TemporaryDirectory(prefix="warmline-chat-") as temporary:
        data_dir = options.data if options.data is not None else Path(temporary)
        around = Circumstances(data_dir, options.caller, began_at, now, options.settings, options.stand_ins)
        if deeds is None:
            _talk(playbook, encoder, around, console)
        else:
            show = _json_line(console) if options.json_lines else Transcript(console, with_caller=True).show
            inbox = Inbox(lambda text: aside.print(Text(text, style="dim"), soft_wrap=True))
            asyncio.run(_run_script(playbook, encoder, around, deeds, inbox, show))


def _script(path: Path) -> tuple[Deed, ...]:
    try:
        return read_script(path.read_text("utf-8"), str(path))
    except (OSError, UnicodeDecodeError) as error:
        raise ChatError(f"{path}: cannot be read: {type(error).__name__}") from None
    except ScriptError as error:
        raise ChatError(str(error)) from None


def _began_at(given: str | None, zone: ZoneInfo) -> datetime:
    if given is None:
        return datetime.now(UTC)
    try:
        moment = datetime.fromisoformat(given)
    except ValueError:
        raise ChatError("--now must be ISO 8601, such as 2026-11-25T12:00") from None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=zone)


def _talk(playbook: Playbook, encoder: Encoder | None, around: Circumstances, console: Console) -> None:
    with asyncio.Runner() as runner:
        transcript = Transcript(console)
        stack = AsyncExitStack()
        inbox = Inbox(transcript.note)
        opening = stack.enter_async_context(open_call(playbook, encoder, around, inbox, transcript.show))
        call = runner.run(opening)
        try:
            transcript.note(HELP)
            runner.run(call.open())
            _converse(call, inbox, runner, console)
        finally:
            call.close()
            runner.run(stack.aclose())


async def _run_script(
    playbook: Playbook,
    encoder: Encoder | None,
    around: Circumstances,
    deeds: Iterable[Deed],
    inbox: Inbox,
    show: Listener,
) -> None:
    async with open_call(playbook, encoder, around, inbox, show) as call:
        await call.open()
        for deed in deeds:
            try:
                await do(call, deed, inbox)
            except ScriptError as error:
                raise ChatError(str(error)) from None
        call.close()


@asynccontextmanager
async def open_call(
    playbook: Playbook,
    encoder: Encoder | None,
    around: Circumstances,
    inbox: Inbox,
    on_event: Listener,
) -> AsyncIterator[TextCall]:
    """A call that has not been answered, with its own shop and ledger behind it.

    A language model that the settings name is asked as it would be in a call.
    """
    minds = word_minds(playbook)
    if encoder is not None:
        minds = await asyncio.to_thread(minds_of, playbook, encoder, around.stand_ins)
    settings = around.settings
    key = settings.warmline_model_key.get_secret_value()
    today = around.began_at.astimezone(ZoneInfo(playbook.queues.timezone)).date()
    async with (
        open_actions(playbook, around.data_dir, today, around.now, inbox) as actions,
        language_model.opened(settings.warmline_model_url, settings.warmline_model_name, key) as model,
    ):
        call_id = f"CT{secrets.token_hex(16)}"
        thinking = Thinking(Dialog(playbook, minds), model)
        yield TextCall(thinking, actions, call_id, around.caller, around.began_at, on_event)


async def do(call: TextCall, deed: Deed, inbox: Inbox) -> None:
    """Let the caller do one thing.

    Raises:
        ScriptError: a code is to be keyed in, and none was sent.
    """
    match deed:
        case Says(text, confidence):
            await call.say(text, confidence)
        case Keys(keys):
            await call.key(keys)
        case Silent():
            await call.silence()
        case KeysCode():
            if inbox.code is None:
                raise ScriptError("[code]: no code was sent")
            await call.key(inbox.code)


def _converse(call: TextCall, inbox: Inbox, runner: asyncio.Runner, console: Console) -> None:
    while not call.finished:
        try:
            line = console.input("[bold cyan]you[/bold cyan]  ").strip()
        except (EOFError, KeyboardInterrupt):
            console.print()
            return
        if line == QUIT:
            return
        try:
            deed = read_line(_as_directive(line))
            if deed is not None:
                runner.run(do(call, deed, inbox))
        except ScriptError as error:
            console.print(Text(str(error), style="yellow"))


def _as_directive(line: str) -> str:
    """`/key 1` as a script writes it: `[key 1]`."""
    if not line.startswith("/"):
        return line
    name, _, value = line[1:].partition(" ")
    if name == "confidence":
        number, _, said = value.partition(" ")
        return f"[confidence {number}] {said}"
    return f"[{name} {value}]" if value else f"[{name}]"


def _json_line(console: Console) -> Listener:
    def show(event: CallEvent) -> None:
        # As is: no wrapping, markup or colour in what programs read.
        console.out(json.dumps(event_json(event)), highlight=False)

    return show


class Transcript:
    """Prints a conversation as it goes: what is said, and dimmed what was understood, decided and done."""

    def __init__(self, console: Console, *, with_caller: bool = False) -> None:
        """`with_caller`: the caller's lines too, which whoever types them sees already."""
        self._console = console
        self._with_caller = with_caller

    def show(self, event: CallEvent) -> None:
        """One event; those that a reader does not need are left out."""
        match event.body:
            case TurnSaid(text=text):
                self._line("line", text, "bold green")
            case TurnHeard() as heard if self._with_caller:
                sure = "" if heard.confidence >= 1.0 else f"  (confidence {heard.confidence:g})"
                self._line("you", f"{heard.text}{sure}", "bold cyan")
            case TurnKeyed(digits=digits) if self._with_caller:
                self._line("you", f"[keys {digits}]", "bold cyan")
            case TurnSilent() if self._with_caller:
                self._line("you", "[silence]", "bold cyan")
            case TurnPlanned() as planned if planned.moment != "opened":
                self.note(_decided(planned))
            case ActionRequested() as asked:
                given = ", ".join(f"{name}={value}" for name, value in asked.arguments.items())
                self.note(f"→ {asked.action}({given})")
            case ActionDone() as done:
                self.note(f"← done in {done.duration_s:.2f} s: {json.dumps(done.data, ensure_ascii=False)}")
            case ActionFailed() as failed:
                self.note(f"← failed in {failed.duration_s:.2f} s: {failed.failure}")

    def note(self, text: str) -> None:
        """Something beside the conversation."""
        self._console.print(Text(f"      {text}", style="dim"), soft_wrap=True)

    def _line(self, who: str, text: str, style: str) -> None:
        self._console.print(Text.assemble((f"{who:<4}", style), f"  {text}"), soft_wrap=True)


def _decided(planned: TurnPlanned) -> str:
    """What was understood and decided, in one line."""
    parts = [planned.why]
    if planned.moment == "hearing":
        parts.insert(0, f"{planned.intent or 'no intent'} {planned.confidence:.2f}")
    if planned.certainty is not None:
        parts.append(f"sure {planned.certainty:.2f}")
    parts += [f"{name}={value}" for name, value in planned.entities.items()]
    parts += [f"also {name}" for name in planned.more]
    parts += [f"from {source}" for source in planned.sources]
    if planned.proposed is not None:
        parts.append(f"language model: {planned.proposed}")
    if planned.unanswered is not None:
        parts.append(f"unanswered, nearest {planned.nearest}" if planned.nearest else "unanswered")
    if planned.repair != "none":
        parts.append(planned.repair)
    if planned.sentiment or planned.mood:
        parts.append(f"sentiment {planned.sentiment:+.2f}, mood {planned.mood:+.2f}")
    if planned.dissatisfaction:
        parts.append(f"dissatisfied {planned.dissatisfaction:.2f}, in the call {planned.discontent:.2f}")
    if planned.hand_over is not None:
        parts.append(f"to the queue {planned.hand_over}")
    return " · ".join(part for part in parts if part)
