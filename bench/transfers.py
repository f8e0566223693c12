"""How fast a human is there, and how long their caller hears nothing: real hand-overs over the local line.

    python -m bench.transfers [--count N] [--json]

Each is a call of its own: a caller on a SIP telephone presses 0 until people are fetched, a human's telephone rings,
they listen to the briefing for a moment and press 1. `ring_s` is from the decision, as the call's record has it, to
the telephone that rings; `both_hear_s` from key 1 until both telephones hear the other's sound; `silence_s` the longest
time in which the caller heard nothing, from their last key to the human; `briefing_s` how long the briefing lasts with
its keys. Every raw value is in the JSON; `failed` names what did not come to a conversation.
"""

import asyncio
import tempfile
import time
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from rich.console import Console

from bench.report import parser_of, percentile, print_bars, print_table, tell
from calls.events import CallEvent, TransferBriefed, TransferEnded, TransferRequested
from calls.log import CallLog
from calls.store import open_store
from demo.open_company import open_company
from demo.people import agents_at_work
from demo.script import last_loud, until_quiet
from demo.sip import open_telephone
from demo.sip.telephone import RATE, Incoming, Sound, Telephone, TelephoneError
from demo.sound_match import correlate, longest_silence_s
from demo.stack import Stack, StackError, open_stack
from handoff.transfer.types import Outcome
from settings import StorageSettings

T = TypeVar("T")
CALLER = "+15550142000"
MOST_KEYS = 4
"""On a machine that stalls a key may get lost; who wants a person presses it again."""
LISTENS_S = 1.0
PROBE_S = 4.0
PROBE_RMS = 2500.0
PART = RATE // 20
"""Sounds are looked for in parts of 50 ms."""
ALIKE = 0.5
"""Parts of noise that do not belong together reach 0.25."""
IN_TIME_S = 30.0
BUDGETS = {"ring_s": 1.0, "both_hear_s": 1.5, "silence_s": 3.0, "briefing_s": 20.0}


@dataclass(frozen=True)
class HandedOver:
    """One hand-over, in seconds."""

    ring_s: float
    both_hear_s: float
    silence_s: float
    briefing_s: float


@dataclass
class Measured:
    """All of them."""

    done: list[HandedOver] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)

    def figures(self) -> dict[str, Any]:
        """As JSON."""
        figures: dict[str, Any] = {"hand_overs": len(self.done), "failed": self.failed}
        for name in BUDGETS:
            values = [round(getattr(one, name), 3) for one in self.done]
            figures[name] = {
                "p50": percentile(values, 50),
                "p95": percentile(values, 95),
                "max": max(values, default=None),
                "values": values,
            }
        return figures


def probe(seed: int) -> Sound:
    """Noise that is like no other: where it is heard, it was played."""
    noise = np.random.default_rng(seed).normal(0.0, PROBE_RMS, round(PROBE_S * RATE))
    return np.clip(np.rint(noise), -32768, 32767).astype(np.int16)


def first_heard_s(played: Sound, heard: Sound) -> float | None:
    """When the first part of `played` that came through is heard, seconds from the beginning of `heard`."""
    for start in range(0, played.size - PART + 1, PART):
        score, at = correlate(played[start : start + PART], heard)
        if score >= ALIKE:
            return at / RATE
    return None


async def hand_over(stack: Stack, agent: Telephone, seed: int) -> HandedOver:
    """One call from its first key to a conversation.

    Raises:
        StackError: it did not come to one; the text says where it ended.
    """
    async with open_telephone(CALLER) as caller:
        await caller.dial(stack.sip_address)
        began = datetime.now(UTC)
        await until_quiet(caller, after=0)
        ringing = asyncio.ensure_future(agent.incoming())
        asked = 0
        for _ in range(MOST_KEYS):
            if not ringing.done():
                asked = caller.heard().size
                await caller.press("0")
                await until_quiet_or(ringing, caller)
        await _in_time(ringing, "nobody was rung")
        rang_at = time.time()
        await agent.answer()
        await _in_time(_speech(agent), "the briefing did not begin")
        await asyncio.sleep(LISTENS_S)
        theirs, ours = probe(2 * seed), probe(2 * seed + 1)
        caller_at, agent_at = caller.heard().size, agent.heard().size
        await agent.press("1")
        caller.play(theirs)
        agent.play(ours)
        await agent.played()
        await caller.played()
        await asyncio.sleep(0.5)
        by_agent = first_heard_s(theirs, agent.heard()[agent_at:])
        by_caller = first_heard_s(ours, caller.heard()[caller_at:])
        heard = caller.heard()
        await agent.hang_up()
        await caller.hang_up()
        events = await _in_time(_record(stack, began), "the call did not end")
    if by_agent is None or by_caller is None:
        raise StackError("they did not hear each other")
    return HandedOver(
        ring_s=rang_at - _decided_at(events),
        both_hear_s=max(by_agent, by_caller),
        silence_s=longest_silence_s(heard[asked : caller_at + round(by_caller * RATE)]),
        briefing_s=max(one.body.seconds for one in events if isinstance(one.body, TransferBriefed)),
    )


