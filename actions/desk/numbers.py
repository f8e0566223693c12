"""Which telephone numbers may be called back."""

import phonenumbers
from phonenumbers import PhoneNumberFormat, PhoneNumberType

COSTLY = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})


class NumberError(ValueError):
    """A number that is not called. `reason` is a stable code: `invalid_number` or `costly_number`."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


def dialable(phone: str, region: str | None) -> str:
    """A number in E.164.

    Possible is enough: numbering plans grow faster than lists of them. `region` is the country of numbers without a
    country code, such as `DE`; without it, those are refused.

    Raises:
        NumberError: no country has such a number, or whoever is called there earns by it.
    """
    try:
        parsed = phonenumbers.parse(phone, region)
    except phonenumbers.NumberParseException:
        raise NumberError(
            "invalid_number", "it is not a telephone number, or lacks its country code"
        ) from None
    if not phonenumbers.is_possible_number(parsed) or phonenumbers.is_valid_short_number(parsed):
        raise NumberError(
            "invalid_number", "no telephone has that number: it is too short, too long, or a service's"
        )
    if phonenumbers.number_type(parsed) in COSTLY:
        raise NumberError("costly_number", "calls to it are charged by whoever is called")
    return phonenumbers.format_number(parsed, PhoneNumberFormat.E164)
