"""What the carrier plays, and when it returns a mark."""

from telephony.line.inbox import Inbox
from telephony.line.leg import ULAW_SILENCE
from telephony.line.streams.playqueue import PlayQueue


def frames(queue, count):
    return [queue.next_frame() for _ in range(count)]


def test_audio_of_any_length_comes_out_in_frames_in_order():
    queue = PlayQueue()
    queue.add(b"a" * 200)
    queue.add(b"b" * 150)
    assert frames(queue, 4) == [b"a" * 160, b"a" * 40 + b"b" * 120, b"b" * 30 + b"\xff" * 130, None]


def test_a_mark_comes_due_once_what_is_before_it_was_played():
    queue = PlayQueue()
    queue.add(b"a" * 320)
    assert queue.mark("one") == []
    queue.add(b"b" * 160)
    assert queue.mark("two") == []
    queue.next_frame()
    assert queue.due_marks() == []
    queue.next_frame()
    assert queue.due_marks() == ["one"]
    queue.next_frame()
    assert queue.due_marks() == ["two"]


def test_a_mark_with_nothing_before_it_comes_back_at_once():
    assert PlayQueue().mark("now") == ["now"]


def test_clear_drops_the_audio_and_returns_its_marks():
    queue = PlayQueue()
    queue.add(b"a" * 1600)
    queue.mark("one")
    queue.add(b"b" * 1600)
    queue.mark("two")
    queue.next_frame()
    assert queue.clear() == ["one", "two"]
    assert queue.next_frame() is None
    queue.add(b"c" * 160)
    assert queue.mark("three") == []
    assert queue.next_frame() == b"c" * 160
    assert queue.due_marks() == ["three"]


def test_the_inbox_gives_silence_when_nothing_has_come():
    inbox = Inbox()
    assert inbox.take() == ULAW_SILENCE
    inbox.put(b"a" * 160)
    assert inbox.take() == b"a" * 160


def test_a_burst_does_not_delay_the_call_for_ever():
    inbox = Inbox()
    for _ in range(5):
        inbox.put(ULAW_SILENCE)
    for _ in range(400):
        inbox.put(ULAW_SILENCE)
        inbox.take()
    assert len(inbox) <= 1


def test_a_frame_is_dropped_where_nobody_speaks():
    speech = b"\x10" * 160
    inbox = Inbox()
    for _ in range(3):
        inbox.put(speech)
    heard = []
    for number in range(120):
        inbox.put(speech if number < 80 else ULAW_SILENCE)
        heard.append(inbox.take())
    assert heard.count(speech) == 83
    assert len(inbox) <= 2


def test_a_spare_frame_is_gathered_first():
    inbox = Inbox(spare=1)
    inbox.put(b"a" * 160)
    assert inbox.take() == ULAW_SILENCE
    inbox.put(b"b" * 160)
    assert inbox.take() == b"a" * 160


def test_a_flood_is_cut_to_what_is_recent():
    inbox = Inbox()
    for number in range(100):
        inbox.put(bytes([number]) * 160)
    assert inbox.take() == bytes([90]) * 160
