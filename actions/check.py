"""Finds what is wrong with a playbook's actions before any call does."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from actions.arguments import check_schema
from actions.authority import CUSTOMER
from actions.errors import UnknownActionError
from actions.http import UnsafeAddressError, check_address, failure_problems, http_problems
from actions.openapi import openapi_problems
from actions.registry import Registry
from actions.spec import ActionSpec, HttpAction, McpAction, OpenApiAction, PythonAction
from actions.templates import variables


def check(
    specs: Mapping[str, ActionSpec],
    registry: Registry,
    *,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> list[str]:
    """The problems of declared actions, each `name: what is wrong`. No server is asked.

    Args:
        specs: What is declared.
        registry: The Python actions of this process.
        folder: The playbook's, for documents beside it; without it, they are not read.
        environment: Where `${NAME}` comes from; without it, this process's.
    """
    known = os.environ if environment is None else environment
    return [
        f"{name}: {problem}"
        for name, spec in specs.items()
        for problem in _problems(name, spec, specs, registry, folder, known)
    ]


def _problems(
    name: str,
    spec: ActionSpec,
    specs: Mapping[str, ActionSpec],
    registry: Registry,
    folder: Path | None,
    environment: Mapping[str, str],
) -> Iterator[str]:
    yield from _schema_problems(spec)
    yield from _lookup_problems(spec, specs)
    if spec.limits.per_day is not None and spec.identity == 0 and CUSTOMER not in spec.arguments:
        yield "per_day counts for a customer: it needs an identity level"
    match spec.run:
        case PythonAction():
            yield from _python_problems(name, spec, registry)
        case HttpAction() as run:
            yield from http_problems(run, spec.arguments)
            yield from _missing((run.url, *run.headers.values()), environment)
            yield from _limit_problems(spec, frozenset(spec.arguments))
        case OpenApiAction() as run:
            yield from openapi_problems(run, folder)
            yield from failure_problems(run.failures)
            yield from _missing((run.server or "", *run.headers.values()), environment)
        case McpAction() as run:
            yield from _address_problems(run.url)
            yield from _missing((run.url or "", *run.headers.values()), environment)


def _python_problems(name: str, spec: ActionSpec, registry: Registry) -> Iterator[str]:
    try:
        action = registry.action(name)
    except UnknownActionError as error:
        yield str(error)
        return
    fields = action.arguments.model_fields
    if action.reads is not spec.reads:
        yield f"is declared as one that {spec.effect.value}, but its function {'reads' if action.reads else 'writes'}"
    for argument in spec.arguments:
        if argument not in fields:
            yield f"arguments: its function has no {argument}"
    for argument in spec.required or ():
        if argument not in fields:
            yield f"required: its function has no {argument}"
    yield from _limit_problems(spec, frozenset(fields))


def _limit_problems(spec: ActionSpec, arguments: frozenset[str]) -> Iterator[str]:
    if spec.limits.amount is not None and spec.limits.amount not in arguments:
        yield f"limits: {spec.limits.amount} is not among its arguments"


def _schema_problems(spec: ActionSpec) -> Iterator[str]:
    for argument, schema in spec.arguments.items():
        wrong = "must be an object" if not isinstance(schema, dict) else check_schema(schema)
        if wrong is not None:
            yield f"arguments: {argument} is no JSON Schema: {wrong}"
    if spec.arguments:
        for argument in spec.required or ():
            if argument not in spec.arguments and not isinstance(spec.run, PythonAction | OpenApiAction):
                yield f"required: {argument} is not among its arguments"


def _lookup_problems(spec: ActionSpec, specs: Mapping[str, ActionSpec]) -> Iterator[str]:
    if spec.lookup is None:
        return
    found = specs.get(spec.lookup)
    if found is None:
        yield f"lookup: there is no action {spec.lookup}"
    elif not found.reads:
        yield f"lookup: {spec.lookup} must be one that reads"


def _address_problems(url: str | None) -> Iterator[str]:
    if url is None or url.startswith("${"):
        return
    try:
        check_address(url)
    except UnsafeAddressError as error:
        yield f"url: {error}"


def _missing(texts: tuple[str, ...], environment: Mapping[str, str]) -> Iterator[str]:
    for variable in dict.fromkeys(name for text in texts for name in variables(text)):
        if not environment.get(variable):
            yield f"the environment has no {variable}"
