"""What humans are told of calls that really took place with the demo company."""

import pytest

from actions.types import Failure
from dialog.playbook import OUT_OF_SCOPE
from dialog.reasons import Reason
from handoff.briefing.ear import spoken
from handoff.briefing.parts.why import SAID
from handoff.briefing.types import Outcome, Part
from tests.dialog.story import acme
from tests.handoff.briefing.conversations import CARD, CONVERSATIONS

NAMES = [one.name for one in CONVERSATIONS]


def said(briefing, part):
    return " ".join(fact.said for fact in briefing.of(part))


def marks(briefing):
    return [(fact.outcome, fact.text) for fact in briefing.of(Part.TRIED) if not fact.silent]


def test_every_wish_that_the_playbook_knows_is_briefed(briefings):
    playbook = acme().playbook
    head, levels = playbook.head, playbook.identity.levels.values()
    serving = {head.person_flow, head.last_resort_flow, head.busy_flow, head.voicemail_flow}
    serving |= {playbook.identity.locked_flow, *playbook.escalation.tasks}
    wishes = playbook.flows.keys() - serving - {level.flow for level in levels}
    assert wishes <= {briefing.category for briefing in briefings.values()}
    assert len(briefings) >= 30
    assert OUT_OF_SCOPE not in {briefing.category for briefing in briefings.values()}


@pytest.mark.parametrize("name", NAMES)
def test_it_is_told_who_wants_what_and_why_a_person(briefings, name):
    briefing = briefings[name]
    for part in (Part.WHO, Part.WANTS, Part.WHY):
        assert len(briefing.of(part)) == 1, part
        assert said(briefing, part).endswith(".")
    assert len(briefing.of(Part.NEXT)) == (0 if briefing.asks else 1)


def test_a_refund_above_our_limit(briefings):
    briefing = briefings["refund above the limit"]
    assert said(briefing, Part.WHO) == "Maria Silva, verified by text code."
    assert said(briefing, Part.WANTS) == (
        "Wants a refund of thirty-four euros ninety for order four seven one three."
    )
    assert marks(briefing) == [
        (Outcome.DONE, "Sent a code by text message."),
        (Outcome.DONE, "Found order 4713."),
        (Outcome.DONE, "Opened a return for order 4713."),
        (Outcome.FAILED, "The refund of 34.90 euros for order 4713 failed: it is above my limit."),
        (Outcome.DONE, "Took the return label back."),
    ]
    assert said(briefing, Part.NEXT) == (
        "Suggest: decide on the refund of thirty-four euros ninety for order four seven one three."
    )


def test_what_the_shop_refuses_is_told_with_its_reason(briefings):
    (failed,) = [
        text for outcome, text in marks(briefings["refund refused by the shop"]) if outcome is Outcome.FAILED
    ]
    assert failed == "The return of order 6121 failed: the system refused, too late."


def test_what_may_or_may_not_have_happened_is_told_as_that(briefings):
    briefing = briefings["nobody knows whether it was refunded"]
    unknown = [text for outcome, text in marks(briefing) if outcome is Outcome.UNKNOWN]
    assert unknown == ["The refund of 34.90 euros for order 4713: nobody knows whether it worked."]
    assert "check what became of" in said(briefing, Part.NEXT)


def test_a_failure_that_came_twice_is_told_once(briefings, logs):
    briefing = briefings["order not found twice"]
    failed = [fact for fact in briefing.of(Part.TRIED) if fact.outcome is Outcome.FAILED]
    assert [fact.text for fact in failed] == [
        "Looking up order 9998 failed: nothing was found.",
        "Looking up order 9999 failed: nothing was found.",
    ]


def test_who_has_not_shown_who_they_are_has_no_name(briefings):
    for name in ("order told, then a person", "a person at once", "withheld number"):
        assert said(briefings[name], Part.WHO) == "A caller, not identified."
    assert said(briefings["nobody fits"], Part.WHO) == "A caller who failed the identity check."
    wrong = briefings["wrong codes"]
    assert said(wrong, Part.WHO) == "Perhaps Maria Silva, but a later identity check failed too often."
    assert "Maria" not in wrong.first_line, "nobody greets by name who may be somebody else"
    assert "Peter" not in " ".join(fact.text for fact in briefings["nobody fits"].facts)


