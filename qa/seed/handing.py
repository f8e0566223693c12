"""A hand-over in a made-up call: the real table of transfers is told what happens, and the record what came of it."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from calls.events import CallEvent, StreamEnded, TalkHeard, TransferKeyed, TransferLeg, TransferRequested
from dialog.playbook import Playbook
from dialog.reasons import Reason
from handoff.briefing.briefer import Briefer
from handoff.briefing.ear import spoken
from handoff.briefing.renderings import briefed
from handoff.transfer.keys import TAKE
from handoff.transfer.record import changes, requested
from handoff.transfer.table import start, step
from handoff.transfer.types import (
    CallerChose,
    CallerHeld,
    CallerLeft,
    CallerMoved,
    CallerPlaced,
    Choice,
    ConferenceEnded,
    ConferenceStarted,
    Joined,
    Kind,
    Left,
    LegAnswered,
    LegEnded,
    LegKeyed,
    LegPlaced,
    LegResult,
    LegRinging,
    Limits,
    Order,
    Party,
    Target,
    Transfer,
    TransferEvent,
)
from qa.seed.course import Course
from qa.seed.pace import Pace
from qa.seed.people import AGENTS, Agent
from qa.seed.talks import AGENT, Said, talk

CHOICES = {"stayed": Choice.STAY, "call_back": Choice.CALL_BACK, "voicemail": Choice.VOICEMAIL}
SOLVES = 0.86
NEEDLESS = 0.24
"""Of those who have asked for a person; whoever was handed over for another reason could not be helped otherwise."""
LIMITS = Limits(most_legs=6, patience_s=180.0)


@dataclass(frozen=True)
class Taken:
    """Who took a call, and how it went."""

    agent: Agent
    solved: bool
    needless: bool
    wait_s: float


class HandOver:
    """One transfer of one call. Times are seconds of the recording."""

    def __init__(
        self,
        course: Course,
        transfer_id: str,
        call_id: str,
        about: str,
        pace: Pace,
        rng: random.Random,
        recording: str | None = None,
    ) -> None:
        """`recording` is that of a call that is really spoken: the legs of its humans have theirs beside it."""
        self._folder = PurePosixPath(recording).parent if recording is not None else None
        self._course = course
        self._id = transfer_id
        self._call_id = call_id
        self._about = about
        self._pace = pace
        self._rng = rng
        self._transfer: Transfer | None = None
        self._reason = ""
        self.shift_s = 0.0
        """By so much the recording is behind the clock: between a call and its call-back nothing is recorded."""

    def begin(
        self,
        asked: TransferRequested,
        agents: Sequence[Agent],
        kind: Kind = Kind.WARM,
        promise: str | None = None,
    ) -> None:
        """Order it: these agents are rung, one after the other."""
        order = Order(
            transfer_id=self._id,
            call_id=self._call_id,
            queue=asked.queue,
            kind=kind,
            reason=asked.reason,
            words=asked.words,
            promise=promise,
            targets=tuple(_target(agent, asked.queue) for agent in agents),
            limits=LIMITS,
        )
        self._reason = asked.reason
        self._course.note(requested(order))
        transfer, _ = start(order, self._course.now_s)
        self._tell(None, transfer)
        if kind is not Kind.CALL_BACK:
            self._course.pass_by(self._rng.uniform(1.5, 3.0))
            self._happens(CallerHeld(at=self._course.now_s))

    def rings(self, agents: Sequence[Agent]) -> Agent | None:
        """One after the other is rung; returns who answers and does not decline. None: the transfer found nobody."""
        for number, agent in enumerate(agents, start=1):
            if self._one_rings(number, agent):
                return agent
        return None

    def _one_rings(self, leg: int, agent: Agent) -> bool:
        self._telephone_rings(leg)
        chance = self._rng.random()
        if chance < agent.declines:
            return self._not_taken(leg, LegResult.NO_ANSWER, 20.0)
        if chance < agent.declines + 0.04:
            return self._not_taken(leg, LegResult.BUSY, 1.0)
        self._picks_up(leg)
        return True

    def answers(self, leg: int) -> None:
        """The human of a leg answers at once."""
        self._telephone_rings(leg)
        self._picks_up(leg)

    def _telephone_rings(self, leg: int) -> None:
        self._course.pass_by(0.4)
        self._happens(LegPlaced(at=self._course.now_s, leg=leg, sid=f"CA{self._id[:20]}{leg:012d}"))
        self._course.pass_by(0.9)
        self._happens(LegRinging(at=self._course.now_s, leg=leg))

    def _picks_up(self, leg: int) -> None:
        self._course.pass_by(self._rng.lognormvariate(1.6, 0.5))
        self._happens(LegAnswered(at=self._course.now_s, leg=leg))
        self._note_recording(leg)

    def _note_recording(self, number: int) -> None:
        """As `handoff.connections` does when the leg's stream begins."""
        transfer = self._transfer
        leg = transfer.leg(number) if transfer is not None and transfer.order.kind is Kind.WARM else None
        if self._folder is None or leg is None or leg.sid is None:
            return
        noted = TransferLeg(
            transfer_id=self._id,
            leg=number,
            target=leg.target.name,
            agent=leg.target.agent,
            state=leg.state,
            sid=leg.sid,
            recording=(self._folder / f"{leg.sid}.wav").as_posix(),
        )
        self._course.note(noted)

    def _not_taken(self, leg: int, result: LegResult, after_s: float) -> bool:
        self._course.pass_by(after_s)
        self._happens(LegEnded(at=self._course.now_s, leg=leg, result=result))
        return False

    def nobody_answers(self, agents: Sequence[Agent]) -> None:
        """Nobody takes it: the transfer comes to its end by itself."""
        for leg in range(1, len(agents) + 1):
            self._telephone_rings(leg)
            self._not_taken(leg, LegResult.NO_ANSWER, 20.0)

    def caller_chooses(self, outcome: str) -> None:
        """The caller would rather not wait."""
        self._course.pass_by(self._rng.uniform(12.0, 70.0))
        self._happens(CallerChose(at=self._course.now_s, choice=CHOICES[outcome]))

    def caller_leaves(self) -> None:
        """The caller hangs up on hold."""
        self._course.pass_by(self._rng.lognormvariate(3.4, 0.6))
        self._happens(CallerLeft(at=self._course.now_s))

    def briefs(self, leg: int, events: Sequence[CallEvent], playbook: Playbook) -> str:
        """Tell the human who has answered. Returns how they may begin."""
        briefing = Briefer(playbook).build(events)
        told = spoken(briefing)
        self._course.pass_by(self._rng.uniform(0.4, 1.0) * told.seconds)
        self._course.note(briefed(self._id, leg, briefing, told, round(told.seconds, 3)))
        return briefing.first_line

    def takes(self, leg: int, stream_sid: str | None) -> None:
        """The human presses 1, and both are connected.

        The caller's stream ends; in a call-back there is none (None), and the caller is rung first.
        """
        self._course.pass_by(self._rng.uniform(0.3, 2.0))
        where = "desk" if self._rng.random() < 0.6 else "phone"
        self._course.note(TransferKeyed(transfer_id=self._id, leg=leg, key=TAKE, where=where))
        self._happens(LegKeyed(at=self._course.now_s, leg=leg, key=TAKE))
        if stream_sid is not None:
            self._course.note(StreamEnded(stream_sid=stream_sid, reason="moved"))
        else:
            self._happens(CallerPlaced(at=self._course.now_s, sid=f"CA{self._id[:20]}{99:012d}"))
            self._course.pass_by(self._rng.uniform(4.0, 15.0))
        self._course.pass_by(0.4)
        for event in (CallerMoved, ConferenceStarted):
            self._happens(event(at=self._course.now_s))
        for party in (Party.CALLER, Party.AGENT):
            self._course.pass_by(0.15)
            self._happens(Joined(at=self._course.now_s, party=party))

    def talks(self, agent: Agent, first_line: str) -> Taken:
        """They talk until one of them hangs up."""
        wait_s = self._wait_s
        solved, drawn = self._rng.random() < SOLVES, self._rng.random()
        needless = drawn < NEEDLESS and self._reason == Reason.ASKED_FOR_PERSON
        lines = talk(self._about, first_line, solved, needless, self._rng)
        for line in lines:
            self._one_talks(agent, line)
        self._course.pass_by(0.6)
        self._happens(Left(at=self._course.now_s, party=Party.AGENT))
        self._happens(ConferenceEnded(at=self._course.now_s))
        return Taken(agent, solved, needless, wait_s)

    @property
    def _wait_s(self) -> float:
        transfer = self._transfer
        if transfer is None or transfer.bridged_at is None:
            return 0.0
        return transfer.bridged_at - transfer.requested_at

    def _one_talks(self, agent: Agent, line: Said) -> None:
        who, text = line
        takes_s = self._pace.agent_s(text) if who == AGENT else self._pace.caller_s(text)
        # Typing, looking things up, and silence between the sentences: that is what agents differ in.
        self._course.pass_by(self._rng.lognormvariate(0.9, 0.8) * agent.pace)
        start_s = round(self._course.now_s, 3)
        self._course.now_s = round(start_s + takes_s, 3)
        confidence = round(min(0.98, self._rng.gauss(0.9, 0.04)), 4)
        self._course.note(
            TalkHeard(
                who=who,
                text=text,
                confidence=confidence,
                start_s=round(start_s - self.shift_s, 3),
                end_s=round(self._course.now_s - self.shift_s, 3),
            )
        )

    def _happens(self, event: TransferEvent) -> None:
        if self._transfer is None:
            raise RuntimeError("nothing happens to a transfer that was not ordered")
        after, _ = step(self._transfer, event)
        self._tell(self._transfer, after)

    def _tell(self, before: Transfer | None, after: Transfer) -> None:
        self._transfer = after
        for body in changes(before, after):
            self._course.note(body)


def on_duty(queue: str, rng: random.Random) -> list[Agent]:
    """Who would be rung for a queue, in order: the company's own people first."""
    fitting = [agent for agent in AGENTS if queue in agent.queues]
    own = [agent for agent in fitting if agent.id is not None]
    rng.shuffle(own)
    return [*own[:2], *(agent for agent in fitting if agent.id is None)]


def _target(agent: Agent, queue: str) -> Target:
    address = f"sip:{agent.id or f'{queue}-overflow'}@pbx.example.com"
    return Target(address=address, name=agent.name, queue=queue, agent=agent.id)
