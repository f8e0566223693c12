"""Actions are answered from the record, and never executed."""

from datetime import UTC, datetime

import pytest

from actions.errors import UnknownActionError
from actions.spec import ActionSpec
from actions.types import ActionRequest, Authority, Failure
from calls.events import ActionDone, ActionFailed, ActionRequested, CallEvent
from qa.rerun.answers import NOT_RECORDED, RecordedActions, normal
from qa.virtual.costs import Spent
from qa.virtual.loop import run_virtually

READS = ActionSpec.model_validate({"effect": "reads"})
WRITES = ActionSpec.model_validate({"effect": "writes", "confirm": "never"})
GUARDED = ActionSpec.model_validate({"effect": "reads", "identity": 2})
SPECS = {"shop.status": READS, "shop.cancel": WRITES, "shop.account": GUARDED}


def record(*answers):
    """Events of (action, arguments, data or failure)."""
    bodies = []
    for number, (action, arguments, answer) in enumerate(answers):
        key = f"CA1:{number}"
        bodies.append(ActionRequested(turn=1, action=action, key=key, arguments=arguments))
        if isinstance(answer, dict):
            bodies.append(ActionDone(turn=1, action=action, key=key, data=answer, duration_s=0.4))
        else:
            bodies.append(ActionFailed(turn=1, action=action, key=key, failure=answer, duration_s=0.4))
    at = datetime(2026, 1, 5, tzinfo=UTC)
    return [CallEvent(call_id="CA1", seq=seq, at=at, body=body) for seq, body in enumerate(bodies, start=1)]


def ask(actions, action, key, **arguments):
    return run_virtually(
        actions.run(ActionRequest(action=action, key=key, arguments=arguments, authority=Authority())),
        Spent(),
    )


def test_the_recorded_answer_comes_after_as_long_as_it_took_then():
    actions = RecordedActions(record(("shop.status", {"order": "4711"}, {"status": "sent"})), SPECS)
    result = ask(actions, "shop.status", "k1", order="4711")
    assert (result.data, result.failure, result.duration_s) == ({"status": "sent"}, None, 0.4)


def test_how_an_argument_is_written_makes_no_other_question():
    assert normal("a", {"order": " AB 12 ", "amount": 25.5}) == normal(
        "a", {"amount": "25.50", "order": "ab 12"}
    )
    heard = [[{"value": "40929", "score": 0.93}]]
    again = [[{"value": "40929", "score": 0.81}, {"value": "4092", "score": 0.4}]]
    assert normal("a", {"postcode": heard}) == normal("a", {"postcode": again}), "nor how sure anybody was"
    assert normal("a", {"code": "0471"}) != normal("a", {"code": "471"}), "a code is no number"


def test_each_answer_is_given_once_and_in_order():
    twice = (("shop.status", {"order": "1"}, {"n": 1}), ("shop.status", {"order": "1"}, {"n": 2}))
    actions = RecordedActions(record(*twice), SPECS)
    given = [ask(actions, "shop.status", key, order="1").data["n"] for key in ("k1", "k1", "k2", "k3")]
    assert given == [1, 1, 2, 2], (
        "the same key is the same request; a further look-up finds what was there last"
    )


def test_a_change_that_is_asked_for_once_more_has_no_answer():
    actions = RecordedActions(record(("shop.cancel", {"order": "1"}, {"done": True})), SPECS)
    assert ask(actions, "shop.cancel", "k1", order="1").done
    again = ask(actions, "shop.cancel", "k2", order="1")
    assert (again.failure, again.data) == (Failure.UNAVAILABLE, {"reason": NOT_RECORDED})


def test_what_was_never_asked_is_not_recorded_and_told():
    actions = RecordedActions(record(), SPECS)
    assert ask(actions, "shop.status", "k1", order="1").data == {"reason": NOT_RECORDED}
    assert [request.action for request in actions.missing] == ["shop.status"]


def test_a_recorded_failure_fails_again():
    actions = RecordedActions(record(("shop.status", {"order": "1"}, "not_found")), SPECS)
    assert ask(actions, "shop.status", "k1", order="1").failure is Failure.NOT_FOUND


def test_todays_rules_of_identity_hold_whatever_the_record_has():
    actions = RecordedActions(record(("shop.account", {}, {"balance": 1})), SPECS)
    assert ask(actions, "shop.account", "k1").failure is Failure.FORBIDDEN


def test_an_action_that_the_playbook_does_not_know_is_unknown():
    actions = RecordedActions(record(), SPECS)
    with pytest.raises(UnknownActionError):
        actions.spec("shop.gone")
    assert ask(actions, "shop.gone", "k1").failure is Failure.INVALID
