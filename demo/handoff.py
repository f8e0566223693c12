"""`warmline demo --handoff`: a caller asks for a person, and a human agent takes the call, both on real telephones.

What is proven is what the telephones heard, not what the server says of it.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.rule import Rule
from rich.table import Table

from calls.events import CallEvent, TransferEnded, TransferMoved
from calls.log import CallLog
from calls.store import open_store
from demo.live import show
from demo.open_company import open_company
from demo.people import agents_at_work
from demo.script import Line, as_caller, do_line, until_quiet
from demo.sip import open_telephone
from demo.sip.telephone import Sound, Telephone
from demo.sound_match import find, longest_silence_s
from demo.stack import Stack, StackError, show_starting
from handoff.hold.composition import hold_music
from models.shelf import ModelShelf
from settings import StorageSettings
from voice.speaking.renderer import Renderer

T = TypeVar("T")
CALLER = "+15550142000"
AGENT = "anna"
WISH = "I would like to speak to a person, please."
TOPIC = "It's about a return."
CALLER_SAYS = "Hello, I would like to send my jacket back, because it is too small for me."
AGENT_SAYS = (
    "Hello Maria, this is Anna from the returns team. I can see what it is about, and I will help you."
)
RINGS_WITHIN_S = 25.0
LEAST_HEARD = 0.6
"""Of the parts of a sound, so many must be found where it was to be heard."""
MOST_LEAKED = 0.05
LONGEST_SILENCE_S = 3.0
RING_BUDGET_S, BRIDGE_BUDGET_S, BRIEFING_BUDGET_S = 1.0, 1.5, 20.0
END_TIMEOUT_S = 45.0


@dataclass
class Heard:
    """What is left of the story."""

    caller_heard: Sound
    caller_sent: Sound
    agent_heard: Sound
    agent_sent: Sound
    pressed_at: int
    """On the agent's telephone, in samples."""
    told_until: int
    """Where the briefing was over, on the agent's telephone."""
    events: list[CallEvent] = field(default_factory=list)


@dataclass(frozen=True)
class Claim:
    """Something that must be true, and what was measured."""

    text: str
    measured: str
    held: bool
    of_time: bool = False
    """Whether it is about how long something took, which a busy machine may spoil."""


async def tell_story(
    stack: Stack, agent: Telephone, say: Callable[[str], Sound], console: Console | None = None
) -> Heard:
    """One caller, one agent, from the wish to the end of their conversation.

    Raises:
        StackError: somebody was not reached in time; the text says who.
    """
    async with open_telephone(CALLER) as caller:
        await caller.dial(stack.sip_address)
        following = asyncio.create_task(_follow(stack, console))
        heard = await until_quiet(caller, after=0)
        heard = await do_line(caller, Line(WISH, as_caller(say(WISH))), heard)
        topic = as_caller(say(TOPIC))
        caller.play(topic)
        await _in_time(agent.incoming(), RINGS_WITHIN_S, "the agent's telephone did not ring")
        await asyncio.sleep(1.0)
        await agent.answer()
        told_until = await until_quiet(agent, after=0)
        pressed_at = agent.heard().size
        await agent.press("1")
        await asyncio.sleep(1.0)
        caller.play(as_caller(say(CALLER_SAYS)))
        await caller.played()
        agent.play(say(AGENT_SAYS))
        await agent.played()
        await asyncio.sleep(0.5)
        heard_by_agent, sent_by_agent = agent.heard(), agent.sent()
        await agent.hang_up()
        # What follows is the survey, in the carrier's own voice.
        heard_by_caller, sent_by_caller = caller.heard(), caller.sent()
        await caller.hang_up()
        events = await _in_time(following, END_TIMEOUT_S, "the call did not come to its end")
        return Heard(
            heard_by_caller,
            sent_by_caller,
            heard_by_agent,
            sent_by_agent,
            pressed_at,
            told_until,
            events,
        )


def prove(heard: Heard, say: Callable[[str], Sound]) -> list[Claim]:
    """What must have been heard, and what must not."""
    before, after = heard.agent_heard[: heard.pressed_at], heard.agent_heard[heard.pressed_at :]
    briefing = before[: heard.told_until]
    return [
        _heard("the caller heard hold music", hold_music(), heard.caller_heard, least=0.02),
        _not_heard("the caller never heard the briefing", briefing, heard.caller_heard),
        _not_heard("the agent never heard the caller before key 1", heard.caller_sent, before),
        _heard("the agent heard the caller after key 1", as_caller(say(CALLER_SAYS)), after),
        _heard("the caller heard the agent", say(AGENT_SAYS), heard.caller_heard),
        _never_silent(heard),
        *_times(heard.events),
    ]


