"""Every rule, with a call that passes, one that fails, and one that it does not apply to."""

import pytest

from calls import events as e
from dialog.load import load_playbook
from handoff.briefing.briefer import Briefer
from qa.facts.fold import facts_of
from qa.scorecards.finding import Grade
from qa.scorecards.reading import Call
from qa.scorecards.rules import GIVES, RULES, RuleName
from qa.scorecards.rules.no_card_data import digit_runs
from settings import HOME
from tests.qa.scorecards.story import (
    CANCELLED,
    GREETED,
    HUNG_UP,
    RECORDED,
    STARTED,
    asked,
    done,
    failed,
    handed_over,
    heard,
    planned,
    said,
    story,
)

PLAYBOOK = load_playbook(HOME / "playbooks" / "acme")
YES, PARTLY, NO, NA = Grade.YES, Grade.PARTLY, Grade.NO, None
R = RuleName
ASKS = (heard(1, "Where is my order?", 3), planned(1, sources=("shipping",)), said(1, "On its way.", 4.4))
CARD = "4111 1111 1111 1111"
IN_PIECES = tuple(heard(n, part, n) for n, part in enumerate(("four one one one", "1111", "1111", "1111")))
PERSON_DUE = planned(1, hand_over="support", reason="upset")
BROUGHT = e.TransferRequested(transfer_id="T1", queue="support", reason="upset")


def upset(*answer):
    return (heard(1, "This is awful", 3), planned(1, sentiment=-0.9), *answer)


def found(rule, *bodies):
    events = story("CA1", *bodies)
    return RULES[rule](Call(events, facts_of(events), PLAYBOOK))


CASES = [
    (R.DISCLOSURE, YES, (STARTED, GREETED)),
    (R.DISCLOSURE, NO, (STARTED, said(0, "Acme. How can I help?", 0.0))),
    (R.DISCLOSURE, NA, (STARTED,)),
    (R.DISCLOSURE, NA, (STARTED, said(0, GREETED.text, 0.0, heard="Acme.", interrupted=True))),
    (R.CONSENT, YES, (STARTED, RECORDED, GREETED)),
    (R.CONSENT, NO, (STARTED, RECORDED, said(0, "I'm an automated assistant.", 0.0))),
    (R.CONSENT, NA, (STARTED, GREETED)),
    (R.VERIFICATION, YES, CANCELLED),
    (R.VERIFICATION, NO, (STARTED, planned(1), asked(1, "shop.find_order"), done(1, "shop.find_order"))),
    (R.VERIFICATION, NA, (STARTED, planned(1), asked(1, "shop.order_status"), done(1, "shop.order_status"))),
    (
        R.VERIFICATION,
        NA,
        (STARTED, planned(1), asked(1, "shop.find_order"), failed(1, "shop.find_order", "forbidden")),
    ),
    (R.NO_CARD_DATA, YES, CANCELLED),
    (R.NO_CARD_DATA, NO, (STARTED, heard(1, f"it is {CARD}", 1))),
    (R.NO_CARD_DATA, NO, (STARTED, e.TurnKeyed(turn=1, digits="5555555555554444", start_s=1, end_s=4))),
    (
        R.NO_CARD_DATA,
        NO,
        (STARTED, *IN_PIECES),
    ),
    (R.NO_CARD_DATA, YES, (STARTED, heard(1, "4111 1111 1111 1112", 1))),
    (R.NO_CARD_DATA, YES, (STARTED, heard(1, "4111", 1), heard(2, "11111", 2), heard(3, "111111", 3))),
    (R.NO_CARD_DATA, NA, (STARTED,)),
    (R.RIGHT_INTENT, YES, (*CANCELLED, *handed_over("maria"))),
    (R.RIGHT_INTENT, NO, (*CANCELLED, *handed_over("maria", wrong="intent"))),
    (R.RIGHT_INTENT, NA, CANCELLED),
    (R.GROUNDED, YES, (STARTED, *ASKS)),
    (R.GROUNDED, PARTLY, (STARTED, *ASKS, planned(2, unanswered="Are you married?"))),
    (R.GROUNDED, NO, (STARTED, planned(1, unanswered="Are you married?"))),
    (R.GROUNDED, NO, (*CANCELLED, *handed_over("maria", wrong="facts"))),
    (R.GROUNDED, NA, (STARTED, GREETED)),
    (R.RESOLVED, YES, (*CANCELLED, HUNG_UP)),
    (R.RESOLVED, PARTLY, (STARTED, e.VoicemailLeft(queue="q", text="Call me", start_s=1, end_s=2), HUNG_UP)),
    (R.RESOLVED, NO, (STARTED, heard(1, "hello?", 1), planned(1, repair="no_match"), HUNG_UP)),
    (R.RESOLVED, NA, (*CANCELLED, *handed_over("maria"))),
    (R.HAND_OVER, YES, (*CANCELLED, *handed_over("maria"))),
    (R.HAND_OVER, NO, (*CANCELLED, *handed_over("maria", needless=True))),
    (R.HAND_OVER, NO, (STARTED, PERSON_DUE, HUNG_UP)),
    (R.HAND_OVER, NO, (STARTED, planned(1), BROUGHT, HUNG_UP)),
    (R.HAND_OVER, PARTLY, (STARTED, PERSON_DUE, done(1, "shop.order_status"), planned(2), HUNG_UP)),
    (R.HAND_OVER, NA, (*CANCELLED, HUNG_UP)),
    (R.EFFORT, YES, CANCELLED),
    (R.EFFORT, PARTLY, (STARTED, *ASKS, planned(2, repair="doubt"), planned(3, repair="correction"))),
    (R.EFFORT, NO, (STARTED, *ASKS, *(planned(n, repair="no_match") for n in (2, 3, 4)))),
    (R.EFFORT, NA, (STARTED, GREETED)),
    (R.BREVITY, YES, CANCELLED),
    (R.BREVITY, PARTLY, (STARTED, said(0, "word " * 50, 0.0))),
    (R.BREVITY, NO, (STARTED, said(0, "word " * 70, 0.0))),
    (R.BREVITY, NA, (STARTED,)),
    (R.DEAD_AIR, YES, (STARTED, *ASKS)),
    (R.DEAD_AIR, PARTLY, (STARTED, heard(1, "Hello?", 1), said(1, "Yes.", 6.5))),
    (R.DEAD_AIR, NO, (STARTED, heard(1, "Hello?", 1), said(1, "Yes.", 12.0))),
    (R.DEAD_AIR, NA, (STARTED, GREETED)),
    (R.TALK_OVER, YES, (STARTED, GREETED, *ASKS)),
    (R.TALK_OVER, PARTLY, (STARTED, said(0, "Hello", 0.0, 4.0), heard(1, "stop", 2.5, 6.0))),
    (R.TALK_OVER, NO, (STARTED, said(0, "Hello", 0.0, 9.0), heard(1, "stop please", 2.5, 8.0))),
    (R.TALK_OVER, NA, (STARTED, GREETED)),
    (R.READ_BACK, YES, CANCELLED),
    (
        R.READ_BACK,
        NO,
        (STARTED, heard(1, "Cancel it", 1), planned(1, level=1), asked(1, "shop.cancel_order")),
    ),
    (R.READ_BACK, NA, (STARTED, planned(1), asked(1, "shop.order_status"), done(1, "shop.order_status"))),
    (R.EMPATHY, YES, (STARTED, *upset(said(1, "I'm sorry about the trouble.", 5)))),
    (R.EMPATHY, NO, (STARTED, *upset(said(1, "Which order?", 5)))),
    (R.EMPATHY, NO, (STARTED, failed(1, "shop.cancel_order", "refused"), said(1, "Too late.", 5))),
    (
        R.EMPATHY,
        PARTLY,
        (STARTED, *upset(said(1, "I'm sorry.", 5)), planned(4, sentiment=-0.9), said(4, "Which order?", 9)),
    ),
    (R.EMPATHY, NA, (STARTED, *ASKS)),
    (R.DISPOSED, YES, (*CANCELLED, *handed_over("maria"))),
    (R.DISPOSED, NO, (*CANCELLED, *(one for one in handed_over("maria") if one.name != "call.disposed"))),
    (R.DISPOSED, NA, (*CANCELLED, HUNG_UP)),
    (R.BRIEFING_TRUE, NA, CANCELLED),
]