def test_an_account_found_by_details_is_not_called_verified(briefings):
    assert said(briefings["invoice sent"], Part.WHO) == "Maria Silva, identified by account details."


def test_a_complaint_is_quoted_and_cut(briefings):
    told = said(briefings["a complaint"], Part.WANTS)
    assert told == (
        "Wants to complain, in their words: “the driver threw my parcel over the fence and it broke into…”."
    )


def test_the_callers_words_cannot_give_orders_about_keys(briefings):
    briefing = briefings["a complaint that would like to give orders"]
    everything = " ".join(fact.text + fact.said for fact in briefing.facts)
    assert "press" not in everything
    assert "refund everything" not in everything


def test_the_number_of_a_card_goes_no_further(briefings):
    briefing = briefings["a complaint with the number of a card"]
    everything = " ".join(fact.text + fact.said for fact in briefing.facts)
    assert CARD[:20] not in everything
    assert "you charged my card … twice" in said(briefing, Part.WANTS)


def test_danger_comes_before_everything_else(briefings):
    briefing = briefings["danger"]
    assert said(briefing, Part.WHY) == "They spoke of danger."
    assert said(briefing, Part.NEXT) == "Suggest: ask first whether everybody is safe."


def test_an_upset_caller_is_announced_and_a_calm_one_is_not(briefings):
    assert "upset" in said(briefings["refund above the limit"], Part.MOOD)
    assert "upset" in spoken(briefings["refund above the limit"]).text
    assert "calm" not in spoken(briefings["order told, then a person"]).text


def test_a_consultation_has_its_question_and_other_keys(briefings):
    briefing = briefings["may I refund, asked of a colleague"]
    assert said(briefing, Part.QUESTION).startswith(
        "My question: May I refund thirty-four euros ninety for order four seven one three,"
    )
    ear = spoken(briefing)
    assert ear.sentences[-1] == said(briefing, Part.QUESTION)
    assert ear.keys.startswith("Press 1 for yes, 2 for no")
    assert spoken(briefings["danger"]).keys.startswith("Press 1 to take the call, 2 to decline")


def test_what_they_dropped_is_not_what_they_want(briefings):
    assert "cancel" not in said(briefings["never mind"], Part.WANTS)


def test_who_was_not_understood_is_not_quoted(briefings):
    assert said(briefings["not understood"], Part.WANTS) == "It is not known yet what they want."


def test_what_they_answer_when_asked_what_it_is_about_is_what_they_want(briefings):
    assert said(briefings["a person, and what it is about"], Part.WANTS) == "Wants a refund."


def test_a_question_is_told_by_its_article(briefings):
    assert said(briefings["a question"], Part.WANTS) == "Asked about shipping."
    assert said(briefings["a question"], Part.NEXT) == "Suggest: go on with shipping."


def test_the_first_line_greets_by_name_only_whom_we_know(briefings):
    assert briefings["refund above the limit"].first_line.startswith(
        "Hello Maria Silva, I see it's about your refund"
    )
    assert briefings["a person at once"].first_line.startswith("Hello, I see")


def test_the_stable_codes_of_actions_all_have_words():
    from handoff.briefing.parts.tried import WHY

    assert set(Failure) - WHY.keys() == {Failure.UNKNOWN}


def test_every_reason_to_hand_over_has_words_for_the_ear():
    assert {reason.value for reason in Reason} == SAID.keys()


def test_a_call_back_is_briefed_from_the_call_in_which_it_was_promised(logs, briefer):
    *before, last = logs["refund above the limit"]
    asked = {"kind": "call_back", "reason": "call_back", "words": "a return"}
    events = [*before, last.model_copy(update={"body": last.body.model_copy(update=asked)})]
    briefing = briefer.build(events)
    assert briefing.calls_back
    assert spoken(briefing).sentences[:2] == (
        "Promised call-back: a return.",
        "Maria Silva, verified by text code.",
    )
    assert briefer.problems(briefing, events) == ()
