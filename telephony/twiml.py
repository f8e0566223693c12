"""The TwiML documents that Warmline answers with."""

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


def hang_up() -> str:
    """End the call."""
    response = VoiceResponse()
    response.hangup()
    return str(response)


def apologise_and_hang_up(sentence: str) -> str:
    """Say one sentence with the carrier's own voice, then end the call: the last resort."""
    response = VoiceResponse()
    response.say(sentence)
    response.hangup()
    return str(response)
