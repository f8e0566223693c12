"""One call, run again: the recorded caller with today's assistant, on the virtual clock."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

from calls.events import CallEvent, CallStarted, TurnPlanned
from calls.recording import Recording
from calls.wav import Pcm
from qa.rerun.answers import RecordedActions
from qa.rerun.deeds import deeds_of
from qa.rerun.recorded_party import RecordedParty
from qa.virtual.call import Incoming, InMemory, have
from qa.virtual.costs import Spent
from qa.virtual.loop import run_virtually
from qa.virtual.today import Today
from telephony.media.playout import RATE

MORE_S = 90.0
"""Today's call may be twice as long as the recorded one and this more; then it is ended."""


@dataclass(frozen=True)
class Call:
    """A recorded call."""

    events: tuple[CallEvent, ...]
    sound: Pcm
    """The caller's channel, int16 mono 8 kHz; empty where nothing was recorded."""
    spoken_s: float | None = None
    """Without it, the length of the recording."""

    @property
    def call_id(self) -> str:
        """Which call."""
        return self.events[0].call_id


class Rerun(BaseModel):
    """What came of running a call again."""

    model_config = ConfigDict(frozen=True)

    call_id: str
    events: tuple[CallEvent, ...]
    """As the record of a live call has them; times are those of the virtual clock."""
    released: tuple[tuple[int | None, float, float], ...]
    """Of each thing that the caller did: the turn that came of it then, and when it was done today."""
    stood_in: tuple[str, ...] = ()
    """What had no sound in the recording and was said by a stand-in."""
    missing: tuple[str, ...] = ()
    """Actions that were asked for today and have no recorded answer, by name."""
    gave_up: bool = False
    seconds: float = 0.0
    """How long today's call was."""


@dataclass(frozen=True)
class Measured:
    """What a run has really taken. No part of the result: it differs from run to run."""

    seconds: float
    cpu_s: float
    spent: dict[str, float]
    """Seconds of processor time by kind of work."""
    recording: Pcm
    """What was carried, caller and assistant: int16 8 kHz, shape (n, 2)."""


def run_again(call: Call, today: Today) -> tuple[Rerun, Measured]:
    """Run one call. The same call, playbook and models always give the same `Rerun`.

    Raises:
        NothingLeftError: today's assistant waits for something that can never come.
    """
    spent = Spent()
    began, cpu = time.perf_counter(), time.process_time()
    recording = InMemory()
    rerun = run_virtually(_run(call, today, spent, recording), spent)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    return rerun, Measured(wall_s, cpu_s, dict(spent.seconds), recording.both)


async def _run(call: Call, today: Today, spent: Spent, recording: Recording) -> Rerun:
    actions = RecordedActions(call.events, today.playbook.actions)
    deeds = deeds_of(call.events)
    caller = RecordedParty(call.sound, deeds, today.speech.voice.render)
    had = await have(_incoming(call, today), today, actions, lambda _state: caller, recording, spent)
    return Rerun(
        call_id=call.call_id,
        events=had.events,
        released=tuple((deeds[one.act].turn, one.start_s, one.end_s) for one in had.released),
        stood_in=caller.stood_in,
        missing=tuple(request.action for request in actions.missing),
        gave_up=had.gave_up,
        seconds=had.seconds,
    )


def _incoming(call: Call, today: Today) -> Incoming:
    started = next((event.body for event in call.events if isinstance(event.body, CallStarted)), None)
    spoken_s = call.spoken_s or call.sound.size / RATE or _lasted(call.events)
    return Incoming(
        call.call_id,
        call.events[0].at,
        started or CallStarted(playbook=today.playbook.version),
        reachable_then(call.events),
        2 * spoken_s + MORE_S,
    )


def reachable_then(events: Sequence[CallEvent]) -> tuple[str, ...]:
    """The queues whose people could be rung then, as the dialog was told at its first decision."""
    for event in events:
        if isinstance(event.body, TurnPlanned):
            reachable = event.body.state.get("reachable")
            if isinstance(reachable, list):
                return tuple(str(queue) for queue in reachable)
    return ()


def _lasted(events: Sequence[CallEvent]) -> float:
    return (events[-1].at - events[0].at).total_seconds()
