"""TwiML as the carrier reads it, and what it refuses."""

import pytest

from telephony import twiml
from telephony.line.attributes import DocumentError
from telephony.line.document import read_document
from telephony.line.verbs import ConnectStream, Hangup, Pause, Play, Redirect, Reject, Say


def test_every_verb_of_this_line():
    document = """<?xml version="1.0"?><Response>
      <Say voice="Joe">  Hello
        there </Say>
      <Play loop="2">http://127.0.0.1/a.wav</Play><Play digits="1w2"/>
      <Pause length="3"/><Redirect method="GET">http://127.0.0.1/next</Redirect>
      <Hangup/><Reject reason="busy"/>
    </Response>"""
    assert read_document(document) == (
        Say("Hello there", "Joe"),
        Play("http://127.0.0.1/a.wav", loop=2),
        Play(digits="1w2"),
        Pause(3),
        Redirect("http://127.0.0.1/next", "GET"),
        Hangup(),
        Reject("busy"),
    )


def test_what_the_server_answers_with_is_understood():
    document = twiml.connect_stream(
        "wss://phone.example.com/twilio/media", "abc", "https://phone.example.com/resume", "https://s"
    )
    connect, redirect = read_document(document)
    assert isinstance(connect, ConnectStream)
    assert connect.parameters == {"token": "abc"}
    assert connect.status_callback == "https://s"
    assert redirect == Redirect("https://phone.example.com/resume", "POST")


def test_an_empty_document_is_an_empty_list():
    assert read_document("<Response/>") == ()


@pytest.mark.parametrize(
    ("document", "code"),
    [
        ("<Response>", 12100),
        ("<!DOCTYPE r [<!ENTITY a 'b'>]><Response/>", 12100),
        ("<Answer/>", 12200),
        ("<Response><Dial/></Response>", 12200),
        ("<Response><Connect/></Response>", 12200),
        ("<Response><Connect><Stream url='http://x'/></Connect></Response>", 12200),
        ("<Response><Connect><Stream url='ws://example.com/'/></Connect></Response>", 12200),
        ("<Response><Connect><Stream url='wss://example.com/?a=1'/></Connect></Response>", 12200),
        ("<Response><Connect><Stream url='wss://e.com' track='both_tracks'/></Connect></Response>", 31941),
        (
            "<Response><Connect><Stream url='wss://e.com'><Parameter value='1'/></Stream></Connect></Response>",
            12200,
        ),
        (f"<Response><Say>{'a' * 70000}</Say></Response>", 12200),
        ("<Response><Pause length='-1'/></Response>", 12200),
        ("<Response><Play>file:///etc/passwd</Play></Response>", 12200),
        ("<Response><Play digits='abc'/></Response>", 13320),
        ("<Response><Reject reason='tired'/></Response>", 12200),
        ("<Response><Redirect method='PUT'>x</Redirect></Response>", 12200),
    ],
)
def test_what_is_refused(document, code):
    with pytest.raises(DocumentError) as refusal:
        read_document(document)
    assert refusal.value.code == code
