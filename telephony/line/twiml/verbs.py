"""The verbs of TwiML that this line does, as values. Times are in whole seconds."""

from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True)
class Say:
    """Speak `text`; `loop` 0 means for ever."""

    text: str
    voice: str | None = None
    loop: int = 1


@dataclass(frozen=True)
class Play:
    """Play the WAV file at `url`, or DTMF `digits`; `loop` 0 means for ever."""

    url: str | None = None
    digits: str = ""
    loop: int = 1


@dataclass(frozen=True)
class Pause:
    """Silence."""

    seconds: int = 1


@dataclass(frozen=True)
class Redirect:
    """Go on with the document at `url`."""

    url: str
    method: str = "POST"


@dataclass(frozen=True)
class Hangup:
    """End the call."""


@dataclass(frozen=True)
class Reject:
    """Refuse the call without answering."""

    reason: str = "rejected"


Sounding = Say | Play | Pause
"""What is only heard: allowed in prompts and while a conference waits."""


@dataclass(frozen=True)
class Gather:
    """Waits for keys while it says something; without any, the next verb follows."""

    prompts: tuple[Sounding, ...]
    action: str
    method: str = "POST"
    num_digits: int | None = None
    timeout_s: int = 5
    finish_on: str = "#"


@dataclass(frozen=True)
class ConnectStream:
    """A two-way media stream; what follows runs when it ends."""

    url: str
    name: str | None = None
    parameters: dict[str, str] = field(default_factory=dict)
    status_callback: str | None = None
    status_callback_method: str = "POST"


class Track(StrEnum):
    """Which sound of a call: what the party says, what it hears, or both."""

    INBOUND = "inbound_track"
    OUTBOUND = "outbound_track"
    BOTH = "both_tracks"


@dataclass(frozen=True)
class StartStream:
    """A one-way media stream that goes on beside the verbs that follow, until it is stopped or the call ends."""

    url: str
    name: str | None = None
    track: Track = Track.INBOUND
    parameters: dict[str, str] = field(default_factory=dict)
    status_callback: str | None = None
    status_callback_method: str = "POST"


@dataclass(frozen=True)
class StopStream:
    """Ends a one-way stream by its name."""

    name: str


@dataclass(frozen=True)
class Callback:
    """Whom to tell, and of which events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset()


@dataclass(frozen=True)
class StartRecording:
    """A recording that goes on beside the verbs that follow, until the call ends."""

    track: str = "both"
    """`inbound`, `outbound` or `both`."""
    channels: str = "dual"
    """`mono` or `dual`."""
    callback: Callback | None = None


@dataclass(frozen=True)
class StopRecording:
    """Ends the recording that `<Start>` began."""


@dataclass(frozen=True)
class Record:
    """Records what the party says, until silence, a key, or a limit."""

    action: str | None = None
    method: str = "POST"
    timeout_s: int = 5
    """Silence that ends it."""
    max_length_s: int = 3600
    finish_on: str = "1234567890*#"
    play_beep: bool = True
    callback: Callback | None = None


@dataclass(frozen=True)
class ConferenceRoom:
    """`<Conference>`: the room that a `<Dial>` leads to."""

    name: str
    start_on_enter: bool = True
    end_on_exit: bool = False
    muted: bool = False
    beep: str = "true"
    """`true`, `false`, `onEnter` or `onExit`."""
    wait_url: str | None = None
    """None: the line's own music; empty: silence."""
    wait_method: str = "POST"
    label: str | None = None
    most_participants: int = 250
    callback: Callback | None = None
    record: bool = False
    recording_callback: Callback | None = None


@dataclass(frozen=True)
class Target:
    """`<Sip>` or `<Number>`: whom a `<Dial>` rings."""

    address: str
    """A `sip:` address with its headers after `?`, or a number."""
    is_number: bool = False
    callback: Callback | None = None
    username: str = ""
    password: str = ""


@dataclass(frozen=True)
class Dial:
    """Connects the call: to a conference, or to the first of some targets that answers."""

    room: ConferenceRoom | None = None
    targets: tuple[Target, ...] = ()
    action: str | None = None
    method: str = "POST"
    caller_id: str | None = None
    timeout_s: int = 30
    limit_s: int = 14400
    answer_on_bridge: bool = False
    record: str = "do-not-record"
    recording_callback: Callback | None = None


Verb = (
    Say
    | Play
    | Pause
    | Gather
    | Redirect
    | Hangup
    | Reject
    | ConnectStream
    | StartStream
    | StopStream
    | StartRecording
    | StopRecording
    | Record
    | Dial
)
