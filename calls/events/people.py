"""What a call is to people and leaves to them: the talk, the survey, the disposition, call-backs, messages."""

from datetime import datetime
from typing import Literal

from calls.events.body import Body, Personal


class TalkHeard(Body):
    """What one of the two said after they were connected: for the desk, QA and learning."""

    name: Literal["talk.heard"] = "talk.heard"
    who: str
    """`caller` or `agent`."""
    text: Personal
    confidence: float
    start_s: float
    end_s: float


class SurveyAnswered(Body):
    """The caller was asked how it was; `score` is None where they did not answer."""

    name: Literal["survey.answered"] = "survey.answered"
    part: str
    """`assistant` or `agent`."""
    score: int | None = None
    """1 to 5."""


class CallDisposed(Body):
    """What a human says of the call that they took."""

    name: Literal["call.disposed"] = "call.disposed"
    agent: str
    disposition: str
    """A code of the playbook."""
    note: Personal = ""
    needless: bool = False
    """The assistant could have done it."""
    wrong: str | None = None
    """What the assistant got wrong: `intent`, `facts`, `identity`, `other`; None: nothing."""
    intended: str | None = None
    """The intent that it should have been."""


class CallBackPromised(Body):
    """The caller will be called back."""

    name: Literal["callback.promised"] = "callback.promised"
    promise_id: str
    phone: Personal
    queue: str
    due_at: datetime
    reason: str = ""


class CallBackDialled(Body):
    """An agent has pressed 1, and the telephone of the caller who was promised a call-back is rung."""

    name: Literal["callback.dialled"] = "callback.dialled"
    promise_id: str
    transfer_id: str


class CallBackTried(Body):
    """A promised call-back was tried."""

    name: Literal["callback.tried"] = "callback.tried"
    promise_id: str
    result: str
    """`kept`, `no_agent`, `no_answer`, `busy`, `failed`, `given_up`."""


class VoicemailLeft(Body):
    """The caller has left a message: a stretch of the call's recording."""

    name: Literal["voicemail.left"] = "voicemail.left"
    queue: str
    text: Personal
    start_s: float
    end_s: float
