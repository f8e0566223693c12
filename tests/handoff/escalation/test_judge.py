"""When a person should take over: told as calls, judged turn by turn."""

import itertools
import time

import pytest

from handoff.escalation.judge import judgements
from handoff.escalation.weights import Weights
from tests.handoff.escalation.course import WEIGHTS, Course


def number_asked_again(call, times):
    call.says("where is my order", intent="order_status", flow="order", step="order.number")
    for _ in range(times):
        call.says("four seven something", confidence=0.5, repair="no_match", discontent=0.5)


def test_a_call_that_goes_well_is_left_alone():
    call = Course()
    call.says("where is my order", intent="order_status", flow="order", step="number")
    call.says("4711", step="tell", slots={"number": "4711"})
    call.says("thank you", intent="thanks", sentiment=0.8, flow=None, step="anything_else")
    assert call.level == "normal"
    assert call.judgement.event.risk < 0.15
    assert call.told is None


def test_what_the_dialog_decides_itself_is_judged_with_its_reason_and_told_to_nobody():
    call = Course()
    call.says("agent", then="hand_over", hand_over="returns", reason="asked_for_person")
    event = call.judgement.event
    assert (event.level, event.queue, event.reasons[0]) == ("hand_over", "returns", "asked_for_person")
    assert event.words == "asked for a person"
    assert call.told is None


def test_trouble_is_watched_then_offered_then_handed_over():
    call = Course()
    levels = []
    call.says("where is my order", intent="order_status", flow="order", step="order.number")
    for _ in range(4):
        call.says("four seven", confidence=0.55, repair="no_match", discontent=0.6, sentiment=-0.2)
        levels.append(call.told)
    assert levels[0] in {None, "watch"}
    assert "offer" in levels or "hand_over" in levels
    assert levels.index("watch") < 2


def test_nobody_is_handed_over_for_a_risk_in_the_first_turn():
    call = Course(called_lately=True)
    call.says("what", confidence=0.1, unsure=True, repair="no_match", sentiment=-1.0, discontent=1.0)
    assert call.level in {"normal", "watch"}


def test_one_good_turn_does_not_end_the_watch_and_two_do():
    call = Course()
    number_asked_again(call, 2)
    assert call.level != "normal"
    call.says("4711", step="order.tell", slots={"number": "4711"})
    assert call.level == "watch"
    for turn in range(6):
        call.says("something else", flow="other", step=f"other.{turn}", sentiment=0.5)
    assert call.level == "normal"


def test_an_offer_is_not_repeated_within_four_turns():
    call = Course(Weights.model_validate(WEIGHTS.model_dump() | {"levels": quick()}))
    number_asked_again(call, 1)
    told = []
    for _ in range(6):
        call.says("four seven something", confidence=0.5, repair="no_match", discontent=0.5)
        told.append(call.told)
    offers = [turn for turn, level in enumerate(told) if level == "offer"]
    assert offers
    assert all(later - earlier >= 4 for earlier, later in itertools.pairwise(offers))


def quick():
    """Levels that offer soon, and hand over for no risk."""
    return WEIGHTS.levels.model_dump() | {"offer": 0.3, "watch": 0.2, "hand_over": 1.0, "at_once": 1.0}


def test_a_valued_customer_is_offered_a_person_sooner():
    levels = WEIGHTS.levels.model_dump() | {"offer": 0.72, "turns": 1, "hand_over": 1.0, "at_once": 1.0}
    risks, found = set(), []
    for valued in (False, True):
        call = Course(Weights.model_validate(WEIGHTS.model_dump() | {"levels": levels}), valued=valued)
        for _ in range(2):
            call.says("four seven", confidence=0.75, repair="no_match", discontent=0.1)
        risks.add(call.judgement.event.risk)
        found.append(call.level)
    assert len(risks) == 1, "it is the thresholds that are lower, not the risk that is higher"
    assert found == ["watch", "offer"]


# The three that are told by sound


def test_a_caller_who_grows_angry_without_asking_for_a_person_is_handed_over_as_upset():
    call = Course()
    call.says("where is my parcel", sentiment=-0.5, flow="order", step="order.number")
    call.says("I told you that already", sentiment=-0.8, discontent=0.5, flow="complaint", step="what")
    assert call.level == "normal"
    call.says("you are useless", sentiment=-0.95, discontent=0.8, step="note")
    event = call.judgement.event
    assert (event.level, event.reasons[0]) == ("hand_over", "upset")
    assert call.told == "hand_over"
    assert "mood -0." in event.words


def test_one_outburst_is_not_enough_and_what_has_blown_over_counts_no_more():
    call = Course()
    call.says("this is outrageous", sentiment=-1.0, flow="order", step="number")
    assert call.level == "normal"
    call.says("4711", sentiment=-0.9, step="tell", slots={"number": "4711"})
    call.says("ah good, thank you", sentiment=0.6, flow=None, step="anything_else")
    assert call.level in {"normal", "watch"}


