"""In a call that is really had, the company's systems know what its script asks, and nothing else."""

from datetime import UTC, datetime

from actions.spec import ActionSpec
from actions.types import ActionRequest, Authority, Failure
from calls.events import ActionDone, ActionRequested
from qa.seed.course import Timed, as_events
from qa.seed.shop_of_one_call import ShopOfOneCall
from qa.virtual.costs import Spent
from qa.virtual.loop import run_virtually

SPECS = {
    "shop.order_status": ActionSpec.model_validate({"effect": "reads"}),
    "shop.identify": ActionSpec.model_validate({"effect": "reads", "grants": 1}),
    "shop.cancel": ActionSpec.model_validate({"effect": "writes", "confirm": "never"}),
}


class Acme:
    """As much of a playbook as there is to it."""

    actions = SPECS


def shop(*played):
    bodies = []
    for number, (action, arguments, data) in enumerate(played):
        key = f"CA1:{number}"
        bodies.append(ActionRequested(turn=1, action=action, key=key, arguments=arguments))
        bodies.append(ActionDone(turn=1, action=action, key=key, data=data, duration_s=0.4))
    events = as_events([Timed(0.0, body) for body in bodies], "CA1", datetime(2026, 1, 5, tzinfo=UTC))
    return ShopOfOneCall(events, Acme())


def ask(systems, action, key, **arguments):
    request = ActionRequest(action=action, key=key, arguments=arguments, authority=Authority())
    return run_virtually(systems.run(request), Spent())


def test_what_the_script_asks_is_answered_as_it_was():
    systems = shop(("shop.order_status", {"order_number": "4711"}, {"status": "shipped"}))
    found = ask(systems, "shop.order_status", "k1", order_number="4711")
    assert (found.data, found.duration_s) == ({"status": "shipped"}, 0.4)


def test_a_number_that_was_misheard_is_nobodys_order():
    systems = shop(("shop.order_status", {"order_number": "4711"}, {"status": "shipped"}))
    found = ask(systems, "shop.order_status", "k1", order_number="4701")
    assert (found.failure, found.data) == (Failure.NOT_FOUND, {})


def test_a_change_that_the_script_does_not_make_is_not_made():
    assert ask(shop(), "shop.cancel", "k1", order_number="4711").failure is Failure.UNAVAILABLE


def test_who_it_is_is_found_by_what_sounds_like_them():
    ana, tom = {"customer": "1"}, {"customer": "2"}
    systems = shop(("shop.identify", {"name": "Ana"}, ana), ("shop.identify", {"name": "Tom"}, tom))
    found = [ask(systems, "shop.identify", f"k{number}", name="Anna").data for number in range(3)]
    assert found == [ana, tom, tom], "each question gets the next answer, and then the last one"
