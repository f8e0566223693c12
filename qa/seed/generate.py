"""Made-up calls out of templates: each its own caller, time, line, luck and ending, by a seed."""

import hashlib
import random
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from calls.events import (
    CallBackPromised,
    CallEnded,
    CallEndReason,
    CallEvent,
    CallQueued,
    CallStarted,
    EventBody,
    HeardWord,
    StreamEnded,
    StreamStarted,
    TransferEnded,
    TransferRequested,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
    TurnWords,
)
from calls.wav import RATE
from dialog.hours import is_open
from dialog.playbook import Playbook
from handoff.after.left import LeftForPeople
from models.shelf import ModelShelf
from qa.learning.versions import BUILT_IN
from qa.seed.afterwards import satisfaction
from qa.seed.aloud import Aloud, Scene, Talk, going_on
from qa.seed.catalogue import QUESTIONS
from qa.seed.chance import chance
from qa.seed.course import Course, as_events
from qa.seed.pace import Estimated, conditions
from qa.seed.template import Occasion, Template
from qa.seed.traffic import Coming, Season, traffic
from qa.seed.under_way import IMPROVED, CallUnderWay
from qa.seed.with_people import WithPeople

CALLEE = "+15550100100"
REFUSED, LOST, GIVES_UP = 0.012, 0.008, 0.05
ASKED = 0.14
"""The share of contained calls after which the assistant's survey is asked."""
OPEN_CALLS = 2
"""So many calls are not over yet: the last ones."""
CALLERS_TURN = (TurnHeard, TurnKeyed, TurnSilent)


