"""What callers hear around a hand-over. Every sentence has a default, and every sentence must stay true."""

from pydantic import BaseModel, ConfigDict

from dialog.parts import Ladder, Text
from dialog.reasons import Reason


class Prompting(BaseModel):
    """Base: immutable, and strict about unknown fields."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Hold(Prompting):
    """To a caller who waits for a person. `position`, from 1, and `minutes` waited have values where they are used."""

    still: Ladder = (
        "I'm still trying to reach a colleague. Thank you for waiting.",
        "Nobody has picked up yet. I'm still trying.",
    )
    """The word every half minute."""
    still_at: Text = "You're number {{ position }} in the queue. Thank you for waiting."
    """The same where the place in the queue is known."""
    calling: Text = "I'm calling a colleague for you right now."
    """To 0, and to whoever asks for a person again."""
    position: Text = "You're number {{ position }} in the queue."
    """To "how long", where the place is known."""
    waited: Text = (
        "You've been waiting for about {{ minutes }} {{ 'minute' if minutes == 1 else 'minutes' }}."
    )
    """To the same, where only that is known."""
    unknown: Text = "I can't say how long it will take."
    ways: Text = "Press 1 for a call back, or say 'never mind' to go on with me."
    """The ways out: to anything else, and after every other word."""
    stay: Text = "All right, I'm with you."
    call_back: Text = "All right, we'll call you back instead."
    voicemail: Text = "All right, you can leave a message."


class People(Prompting):
    """Around a hand-over. `queue` is its people as callers hear them, `title` what the caller is at."""

    getting: Text = "I'm getting a colleague from {{ queue }}."
    telling: Text = "I'll tell them about {{ title }}, so you won't have to repeat it."
    """Where it is known what it is about."""
    putting_through: Text = "I'm putting you through to {{ queue }}."
    """Of a cold transfer."""
    consulting: Text = "One moment, I'm asking a colleague from {{ queue }}."
    which: Text = "So that I reach the right person: what is it about?"
    offer: Text = "Would you like me to bring in a colleague?"
    offer_call_back: Text = "Would you like a colleague to call you back about it?"
    """The same while nobody can be rung."""
    refused: Text = "All right."
    """To a no; then what was open goes on."""
    sorry: dict[Reason, Text] = {
        Reason.UPSET: "I'm sorry this has been so frustrating.",
        Reason.NOT_UNDERSTOOD: "I'm sorry, I have trouble understanding you on this line.",
        Reason.ACTION_FAILED_TWICE: "I'm sorry, our systems don't do what they should.",
    }
    """By reason, before a person is brought in without having been asked for."""
    sorry_otherwise: Text = "I'm sorry, this isn't going well with me."
    stayed: Text = "All right, let's go on."
    nobody: Text = "I'm sorry, none of my colleagues could take the call."
    failed: Text = "I'm sorry, I couldn't put you through."
    back: Text = "This is the assistant again."
    calling_back: Text = "Hello, this is {{ brand }} with the call back you asked for."
    """To a caller who is called back and has answered, before they hear the colleague. It knows the brand only."""
    hold: Hold = Hold()
