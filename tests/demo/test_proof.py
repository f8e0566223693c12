"""What counts as having heard an order's status."""

import pytest

from demo.proof import Proof


@pytest.mark.parametrize(
    ("status", "text", "held"),
    [
        ("shipped", "Order 4711 has shipped with Parcel Express.", True),
        ("shipped", "Order 471 has ship with parcel express.", True),
        ("shipped", "You can ask about returns, shipping and opening hours.", False),
        ("delivered", "It was deliver on Monday.", True),
        ("cancelled", "The order was cancel.", True),
        ("processing", "Order 4712 is processing.", True),
        ("processing", "Order 4712 has shipped.", False),
        ("unknown", "Order 4712 has shipped.", False),
    ],
)
def test_the_status_itself_must_have_been_heard(status, text, held):
    assert Proof("4711", status, text).held is held
