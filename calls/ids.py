"""What a call may be called: its id ends up in file names, URLs and database keys."""

import re

CALL_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class InvalidCallIdError(ValueError):
    """A call id breaks the rule: 1 to 64 of `A-Z a-z 0-9 _ -`. The text does not repeat the id."""

    def __init__(self) -> None:
        super().__init__("call_id must be 1 to 64 of the characters A-Z a-z 0-9 _ -")


def check_call_id(call_id: str) -> str:
    """Return `call_id` when it obeys the rule.

    Raises:
        InvalidCallIdError: it does not.
    """
    if not CALL_ID.fullmatch(call_id):
        raise InvalidCallIdError
    return call_id
