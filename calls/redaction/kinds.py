"""What can be redacted, by kind."""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import JsonValue


class Kind(StrEnum):
    """A kind of data. Names never change meaning."""

    CARD_NUMBER = "card_number"
    CARD_CODE = "card_code"
    """The three or four digits on a card that prove it is at hand."""
    CARD_EXPIRY = "card_expiry"
    CODE = "code"
    """One-time codes, PINs and passwords."""
    BANK_ACCOUNT = "bank_account"
    """IBANs; sort codes and account numbers."""
    TAX_ID = "tax_id"
    """Social security, national insurance and tax numbers."""
    EMAIL = "email"
    PHONE = "phone"
    POSTCODE = "postcode"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    NAME = "name"
    """Of people, where the dialog knows them."""


ALWAYS = frozenset({Kind.CARD_NUMBER, Kind.CARD_CODE, Kind.CARD_EXPIRY, Kind.CODE, Kind.BANK_ACCOUNT})
"""What is redacted where nothing else is said."""
EVERYTHING = frozenset(Kind)


def marker(kind: Kind) -> str:
    """What stands in a text in place of the data: `[card number]`."""
    return f"[{kind.value.replace('_', ' ')}]"


def holds_marker(value: JsonValue) -> bool:
    """Whether a marker stands anywhere in a value: it tells that something was there, and is no value itself."""
    match value:
        case str():
            return any(marker(kind) in value for kind in Kind)
        case list():
            return any(holds_marker(one) for one in value)
        case dict():
            return any(holds_marker(one) for one in value.values())
    return False


def kinds_of(names: Iterable[str]) -> frozenset[Kind]:
    """The kinds of these names.

    Raises:
        ValueError: one of them is none.
    """
    return frozenset(Kind(name) for name in names)