def _decided_at(events: list[CallEvent]) -> float:
    """When it was decided: the plan that hands over, or the order where a rule did it."""
    ordered = next(event for event in events if isinstance(event.body, TransferRequested))
    plans = [event for event in events if event.body.name == "turn.planned" and event.seq < ordered.seq]
    return plans[-1].at.timestamp()


async def until_quiet_or(ringing: asyncio.Future[Incoming], caller: Telephone) -> None:
    """Wait for the answer to a key, or for the telephone that rings for it: then music plays on and on."""
    answer = asyncio.create_task(until_quiet(caller, after=caller.heard().size))
    waits: set[asyncio.Future[Any]] = {ringing, answer}
    await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    answer.cancel()


async def _speech(telephone: Telephone) -> None:
    while not last_loud(telephone.heard()):  # noqa: ASYNC110 - a telephone has no event for sound
        await asyncio.sleep(0.02)


async def _record(stack: Stack, began: datetime) -> list[CallEvent]:
    """All events of the newest call, once it is over, and its transfer."""
    url = StorageSettings(warmline_data_dir=stack.data_dir).store_url
    async with await open_store(url) as store, CallLog(store, lambda: datetime.now(UTC)) as log:
        newest = (await store.summaries(1))[0]
        if (began - newest.started_at).total_seconds() > IN_TIME_S:
            raise StackError("the call left no record")
        events = [event async for event in log.follow(newest.call_id)]
    ended = [event.body.outcome for event in events if isinstance(event.body, TransferEnded)]
    if ended != [Outcome.CONNECTED]:
        raise StackError(f"the transfer ended with {', '.join(ended) or 'nothing'}")
    return events


async def _in_time(work: Awaitable[T], otherwise: str) -> T:
    try:
        return await asyncio.wait_for(work, IN_TIME_S)
    except TimeoutError:
        raise StackError(otherwise) from None


async def measure(count: int, folder: Path) -> Measured:
    """So many hand-overs, one after the other, each to a human of its own."""
    measured = Measured()
    playbook = open_company(folder)
    async with open_stack(folder, WARMLINE_PLAYBOOK=str(playbook)) as stack:
        for number in range(count):
            name = f"agent{number}"
            async with agents_at_work(folder, [name]) as people:
                await asyncio.sleep(2.5)  # the server looks every two seconds who is there
                try:
                    measured.done.append(await hand_over(stack, people[name], number))
                except (StackError, TelephoneError) as error:
                    measured.failed.append(f"{number}: {error}")
    return measured


def show(console: Console, figures: dict[str, Any]) -> None:
    """A table and a picture."""
    rows = [
        (name, figures[name]["p50"], figures[name]["p95"], figures[name]["max"], budget)
        for name, budget in BUDGETS.items()
    ]
    title = f"{figures['hand_overs']} hand-overs"
    print_table(console, title, ("seconds", "p50", "p95", "max", "at most"), rows)
    for name, budget in BUDGETS.items():
        print_bars(console, name, [("p95", figures[name]["p95"])], "s", budget)
    for failed in figures["failed"]:
        console.print(f"failed: {failed}", highlight=False)


def main() -> None:
    """Run from the command line."""
    parser = parser_of("transfers", __doc__)
    parser.add_argument("--count", type=int, default=10)
    parser.add_argument("--json", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="warmline-bench-") as folder:
        measured = asyncio.run(measure(given.count, Path(folder)))
    tell(measured.figures(), show, as_json=given.json)


if __name__ == "__main__":
    main()
