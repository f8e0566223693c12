"""Made-up calls: the same for the same seed, whole and true to themselves, and of every kind."""

import json
from collections import Counter
from itertools import pairwise

from actions.types import fingerprint
from calls.events import (
    CallBackPromised,
    CallEvent,
    StreamStarted,
    TransferBriefed,
    TurnAnswered,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
)
from calls.timeline import timeline
from demo.qa import generator
from handoff.briefing.briefer import Briefer
from qa.facts.fold import facts_of
from qa.facts.types import CallOutcome
from qa.seed.catalogue import catalogue
from qa.seed.rehearsal import open_rehearsal
from qa.seed.template import Template


def written(calls):
    return [event.model_dump_json() for call in calls for event in call]


async def test_the_same_seed_gives_the_same_calls_and_another_one_others():
    once, again, other = [await generator(40, seed) for seed in (5, 5, 6)]
    assert written(once.all()) == written(again.all())
    assert written(once.all()) != written(other.all())


async def test_conversations_are_the_same_however_often_they_are_played(acme, tmp_path):
    scripts = [one for one in catalogue(acme, 1) if one.intent in {"refund", "call_back", "complaint"}]
    filled = []
    made = await generator(3)
    for name in ("once", "again"):
        folder = tmp_path / name
        folder.mkdir()
        async with open_rehearsal(acme, None, folder) as rehearsal:
            templates = [Template(await rehearsal.play(script)) for script in scripts]
        occasion = made.occasion(made.coming[0], "123456")
        filled.append([one.model_dump_json() for template in templates for one in template.filled(occasion)])
    untimed = [[_untimed(one) for one in run] for run in filled]
    assert untimed[0] == untimed[1]


def _untimed(text):
    """How long an action really took is replaced by a made-up time in every call."""
    body = json.loads(text)
    for name in ("start_s", "end_s", "at_s", "duration_s"):
        body.pop(name, None)
    return body


async def test_every_log_is_valid_numbered_without_gaps_and_in_the_order_of_its_times(calls):
    for call in calls:
        assert [CallEvent.model_validate_json(event.model_dump_json()) for event in call] == call
        assert [event.seq for event in call] == list(range(1, len(call) + 1))
        assert all(one.at <= after.at for one, after in pairwise(call))
        assert len({event.call_id for event in call}) == 1
        assert timeline(call) is not None
        assert facts_of(call) is not None


async def test_every_kind_of_ending_comes_up(calls):
    outcomes = Counter(facts_of(call).outcome for call in calls)
    assert set(outcomes) == set(CallOutcome), outcomes
    assert 0.4 < outcomes[CallOutcome.CONTAINED] / len(calls) < 0.85, outcomes
    assert 0.1 < outcomes[CallOutcome.HANDED_OVER] / len(calls) < 0.45, outcomes


async def test_every_matter_of_the_playbook_is_called_about(calls, acme):
    intents = {facts_of(call).intent for call in calls}
    flows = {name for name, intent in acme.intents.items() if intent.flow is not None}
    assert flows <= intents, flows - intents


async def test_there_are_repairs_questions_without_answer_failed_actions_and_people_who_prove_who_they_are(
    calls,
):
    facts = [facts_of(call) for call in calls]
    for field in ("no_match", "no_input", "unanswered", "action_failures", "interruptions"):
        assert any(getattr(one, field) for one in facts), field
    reasons = {one.escalation for one in facts}
    assert {"asked_for_person", "reserved_topic"} <= reasons
    assert len(reasons) > 4, reasons
    assert any(one.customer for one in facts)
    assert {one.call_back_kept for one in facts} == {True, False, None}


async def test_agents_are_rated_and_say_what_became_of_it(calls):
    facts = [one for call in calls if (one := facts_of(call)).transfer_outcome == "connected"]
    said = sum(one.disposition is not None for one in facts) / len(facts)
    assert 0.9 < said < 1.0, "a few forget it"
    assert {True, False} <= {one.needless for one in facts}
    assert any(one.csat_agent and one.csat_assistant for one in facts)
    assert any(one.asked_agent and one.csat_agent is None for one in facts), "not everybody answers"


