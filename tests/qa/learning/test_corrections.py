"""What people said was wrong with a call, at the desk and in the console, becomes corrections, which are kept once."""

import pytest

from calls import events as e
from qa.learning.correction import Correction, CorrectionError, Kind, State, checked
from qa.learning.from_call import from_desk, heard_turns
from qa.learning.lessons import names
from tests.qa.learning.story import AT, correction, disposed, heard, planned, story


def test_an_agent_who_says_what_it_should_have_been_makes_a_correction_of_the_turn_that_was_mistaken():
    events = story(
        "CA1",
        heard(1, "hello there"),
        planned(1),
        heard(2, "the zip broke"),
        planned(2, "order_status"),
        disposed(wrong="intent", intended="warranty"),
    )
    (one,) = from_desk(events)
    assert (one.kind, one.turn, one.text, one.meant) == (Kind.INTENT, 2, "the zip broke", "warranty")
    assert (one.call_id, one.by, one.at, one.state) == ("CA1", "maria", events[-1].at, State.OPEN)
    assert from_desk(events) == [one], "the same disposition is the same correction"


def test_a_needless_hand_over_is_one_of_the_turn_before_it():
    asked = e.TransferRequested(transfer_id="T", queue="returns", reason="risk")
    (one,) = from_desk(
        story("CA1", heard(1, "where is it"), planned(1), asked, heard(2, "hm"), disposed(needless=True))
    )
    assert (one.kind, one.turn, one.text) == (Kind.NEEDLESS_TRANSFER, 1, "where is it")


def test_an_agent_who_finds_nothing_wrong_makes_no_correction():
    assert from_desk(story("CA1", heard(1, "hello"), disposed())) == []


def test_the_turns_of_a_call_with_what_they_were_taken_for():
    first, second = heard_turns(
        story("CA1", heard(1, "hi"), heard(2, "gold?"), planned(2, "returns", unanswered="gold?"))
    )
    assert (first.intent, second.intent, second.unanswered) == (None, "returns", True)


@pytest.mark.parametrize(
    ("kind", "text", "meant", "field"),
    [
        (Kind.INTENT, "", "returns", "turn"),
        (Kind.INTENT, "hello", None, "meant"),
        (Kind.INTENT, "hello", "no_such_intent", "meant"),
        (Kind.TRANSCRIPT, "hello", "hello", "meant"),
    ],
)
def test_a_correction_that_says_nothing_is_refused_with_the_field(playbook, kind, text, meant, field):
    with pytest.raises(CorrectionError) as caught:
        checked(correction(text, meant, kind), names(playbook))
    assert caught.value.field == field


def test_a_correction_keeps_who_and_when_through_json():
    one = correction("a", "b")
    assert Correction.model_validate_json(one.model_dump_json()) == one


async def test_corrections_are_kept_once_and_judged(corrections):
    one = correction("the zip broke", "warranty")
    assert await corrections.add(one)
    assert not await corrections.add(one), "it is there already"
    assert await corrections.page(State.OPEN) == [one]
    assert await corrections.judge(one.correction_id, State.ACCEPTED, "sue")
    (known,) = await corrections.page(State.ACCEPTED, call_id="CA1", kinds=[Kind.INTENT])
    assert (known.judged_by, known.judged_at) == ("sue", AT)
    assert (await corrections.counts())[State.ACCEPTED] == 1
    assert not await corrections.judge("nothing", State.ACCEPTED, "sue")
    await corrections.forget(["CA1"])
    assert await corrections.page() == []