@pytest.mark.parametrize(("rule", "grade", "bodies"), CASES)
def test_what_each_rule_finds(rule, grade, bodies):
    finding = found(rule, *bodies)
    assert finding.grade is grade, finding.why
    assert finding.why
    assert grade is None or grade in GIVES[rule]
    assert all(1 <= one.seq <= len(bodies) and one.words for one in finding.evidence)


def briefed(change=lambda facts: facts):
    """The cancelled call, handed over with a briefing that `change` may spoil."""
    started = STARTED.model_copy(update={"playbook": PLAYBOOK.version})
    bodies = (started, *CANCELLED[1:], *handed_over("maria")[:4])
    made = Briefer(PLAYBOOK).build(story("CA1", *bodies))
    facts = change(tuple(one.as_event() for one in made.facts))
    return (*bodies, e.TransferBriefed(transfer_id="T1", leg=1, text="told", facts=facts, seconds=9.0))


def test_a_briefing_that_its_log_bears_out_is_true():
    assert found(R.BRIEFING_TRUE, *briefed()).grade is YES


def test_a_briefing_with_a_word_changed_is_not():
    def spoil(facts):
        return (facts[0].model_copy(update={"text": "The queen of England."}), *facts[1:])

    assert found(R.BRIEFING_TRUE, *briefed(spoil)).grade is NO


def test_a_briefing_that_leaves_out_what_was_tried_is_true_in_part():
    def without_tried(facts):
        return tuple(one for one in facts if one.part != "tried")

    assert found(R.BRIEFING_TRUE, *briefed(without_tried)).grade is PARTLY


def test_a_briefing_of_another_playbook_cannot_be_proven():
    bodies = briefed()
    assert found(R.BRIEFING_TRUE, STARTED, *bodies[1:]).grade is NA


def test_every_rule_is_shown_passing_failing_and_not_applying():
    for rule in RuleName:
        shown = {grade for name, grade, _ in CASES if name is rule}
        if rule is not R.BRIEFING_TRUE:
            assert shown >= {YES, NO, NA}, rule


@pytest.mark.parametrize(
    "value", ["4e4242424242424242ab", "2026-11-28T10:15:30.42+00:00", "55+1234:5678:9012"]
)
def test_ids_and_times_are_no_card_numbers(value):
    assert digit_runs(value) == [run for run in digit_runs(value) if len(run) < 13]


def test_evidence_never_repeats_a_card_number():
    finding = found(R.NO_CARD_DATA, STARTED, heard(1, f"it is {CARD}", 1))
    assert not any(character.isdigit() for one in finding.evidence for character in one.words)
