"""Who hears whom."""

import numpy as np

from telephony.line.conferences.mixer import Mixer, mix
from telephony.line.leg import ULAW_SILENCE
from telephony.media import ulaw


def tone(level):
    return ulaw.encode(np.full(160, level, np.int16))


def heard(mixer, says, listener, beats=4):
    """What `listener` hears after some beats in which all say theirs."""
    for _ in range(beats):
        for member, frame in says.items():
            mixer.put(member, frame)
        frames = {member: mixer.take(member) for member in says}
    return frames[listener]


def test_each_hears_the_others_and_never_itself():
    mixer = Mixer()
    for member in "abc":
        mixer.add(member)
    says = {"a": tone(1000), "b": tone(2000), "c": tone(4000)}
    assert heard(mixer, says, "a") == mix([tone(2000), tone(4000)])
    assert heard(mixer, says, "b") == mix([tone(1000), tone(4000)])


def test_one_voice_alone_passes_to_the_bit():
    every_code = bytes(range(160))
    assert mix([every_code, ULAW_SILENCE]) == every_code
    assert mix([]) == ULAW_SILENCE


def test_the_sum_is_cut_at_the_top_and_never_turns_over():
    loud = ulaw.decode(mix([tone(30000), tone(30000)]))
    quiet = ulaw.decode(mix([tone(-30000), tone(-30000)]))
    assert loud.min() > 31000
    assert quiet.max() < -31000


def test_whoever_stops_sending_holds_nobody_up():
    mixer = Mixer()
    for member in "abc":
        mixer.add(member)
    for _ in range(50):
        mixer.put("a", tone(1000))
        mixer.take("c")
        assert mixer.take("a") == ULAW_SILENCE
        last = mixer.take("b")
    assert last == tone(1000)


def test_a_beat_that_is_faster_than_another_does_not_add_delay_for_ever():
    mixer = Mixer()
    mixer.add("fast")
    mixer.add("slow")
    for number in range(3000):
        mixer.put("fast", tone(number))
        if number % 100:
            mixer.take("slow")
    assert len(mixer._inboxes["slow"]["fast"]) <= 10


def test_whoever_is_gone_is_neither_heard_nor_hears():
    mixer = Mixer()
    mixer.add("a")
    mixer.add("b")
    mixer.remove("a")
    mixer.remove("a")
    assert heard(mixer, {"a": tone(1000), "b": tone(2000)}, "b") == ULAW_SILENCE
    assert mixer.take("a") == ULAW_SILENCE