async def test_callers_speak_after_us_and_we_answer_when_the_record_says_so(calls):
    overlaps = 0
    for call in calls:
        offset = next(
            (
                (event.at - call[0].at).total_seconds()
                for event in call
                if isinstance(event.body, StreamStarted)
            ),
            0,
        )
        end_s = spoke_until = None
        for event in call:
            match event.body:
                case TurnHeard() as heard:
                    assert end_s is None or heard.start_s >= end_s - 2.5
                    overlaps += end_s is not None and heard.start_s < end_s - 0.25
                    assert heard.end_s > heard.start_s
                    spoke_until = heard.end_s
                case TurnAnswered(total_s=total_s):
                    at_s = (event.at - call[0].at).total_seconds() - offset
                    assert spoke_until is None or abs(at_s - spoke_until - total_s) < 0.01
                    spoke_until = None
                case TurnSaid() as said:
                    assert end_s is None or said.start_s >= end_s
                    end_s = said.end_s
    assert 0 < overlaps < 0.1 * len(calls), "now and then we are slow to fall silent"


async def test_no_two_callers_share_what_they_say_of_themselves(calls):
    """The rehearsed customers are replaced everywhere: their names, numbers and addresses are in no call."""
    text = "\n".join(written(calls))
    for personal in (
        "Maria Silva",
        "+15550142000",
        "maria.silva@example.com",
        "one oh one one five",
        "\ue000",
    ):
        assert personal not in text


async def test_a_change_keeps_the_fingerprint_of_what_is_asked(calls):
    for call in calls:
        for event in call:
            if event.body.name == "action.requested" and "send_invoice" in event.body.action:
                body = event.body
                assert fingerprint(body.action, body.arguments) in body.key


async def test_every_briefing_is_borne_out_by_its_call(calls, acme):
    briefer, briefed = Briefer(acme), 0
    for call in calls:
        for index, event in enumerate(call):
            if isinstance(event.body, TransferBriefed):
                known = call[:index]
                assert briefer.problems(briefer.build(known), known) == ()
                briefed += 1
    assert briefed > 50


async def test_some_callers_call_again_about_the_same_within_a_week(made):
    by_caller = {}
    for coming in made.coming:
        by_caller.setdefault((coming.who.customer, coming.intent), []).append(coming.began_at)
    again = sum((after - one).days < 7 for times in by_caller.values() for one, after in pairwise(times))
    assert 0.05 < again / len(made.coming) < 0.25


async def test_the_new_version_of_the_playbook_contains_returns_better(made, calls):
    late = {coming.call_id: coming.late for coming in made.coming if coming.intent == "return_item"}
    facts = [one for call in calls if (one := facts_of(call)).call_id in late]
    asked = [one for one in facts if late[one.call_id] and one.escalation is not None]
    assert asked == [], "nobody is handed over any more"
    assert any(one.escalation for one in facts)
    assert len({one.playbook for one in facts}) == 2


async def test_most_calls_come_on_weekdays_while_the_shop_is_open(made):
    hours = Counter(coming.began_at.astimezone(made.zone).hour for coming in made.coming)
    assert sum(hours[hour] for hour in range(8, 18)) > 0.6 * len(made.coming)
    days = Counter(coming.began_at.astimezone(made.zone).weekday() for coming in made.coming)
    assert days[0] > days[5] > 0


async def test_a_promised_call_back_is_not_for_two_calls(calls):
    promises = [
        event.body.promise_id for call in calls for event in call if isinstance(event.body, CallBackPromised)
    ]
    assert len(promises) == len(set(promises)) > 5


async def test_the_state_in_the_log_is_that_of_the_call(calls):
    for call in calls[:100]:
        for event in call:
            if isinstance(event.body, TurnPlanned):
                assert event.body.state["call_id"] == call[0].call_id
                assert event.body.state["playbook"] == call[0].body.playbook
