"""Who calls: what callers must show of themselves, and what they get when they cannot."""

from functools import reduce

import pytest

from actions.identity.codes import MOST_SENT
from actions.types import Failure
from dialog import recalling
from dialog.types import Alternative, Hearing, SlotCandidate

POSTCODE = "one oh one one five"
WRONG_POSTCODE = "nine nine nine nine nine"


async def test_nothing_personal_is_said_before_the_caller_is_known(call):
    said = await call.says("I'd like to cancel order 4712")
    assert not {"rain", "jacket", "maria", "89"} & set(said.lower().split())
    assert call.story.level == 0


async def test_the_postcode_can_be_keyed(call):
    await call.says("I forgot my password")
    await call.keys("10115#")
    assert call.story.level == 1


async def test_a_postcode_not_heard_well_is_read_back_first(call):
    await call.says("I forgot my password")
    call.story.says(POSTCODE, confidence=0.5)
    assert call.story.asked == []
    assert call.story.level == 0
    await call.says("yes")
    assert call.story.level == 1


async def test_from_another_telephone_a_name_is_needed_as_well(ring):
    call = ring(caller="+15550149999")
    await call.says("I forgot my password", POSTCODE)
    assert call.story.at == "identify.full_name"
    await call.says("Maria Silva")
    assert call.story.state.identity.customer == "1"
    assert call.story.at == "password_reset.password_send"


async def test_a_postcode_remembered_wrongly_is_made_up_for_by_name_and_birthday(call):
    await call.says(
        "I forgot my password", WRONG_POSTCODE, "Maria Silva", "the twelfth of March nineteen eighty four"
    )
    assert call.story.state.identity.customer == "1"
    assert not call.story.state.identity.locked


async def test_somebody_elses_name_and_postcode_do_not_make_one_person(call):
    await call.says("I forgot my password", WRONG_POSTCODE, "James Okafor")
    assert call.story.level == 0
    assert call.story.writes == []


async def test_the_callers_number_alone_is_not_enough(call):
    await call.says("I forgot my password")
    assert call.story.level == 0
    assert call.story.asked == []


async def test_who_is_known_by_facts_still_needs_the_code_for_money(call, telephone):
    await call.says("I forgot my password", POSTCODE, "yes")
    assert call.story.level == 1
    await call.says("I want a refund", "4713")
    assert call.story.at == "identify_by_code.code"
    assert [number for number, _ in telephone.messages] == ["+15550142000"]


