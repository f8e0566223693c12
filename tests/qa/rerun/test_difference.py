"""What got better, what got worse, and what only changed."""

from datetime import UTC, datetime

from calls.events import (
    ActionDone,
    ActionFailed,
    ActionRequested,
    CallEvent,
    TransferEnded,
    TransferRequested,
    TurnAnswered,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
)
from qa.rerun.answers import NOT_RECORDED
from qa.rerun.difference import Known, Verdict, difference
from qa.rerun.report import Report, as_html
from qa.rerun.run import Rerun
from qa.rerun.words import word_error

AT = datetime(2026, 1, 5, tzinfo=UTC)


def turn(text="where is my order", *more, intent="order_status", repair="none", said="It is on its way."):
    return (
        TurnHeard(turn=1, text=text, confidence=0.9, start_s=5.0, end_s=7.0),
        TurnPlanned(
            turn=1, moment="hearing", intent=intent, repair=repair, then="listen", expect="open", say=(said,)
        ),
        *more,
        TurnSaid(turn=1, text=said, heard=said, start_s=7.5, end_s=9.0),
    )


def events(*bodies):
    return [CallEvent(call_id="CA1", seq=seq, at=AT, body=body) for seq, body in enumerate(bodies, start=1)]


def compared(then, now, known=None, *, virtual=False):
    rerun = Rerun(call_id="CA1", events=tuple(events(*now)), released=((1, 4.8, 7.2),))
    return difference(events(*then), rerun, known or Known(), virtual=virtual)


def only(found):
    (one,) = found.turns
    return one


def aspects(found):
    return {change.aspect: change.verdict for change in only(found).changes}


def test_the_same_call_is_the_same():
    found = compared(turn(), turn())
    assert (found.verdict, only(found).changes) == (Verdict.SAME, ())


def test_less_certainty_is_told_and_is_no_difference():
    then, now = (
        TurnPlanned(
            turn=1, moment="hearing", intent="order_status", certainty=sure, then="listen", expect="open"
        )
        for sure in (0.95, 0.5)
    )
    heard = TurnHeard(turn=1, text="where is it", confidence=0.9, start_s=5.0, end_s=7.0)
    found = compared((heard, then), (heard, now))
    assert found.verdict is Verdict.SAME
    (told,) = only(found).changes
    assert (told.reason, told.verdict) == ("less sure than then", Verdict.SAME)
    assert Report(playbook="acme", made_at=AT, calls=(found,)).by_aspect == {}


def test_what_tells_of_the_hand_over_is_compared_on_whichever_side_of_the_order_it_stands():
    heard, planned, said = turn("a person", said="I am getting a colleague.")
    order = TransferRequested(transfer_id="T", queue="support", reason="asked_for_person")
    on_hold = TurnSaid(turn=2, text="Please wait.", heard="Please wait.", start_s=20.0, end_s=21.0)
    found = compared((heard, planned, said, order), (heard, planned, order, said, on_hold))
    assert found.verdict is Verdict.SAME
    assert only(found).now.said == ("I am getting a colleague.",)


def test_a_person_who_was_due_and_takes_over_now_is_better():
    handed = (*turn(), TransferRequested(transfer_id="T", queue="support", reason="risk"))
    assert compared(turn(), handed).verdict is Verdict.WORSE
    assert compared(turn(), handed, Known(missed=True)).verdict is Verdict.BETTER


def test_what_should_have_been_out_of_scope_is_better_where_nothing_is_understood():
    found = compared(turn(), turn(intent=None), Known(intents={1: "out_of_scope"}))
    assert aspects(found)["understood"] is Verdict.BETTER


def test_case_and_punctuation_are_no_difference():
    assert compared(turn("Where is my order?"), turn("where is my order")).verdict is Verdict.SAME


def test_other_words_only_changed_where_nobody_knows_the_truth():
    assert aspects(compared(turn(), turn("where is my border")))["heard"] is Verdict.CHANGED


def test_with_the_truth_the_words_got_better_or_worse():
    known = Known(texts={1: "where is my order"})
    assert aspects(compared(turn("wear is my border"), turn(), known))["heard"] is Verdict.BETTER
    assert aspects(compared(turn(), turn("wear is my border"), known))["heard"] is Verdict.WORSE