class Generator:
    """All calls of a season. The same season over the same templates gives the same calls, byte for byte."""

    def __init__(self, playbook: Playbook, templates: Sequence[Template], season: Season) -> None:
        self.playbook = playbook
        self._season = season
        self.zone = season.zone
        self._templates: dict[str, list[Template]] = {}
        for template in templates:
            self._templates.setdefault(template.script.intent, []).append(template)
        self.coming = traffic(season, tuple(one for one in QUESTIONS if one in self._templates))
        """The calls that come in, in order."""
        version = playbook.version
        digest = hashlib.sha256(f"{version}, changed".encode()).hexdigest()[:12]
        self._versions = (version, f"{version.partition('@')[0]}@{digest}")
        self._models = {**ModelShelf().versions(), "learnt": BUILT_IN}
        self._with_people = WithPeople(playbook, season)

    def all(self) -> Iterator[list[CallEvent]]:
        """The events of each call."""
        return (self.call(coming) for coming in self.coming)

    def call(self, coming: Coming, aloud: Aloud | None = None) -> list[CallEvent]:
        """The events of one call. `aloud` is for one that is really spoken."""
        rng = chance(self._season.seed, "call", coming.number)
        about, speaks = conditions(rng), Estimated(rng.lognormvariate(0.0, 0.12))
        pace = aloud.pace if aloud is not None else speaks
        course, unfinished = Course(pace, about, rng), coming.number >= len(self.coming) - OPEN_CALLS
        under = CallUnderWay(coming, rng, pace, about, course, LeftForPeople(), aloud, unfinished)
        template = self._chosen(coming, rng)
        if rng.random() < REFUSED:
            self._refuse(under)
        else:
            self._converse(under, template)
        return as_events(under.course.events, coming.call_id, coming.began_at)

    # Which conversation

    def _chosen(self, coming: Coming, rng: random.Random) -> Template:
        local = coming.began_at.astimezone(self._season.zone).replace(tzinfo=None)
        fitting = self._templates[coming.intent]
        if is_open(self.playbook.queues.hours, local):
            some = [one for one in fitting if one.script.reachable] or fitting
        else:
            some = [one for one in fitting if not one.script.reachable or not one.hands_over] or fitting
        if coming.late and coming.intent == IMPROVED:
            some = [one for one in some if not one.hands_over] or some
        return rng.choices(some, [one.script.weight for one in some])[0]

    def occasion(self, coming: Coming, code: str) -> Occasion:
        """What a call's conversation is filled with; `code` is the one that its caller gets by text message."""
        local = coming.began_at.astimezone(self._season.zone)
        return Occasion(
            call_id=coming.call_id,
            who=coming.who,
            code=code,
            opened_at=local.replace(tzinfo=None, microsecond=0).isoformat(),
            playbook=self._versions[coming.late],
        )

    # How it goes

    def _refuse(self, under: CallUnderWay) -> None:
        coming, course = under.coming, under.course
        caller = coming.who.phone
        version = self._versions[coming.late]
        course.note(CallStarted(caller=caller, callee=CALLEE, playbook=version, models=self._models))
        course.note(CallQueued(live_calls=under.rng.randrange(8, 14)))
        course.pass_by(under.rng.uniform(5.0, 40.0))
        course.note(CallEnded(reason=CallEndReason.CALLER, duration_s=round(course.now_s, 3)))

    def _converse(self, under: CallUnderWay, template: Template) -> None:
        occasion = self.occasion(under.coming, f"{under.rng.randrange(10**6):06d}")
        bodies = template.filled(occasion)
        last = self._breaks_off(under, bodies)
        talk = under.aloud.talk if under.aloud is not None else None
        if talk is not None:
            scene = self._scene(under, template, occasion, bodies, last)
            bodies = self._take_talk(under, talk(scene), template, bodies)
            last = len(bodies)
        for body in bodies[:last]:
            if under.over:
                return
            self._take(under, body, template)
        if last < len(bodies):
            self._break_off(under)
        if not under.over:
            self._with_people.keep_promise(under)

    # A conversation that is really had

    def _scene(
        self, under: CallUnderWay, template: Template, occasion: Occasion, bodies: list[EventBody], last: int
    ) -> Scene:
        turns = sum(isinstance(body, CALLERS_TURN) for body in bodies[:last])
        caller = under.coming.who.phone if template.script.number else None
        breaks_off = turns if last < len(bodies) else None
        began_at = under.coming.began_at
        return Scene(template, occasion, bodies, began_at, caller, under.about, breaks_off)

    def _take_talk(
        self, under: CallUnderWay, talk: Talk, template: Template, bodies: list[EventBody]
    ) -> list[EventBody]:
        """Take over what was had. Returns what the script goes on with once the caller is back from a hand-over."""
        order: TransferRequested | None = None
        for event in talk.events:
            under.course.now_s = (event.at - talk.events[0].at).total_seconds()
            match event.body:
                case TransferRequested() as body:
                    # The sentence that tells of it is still being said.
                    order = body
                case StreamEnded() if order is not None:
                    pass  # the caller's line goes on
                case body:
                    self._take_had(under, body, template)
        if order is None:
            return []
        under.course.now_s = round(len(talk.both) / RATE, 3)
        self._take(under, order, template)
        return going_on(talk.events, bodies)

    def _take_had(self, under: CallUnderWay, body: EventBody, template: Template) -> None:
        match body:
            case CallStarted() | StreamStarted() | StreamEnded() | CallEnded():
                self._take(under, body, template)
            case CallBackPromised():
                under.promise = body
                under.course.note(body)
            case _:
                under.course.note(body)

    def _breaks_off(self, under: CallUnderWay, bodies: list[EventBody]) -> int:
        """Where the call ends before its time: in the middle of a matter. Most go on to their end."""
        if not under.unfinished and under.rng.random() >= GIVES_UP + LOST:
            return len(bodies)
        answered = [
            index + 1
            for index, (body, after) in enumerate(pairwise(bodies))
            if isinstance(body, TurnSaid) and isinstance(after, CALLERS_TURN)
        ]
        return under.rng.choice(answered) if answered else len(bodies)

    def _break_off(self, under: CallUnderWay) -> None:
        if under.unfinished:
            return
        lost = under.rng.random() < LOST / (GIVES_UP + LOST)
        under.course.take(StreamEnded(stream_sid=under.stream_sid, reason="lost" if lost else "stopped"))
        reason = CallEndReason.LOST if lost else CallEndReason.CALLER
        under.course.take(CallEnded(reason=reason, duration_s=0.0))

    def _take(self, under: CallUnderWay, body: EventBody, template: Template) -> None:
        course = under.course
        match body:
            case CallStarted():
                known = {
                    "caller": under.coming.who.phone if template.script.number else None,
                    "callee": CALLEE,
                    "playbook": self._versions[under.coming.late],
                    "models": self._models,
                }
                course.take(body.model_copy(update=known))
            case StreamStarted():
                course.take(StreamStarted(stream_sid=under.stream_sid, recording=under.recording))
            case StreamEnded(reason=reason):
                course.take(StreamEnded(stream_sid=under.stream_sid, reason=reason))
            case TransferRequested():
                self._with_people.hand_over(under, body, template.script.back)
            case TransferEnded():
                pass  # told by the table of transfers
            case CallEnded():
                self._end(under, body)
            case _:
                course.take(body)
                self._note_left(under)
                self._note_words(under)

    def _end(self, under: CallUnderWay, body: CallEnded) -> None:
        if body.reason is CallEndReason.ASSISTANT and under.rng.random() < ASKED:
            under.course.pass_by(4.0)
            under.course.note(satisfaction(under.bodies, under.is_worse, False, under.rng))
        under.course.take(body)
        under.recorded_s = under.course.now_s

    def _note_left(self, under: CallUnderWay) -> None:
        """What the last action has left for people."""
        for one in under.left.noted(under.course.events[-1].body):
            if isinstance(one, CallBackPromised):
                due = under.coming.began_at + timedelta(hours=1)
                under.promise = one.model_copy(update={"due_at": due})
                under.course.note(under.promise)
            else:
                under.course.note(one)

    def _note_words(self, under: CallUnderWay) -> None:
        """The words of a turn are found while it is answered."""
        match under.course.events[-1].body:
            case TurnHeard() as heard if under.aloud is not None:
                under.words.append(TurnWords(turn=heard.turn, words=_words(heard)))
            case TurnSaid():
                for told in under.words:
                    under.course.note(told)
                under.words.clear()


def _words(heard: TurnHeard) -> tuple[HeardWord, ...]:
    """Each word with its place, as long as its letters are many."""
    words = heard.text.split()
    letters = sum(len(word) + 1 for word in words)
    begins, found = heard.start_s, []
    for word in words:
        ends = begins + (heard.end_s - heard.start_s) * (len(word) + 1) / letters
        found.append(
            HeardWord(text=word, start_s=round(begins, 3), end_s=round(ends, 3), probability=heard.confidence)
        )
        begins = ends
    return tuple(found)
