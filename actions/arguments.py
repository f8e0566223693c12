"""Checks arguments against what an action declares."""

from collections.abc import Mapping, Sequence
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import SchemaError
from pydantic import JsonValue

from actions.errors import ActionError
from actions.types import Failure

TRUE, FALSE = "true", "false"


def check_arguments(
    schemas: Mapping[str, Any],
    required: Sequence[str] | None,
    given: Mapping[str, JsonValue],
    definitions: Mapping[str, Any] | None = None,
) -> dict[str, JsonValue]:
    """The arguments with their declared types: playbook templates give text, so `"25.50"` is a number where one is
    declared. Optional ones that are None or empty are left out.

    `definitions` stand beside the schemas, for their references.

    Raises:
        ActionError: INVALID, naming the argument and the rule, never the value.
    """
    needed = set(schemas) if required is None else set(required)
    values = {
        name: typed(schemas.get(name, {}), value)
        for name, value in given.items()
        if name in needed or value not in (None, "")
    }
    schema = {
        **(definitions or {}),
        "type": "object",
        "properties": dict(schemas),
        "required": sorted(needed),
        "additionalProperties": False,
    }
    for error in Draft202012Validator(schema, format_checker=FormatChecker()).iter_errors(values):
        place = ".".join(str(part) for part in error.absolute_path) or "the arguments"
        raise ActionError(Failure.INVALID, f"{place}: breaks the rule {error.validator}")
    return values


def check_schema(schema: Mapping[str, Any]) -> str | None:
    """What is wrong with a JSON Schema; None when nothing is."""
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)
    return None


def typed(schema: object, value: JsonValue) -> JsonValue:
    """Text as the number or truth value that the schema asks for, where it reads as one."""
    if not isinstance(schema, Mapping) or not isinstance(value, str):
        return value
    match schema.get("type"):
        case "integer" if value.strip().lstrip("-").isdecimal():
            return int(value)
        case "number":
            return _number(value)
        case "boolean" if value.lower() in {TRUE, FALSE}:
            return value.lower() == TRUE
        case _:
            return value


def _number(text: str) -> JsonValue:
    try:
        number = float(text)
    except ValueError:
        return text
    # Neither is JSON, and no amount.
    return number if number - number == 0 else text
