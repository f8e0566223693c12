"""The labelled conversations with the real dialog, the real models and the demo shop."""

from pathlib import Path

import pytest

from bench.handoff import examples_of, figures_of
from bench.labelled import read_conversations
from dialog.reasons import Reason
from handoff.escalation.judge import judgements
from handoff.escalation.score import risk
from handoff.escalation.train import fitted
from handoff.escalation.weights import read_weights

FOLDER = Path(__file__).parent / "conversations"
WEIGHTS = read_weights()
pytestmark = [pytest.mark.models, pytest.mark.slow]


@pytest.mark.parametrize(("part", "least"), [("tuning", 0.95), ("heldout", 0.95), ("hard", 0.85)])
def test_people_take_over_when_they_are_due_and_not_otherwise(labelled, part, least):
    figures = figures_of(labelled[part])
    assert figures["f1"] >= least, figures
    assert figures["gtt"] >= least, figures


def test_there_are_enough_of_them_for_every_reason():
    conversations = [one for part in read_conversations(FOLDER).values() for one in part]
    due = {one.due.reason for one in conversations if one.due is not None}
    assert len(conversations) >= 90
    assert sum(one.due is None for one in conversations) >= 40
    assert due == set(Reason) - {Reason.FAULT}, "a fault of the playbook is no caller's"


def test_every_judgement_is_computed_again_from_the_log_alone(labelled):
    count = 0
    for one in (one for part in labelled.values() for one in part):
        bodies = [event.body for event in one.events]
        logged = [body for body in bodies if body.name == "escalation.judged"]
        assert judgements(bodies, WEIGHTS) == logged
        count += len(logged)
    assert count > 300


def test_nobody_content_is_handed_over_for_how_they_speak(labelled):
    accents = [one for part in labelled.values() for one in part if "accent" in one.conversation.id]
    assert len(accents) >= 6
    assert all(one.turn is None and not one.offers for one in accents)


def test_weights_fitted_to_one_half_find_the_trouble_in_the_other(labelled):
    weights = fitted(examples_of(labelled["tuning"]), WEIGHTS)
    others = examples_of(labelled["heldout"])
    due, calm = (
        [risk(one.signals, weights.score) for one in others if one.due is kind] for kind in (True, False)
    )
    below = sum(high > low for high in due for low in calm) / (len(due) * len(calm))
    assert below > 0.9, f"a turn at which a person is due looks worse than one at which none is: {below:.2f}"
