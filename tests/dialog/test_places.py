"""Which flows wait while another one runs, and what they keep."""

import pytest

from actions.types import ActionRequest
from dialog.draft import Draft, changed
from dialog.places import MOST_WAITERS, Places
from dialog.types import TakeBack
from tests.dialog.story import CALLER, NOON, acme

PLACES = Places(acme().playbook)
LABEL = TakeBack(
    request=ActionRequest(action="shop.cancel_return", key="CA1:undo"), done="shop.create_return:f"
)
WISHES = ("order_status", "cancel_order", "return_item", "invoice_copy", "refund")


def begun(flow):
    return PLACES.begin(acme().start("CA1", CALLER, NOON), flow)


def test_a_flow_that_is_interrupted_keeps_what_could_be_taken_back():
    interrupted = PLACES.interrupted(changed(begun("refund"), undo=(LABEL,)), "order_status")
    other = PLACES.begin(interrupted, "order_status")
    assert other.undo == (), "that is the other flow's business"
    back = PLACES.go(Draft(other), "end").state
    assert (back.flow, back.undo) == ("refund", (LABEL,))


def test_so_does_one_that_waits_to_know_who_calls():
    waiting = PLACES.waiting_for_identity(changed(begun("refund"), undo=(LABEL,)), "identify", {})
    back = PLACES.go(Draft(PLACES.begin(waiting, "identify")), "end").state
    assert (back.flow, back.undo) == ("refund", (LABEL,))


def wandering(*flows):
    """A caller who wants one thing after another, each in the middle of the one before."""
    state = begun(flows[0])
    for flow in flows[1:]:
        state = PLACES.begin(PLACES.interrupted(state, flow), flow)
    return state


def test_more_wishes_than_anybody_remembers_are_let_go():
    stack = wandering(*WISHES).stack
    assert [one.flow for one in stack] == ["invoice_copy", "return_item", "cancel_order"]
    assert len(stack) == MOST_WAITERS


@pytest.mark.parametrize("at", range(1, 4))
def test_a_check_of_who_calls_is_no_wish(at):
    flows = list(WISHES[:4])
    state = begun(flows[0])
    for number, flow in enumerate(flows[1:], start=1):
        if number == at:
            state = PLACES.begin(PLACES.waiting_for_identity(state, "identify", {}), "identify")
        state = PLACES.begin(PLACES.interrupted(state, flow), flow)
    waiting = [one.flow for one in state.stack if one.flow != "identify"]
    assert waiting == ["return_item", "cancel_order", "order_status"], "none of the three is lost"


def test_a_check_that_nobody_waits_for_any_more_is_let_go_with_its_flow():
    state = begun("order_status")
    state = PLACES.begin(PLACES.waiting_for_identity(state, "identify", {}), "identify")
    for flow in WISHES[1:]:
        state = PLACES.begin(PLACES.interrupted(state, flow), flow)
    assert [one.flow for one in state.stack] == ["invoice_copy", "return_item", "cancel_order"]


def test_a_check_that_begins_anew_does_not_wait_for_itself():
    state = PLACES.begin(PLACES.waiting_for_identity(begun("cancel_order"), "identify", {}), "identify")
    state = PLACES.begin(PLACES.interrupted(state, "return_item"), "return_item")
    state = PLACES.begin(PLACES.waiting_for_identity(state, "identify", {}), "identify")
    assert [(one.flow, one.quiet) for one in state.stack] == [("return_item", True), ("cancel_order", False)]