def test_what_is_understood_no_longer_is_worse_and_the_other_way_round_better():
    lost = turn(intent=None, repair="no_match", said="Sorry?")
    assert compared(turn(), lost).verdict is Verdict.WORSE
    assert compared(lost, turn()).verdict is Verdict.BETTER


def test_another_intent_is_judged_by_the_one_that_people_say_it_was():
    known = Known(intents={1: "order_status"})
    assert aspects(compared(turn(intent="refund"), turn(), known))["understood"] is Verdict.BETTER
    assert aspects(compared(turn(), turn(intent="refund"), known))["understood"] is Verdict.WORSE
    assert aspects(compared(turn(), turn(intent="refund")))["understood"] is Verdict.CHANGED


def action(number, **failed):
    asked = ActionRequested(turn=1, action="shop.status", key="k", arguments={"order": number})
    if failed:
        return asked, ActionFailed(turn=1, action="shop.status", key="k", duration_s=0.1, **failed)
    return asked, ActionDone(turn=1, action="shop.status", key="k", duration_s=0.1)


def test_asking_for_what_the_record_cannot_answer_is_worse_and_marked():
    missing = action("4712", failure="unavailable", reason=NOT_RECORDED)
    found = compared(turn("x", *action("4711")), turn("x", *missing))
    assert only(found).diverged
    assert found.verdict is Verdict.WORSE


def test_an_action_that_is_not_done_any_more_is_worse():
    assert compared(turn("x", *action("4711")), turn("x")).verdict is Verdict.WORSE


def order(reason):
    return TransferRequested(transfer_id="T", queue="service", reason=reason)


def test_a_needless_hand_over_that_is_gone_is_better_and_a_needed_one_worse():
    handed = (*turn(), order("not_understood"))
    assert compared(handed, turn(), Known(needless=True)).verdict is Verdict.BETTER
    assert compared((*turn(), order("asked_for_person")), turn()).verdict is Verdict.WORSE
    assert compared(turn(), handed).verdict is Verdict.WORSE


def test_latency_is_judged_only_between_two_runs():
    slow = turn("x", TurnAnswered(turn=1, total_s=1.4))
    quick = turn("x", TurnAnswered(turn=1, total_s=0.4))
    assert compared(quick, slow).verdict is Verdict.SAME, "a live machine's times are no measure of ours"
    assert compared(quick, slow, virtual=True).verdict is Verdict.WORSE
    assert compared(slow, quick, virtual=True).verdict is Verdict.BETTER


def test_a_turn_that_is_lost_is_worse():
    assert compared(turn(), ()).verdict is Verdict.WORSE


def test_word_errors_are_counted_for_each_word_that_was_said():
    assert word_error("one two three four", "one too three four five") == 0.5
    assert word_error("", "") == 0.0


def test_the_report_counts_calls_and_shows_what_callers_said_escaped():
    worse = compared(turn("<b>bold</b>"), turn("<b>bold</b>", intent=None, repair="no_match"))
    report = Report(playbook="acme@1", made_at=AT, calls=(worse,))
    assert report.counts == {"worse": 1, "better": 0, "changed": 0, "same": 0}
    page = as_html(report)
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<script" not in page
    assert report.without(["CA1"]).calls == ()


def test_the_order_to_hand_over_stands_before_or_behind_the_decision_and_means_the_same():
    heard, planned, said = turn("a person please", intent="person", said="I'm getting a colleague.")
    order = TransferRequested(transfer_id="t", queue="support", reason="asked_for_person", words="")
    back = TransferEnded(transfer_id="t", outcome="nobody", wait_s=9.0)
    sorry = TurnSaid(turn=1, text="Sorry.", heard="Sorry.", start_s=20.0, end_s=21.0)
    found = compared((heard, planned, said, order, back, sorry), (heard, order, planned, said))
    assert found.verdict is Verdict.SAME
    assert only(found).now.said == ("I'm getting a colleague.",)


def test_a_number_is_the_same_however_its_digits_are_grouped():
    assert word_error("my number is 93105", "my number is 9 3, 1-05") == 0.0
    assert word_error("9310", "9311") == 1.0


def test_a_sentence_that_is_cut_short_a_word_earlier_is_the_same_sentence():
    then = turn(said="It is on its way and comes on")
    assert compared(then, turn(said="It is on its way and")).verdict is Verdict.SAME
    assert compared(then, turn(said="It was lost on its way")).verdict is Verdict.CHANGED