async def test_a_wrong_code_can_be_tried_again(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    wrong = "111111" if telephone.code != "111111" else "222222"
    await call.keys(wrong)
    assert call.story.level == 1
    await call.keys(telephone.code)
    assert call.story.level == 2
    assert call.story.at == "change_address.street"


async def test_three_wrong_codes_lock_the_call(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    wrong = [number for number in ("111111", "222222", "333333", "444444") if number != telephone.code][:3]
    await call.keys(*wrong)
    assert call.story.state.identity.locked
    assert call.story.writes == []
    assert call.story.handed_to == "support"


async def test_a_code_is_worth_nothing_in_another_call(ring, telephone):
    first, second = ring(call_id="CA1"), ring(call_id="CA2")
    await first.says("I want to change my address", POSTCODE)
    old = telephone.code
    await second.says("I want to change my address", POSTCODE)
    if telephone.code != old:
        await second.keys(old)
        assert second.story.level == 1


async def test_where_no_text_can_be_sent_people_take_over(call):
    call.breaks["identity.send_code"] = Failure.UNAVAILABLE
    await call.says("I want a refund", "4713", POSTCODE)
    assert call.story.level == 1
    assert call.story.handed_to == "support"


async def test_where_who_calls_cannot_be_checked_it_is_no_failure_of_the_callers(call):
    call.breaks["shop.identify"] = Failure.UNAVAILABLE
    await call.says("I forgot my password", POSTCODE)
    assert call.story.state.identity.failures == 0
    assert call.story.handed_to == "support"


async def test_a_locked_caller_still_gets_public_answers(call):
    await call.says(
        "I forgot my password", WRONG_POSTCODE, "Peter Miller", "the first of May nineteen seventy"
    )
    assert call.story.state.identity.locked
    await call.says("how much is shipping")
    assert call.story.plan.understanding.sources == ("shipping",)


async def test_a_question_while_who_calls_is_checked_does_not_lose_the_wish(call):
    await call.says("I'd like to cancel order 4712", "how much is shipping")
    assert call.story.at == "identify.postcode"
    await call.says(POSTCODE)
    assert call.story.at == "cancel_order.cancel"


async def test_the_latest_order_is_told_to_its_customer_only(call):
    await call.says("I don't know my order number")
    assert call.story.at == "identify.postcode"
    said = await call.says(POSTCODE)
    assert "four seven one two" in said


async def test_who_lacks_the_order_number_gets_it_and_goes_on(call):
    await call.says("I want to return an order", "I don't know my order number")
    await call.says(POSTCODE)
    assert call.story.at == "return_item.return_number"
    assert call.story.level == 1


# What was heard badly


@pytest.fixture
def stranger(ring):
    """Somebody calls from a telephone that nobody knows: what they say of themselves is all there is."""
    return ring(caller="+15550149999")


def misheard(text, *others, confidence=0.8):
    """One turn, and what the recogniser thinks it may have been instead."""
    return Hearing(
        text=text,
        confidence=confidence,
        alternatives=tuple(Alternative(text=one, confidence=confidence * 0.9) for one in others),
    )


def told(call, argument):
    """What the last check was told: the values of each attempt."""
    return [[one["value"] for one in attempt] for attempt in call.story.asked[-1][1][argument]]


async def test_a_name_that_was_heard_wrongly_still_is_that_customers(stranger):
    await stranger.says("I forgot my password", POSTCODE, "Mario Silver")
    assert stranger.story.state.identity.customer == "1"


async def test_the_name_may_be_among_what_was_nearly_heard(stranger):
    await stranger.says("I forgot my password", POSTCODE)
    await stranger.hears(misheard("My real silver", "Marie a Silva", "Maria Silva"))
    assert stranger.story.state.identity.customer == "1"


async def test_the_fact_of_a_known_telephone_may_be_among_what_was_nearly_heard(call):
    await call.says("I forgot my password")
    await call.hears(misheard("one oh one one nine", "one oh one one five"))
    assert call.story.state.identity.customer == "1"


async def test_a_wrong_digit_from_a_known_telephone_is_a_wrong_postcode(call):
    await call.says("I forgot my password", "one oh one one six")
    assert call.story.level == 0
    assert call.story.state.identity.failures == 1


async def test_an_answer_of_which_a_part_is_missing_counts_together_with_the_next(stranger):
    await stranger.says("I forgot my password", "it's one oh one five")
    assert stranger.story.plan.signals.repair == "no_match"
    await stranger.says("one oh one one nine", "Mario Silver")
    assert told(stranger, "postcode") == [["1015"], ["10119"]]
    assert stranger.story.state.identity.customer == "1"


async def test_who_cannot_say_it_whole_is_known_by_the_parts(stranger):
    await stranger.says("I forgot my password", "it's one oh one five", "0 1 1 5", "it's one oh one five")
    assert stranger.story.at == "identify.full_name", "not to a person yet"
    await stranger.says("Maria Silva")
    assert stranger.story.state.identity.customer == "1"


async def test_who_says_nothing_like_it_is_not_taken_further(stranger):
    await stranger.says("I forgot my password", *["flumox grandiloquent"] * 3)
    assert stranger.story.at == "callback.offer"
    assert stranger.story.asked == []


async def test_all_three_facts_heard_badly_are_enough_together(stranger):
    await stranger.says("I forgot my password", "1 0 1", "1 1 5", "0 1 1 5")
    await stranger.says("Mary a Silver")
    if stranger.story.level == 0:
        await stranger.hears(misheard("the twelfth of March nineteen eighty", "the twelve of march"))
    assert stranger.story.state.identity.customer == "1"


async def test_facts_of_two_people_heard_badly_are_nobodys(stranger):
    await stranger.says(
        "I forgot my password", "it's one oh one five", "one oh one one nine", "James O'Kafor"
    )
    assert stranger.story.level == 0
    await stranger.says("the second of November nineteen ninety")
    assert stranger.story.level == 0
    assert stranger.story.writes == []


async def test_what_was_heard_is_forgotten_when_it_has_shown_who_calls(stranger):
    await stranger.says("I forgot my password", POSTCODE, "Maria Silva")
    assert stranger.story.level == 1
    assert stranger.story.state.recalled == {}


async def test_a_correction_takes_the_place_of_what_was_said(stranger):
    await stranger.says("I forgot my password", "two oh oh nine five", "no, I said one oh one one five")
    await stranger.says("Maria Silva")
    assert told(stranger, "postcode") == [["10115"]]


async def test_what_the_caller_says_no_to_is_not_told(stranger):
    await stranger.says("I forgot my password")
    await stranger.hears(misheard("two oh oh nine five", "one oh one one five", confidence=0.4))
    await stranger.says("no")
    await stranger.says("one oh one one five", "Maria Silva")
    assert all("20095" not in attempt for attempt in told(stranger, "postcode"))
    assert stranger.story.state.identity.customer == "1"


async def test_what_the_caller_says_yes_to_is_what_is_told(stranger):
    await stranger.says("I forgot my password")
    await stranger.hears(misheard("two oh oh nine five", "one oh one one five", confidence=0.5))
    await stranger.says("yes", "Maria Silva")
    assert told(stranger, "postcode") == [["20095"]]
    assert stranger.story.level == 0


# Guessing


GUESSES = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine")


async def test_many_guesses_at_one_fact_are_not_all_looked_at(stranger):
    await stranger.says("I forgot my password")
    for digit in GUESSES:
        if stranger.story.at == "identify.postcode":
            stranger.story.says(f"one oh one one {digit}", confidence=0.5)
    await stranger.says("yes", "James Okafor")
    assert told(stranger, "postcode") == [["10119"]], "the others were taken back"
    assert stranger.story.level == 0


async def test_only_the_last_three_attempts_at_a_fact_count(stranger):
    await stranger.says("I forgot my password")
    for parts in ("1 0 1", "how much is shipping", "1 1 5", "0 1 1 5"):
        stranger.story.says(parts)
    await stranger.says("Maria Silva")
    assert told(stranger, "postcode") == [["101"], ["115"], ["0115"]], "a question in between is none"
    attempts = [((SlotCandidate(value=str(number), score=1.0)),) for number in range(5)]
    assert [one[0].value for one in reduce(recalling.one_more, attempts, ())] == ["2", "3", "4"]


async def test_the_third_failed_check_locks_the_call_however_much_was_heard(call):
    await call.says("I forgot my password")
    await call.hears(misheard("nine nine nine nine nine", "nine nine five nine", "eight nine nine nine nine"))
    assert call.story.state.identity.failures == 1
    await call.hears(misheard("Peter Miller", "Pieter Mueller"))
    assert (call.story.state.identity.failures, call.story.state.identity.locked) == (2, False)
    await call.says("the first of May nineteen seventy")
    assert (call.story.state.identity.failures, call.story.state.identity.locked) == (3, True)


async def test_answers_that_were_not_understood_are_no_failed_checks(call):
    await call.says("I forgot my password", "it's one oh one five", "1 0 1")
    assert call.story.state.identity.failures == 0


async def test_the_right_facts_come_too_late_for_a_locked_call(call):
    await call.says(
        "I forgot my password", WRONG_POSTCODE, "Peter Miller", "the first of May nineteen seventy"
    )
    asked = len(call.story.asked)
    await call.says("never mind", "I forgot my password", POSTCODE, "Maria Silva")
    assert call.story.level == 0
    assert not any(name == "shop.identify" for name, _ in call.story.asked[asked:])


async def test_a_near_miss_tells_nothing_of_whom_it_has_nearly_hit(stranger):
    texts = ("I forgot my password", "it's one oh one five", "one oh one one nine", "Maria")
    said = [await stranger.says(text) for text in texts]
    words = " ".join(said).lower()
    assert stranger.story.level == 0
    assert not any(word in words for word in ("silva", "ten", "10115", "example.com", "linden"))


# Another code


@pytest.mark.parametrize(
    "words",
    [
        "I did not get it, send it again",
        "can you send it again please",
        "um it hasn't arrived",
        "I didn't get a text",
        "could you send me another one",
        "no message here",
        "please resend",
        "I need a new code",
    ],
)
async def test_who_did_not_get_the_code_gets_another(call, telephone, words):
    await call.says("I want to change my address", POSTCODE)
    first = telephone.code
    await call.says(words)
    assert len(telephone.messages) == 2
    assert call.story.at == "identify_by_code.code"
    if telephone.code != first:
        await call.keys(first)
        assert call.story.level == 1, "the one before no longer works"
    await call.keys(telephone.code)
    assert call.story.level == 2
    assert call.story.at == "change_address.street"


async def test_a_code_that_is_read_back_can_be_thrown_away_for_another(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    call.story.says("one two three four five six", confidence=0.4)
    assert call.story.state.offered == "123456"
    await call.says("I lost the code, send me a new one")
    assert len(telephone.messages) == 2
    assert (call.story.at, call.story.state.offered) == ("identify_by_code.code", None)


@pytest.mark.parametrize(
    "words", ["say that again", "hold on", "how much is shipping", "my parcel hasn't arrived", "never mind"]
)
async def test_nothing_else_sends_another_code(call, telephone, words):
    await call.says("I want to change my address", POSTCODE, words)
    assert len(telephone.messages) == 1


async def test_a_call_that_is_cut_off_while_a_code_is_sent_sends_it_once(call, telephone):
    await call.says("I want to change my address", POSTCODE, "send it again")
    call.story.says("send it again")
    assert call.story.state.pending[0].action == "identity.send_code"
    await call._result(call.story.state.pending[0])
    call.story.moves()
    await call.is_resumed()
    assert len(telephone.messages) == 3
    assert call.story.at == "identify_by_code.code"


async def test_codes_are_not_sent_without_end(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    for _ in range(3 * MOST_SENT):
        await call.says("I didn't get it, send it again")
    assert len(telephone.messages) == MOST_SENT
    assert call.story.level == 1
    assert call.story.handed_to == "support"


async def test_nor_in_many_calls(ring, telephone):
    for number in range(2 * MOST_SENT):
        call = ring(call_id=f"CA{number}")
        await call.says("I want to change my address", POSTCODE, "send it again")
    assert len(telephone.messages) == MOST_SENT


async def test_a_new_code_gives_no_new_tries_at_who_calls(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    for number in range(3):
        assert not call.story.state.identity.locked
        wrong = f"11111{number}"
        await call.keys(wrong if wrong != telephone.code else "222222")
        if not call.story.state.identity.locked:
            await call.says("send it again")
    assert call.story.state.identity.locked
    assert call.story.level == 1


async def test_the_latest_of_two_codes_said_is_the_one_that_is_tried(call, telephone):
    await call.says("I want to change my address", POSTCODE)
    wrong = "111111" if telephone.code != "111111" else "222222"
    await call.keys(wrong)
    call.story.says(" ".join(telephone.code), confidence=0.7)
    await call._act()
    assert call.story.level == 2


# Cut off


async def test_a_call_cut_off_while_who_calls_is_checked_keeps_its_wish(call):
    await call.says("I'd like to cancel order 4712")
    call.story.says(POSTCODE)
    assert call.story.state.pending[0].action == "shop.identify"
    call.story.moves()
    await call.is_resumed()
    assert call.said.startswith("I'm sorry, we were cut off")
    assert call.story.level == 1
    assert call.story.at == "cancel_order.cancel"


async def test_a_failed_check_that_was_cut_off_counts_once(call):
    await call.says("I'd like to cancel order 4712")
    call.story.says(WRONG_POSTCODE)
    for _ in range(3):
        call.story.moves()
        call.story.is_resumed()
    await call._act()
    assert call.story.state.identity.failures == 1
    assert call.story.at == "identify.full_name"
    await call.says("Maria Silva", "the twelfth of March nineteen eighty four")
    assert call.story.at == "cancel_order.cancel"


async def test_a_call_cut_off_between_two_questions_of_who_calls_keeps_its_wish(call):
    await call.says("I'd like to cancel order 4712", "it's one oh one five")
    call.story.moves()
    await call.is_resumed()
    assert call.story.at == "identify.postcode"
    await call.says(POSTCODE)
    assert call.story.at == "cancel_order.cancel"
