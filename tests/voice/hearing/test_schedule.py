"""When the caller's words are decoded, on a clock of 20 ms."""

from voice.hearing.schedule import Decode, Moment, Schedule


def story(*moments):
    """Runs a schedule through (now_s, quiet_s, low_s, idle) and returns what it began."""
    schedule = Schedule()
    schedule.begin(0.0)
    return [schedule.next(Moment(now, quiet, low, idle=idle)) for now, quiet, low, idle in moments]


def test_partials_come_while_the_caller_speaks_and_the_model_is_idle():
    assert story((0.3, 0.0, 0.0, True), (0.7, 0.0, 0.0, True), (0.9, 0.0, 0.0, True)) == [
        None,
        Decode.PARTIAL,
        None,
    ]
    assert story((0.7, 0.0, 0.0, False)) == [None]


def test_a_voice_that_falls_off_is_decoded_before_the_vad_knows_of_a_pause():
    assert story(
        (1.0, 0.0, 0.01, True), (1.02, 0.0, 0.03, True), (1.04, 0.0, 0.05, True), (1.1, 0.032, 0.1, True)
    ) == [None, Decode.EARLY, None, None]


def test_a_tail_that_the_vad_holds_for_a_voice_is_decoded_too():
    assert story((1.0, 0.0, 0.03, True), (1.4, 0.0, 0.43, True), (1.44, 0.032, 0.47, True)) == [
        Decode.EARLY,
        None,
        Decode.EARLY,
    ]


def test_the_first_quiet_window_is_decoded_at_once_where_the_line_is_never_quiet():
    assert story((1.0, 0.032, 0.0, True), (1.1, 0.13, 0.0, True)) == [Decode.EARLY, None]


def test_a_pause_is_decoded_even_where_others_wait():
    assert story((1.0, 0.032, 0.05, False), (1.06, 0.096, 0.1, False), (1.1, 0.128, 0.15, False)) == [
        None,
        None,
        Decode.FINAL,
    ]


def test_a_caller_who_goes_on_is_decoded_again_at_the_next_pause():
    assert story((0.3, 0.0, 0.03, True), (0.4, 0.0, 0.0, True), (0.5, 0.0, 0.03, True)) == [
        Decode.EARLY,
        None,
        Decode.EARLY,
    ]


def test_after_much_speech_a_pause_ends_a_piece():
    schedule = Schedule()
    schedule.begin(0.0)
    assert schedule.next(Moment(19.0, 0.0, 0.03, idle=True, long=True)) is Decode.EARLY
    assert schedule.next(Moment(19.14, 0.128, 0.2, idle=True, long=True)) is Decode.FINAL
    assert schedule.next(Moment(19.16, 0.16, 0.2, idle=True, long=False)) is None


def test_only_a_decode_of_everything_covers_a_pause():
    schedule = Schedule()
    schedule.begin(0.0)
    early, pause = Moment(1.0, 0.0, 0.03, idle=True), Moment(1.1, 0.032, 0.1, idle=True)
    assert not schedule.covers(pause)
    schedule.next(early)
    assert not schedule.covers(early), "nobody knows yet whether they go on"
    assert schedule.covers(pause)


def test_a_doubtful_early_text_is_decoded_once_more_with_its_pause():
    schedule = Schedule()
    schedule.begin(0.0)
    assert schedule.next(Moment(1.02, 0.0, 0.03, idle=True)) is Decode.EARLY
    schedule.doubt()
    assert schedule.next(Moment(1.1, 0.06, 0.11, idle=True)) is None
    assert schedule.next(Moment(1.16, 0.12, 0.17, idle=True)) is Decode.FINAL
    schedule.doubt()
    assert schedule.next(Moment(1.26, 0.22, 0.27, idle=True)) is None, "the pause was in it: once is enough"
