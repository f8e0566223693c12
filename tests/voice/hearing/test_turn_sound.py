"""The sound of one turn."""

import numpy as np

from voice.hearing.turn_sound import PRE_ROLL_S, RATE, TurnSound

FRAME = 160


def feed(sound: TurnSound, frames: int, start: int = 0, value: int = 0) -> int:
    end = start
    for _ in range(frames):
        end += FRAME
        sound.add(np.full(FRAME, value, dtype=np.int16), end)
    return end


def test_only_the_last_half_second_is_kept_while_nobody_speaks():
    sound = TurnSound()
    feed(sound, 500)
    assert PRE_ROLL_S <= sound.seconds < PRE_ROLL_S + 0.05


def test_a_turn_holds_everything_from_its_pre_roll_on():
    sound = TurnSound()
    end = feed(sound, 100)
    sound.begin()
    end = feed(sound, 100, start=end, value=9)

    piece = sound.piece()

    assert piece.start_sample + piece.sound.size == end
    assert np.count_nonzero(piece.sound) == 100 * FRAME
    assert abs(piece.seconds - (2.0 + PRE_ROLL_S)) < 0.05


def test_the_next_turn_begins_with_the_end_of_the_last_as_its_pre_roll():
    sound = TurnSound()
    sound.begin()
    feed(sound, 200)
    sound.end()
    assert sound.seconds < PRE_ROLL_S + 0.05


def test_a_cut_keeps_the_axis():
    sound = TurnSound()
    sound.begin()
    end = feed(sound, 100)
    sound.cut()
    feed(sound, 10, start=end)
    assert sound.piece().start_sample == end


def test_a_long_silence_costs_no_memory():
    sound = TurnSound()
    feed(sound, 50 * 60)
    assert sound.piece().sound.size < RATE
