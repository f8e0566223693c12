"""What the shop allows. Pure; amounts in cents."""

from dataclasses import dataclass
from datetime import date, timedelta

from actions.shop.seed import OrderStatus

RETURN_DAYS = 30
MOST_CREDIT = 5000
"""Of one credit."""


class ShopRefusalError(Exception):
    """The shop does not do that. `reason` is a stable code."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class NotThereError(LookupError):
    """The shop has nothing like that, or not for this customer, which it does not tell apart."""


@dataclass(frozen=True)
class Order:
    """An order as the shop knows it."""

    number: str
    customer: str
    item: str
    items: tuple[tuple[str, int], ...]
    status: OrderStatus
    ordered_on: date
    expected_on: date | None
    """For a delivered order, the day on which it came."""
    carrier: str | None
    price: int
    paid_by: str
    refunded: int
    return_number: str | None


def check_cancel(order: Order) -> None:
    """An order can be cancelled until the carrier has it.

    Raises:
        ShopRefusalError: already_cancelled, already_shipped.
    """
    if order.status is OrderStatus.CANCELLED:
        raise ShopRefusalError("already_cancelled", "the order was cancelled before")
    if order.status not in {OrderStatus.PROCESSING, OrderStatus.PACKED}:
        raise ShopRefusalError("already_shipped", "the carrier has the order")


def check_return(order: Order, today: date) -> None:
    """A delivered order can be sent back for 30 days, once.

    Raises:
        ShopRefusalError: not_delivered, too_late, already_returned.
    """
    _check_delivered_lately(order, today)
    if order.return_number is not None:
        raise ShopRefusalError("already_returned", "there is a return for the order")


def check_cancel_return(order: Order) -> None:
    """A return can be taken back as long as it stands.

    Raises:
        ShopRefusalError: no_return.
    """
    if order.return_number is None:
        raise ShopRefusalError("no_return", "there is no return for the order")


def check_refund(order: Order, amount: int, today: date) -> None:
    """A delivered order is refunded for 30 days, up to its price.

    Raises:
        ShopRefusalError: not_delivered, too_late, already_refunded, more_than_paid.
    """
    _check_delivered_lately(order, today)
    if order.refunded >= order.price:
        raise ShopRefusalError("already_refunded", "the order's whole price was refunded")
    if amount <= 0 or amount > order.price - order.refunded:
        raise ShopRefusalError("more_than_paid", "the amount is not within what was paid for the order")


def check_credit(amount: int) -> None:
    """A credit is between a cent and fifty.

    Raises:
        ShopRefusalError: too_much.
    """
    if not 0 < amount <= MOST_CREDIT:
        raise ShopRefusalError("too_much", f"a credit is at most {MOST_CREDIT / 100:.2f}")


def _check_delivered_lately(order: Order, today: date) -> None:
    if order.status is not OrderStatus.DELIVERED or order.expected_on is None:
        raise ShopRefusalError("not_delivered", "the order was not delivered")
    if today - order.expected_on > timedelta(days=RETURN_DAYS):
        raise ShopRefusalError("too_late", f"the order came more than {RETURN_DAYS} days ago")
