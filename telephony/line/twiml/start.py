"""`<Connect>`, `<Start>`, `<Stop>` and `<Record>` as the carrier reads them. Pure."""

import xml.etree.ElementTree as ET

from telephony.line.twiml.attributes import (
    DocumentError,
    callback,
    method,
    number,
    one_of,
    parameters,
    stream_url,
    web_address,
    yes_or_no,
)
from telephony.line.twiml.dial import RECORDING_EVENTS
from telephony.line.twiml.verbs import (
    ConnectStream,
    Record,
    StartRecording,
    StartStream,
    StopRecording,
    StopStream,
    Track,
)

KEYS = frozenset("0123456789*#")


def read_connect(element: ET.Element) -> ConnectStream:
    """`<Connect><Stream>`: two-way."""
    stream = _only_child(element, "Stream")
    if stream.get("track", Track.INBOUND) != Track.INBOUND:
        raise DocumentError(31941, "<Connect><Stream> has only the inbound_track")
    return ConnectStream(
        url=stream_url(stream.get("url", "")),
        name=stream.get("name"),
        parameters=parameters(stream),
        status_callback=stream.get("statusCallback"),
        status_callback_method=method(stream, "statusCallbackMethod"),
    )


def read_start(element: ET.Element) -> StartStream | StartRecording:
    """`<Start><Stream>` or `<Start><Recording>`."""
    child = _only_child(element, "Stream", "Recording")
    if child.tag == "Recording":
        return StartRecording(
            track=one_of(child, "track", ("inbound", "outbound", "both"), "both"),
            channels=one_of(child, "channels", ("mono", "dual"), "dual"),
            callback=callback(child, "recordingStatusCallback", RECORDING_EVENTS, "completed"),
        )
    track = child.get("track", Track.INBOUND)
    if track not in {one.value for one in Track}:
        raise DocumentError(31941, "<Stream> track must be inbound_track, outbound_track or both_tracks")
    return StartStream(
        url=stream_url(child.get("url", "")),
        name=child.get("name") or None,
        track=Track(track),
        parameters=parameters(child),
        status_callback=child.get("statusCallback"),
        status_callback_method=method(child, "statusCallbackMethod"),
    )


def read_stop(element: ET.Element) -> StopStream | StopRecording:
    """`<Stop><Stream name>` or `<Stop><Recording>`."""
    child = _only_child(element, "Stream", "Recording")
    if child.tag == "Recording":
        return StopRecording()
    name = child.get("name", "")
    if not name:
        raise DocumentError(12200, "<Stop><Stream> needs the name of a stream")
    return StopStream(name)


def read_record(element: ET.Element) -> Record:
    """`<Record>`."""
    finish_on = element.get("finishOnKey", "1234567890*#")
    if not KEYS.issuperset(finish_on):
        raise DocumentError(13613, "<Record> finishOnKey must be of 0-9, * and #")
    return Record(
        action=web_address(element, "action"),
        method=method(element, "method"),
        timeout_s=number(element, "timeout", 5),
        max_length_s=number(element, "maxLength", 3600),
        finish_on=finish_on,
        play_beep=yes_or_no(element, "playBeep", default=True),
        callback=callback(element, "recordingStatusCallback", RECORDING_EVENTS, "completed"),
    )


def _only_child(element: ET.Element, *tags: str) -> ET.Element:
    children = list(element)
    if len(children) != 1 or children[0].tag not in tags:
        raise DocumentError(12200, f"<{element.tag}> needs exactly one of {', '.join(tags)}")
    return children[0]
