"""The TwiML documents that Warmline answers with."""

from collections.abc import Sequence

from twilio.twiml.voice_response import Connect, VoiceResponse

TOKEN_PARAMETER = "token"  # noqa: S105 - the name of the parameter, not a secret


def connect_stream(stream_url: str, token: str, resume_url: str, status_url: str) -> str:
    """Connect the call to our media stream, and ask `resume_url` what to do when that stream ends."""
    response = VoiceResponse()
    connect = Connect()
    stream = connect.stream(url=stream_url, status_callback=status_url)
    stream.parameter(name=TOKEN_PARAMETER, value=token)
    response.append(connect)
    response.redirect(resume_url, method="POST")
    return str(response)


def wait_or_be_called_back(sentence: str, pause_s: int, busy_url: str) -> str:
    """Say that no line is free; a key or the end of the wait asks `busy_url` what now."""
    response = VoiceResponse()
    gather = response.gather(num_digits=1, timeout=pause_s, action=busy_url, method="POST")
    gather.say(sentence)
    response.redirect(busy_url, method="POST")
    return str(response)


def ask_for_key(sentences: Sequence[str], wait_s: int, answer_url: str) -> str:
    """Ask for one key, with the carrier's own voice; `answer_url` is asked what now, with the key or without."""
    response = VoiceResponse()
    gather = response.gather(num_digits=1, timeout=wait_s, action=answer_url, method="POST")
    for sentence in sentences:
        gather.say(sentence)
    response.redirect(answer_url, method="POST")
    return str(response)


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def say_and_hang_up(sentence: str) -> str:
    """Say one sentence with the carrier's own voice, then end the call."""
    response = VoiceResponse()
    response.say(sentence)
    response.hangup()
    return str(response)