def test_a_caller_who_cannot_be_understood_is_handed_over_for_that():
    call = Course()
    for text in ("er is er", "can can her", "oh the"):
        call.says(text, confidence=0.3, unsure=True, repair="no_match")
    event = call.judgement.event
    assert (event.level, event.reasons[0]) == ("hand_over", "not_understood")
    assert "confidence 0.30" in event.words


@pytest.mark.parametrize("confidence", [0.35, 0.5, 0.6])
def test_a_content_caller_with_an_accent_who_gets_on_is_not(confidence):
    call = Course()
    for turn in range(6):
        call.says("yes please", confidence=confidence, flow="return", step=f"return.{turn}", sentiment=0.1)
        assert call.level == "normal", f"turn {turn}: {call.judgement.event}"


# Hard rules


def test_the_same_action_that_fails_twice_is_a_persons():
    call = Course()
    for _ in range(2):
        call.says("try it again", then="await_actions", flow="credit", step="credit.pay")
        call.fails("shop.give_credit")
        call.decides("done")
    event = call.judgement.event
    assert (event.level, event.reasons[0]) == ("hand_over", "action_failed_twice")
    assert event.words == "shop.give_credit failed 2 times"


@pytest.mark.parametrize("failure", ["not_found", "refused", "limit", "forbidden"])
def test_what_the_system_answers_is_no_failure_of_it(failure):
    call = Course()
    for turn in range(2):
        call.says("then this one", then="await_actions", flow="credit", step=f"credit.{turn}")
        call.fails("shop.find_order", failure)
        call.decides("done")
    assert call.level == "normal"


def test_two_different_actions_that_fail_once_each_are_no_rule_but_a_sign():
    call = Course()
    for action in ("a.one", "a.two"):
        call.says("go on", then="await_actions", flow="credit", step=action)
        call.fails(action)
        call.decides("done")
    assert call.judgement.event.signals["failed"] == 1.0
    assert call.level == "normal"


def test_a_turn_is_judged_once_and_only_when_it_is_answered():
    call = Course()
    assert call.says("where is my order 4711", then="await_actions") is None
    call.succeeds()
    assert call.decides("done") is not None
    assert call.decides("done") is None
    assert [event.name for event in call.events].count("escalation.judged") == 1


def test_who_is_being_asked_which_person_they_need_is_not_judged():
    call = Course(finding_queue=True)
    assert call.says("agent", intent="person") is None


def test_after_a_transfer_that_came_to_nothing_the_risk_rests():
    call = Course()
    for text in ("er is er", "can can her", "oh the"):
        call.says(text, confidence=0.3, unsure=True, repair="no_match")
    assert call.told == "hand_over"
    call.is_transferred("stayed")
    call.says("where is my", confidence=0.3, unsure=True, repair="no_match")
    assert call.told is None
    call.says("agent", then="hand_over", hand_over="support", reason="asked_for_person")
    assert call.level == "hand_over", "what the caller asks for is never put off"


def test_a_sentence_of_ours_that_is_cut_off_counts_for_the_turn_that_cut_it_off():
    before, after = Course(), Course()
    before.is_cut_off()
    before.says("wait")
    after.says("wait")
    after.is_cut_off()
    after.says("wait")
    assert before.judgement.event.signals["barge_in"] == after.judgement.event.signals["barge_in"] > 0


def test_the_same_request_again_is_a_sign_where_it_got_nothing_on():
    call = Course()
    for _ in range(3):
        call.says("did the courier get my note about the gate", repair="no_match")
    assert call.judgement.event.signals["repeated"] == 1.0


# The record


def test_every_judgement_can_be_computed_again_from_the_log():
    call = Course(called_lately=True)
    number_asked_again(call, 3)
    call.is_silent()
    call.is_transferred("nobody")
    call.says("you are useless", sentiment=-0.9, discontent=0.9)
    call.says("this is a disgrace", sentiment=-0.9, discontent=0.9)
    logged = [event for event in call.events if event.name == "escalation.judged"]
    assert len(logged) == 7
    assert judgements(call.events, WEIGHTS) == logged


def test_two_calls_do_not_know_of_each_other():
    one, other = Course(), Course()
    for _ in range(3):
        one.says("er is er", confidence=0.2, unsure=True, repair="no_match")
        other.says("4711", flow="order", step=f"s{other.turn}")
    assert (one.level, other.level) == ("hand_over", "normal")


def test_a_turn_is_judged_in_well_under_a_millisecond():
    call = Course()
    began = time.thread_time()
    for turn in range(500):
        call.says("where is my order please", repair="no_match" if turn % 3 else "none", sentiment=-0.1)
    assert (time.thread_time() - began) / 500 < 1e-3
