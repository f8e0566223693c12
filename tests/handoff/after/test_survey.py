"""The survey by keypad: one caller at a time, and what the record keeps of each."""

import pytest

from dialog.schema.queues import Survey
from handoff.after.survey import Goodbye, Part, Question, SurveyState, answered, first_question, hung_up

ASKS = Survey()
ASSISTANT, AGENT = SurveyState(Part.ASSISTANT), SurveyState(Part.AGENT)


def talk(*keys, survey=ASKS, with_agent=True):
    """A whole survey: what was heard last, and the record."""
    step, record = first_question(survey, with_agent=with_agent), []
    for key in keys:
        # Every step goes through an address, as between two webhooks.
        state = SurveyState.of(step.state.code)
        step, event = answered(survey, state, key, with_agent=with_agent)
        record += [(event.part, event.score)] if event is not None else []
    return step, record


def test_a_caller_scores_the_assistant_and_then_the_colleague():
    step, record = talk("4", "5")
    assert step == Goodbye((ASKS.thanks,))
    assert record == [("assistant", 4), ("agent", 5)]


def test_it_begins_with_why_we_ask():
    question = first_question(ASKS)
    assert question == Question(ASSISTANT, (ASKS.introduction, ASKS.assistant.ask), ASKS.wait_s)


@pytest.mark.parametrize("wrong", ["0", "6", "9", "*", "#", "12", ""])
def test_another_key_or_none_is_asked_once_more(wrong):
    step, record = talk(wrong)
    assert (step.state, record) == (SurveyState(Part.ASSISTANT, again=True), [])
    assert talk(wrong, "3")[1] == [("assistant", 3)]


def test_after_two_wrong_keys_the_next_question_follows_and_the_first_has_no_score():
    step, record = talk("9", "9")
    assert (step.state, record) == (AGENT, [("assistant", None)])


def test_who_keys_nothing_twice_is_left_in_peace():
    step, record = talk("", "")
    assert (step, record) == (Goodbye((ASKS.thanks,)), [("assistant", None)])


def test_who_talked_with_nobody_is_not_asked_about_a_colleague():
    step, record = talk("2", with_agent=False)
    assert (step, record) == (Goodbye((ASKS.thanks,)), [("assistant", 2)])


def test_only_what_the_playbook_asks_is_asked():
    assert first_question(ASKS.model_copy(update={"enabled": False})) is None
    assert first_question(ASKS.model_copy(update={"assistant": None, "agent": None})) is None
    colleague = ASKS.model_copy(update={"assistant": None})
    assert first_question(colleague).state == AGENT
    assert first_question(colleague, with_agent=False) is None
    assert talk("1", survey=ASKS.model_copy(update={"agent": None}))[0] == Goodbye((ASKS.thanks,))


def test_a_question_that_the_playbook_drops_meanwhile_is_still_answered():
    step, event = answered(ASKS.model_copy(update={"agent": None}), AGENT, "5")
    assert (step, event.score) == (Goodbye((ASKS.thanks,)), 5)


def test_who_hangs_up_at_a_question_was_asked_it():
    assert (hung_up(AGENT).part, hung_up(AGENT).score) == ("agent", None)


@pytest.mark.parametrize("code", ["", "manager", "agent-", "agent-twice", "agent-again-again"])
def test_an_address_that_is_no_state_is_refused(code):
    with pytest.raises(ValueError, match=r"."):
        SurveyState.of(code)
