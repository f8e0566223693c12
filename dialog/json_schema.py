"""JSON Schemas of a playbook's files, for editors, from the models that read them and their docstrings."""

import ast
import inspect
import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, get_args

from pydantic import BaseModel

from dialog.privacy import PrivacyRules
from dialog.schema.actions import ActionsFile
from dialog.schema.articles import Article
from dialog.schema.escalation import EscalationFile
from dialog.schema.flows import FlowsFile
from dialog.schema.identity import IdentityFile
from dialog.schema.intents import IntentsFile
from dialog.schema.playbook import PlaybookFile
from dialog.schema.pronunciation import PronunciationFile
from dialog.schema.queues import QueuesFile

Schema = dict[str, Any]
DIALECT = "https://json-schema.org/draft/2020-12/schema"
FILES: Mapping[str, type[BaseModel]] = {
    "playbook": PlaybookFile,
    "intents": IntentsFile,
    "flows": FlowsFile,
    "actions": ActionsFile,
    "identity": IdentityFile,
    "queues": QueuesFile,
    "escalation": EscalationFile,
    "pronunciation": PronunciationFile,
    "privacy": PrivacyRules,
    "article": Article,
}
"""Each kind of file with its model; `article` is the head of a Markdown article."""


def schemas() -> dict[str, Schema]:
    """One JSON Schema (2020-12) for each kind of file, by the kind's name."""
    return {kind: _schema(model) for kind, model in FILES.items()}


def _schema(model: type[BaseModel]) -> Schema:
    schema: Schema = {"$schema": DIALECT, **model.model_json_schema(by_alias=True, mode="validation")}
    definitions: Schema = schema.get("$defs", {})
    for part in _parts(model):
        described = definitions.get(part.__name__, schema if part is model else None)
        if described is not None:
            _describe(described, part)
    if "Digits" in definitions:
        definitions["Digits"] = _short_digits(definitions["Digits"])
    _close(schema)
    return schema


def _parts(model: type[BaseModel]) -> Iterator[type[BaseModel]]:
    """The model and all models in its fields, each once."""
    seen: set[type[BaseModel]] = set()
    waiting = [model]
    while waiting:
        part = waiting.pop()
        if part in seen:
            continue
        seen.add(part)
        yield part
        for field in part.model_fields.values():
            waiting += _models_in(field.annotation)


def _models_in(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models_in(argument)


def _describe(schema: Schema, model: type[BaseModel]) -> None:
    """Give each property the text that stands below its field."""
    texts = _field_texts(model)
    for name, field in model.model_fields.items():
        described = schema.get("properties", {}).get(field.alias or name)
        if described is not None and name in texts:
            described.setdefault("description", texts[name])


def _field_texts(model: type[BaseModel]) -> dict[str, str]:
    """The string literals below a model's fields and those of the models it comes from."""
    texts: dict[str, str] = {}
    for one in reversed(model.__mro__):
        if _is_written(one):
            (tree,) = ast.parse(textwrap.dedent(inspect.getsource(one))).body
            body = tree.body if isinstance(tree, ast.ClassDef) else []
            texts.update(text for text in map(_text_below, body, body[1:]) if text is not None)
    return texts


def _is_written(model: type) -> bool:
    """Whether a class stands in a file of ours: pydantic makes `RootModel[...]` itself."""
    ours = issubclass(model, BaseModel) and not model.__module__.startswith("pydantic")
    return ours and "[" not in model.__name__


def _text_below(field: ast.stmt, below: ast.stmt) -> tuple[str, str] | None:
    match field, below:
        case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
            return name, inspect.cleandoc(text)
    return None


def _short_digits(schema: Schema) -> Schema:
    """A number of digits may also be written as that number."""
    exact = {"type": "integer", "minimum": 1, "maximum": 20}
    return {"description": schema.get("description", ""), "anyOf": [exact, schema]}


def _close(schema: object) -> None:
    """A key that breaks the rule for keys is wrong, and not just anything."""
    if isinstance(schema, dict):
        if "patternProperties" in schema:
            schema.setdefault("additionalProperties", False)
        for part in schema.values():
            _close(part)
    elif isinstance(schema, list):
        for part in schema:
            _close(part)
