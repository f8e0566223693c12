"""Fills addresses and bodies with arguments, and names from the environment. Nothing but plain names in braces."""

import re
from collections.abc import Iterator, Mapping
from urllib.parse import quote

from pydantic import JsonValue

from actions.errors import ActionError
from actions.types import Failure

PLACE = re.compile(r"(?<!\$)\{([a-zA-Z_][a-zA-Z0-9_]*)\}")
VARIABLE = re.compile(r"\$\{([a-zA-Z_][a-zA-Z0-9_]*)\}")


class MissingVariableError(ActionError):
    """The environment lacks a variable that an action needs."""

    def __init__(self, name: str) -> None:
        super().__init__(Failure.BROKEN, f"the environment has no {name}")
        self.name = name


def variables(text: str) -> list[str]:
    """The names in `${…}`."""
    return VARIABLE.findall(text)


def places(value: JsonValue) -> Iterator[str]:
    """The names in braces, anywhere in a JSON value."""
    if isinstance(value, str):
        yield from PLACE.findall(value)
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from places(part)
    elif isinstance(value, list):
        for part in value:
            yield from places(part)


def with_environment(text: str, environment: Mapping[str, str]) -> str:
    """`text` with every `${NAME}` replaced.

    Raises:
        MissingVariableError: one is not set, or empty.
    """

    def value(match: re.Match[str]) -> str:
        found = environment.get(match[1])
        if not found:
            raise MissingVariableError(match[1])
        return found

    return VARIABLE.sub(value, text)


def fill_url(template: str, arguments: Mapping[str, JsonValue]) -> str:
    """`template` with arguments, percent-encoded: none of them can leave its place in the address.

    Raises:
        ActionError: INVALID, where a value is missing, empty, or one of `.` and `..`.
    """

    def value(match: re.Match[str]) -> str:
        text = plain(arguments.get(match[1]))
        if text in {"", ".", ".."}:
            raise ActionError(Failure.INVALID, f"{match[1]} cannot stand in an address")
        return quote(text, safe="")

    return PLACE.sub(value, template)


def fill(value: JsonValue, arguments: Mapping[str, JsonValue]) -> JsonValue:
    """A JSON value with arguments. A string that is only a place takes the argument as it is, whatever its type.

    Entries of an object and of a list whose argument was not given are left out.
    """
    if isinstance(value, str):
        return _fill_text(value, arguments)
    if isinstance(value, Mapping):
        return {name: fill(part, arguments) for name, part in value.items() if not _absent(part, arguments)}
    if isinstance(value, list):
        return [fill(part, arguments) for part in value if not _absent(part, arguments)]
    return value


def plain(value: JsonValue) -> str:
    """A value as text in an address: true and false as JSON writes them, None as nothing.

    Raises:
        ActionError: INVALID, for a list or an object.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | dict):
        raise ActionError(Failure.INVALID, "a list or an object cannot stand in a text")
    return str(value)


def pick(data: JsonValue, place: str) -> JsonValue:
    """What stands at a dotted place of a JSON value, list positions as numbers.

    Raises:
        LookupError: there is nothing.
    """
    for part in place.split("."):
        if isinstance(data, dict) and part in data:
            data = data[part]
        elif isinstance(data, list) and part.isdigit() and int(part) < len(data):
            data = data[int(part)]
        else:
            raise LookupError(f"there is no {place}")
    return data


def _absent(value: JsonValue, arguments: Mapping[str, JsonValue]) -> bool:
    if not isinstance(value, str):
        return False
    whole = PLACE.fullmatch(value)
    return whole is not None and arguments.get(whole[1]) is None


def _fill_text(text: str, arguments: Mapping[str, JsonValue]) -> JsonValue:
    whole = PLACE.fullmatch(text)
    if whole is not None:
        return arguments.get(whole[1])
    return PLACE.sub(lambda match: plain(arguments.get(match[1])), text)
