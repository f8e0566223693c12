"""Every fact is borne out by the events that it cites, and nothing that is not gets through."""

import pytest

from calls.events import ActionFailed, TransferRequested, TurnKeyed, TurnPlanned
from handoff.briefing.ear import MOST_WORDS, spoken
from handoff.briefing.proof import Code, UnprovenError
from handoff.briefing.types import Fact, Part
from tests.handoff.briefing.conversations import CONVERSATIONS

NAMES = [one.name for one in CONVERSATIONS]
REFUND = "refund above the limit"


def codes(briefer, briefing, events):
    return {problem.code for problem in briefer.problems(briefing, events)}


def with_fact(briefing, part, **update):
    changed = [fact.model_copy(update=update) if fact.part is part else fact for fact in briefing.facts]
    return briefing.model_copy(update={"facts": tuple(changed)})


@pytest.mark.parametrize("name", NAMES)
def test_every_briefing_is_proven_by_its_own_log(briefer, briefings, logs, name):
    briefer.check(briefings[name], logs[name])


def test_a_briefing_is_proven_and_short_at_whatever_moment_of_a_call_it_is_made(briefer, logs):
    made = 0
    for name, events in logs.items():
        for end, event in enumerate(events, start=1):
            if isinstance(event.body, TurnPlanned | ActionFailed):
                briefing = briefer.build(events[:end])
                assert briefer.problems(briefing, events) == (), (name, end)
                assert spoken(briefing).words <= MOST_WORDS, (name, end)
                made += 1
    assert made > 300


@pytest.mark.parametrize("name", NAMES)
def test_a_briefing_that_was_kept_as_json_is_proven_as_well(briefer, briefings, logs, name):
    kept = type(briefings[name]).model_validate_json(briefings[name].model_dump_json())
    assert briefer.problems(kept, logs[name]) == ()


@pytest.mark.parametrize("part", [Part.WHO, Part.WANTS, Part.TRIED, Part.WHY, Part.MOOD, Part.NEXT])
def test_a_changed_word_is_found_in_every_part(briefer, briefings, logs, part):
    tampered = with_fact(briefings[REFUND], part, text="They were promised a thousand euros.")
    assert Code.UNSUPPORTED in codes(briefer, tampered, logs[REFUND])
    heard_only = with_fact(briefings[REFUND], part, said="They were promised a thousand euros.")
    assert Code.UNSUPPORTED in codes(briefer, heard_only, logs[REFUND])


@pytest.mark.parametrize("part", [Part.WHO, Part.WANTS, Part.TRIED, Part.WHY, Part.NEXT])
def test_a_fact_with_other_events_is_found(briefer, briefings, logs, part):
    assert Code.UNSUPPORTED in codes(briefer, with_fact(briefings[REFUND], part, events=(1,)), logs[REFUND])


@pytest.mark.parametrize("events", [(), (9999,)])
def test_a_fact_without_events_or_with_some_that_are_not_there_is_found(briefer, briefings, logs, events):
    tampered = with_fact(briefings[REFUND], Part.WHO, events=events)
    assert Code.NO_EVENT in codes(briefer, tampered, logs[REFUND])


def test_an_invented_fact_is_found(briefer, briefings, logs):
    invented = Fact(part=Part.TRIED, text="Refunded 1000 euros.", said="refunded 1000 euros", events=(3,))
    briefing = briefings[REFUND]
    more = briefing.model_copy(update={"facts": (*briefing.facts, invented)})
    with pytest.raises(UnprovenError) as raised:
        briefer.check(more, logs[REFUND])
    assert [problem.code for problem in raised.value.problems] == [Code.UNSUPPORTED]
    assert "1000" not in str(raised.value), "an error is logged, so it holds nothing personal"


def test_a_failure_that_is_left_out_is_found(briefer, briefings, logs):
    briefing = briefings[REFUND]
    kept = tuple(fact for fact in briefing.facts if "failed" not in fact.text)
    assert codes(briefer, briefing.model_copy(update={"facts": kept}), logs[REFUND]) == {Code.LEFT_OUT}


def test_a_log_in_which_the_refund_did_not_fail_does_not_bear_the_briefing_out(briefer, briefings, logs):
    events = [event for event in logs[REFUND] if not isinstance(event.body, ActionFailed)]
    assert Code.NO_EVENT in codes(briefer, briefings[REFUND], events)


def test_a_log_with_another_reason_does_not_either(briefer, briefings, logs):
    events = list(logs[REFUND])
    last = events[-1]
    assert isinstance(last.body, TransferRequested)
    other = last.body.model_copy(update={"reason": "danger"})
    events[-1] = last.model_copy(update={"body": other})
    assert Code.UNSUPPORTED in codes(briefer, briefings[REFUND], events)


def test_the_events_of_another_call_prove_nothing(briefer, briefings, logs):
    events = [event.model_copy(update={"call_id": "CA2"}) for event in logs[REFUND]]
    found = codes(briefer, briefings[REFUND], events)
    assert {Code.OTHER_CALL, Code.NO_EVENT} <= found


def test_what_happens_later_does_not_make_it_wrong(briefer, briefings, logs):
    events = list(logs[REFUND])
    later = events[0].model_copy(
        update={"seq": len(events) + 1, "body": TurnKeyed(turn=9, digits="1", start_s=1, end_s=2)}
    )
    briefer.check(briefings[REFUND], [*events, later])


def test_another_category_or_greeting_is_found(briefer, briefings, logs):
    for update in ({"category": "maria"}, {"first_line": "Hello, you get a thousand euros."}):
        tampered = briefings[REFUND].model_copy(update=update)
        assert codes(briefer, tampered, logs[REFUND]) == {Code.UNSUPPORTED}


@pytest.mark.parametrize("secret", ["10115", "one zero one one five"])
def test_what_somebody_was_identified_by_is_never_told(briefer, briefings, logs, secret):
    tampered = with_fact(briefings[REFUND], Part.WHO, text=f"Maria Silva, {secret}.")
    assert Code.SECRET in codes(briefer, tampered, logs[REFUND])


def test_the_code_that_was_sent_and_keyed_is_in_no_briefing(briefings, logs):
    for name, events in logs.items():
        keyed = [event.body.digits for event in events if isinstance(event.body, TurnKeyed)]
        codes_keyed = [digits for digits in keyed if len(digits) == 6]
        told = briefings[name].model_dump_json()
        assert not any(code in told for code in codes_keyed), name


def test_the_number_that_calls_is_in_no_briefing(briefings):
    assert not any("5550142" in briefing.model_dump_json() for briefing in briefings.values())


def test_two_calls_briefed_in_turn_share_nothing(briefer, briefings, logs):
    again = [briefer.build(logs[name]) for name in (REFUND, "danger", REFUND)]
    assert again == [briefings[REFUND], briefings["danger"], briefings[REFUND]]


def test_a_dialog_state_of_another_version_does_not_keep_a_human_from_being_briefed(briefer, logs):
    events = []
    for event in logs[REFUND]:
        if isinstance(event.body, TurnPlanned):
            state = {**event.body.state, "something_new": 1}
            event = event.model_copy(update={"body": event.body.model_copy(update={"state": state})})  # noqa: PLW2901
        events.append(event)
    briefer.check(briefer.build(events), events)