def _heard(text: str, played: Sound, there: Sound, least: float = LEAST_HEARD) -> Claim:
    match = find(played, there)
    return Claim(text, f"{match.share:.0%} of it, best correlation {match.best:.2f}", match.share >= least)


def _not_heard(text: str, played: Sound, there: Sound) -> Claim:
    match = find(played, there)
    measured = f"{match.share:.0%} of it, best correlation {match.best:.2f}"
    return Claim(text, measured, match.share <= MOST_LEAKED)


def _never_silent(heard: Heard) -> Claim:
    """From the caller's wish to the agent's first words. A caller who speaks is not in silence either."""
    both = _together(heard.caller_heard, heard.caller_sent)
    silence_s = longest_silence_s(both)
    return Claim(
        f"the caller was never in silence for {LONGEST_SILENCE_S:.0f} s",
        f"at most {silence_s:.2f} s",
        silence_s <= LONGEST_SILENCE_S,
    )


def _times(events: list[CallEvent]) -> list[Claim]:
    at = {event.body.phase: event.at for event in events if isinstance(event.body, TransferMoved)}
    outcome = [event.body.outcome for event in events if isinstance(event.body, TransferEnded)]
    briefed = [event.body for event in events if event.body.name == "transfer.briefed"]
    decided = next(event.at for event in events if event.body.name == "transfer.requested")
    ringing_s = (at["ringing"] - decided).total_seconds() if "ringing" in at else None
    bridging_s = (at["bridged"] - at["accepted"]).total_seconds() if "bridged" in at else None
    seconds = briefed[0].seconds if briefed and briefed[0].name == "transfer.briefed" else None
    return [
        _within("from the decision to the agent's telephone ringing", ringing_s, RING_BUDGET_S),
        _within("from key 1 to both in one conversation", bridging_s, BRIDGE_BUDGET_S),
        _within("the briefing with its keys", seconds, BRIEFING_BUDGET_S),
        Claim("the transfer's outcome", outcome[0] if outcome else "none", outcome == ["connected"]),
    ]


def _within(text: str, seconds: float | None, budget_s: float) -> Claim:
    measured = f"{seconds:.2f} s, at most {budget_s:.1f} s" if seconds is not None else "did not happen"
    return Claim(text, measured, seconds is not None and seconds <= budget_s, of_time=True)


def _together(one: Sound, other: Sound) -> Sound:
    size = min(one.size, other.size)
    louder = abs(one[:size].astype(int)) > abs(other[:size].astype(int))
    both: Sound = other[:size].copy()
    both[louder] = one[:size][louder]
    return both


async def _follow(stack: Stack, console: Console | None) -> list[CallEvent]:
    """The call's record while it happens."""
    url = StorageSettings(warmline_data_dir=stack.data_dir).store_url
    async with await open_store(url) as store, CallLog(store, lambda: datetime.now(UTC)) as log:
        while not (newest := await store.summaries(1)):  # noqa: ASYNC110 - another process writes it
            await asyncio.sleep(0.05)
        events = []
        async for event in log.follow(newest[0].call_id):
            events.append(event)
            if console is not None:
                show(event, console)
        return events


async def _in_time(work: Awaitable[T], within_s: float, otherwise: str) -> T:
    try:
        return await asyncio.wait_for(work, within_s)
    except TimeoutError:
        raise StackError(otherwise) from None


async def run_handoff(console: Console, data_dir: Path) -> int:
    """The story, shown while it happens, and its proof. Returns 0 only if all of it held."""
    # Piper says nothing twice in the same way: what is looked for must be what was played.
    say = cache(Renderer.load(ModelShelf().voice_path()).render)
    folder = data_dir / f"handoff-{time.strftime('%Y%m%d-%H%M%S')}"
    playbook = open_company(folder)
    async with (
        agents_at_work(folder, [AGENT]) as agents,
        show_starting(console, folder, WARMLINE_PLAYBOOK=str(playbook)) as stack,
    ):
        console.print(
            f"A caller ({agents[AGENT].kind}) dials; {AGENT.capitalize()} is at her own telephone.",
            highlight=False,
        )
        heard = await tell_story(stack, agents[AGENT], say, console)
    claims = prove(heard, say)
    console.print(Rule("What the two telephones heard", align="left"))
    table = Table("", "", "measured", box=None)
    for claim in claims:
        table.add_row("[green]✔[/green]" if claim.held else "[red]✖[/red]", claim.text, claim.measured)
    console.print(table)
    return 0 if all(claim.held for claim in claims) else 1
