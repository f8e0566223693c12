"""The TwiML documents that Warmline answers with."""

from collections.abc import Callable, Sequence

from twilio.twiml.voice_response import Connect, Stop, VoiceResponse

TOKEN_PARAMETER = "token"  # noqa: S105 - the name of the parameter, not a secret
MEDIA_PATH = "/twilio/media"
RESUME_PATH = "/twilio/resume"
STATUS_PATH = "/twilio/status"


class CallTwiml:
    """Connects calls with one server: `socket_url` for a path, `issue` a token for a call."""

    def __init__(
        self, public_url: str, socket_url: Callable[[str], str], issue: Callable[[str], str]
    ) -> None:
        self._public_url = public_url.rstrip("/")
        self._socket_url = socket_url
        self._issue = issue

    def connect(self, call_sid: str, instead_of: str | None = None) -> str:
        """Connect a call to our media stream, and ask what to do when that ends.

        `instead_of` names a one-way stream that ends with this.
        """
        return connect_stream(
            self._socket_url(MEDIA_PATH),
            self._issue(call_sid),
            self._public_url + RESUME_PATH,
            self._public_url + STATUS_PATH,
            instead_of,
        )


def connect_stream(
    stream_url: str, token: str, resume_url: str, status_url: str, instead_of: str | None = None
) -> str:
    """Connect the call to our media stream, and ask `resume_url` what to do when that stream ends."""
    response = _without(instead_of)
    connect = Connect()
    stream = connect.stream(url=stream_url, status_callback=status_url)
    stream.parameter(name=TOKEN_PARAMETER, value=token)
    response.append(connect)
    response.redirect(resume_url, method="POST")
    return str(response)


def wait_or_be_called_back(sentence: str, pause_s: int, busy_url: str) -> str:
    """Say that no line is free; a key or the end of the wait asks `busy_url` what now."""
    return ask_for_key((sentence,), pause_s, busy_url)


def ask_for_key(sentences: Sequence[str], wait_s: int, url: str, instead_of: str | None = None) -> str:
    """Say something with the carrier's own voice; a key, or the end of the wait, asks `url` what now.

    `instead_of` names a one-way stream that ends with this.
    """
    response = _without(instead_of)
    gather = response.gather(num_digits=1, timeout=wait_s, action=url, method="POST")
    for sentence in sentences:
        gather.say(sentence)
    response.redirect(url, method="POST")
    return str(response)


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def say_and_hang_up(*sentences: str) -> str:
    """Say something with the carrier's own voice, then end the call."""
    response = VoiceResponse()
    for sentence in sentences:
        response.say(sentence)
    response.hangup()
    return str(response)


def _without(stream: str | None) -> VoiceResponse:
    """The beginning of a document that ends a one-way stream, if there is one to end."""
    response = VoiceResponse()
    if stream is not None:
        stop = Stop()
        stop.stream(name=stream)
        response.append(stop)
    return response
