"""What an agent says of a call: mandatory, and each mistake named by its field."""

import pytest

from dialog.schema.queues import DISPOSITIONS
from handoff.after.disposition import LONGEST_NOTE, DispositionError, dispose, dispositions_of
from tests.dialog.story import acme


def disposed(queue="support", **form):
    return dispose(form, acme().playbook, agent="anna", queue=queue)


def test_a_disposition_of_the_queue_is_enough():
    event = disposed(disposition="order_changed")
    assert (event.agent, event.disposition, event.needless, event.wrong) == (
        "anna",
        "order_changed",
        False,
        None,
    )


def test_what_was_needless_or_wrong_and_what_was_meant_feed_learning():
    event = disposed(
        disposition="solved", note=" was late ", needless="on", wrong="intent", intended="refund"
    )
    assert (event.note, event.needless, event.wrong, event.intended) == (
        "was late",
        True,
        "intent",
        "refund",
    )


@pytest.mark.parametrize(
    ("form", "fields"),
    [
        ({}, {"disposition"}),
        ({"disposition": " "}, {"disposition"}),
        ({"disposition": "great"}, {"disposition"}),
        ({"disposition": "solved", "note": "x" * (LONGEST_NOTE + 1)}, {"note"}),
        ({"disposition": "solved", "wrong": "everything"}, {"wrong"}),
        ({"disposition": "solved", "intended": "order_status"}, {"intended"}),
        ({"disposition": "solved", "wrong": "intent", "intended": "no_intent"}, {"intended"}),
        ({"wrong": "everything", "intended": "x"}, {"disposition", "wrong", "intended"}),
    ],
)
def test_what_is_missing_or_unknown_is_named_by_its_field(form, fields):
    with pytest.raises(DispositionError) as caught:
        disposed(**form)
    assert set(caught.value.problems) == fields


def test_a_queue_has_its_own_list_and_the_others_the_built_in_one():
    assert "order_changed" in dispositions_of(acme().playbook, "support")
    assert (
        dispositions_of(acme().playbook, "returns")
        == dispositions_of(acme().playbook, "lost")
        == DISPOSITIONS
    )
    with pytest.raises(DispositionError):
        disposed(queue="returns", disposition="order_changed")
