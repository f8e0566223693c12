"""What the caller has really heard, on a clock of samples."""

import numpy as np

from telephony.media.playout import LEAD_SAMPLES, RATE, Playout


def speech(samples: int, start: int = 1) -> np.ndarray:
    return np.arange(start, start + samples, dtype=np.int16)


def test_we_send_at_most_200_ms_ahead_of_the_ear():
    playout = Playout()
    assert playout.room(0) == LEAD_SAMPLES

    playout.send(1, speech(LEAD_SAMPLES), last=False, now=0)

    assert playout.room(0) == 0
    assert playout.room(480) == 480, "what has been played makes room"


def test_a_returned_mark_dates_the_sound_before_it_however_slow_the_network():
    playout = Playout()
    mark = playout.send(1, speech(800), last=True, now=1000)

    heard, cleared = playout.returned(mark, now=2600)

    assert not cleared
    assert [(piece.at_sample, piece.pcm.size, piece.last) for piece in heard] == [(1800, 800, True)]


def test_later_marks_settle_gaplessly_behind_the_first():
    playout = Playout()
    first = playout.send(1, speech(480), last=False, now=0)
    second = playout.send(1, speech(480, 481), last=True, now=0)

    one, _ = playout.returned(first, now=500)
    two, _ = playout.returned(second, now=990)  # a frame's worth of jitter does not move the sound

    assert one[0].at_sample == 20
    assert two[0].at_sample == one[0].at_sample + 480
    assert np.array_equal(np.concatenate((one[0].pcm, two[0].pcm)), speech(960))


def test_sound_after_the_queue_ran_dry_is_dated_anew():
    playout = Playout()
    first = playout.send(1, speech(160), last=True, now=0)
    playout.returned(first, now=180)

    second = playout.send(2, speech(160), last=True, now=RATE)
    heard, _ = playout.returned(second, now=RATE + 200)

    assert heard[0].at_sample == RATE + 40


def test_a_barge_in_keeps_what_was_heard_and_drops_the_rest():
    playout = Playout()
    first = playout.send(1, speech(480), last=False, now=0)
    second = playout.send(1, speech(1120, 481), last=True, now=0)
    playout.returned(first, now=480)

    assert playout.clear()
    heard, cleared = playout.returned(second, now=800)

    assert cleared
    assert sum(piece.pcm.size for piece in heard) == 320, "480 to 800 was played before the clear"
    assert not any(piece.last for piece in heard), "the utterance was not completed"


def test_a_mark_played_just_before_the_clear_does_not_end_the_clearing():
    playout = Playout()
    first = playout.send(1, speech(480), last=False, now=0)
    second = playout.send(1, speech(480, 481), last=True, now=0)
    playout.clear()

    heard, cleared = playout.returned(first, now=480)
    assert (sum(piece.pcm.size for piece in heard), cleared) == (480, False)

    heard, cleared = playout.returned(second, now=560)
    assert (sum(piece.pcm.size for piece in heard), cleared) == (80, True)


def test_an_answer_sent_while_the_clear_is_under_way_is_accounted_on_its_own():
    playout = Playout()
    old = playout.send(1, speech(800), last=True, now=0)
    playout.clear()
    new = playout.send(2, speech(160), last=True, now=300)

    heard, cleared = playout.returned(old, now=320)
    assert cleared
    assert {piece.utterance for piece in heard} == {1}

    heard, _ = playout.returned(new, now=500)
    assert [(piece.utterance, piece.at_sample, piece.last) for piece in heard] == [(2, 340, True)]


def test_nothing_to_clear_is_said_at_once():
    playout = Playout()
    assert not playout.clear()
    mark = playout.send(1, speech(160), last=True, now=0)
    playout.returned(mark, now=160)
    assert not playout.clear(), "all of it was heard"


def test_unknown_and_repeated_marks_change_nothing():
    playout = Playout()
    mark = playout.send(1, speech(160), last=True, now=0)
    playout.returned(mark, now=160)

    assert playout.returned(mark, now=170) == ([], False)
    assert playout.returned("never sent", now=170) == ([], False)


def test_a_lost_stream_settles_what_was_heard_by_then():
    playout = Playout()
    playout.send(1, speech(1600), last=True, now=0)

    heard = playout.end(now=400)

    assert sum(piece.pcm.size for piece in heard) == 400


def test_every_sample_is_accounted_for_exactly_once_and_in_order_on_a_jittery_line():
    rng = np.random.default_rng(7)
    playout = Playout()
    sound = speech(20_000)
    heard = []
    marks = []
    now = sent = played_until = 0
    while sent < sound.size or marks:
        now += int(rng.integers(40, 400))
        room = min(playout.room(now), sound.size - sent)
        if room:
            mark = playout.send(1, sound[sent : sent + room], last=sent + room == sound.size, now=now)
            sent += room
            played_until = max(played_until, now + int(rng.integers(0, 80))) + room
            marks.append((mark, played_until + int(rng.integers(0, 160))))
        while marks and marks[0][1] <= now:
            heard += playout.returned(marks.pop(0)[0], now)[0]
    assert np.array_equal(np.concatenate([piece.pcm for piece in heard]), sound)
    until = 0
    for piece in heard:
        assert piece.at_sample >= until, "two pieces never overlap"
        until = piece.at_sample + piece.pcm.size
