"""What the record of a call keeps of an action that failed."""

import pytest

from actions.types import ActionResult, Failure
from turn_events import action_event


def failed(**data):
    return action_event(1, ActionResult(action="a.b", key="k", failure=Failure.REFUSED, data=data))


def test_a_refusal_is_kept_with_the_systems_own_code():
    assert failed(reason="too_late").reason == "too_late"
    assert failed().reason is None


@pytest.mark.parametrize(
    "reason", ["Maria Silva may not do that", "too late!", "4711", "", 5, None, "x" * 50]
)
def test_what_is_no_code_is_not_kept_because_it_may_name_people(reason):
    assert failed(reason=reason).reason is None
