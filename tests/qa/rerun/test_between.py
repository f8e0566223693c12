"""Two runs of one recorded call beside each other."""

from calls.events import TurnHeard, TurnPlanned, TurnSaid
from qa.rerun.between import between
from qa.rerun.difference import Known, Verdict
from qa.rerun.run import Rerun
from tests.qa.rerun.test_difference import events

DEED = (7, 4.8, 7.2)
"""What came to turn 7 of the record was said in this stretch of the run."""


def heard(turn, text, start_s=5.0, end_s=7.0, intent="order_status"):
    return (
        TurnHeard(turn=turn, text=text, confidence=0.9, start_s=start_s, end_s=end_s),
        TurnPlanned(turn=turn, moment="hearing", intent=intent, then="listen", expect="open", say=("So.",)),
        TurnSaid(turn=turn, text="So.", heard="So.", start_s=end_s + 0.5, end_s=end_s + 1.0),
    )


def run(*bodies, released=(DEED,)):
    return Rerun(call_id="CA1", events=tuple(events(*bodies)), released=released)


def test_two_runs_that_came_out_alike_are_the_same():
    one = run(*heard(1, "where is my order"))
    assert between(one, one).verdict is Verdict.SAME


def test_what_people_said_of_a_turn_of_the_record_is_known_of_the_turn_that_the_run_made_of_it():
    before = run(*heard(1, "the zip broke", intent="returns"))
    after = run(*heard(1, "the zip broke", intent="warranty"))
    assert between(before, after).verdict is Verdict.CHANGED, "nobody has said which is right"
    found = between(before, after, Known(intents={7: "warranty"}))
    assert found.verdict is Verdict.BETTER
    assert between(after, before, Known(intents={7: "warranty"})).verdict is Verdict.WORSE


def test_a_sentence_that_both_heard_in_two_pieces_is_the_same():
    pieces = (*heard(1, "where is", 5.0, 5.8), *heard(2, "my order", 6.2, 7.0))
    found = between(run(*pieces), run(*pieces), Known(texts={7: "where is my order"}))
    assert found.verdict is Verdict.SAME
    (turn,) = found.turns
    assert turn.truth == "where is my order"


def test_two_sentences_that_one_run_heard_as_one_turn_have_both_their_truths():
    two = ((7, 4.8, 5.9), (8, 6.1, 7.2))
    before = run(*heard(1, "yes it is twenty"), released=two)
    after = run(*heard(1, "yes it is"), released=two)
    found = between(before, after, Known(texts={7: "yes", 8: "it is twenty"}))
    assert found.turns[0].truth == "yes it is twenty"
    assert found.verdict is Verdict.WORSE


def test_sound_that_came_to_no_turn_in_the_record_is_compared_all_the_same():
    dropped = ((None, 4.8, 7.2),)
    one = run(*heard(1, "hm hello"), released=dropped)
    assert between(one, one).verdict is Verdict.SAME
    lost = run(released=dropped)
    assert between(one, lost).verdict is Verdict.WORSE
