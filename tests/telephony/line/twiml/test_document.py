"""TwiML as the carrier reads it, and what it refuses."""

import pytest
from twilio.twiml.voice_response import Dial, VoiceResponse

from telephony import twiml
from telephony.line.twiml.attributes import DocumentError
from telephony.line.twiml.document import read_document
from telephony.line.twiml.verbs import (
    Callback,
    ConferenceRoom,
    ConnectStream,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Say,
    StartStream,
    StopStream,
    Target,
    Track,
)


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


def test_a_conference_has_what_twilios_own_builder_writes():
    response = VoiceResponse()
    dial = Dial(action="https://s/after", time_limit=600, timeout=20)
    dial.conference(
        "room",
        start_conference_on_enter=False,
        end_conference_on_exit=True,
        beep="false",
        jitter_buffer_size="small",
        participant_label="caller",
        wait_url="https://s/hold",
        wait_method="GET",
        status_callback="https://s/conf",
        status_callback_event="start end join leave",
        record="record-from-start",
    )
    response.append(dial)
    (read,) = read_document(str(response))
    assert (read.action, read.limit_s, read.timeout_s) == ("https://s/after", 600, 20)
    assert read.room == ConferenceRoom(
        "room",
        start_on_enter=False,
        end_on_exit=True,
        beep="false",
        label="caller",
        wait_url="https://s/hold",
        wait_method="GET",
        callback=Callback("https://s/conf", "POST", frozenset({"start", "end", "join", "leave"})),
        record=True,
    )


def test_targets_have_what_twilios_own_builder_writes():
    response = VoiceResponse()
    dial = response.dial(caller_id="+1555", answer_on_bridge=True, record="record-from-answer-dual")
    dial.sip("sip:a@127.0.0.1?X-Id=1", username="u", password="p", status_callback="https://s/leg")
    dial.number("+15550199000")
    (read,) = read_document(str(response))
    assert (read.caller_id, read.answer_on_bridge, read.room) == ("+1555", True, None)
    told = Callback("https://s/leg", "POST", frozenset({"completed"}))
    assert read.targets == (
        Target("sip:a@127.0.0.1?X-Id=1", callback=told, username="u", password="p"),
        Target("+15550199000", is_number=True),
    )


def test_what_goes_on_beside_the_verbs():
    response = VoiceResponse()
    start = response.start()
    start.stream(url="wss://e.com/ear", name="ear", track="both_tracks").parameter(name="token", value="t")
    response.stop().stream(name="ear")
    response.record(max_length=30, timeout=3, finish_on_key="#", play_beep=False, action="https://s/r")
    started, stopped, record = read_document(str(response))
    assert started == StartStream("wss://e.com/ear", "ear", Track.BOTH, {"token": "t"})
    assert stopped == StopStream("ear")
    assert record == Record("https://s/r", "POST", 3, 30, "#", play_beep=False)


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
        ("<Response><Dial><Queue>q</Queue></Dial></Response>", 12200),
        ("<Response><Dial><Conference/></Dial></Response>", 12200),
        ("<Response><Dial><Conference>a</Conference><Conference>b</Conference></Dial></Response>", 12200),
        ("<Response><Dial><Conference>a</Conference><Number>1</Number></Dial></Response>", 12200),
        ("<Response><Dial><Conference beep='loud'>a</Conference></Dial></Response>", 12200),
        ("<Response><Dial><Conference muted='yes'>a</Conference></Dial></Response>", 12200),
        ("<Response><Dial><Conference waitUrl='file:///x'>a</Conference></Dial></Response>", 12200),
        (
            "<Response><Dial><Conference statusCallback='http://x' statusCallbackEvent='dance'>a"
            "</Conference></Dial></Response>",
            12200,
        ),
        ("<Response><Dial action='ftp://x'>1</Dial></Response>", 12200),
        ("<Response><Dial record='always'>1</Dial></Response>", 12200),
        ("<Response><Dial><Sip url='http://x'>sip:a@127.0.0.1</Sip></Dial></Response>", 12200),
        ("<Response><Start/></Response>", 12200),
        ("<Response><Start><Stream url='wss://e.com' track='sideways'/></Start></Response>", 31941),
        ("<Response><Stop><Stream/></Stop></Response>", 12200),
        ("<Response><Record finishOnKey='x'/></Response>", 13613),
        ("<Response><Redirect method='PUT'>x</Redirect></Response>", 12200),
    ],
)
def test_what_is_refused(document, code):
    with pytest.raises(DocumentError) as refusal:
        read_document(document)
    assert refusal.value.code == code
