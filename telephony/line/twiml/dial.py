"""`<Dial>` and its nouns as the carrier reads them. Pure."""

import xml.etree.ElementTree as ET

from telephony.line.twiml.attributes import (
    DocumentError,
    callback,
    method,
    number,
    one_of,
    web_address,
    yes_or_no,
)
from telephony.line.twiml.verbs import ConferenceRoom, Dial, Target

CONFERENCE_EVENTS = ("start", "end", "join", "leave", "mute", "hold", "modify", "announcement")
BEEPS = ("true", "false", "onEnter", "onExit")
CALL_EVENTS = ("initiated", "ringing", "answered", "completed")
RECORDING_EVENTS = ("in-progress", "completed", "absent")
DIAL_RECORDS = (
    "do-not-record",
    "record-from-answer",
    "record-from-ringing",
    "record-from-answer-dual",
    "record-from-ringing-dual",
)
JITTER_BUFFERS = ("off", "small", "medium", "large")
LONGEST_TIMEOUT_S = 600
LONGEST_LABEL = 128
MOST_TARGETS = 10


def read_dial(element: ET.Element) -> Dial:
    """A `<Dial>`: one conference, or up to ten targets, or a number as its text.

    Raises:
        DocumentError: 12200.
    """
    rooms = tuple(_room(child) for child in element if child.tag == "Conference")
    targets = tuple(_target(child) for child in element if child.tag != "Conference")
    text = (element.text or "").strip()
    if text:
        targets = (Target(text, is_number=True), *targets)
    if len(rooms) > 1 or bool(rooms) == bool(targets) or len(targets) > MOST_TARGETS:
        raise DocumentError(12200, "<Dial> needs one <Conference>, or up to ten <Sip> and <Number>")
    return Dial(
        room=rooms[0] if rooms else None,
        targets=targets,
        action=web_address(element, "action"),
        method=method(element, "method"),
        caller_id=element.get("callerId") or None,
        timeout_s=min(LONGEST_TIMEOUT_S, number(element, "timeout", 30)),
        limit_s=number(element, "timeLimit", 14400),
        answer_on_bridge=yes_or_no(element, "answerOnBridge", default=False),
        record=one_of(element, "record", DIAL_RECORDS, "do-not-record"),
        recording_callback=callback(element, "recordingStatusCallback", RECORDING_EVENTS, "completed"),
    )


def _room(element: ET.Element) -> ConferenceRoom:
    name = " ".join((element.text or "").split())
    label = element.get("participantLabel") or None
    if not name:
        raise DocumentError(12200, "<Conference> needs a name")
    if label is not None and len(label) > LONGEST_LABEL:
        raise DocumentError(12200, f"participantLabel must have at most {LONGEST_LABEL} characters")
    one_of(element, "jitterBufferSize", JITTER_BUFFERS, "large")
    record = one_of(element, "record", ("do-not-record", "record-from-start"), "do-not-record")
    return ConferenceRoom(
        name=name,
        start_on_enter=yes_or_no(element, "startConferenceOnEnter", default=True),
        end_on_exit=yes_or_no(element, "endConferenceOnExit", default=False),
        muted=yes_or_no(element, "muted", default=False),
        beep=one_of(element, "beep", BEEPS, "true"),
        wait_url=None if element.get("waitUrl") is None else web_address(element, "waitUrl") or "",
        wait_method=method(element, "waitMethod"),
        label=label,
        most_participants=number(element, "maxParticipants", 250),
        callback=callback(element, "statusCallback", CONFERENCE_EVENTS, ""),
        record=record == "record-from-start",
        recording_callback=callback(element, "recordingStatusCallback", RECORDING_EVENTS, "completed"),
    )


def _target(element: ET.Element) -> Target:
    if element.tag not in {"Sip", "Number"}:
        raise DocumentError(12200, f"<Dial> does not lead to <{element.tag}> on this line")
    if element.get("url"):
        raise DocumentError(12200, f"<{element.tag}> url is not done by this line")
    address = (element.text or "").strip()
    if not address:
        raise DocumentError(12200, f"<{element.tag}> needs an address")
    return Target(
        address=address,
        is_number=element.tag == "Number",
        callback=callback(element, "statusCallback", CALL_EVENTS, "completed"),
        username=element.get("username", ""),
        password=element.get("password", ""),
    )
