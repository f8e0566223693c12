"""The JSON Schemas that editors get: what we ship is valid by them, and what is wrong is found."""

import json
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from dialog.json_schema import FILES, schemas
from dialog.source import read_article, read_yaml

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
SCHEMAS = schemas()


def kind_of(path):
    if path.suffix == ".md":
        return "article"
    return "flows" if path.parent.name == "flows" else path.stem


def shipped():
    for name in ("acme", "starter"):
        folder = PLAYBOOKS / name
        yield from sorted(
            [*folder.glob("*.yaml"), *folder.glob("flows/*.yaml"), *folder.glob("knowledge/*.md")]
        )


def as_json(data):
    """As an editor sees YAML: dates are texts, and so are keys."""
    return json.loads(json.dumps(data, default=str))


def problems(kind, text):
    return list(Draft202012Validator(SCHEMAS[kind]).iter_errors(as_json(yaml.safe_load(text))))


@pytest.mark.parametrize("path", list(shipped()), ids=lambda path: f"{path.parent.name}/{path.name}")
def test_every_file_that_we_ship_is_valid(path):
    source = read_article(path)[0] if path.suffix == ".md" else read_yaml(path)
    errors = Draft202012Validator(SCHEMAS[kind_of(path)]).iter_errors(as_json(source.data))
    assert [f"{error.json_path}: {error.message}" for error in errors] == []


@pytest.mark.parametrize("kind", FILES)
def test_every_schema_is_one(kind):
    Draft202012Validator.check_schema(SCHEMAS[kind])
    assert SCHEMAS[kind]["description"]


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("flows", "f: {title: a, steps: {one: {sey: hello}}}"),
        ("flows", "Wrong-Name: {title: a, steps: {one: {say: hello}}}"),
        ("flows", "f: {title: a}"),
        ("intents", "hello: {say: Hello., examples: [only one]}"),
        ("queues", "timezone: 5"),
        ("actions", "a.b: {effect: deletes}"),
        ("article", "{title: A, spoken: B, owner: me, updated: 2026-01-01, questions: [one]}"),
    ],
)
def test_what_is_wrong_is_found(kind, text):
    assert problems(kind, text)


def test_a_number_of_digits_may_be_written_in_short():
    ask = (
        "f: {{title: a, steps: {{one: {{ask: {{slot: s, digits: {}, say: a, retry: [b], silence: [c]}}}}}}}}"
    )
    assert not problems("flows", ask.format("4"))
    assert not problems("flows", ask.format("{from: 5, to: 15}"))
    assert problems("flows", ask.format("400"))


def test_fields_are_described_by_what_stands_below_them():
    steps = SCHEMAS["flows"]["$defs"]
    assert "identified" in steps["Step"]["properties"]["identify"]["description"]
    assert SCHEMAS["actions"]["$defs"]["ActionSpec"]["properties"]["identity"]["description"]
    assert steps["Act"]["properties"]["with"], "named as in the file"
