"""The rules on the labelled conversations: none of them stumbles, and what they find is believable."""

from collections import Counter

import pytest

from calls.events import CallEnded, CallEvent, TransferEnded
from dialog.load import load_playbook
from qa.facts.fold import facts_of
from qa.scorecards.automatic import answers
from qa.scorecards.scoring import check, score
from qa.scorecards.source import STARTER, read_form
from settings import HOME

pytestmark = [pytest.mark.models, pytest.mark.slow]
FORM = read_form(STARTER)


def completed(events):
    """A rehearsal stops where a person takes over: here they talk with the caller, and then the call is over."""
    last = events[-1]
    bodies = [CallEnded(reason="caller", duration_s=60.0)]
    requested = [event.body for event in events if event.body.name == "transfer.requested"]
    if requested:
        ended = TransferEnded(
            transfer_id=requested[-1].transfer_id, outcome="connected", wait_s=8.0, talk_s=60.0
        )
        bodies.insert(0, ended)
    more = [
        CallEvent(call_id=last.call_id, seq=last.seq + number, at=last.at, body=body)
        for number, body in enumerate(bodies, start=1)
    ]
    return [*events, *more]


def test_no_rule_stumbles_and_scores_are_spread_as_the_calls_are(labelled):
    playbook = load_playbook(HOME / "playbooks" / "acme")
    found, points = Counter(), []
    for one in (one for part in labelled.values() for one in part):
        events = completed(one.events)
        given = answers(FORM, facts_of(events), events, playbook)
        check(FORM, given, complete=False)
        scored = score(FORM, given)
        assert not scored.auto_fail, (one.conversation.id, scored.failed)
        points.append(scored.points)
        found.update((answer.question, answer.option) for answer in given)
    assert len(points) >= 120
    assert None not in points
    assert found["disclosed", "yes"] == len(points)
    assert found["confirmation", "no"] == found["identity", "no"] == 0, "the dialog guards both"
    assert found["confirmation", "yes"] > 10
    assert found["resolved", "yes"] > found["resolved", "no"] > 0
    assert found["tone", "no"] > 0
    assert len({round(one) for one in points}) > 10, "not all calls are alike"
