"""A call with card data in it, before and after redaction."""

import json

import numpy as np
import pytest

from calls import events as e
from calls.redaction.call import redact
from calls.redaction.kinds import ALWAYS
from calls.redaction.sound import Silence, silence
from calls.timeline import timeline
from calls.wav import ASSISTANT, CALLER, RATE, StereoWav
from dialog.types import DialogState
from tests.calls.redaction.paying import CARD, NAME, call, paying


def test_no_event_tells_the_number_any_more_and_the_rest_stays():
    events = call(paying())
    found = redact(events, ALWAYS)
    after = [one.model_copy(update={"body": found.bodies.get(one.seq, one.body)}) for one in events]
    text = json.dumps([one.model_dump(mode="json") for one in after])
    for secret in (CARD, "four one one one", "1111", "702", "seven oh two", "4111"):
        assert secret not in text, f"{secret} is still there"
    assert [(one.seq, one.at, one.body.name) for one in after] == [
        (one.seq, one.at, one.body.name) for one in events
    ]
    assert "4711" in text, "the order number is no secret"
    assert timeline(after).turns[2].text == "it is [card number]"
    state = next(one.body.state for one in reversed(after) if isinstance(one.body, e.TurnPlanned))
    assert DialogState.model_validate(state).slots["order_number"] == "4711"


def test_words_under_a_span_are_one_marker_and_keep_their_time():
    found = redact(call(paying()), ALWAYS)
    words = next(body.words for body in found.bodies.values() if isinstance(body, e.TurnWords))
    assert [word.text for word in words] == ["it", "is", "[card number]"]
    assert (words[2].start_s, words[2].end_s) == (11.0, 18.5)


def test_the_sound_is_that_of_the_words_and_where_we_read_it_back_that_of_the_sentence():
    spans = {(one.channel, one.start_s, one.end_s) for one in redact(call(paying()), ALWAYS).spans}
    assert ("caller", 10.7, 18.8) in spans, "the words, with a little around them"
    assert ("assistant", 18.7, 24.3) in spans, "read back"
    assert ("caller", 29.7, 31.3) in spans, "no words have times: the whole turn"


def test_doing_it_again_changes_nothing():
    events = call(paying())
    found = redact(events, ALWAYS)
    after = [one.model_copy(update={"body": found.bodies.get(one.seq, one.body)}) for one in events]
    assert redact(after, ALWAYS).bodies == {}


def test_two_calls_know_nothing_of_each_others_secrets():
    redact(call(paying()), ALWAYS)
    other = call([e.TurnHeard(turn=1, text="order 1111", confidence=0.9, start_s=1, end_s=2)])
    assert redact(other, ALWAYS).bodies == {}


@pytest.fixture
def recording(tmp_path):
    path = tmp_path / NAME
    file = StereoWav(path)
    file.write(0, np.full((40 * RATE, 2), 1000, np.int16))
    file.commit()
    file.close()
    return path


def test_a_redacted_stretch_is_silent_on_its_channel_only(recording):
    assert silence(recording, [Silence(CALLER, 1.0, 2.5), Silence(ASSISTANT, 39.0, 1e6)])
    before = recording.read_bytes()
    file = StereoWav(recording)
    sound = file.read(0, 40 * RATE)
    file.close()
    assert not sound[RATE : int(2.5 * RATE), CALLER].any()
    assert (sound[RATE : int(2.5 * RATE), ASSISTANT] == 1000).all()
    assert (sound[:RATE, CALLER] == 1000).all()
    assert (sound[int(2.5 * RATE) :, CALLER] == 1000).all()
    assert not sound[39 * RATE :, ASSISTANT].any()
    assert silence(recording, [Silence(CALLER, 1.0, 2.5)])
    assert recording.read_bytes() == before, "the second time changes nothing"
    assert [one.name for one in recording.parent.iterdir()] == [recording.name], "no file is left beside it"


def test_a_recording_that_is_gone_is_no_fault(tmp_path):
    assert not silence(tmp_path / "nothing.wav", [Silence(CALLER, 0, 1)])
