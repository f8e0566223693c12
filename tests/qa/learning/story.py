"""What people corrected in calls, as the tests of learning tell it."""

from datetime import UTC, datetime, timedelta

from calls import events as e
from dialog.knowledge.remembering import RememberingEncoder
from dialog.minds import WordEncoder
from handoff.escalation.weights import read_weights
from qa.learning.correction import Kind, State
from qa.learning.from_call import new
from qa.learning.lessons import Lesson, Lessons
from qa.learning.rehearsal import NoCalls, WordsAgain
from qa.learning.training import learn
from qa.learning.versions import BUILT_IN, Version

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BUILT_IN_VERSION = Version(BUILT_IN, Lessons(), read_weights())


def story(call_id, *bodies):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=AT + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


def heard(turn, text):
    return e.TurnHeard(turn=turn, text=text, confidence=0.9, start_s=1.0, end_s=2.0)


def planned(turn, intent=None, **more):
    return e.TurnPlanned(turn=turn, moment="hearing", intent=intent, then="listen", expect="open", **more)


def disposed(**more):
    return e.CallDisposed(agent="maria", disposition="solved", **more)


def correction(text, meant, kind=Kind.INTENT, call_id="CA1", at=AT, **more):
    return new(call_id, 1, kind, text, meant, "ana", at).model_copy(update=more)


def lesson(text, call_id):
    return Lesson(text=text, name="warranty", correction_id=f"of {call_id}", call_id=call_id)


SLANG = (
    "gimme the skinny on me parcel",
    "skinny on me parcel innit",
    "oi skinny parcel",
    "parcel skinny now",
)
CORRECTIONS = [
    correction(f"{text} {more}", "warranty", call_id=f"CA{number}{more}", at=AT, state=State.ACCEPTED)
    for number, text in enumerate(SLANG)
    for more in ("mate", "pal", "guv")
]


def learnt(material, trial=None, before=BUILT_IN_VERSION):
    """What a round comes to after a version, with an encoder that knows words."""
    encoder = RememberingEncoder(WordEncoder())
    return learn(material, before, encoder, WordsAgain(encoder), trial or NoCalls())
