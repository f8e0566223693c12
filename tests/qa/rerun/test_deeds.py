"""What the caller did, each time in relation to what they were answering."""

from datetime import UTC, datetime, timedelta

from calls.events import (
    CallEnded,
    CallEndReason,
    CallEvent,
    TransferRequested,
    TurnDropped,
    TurnHeard,
    TurnKeyed,
    TurnSaid,
    TurnSilent,
)
from qa.rerun.deeds import (
    BEFORE_S,
    HANG_UP_S,
    WAIT_IN_VAIN_S,
    AfterReply,
    AfterSelf,
    IntoReply,
    Opening,
    deeds_of,
    until_handed_over,
)

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)


def call(*bodies):
    return [
        CallEvent(call_id="CA1", seq=seq, at=NOON + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, start=1)
    ]


def heard(turn, start_s, end_s, text="words"):
    return TurnHeard(turn=turn, text=text, confidence=0.9, start_s=start_s, end_s=end_s)


def said(start_s, end_s, *, interrupted=False):
    return TurnSaid(turn=0, text="ours", heard="ours", start_s=start_s, end_s=end_s, interrupted=interrupted)


def hung_up(at_s):
    return CallEnded(reason=CallEndReason.CALLER, duration_s=at_s)


def test_who_answers_a_second_after_our_sentence_does_so_again():
    deed, _ = deeds_of(call(said(0.0, 4.0), heard(1, 5.0, 6.0)))
    assert isinstance(deed.anchor, AfterReply)
    assert round(deed.anchor.delay_s + BEFORE_S, 3) == 1.0, "a little sound before the voice comes with it"
    assert (deed.text, deed.turn) == ("words", 1)


def test_who_cuts_in_does_so_as_far_into_what_we_say():
    deed, _ = deeds_of(call(said(2.0, 5.0, interrupted=True), heard(1, 4.5, 6.0)))
    assert isinstance(deed.anchor, IntoReply)
    assert round(deed.anchor.offset_s + BEFORE_S, 3) == 2.5


def test_a_sentence_that_was_cut_off_is_no_reply_to_who_cut_it_off():
    first, second, _ = deeds_of(
        call(said(0.0, 3.2, interrupted=True), heard(1, 3.0, 4.0), heard(2, 6.0, 7.0))
    )
    assert isinstance(first.anchor, IntoReply)
    assert isinstance(second.anchor, AfterSelf), "we had said nothing new in between"
    assert round(second.anchor.gap_s, 3) == round(second.start_s - first.end_s, 3)


def test_a_sentence_that_went_on_under_a_hum_is_the_reply_to_what_follows():
    hum = TurnDropped(reason="backchannel", text="mhm", start_s=2.0, end_s=2.4)
    _, answer, _ = deeds_of(call(said(0.0, 6.0), hum, heard(1, 7.0, 8.0)))
    assert isinstance(answer.anchor, AfterReply)


def test_who_speaks_before_anybody_has_said_anything_does_so_at_the_same_second():
    deed, _ = deeds_of(call(heard(1, 1.0, 2.0)))
    assert deed.anchor == Opening(1.0 - BEFORE_S)


def test_a_silence_that_we_waited_out_is_waited_out_again():
    deed, _ = deeds_of(
        call(said(0.0, 2.0), TurnSilent(turn=1, at_s=10.0), said(10.2, 12.0), heard(2, 13.0, 14.0))
    )
    assert deed.silences == 1


def test_two_turns_close_together_share_no_sound():
    first, second, _ = deeds_of(call(heard(1, 1.0, 2.0), heard(2, 2.2, 3.0)))
    assert first.end_s <= second.start_s


def test_keys_are_pressed_where_they_were():
    deed, _ = deeds_of(call(said(0.0, 2.0), TurnKeyed(turn=1, digits="4711", start_s=3.0, end_s=4.5)))
    assert (deed.keys, deed.anchor) == ("4711", AfterReply(1.0))


def test_who_hung_up_does_so_as_soon_after_our_last_word_and_not_before_it():
    *_, last = deeds_of(call(said(0.0, 2.0), heard(1, 3.0, 4.0), said(5.0, 7.0), hung_up(7.2)))
    assert last.hangs_up
    assert last.anchor == AfterReply(HANG_UP_S)


def test_who_did_not_hang_up_waits_for_us_to_end_the_call():
    ended = CallEnded(reason=CallEndReason.ASSISTANT, duration_s=9.0)
    *_, last = deeds_of(call(said(0.0, 2.0), heard(1, 3.0, 4.0), said(5.0, 7.0), ended))
    assert last.anchor == AfterReply(WAIT_IN_VAIN_S)


def test_where_a_record_breaks_off_the_caller_leaves_after_our_last_word():
    *_, last = deeds_of(call(said(0.0, 2.0)))
    assert last.anchor == AfterReply(HANG_UP_S)


def test_what_follows_the_order_to_hand_over_is_the_peoples():
    order = TransferRequested(transfer_id="T", queue="service", reason="asked_for_person")
    deeds = deeds_of(call(said(0.0, 2.0), heard(1, 3.0, 4.0), order, heard(2, 9.0, 10.0)))
    assert [deed.turn for deed in deeds] == [1, None]


def test_a_call_back_of_later_is_no_hand_over_of_the_call():
    order = TransferRequested(transfer_id="t", queue="support", reason="asked_for_person", words="")
    whole = call(said(0.0, 4.0), heard(1, 5.0, 6.0), hung_up(8.0), order)
    assert until_handed_over(whole) == whole[:-1]
