"""The kinds of value that a question can ask for."""

from enum import StrEnum


class SlotKind(StrEnum):
    """Names never change meaning. The canonical form of a value is what a slot holds and an action gets."""

    DIGITS = "digits"
    """`4711`."""
    YES_NO = "yes_no"
    CHOICE = "choice"
    """One of the question's own values."""
    CODE = "code"
    """Letters and digits, upper case, without separators: `AB1234`."""
    NAME = "name"
    """`Maria Silva`."""
    EMAIL = "email"
    """`maria.silva@example.com`, lower case."""
    PHONE = "phone"
    """Digits, with a leading + where a country code was said: `+4930123456`."""
    POSTCODE = "postcode"
    """Upper case, British ones with their space: `SW1A 1AA`, `10115`."""
    DATE = "date"
    """ISO: `2026-11-25`."""
    TIME = "time"
    """`14:30`."""
    MONEY = "money"
    """Units and cents, no currency: `49.90`."""
    QUANTITY = "quantity"
    """A whole number: `2`."""
    TEXT = "text"
    """Anything, as it was said; no full stop behind it."""
