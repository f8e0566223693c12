"""What is wrong with a playbook's actions is told before any call."""

import pytest

from actions.check import check
from actions.spec import ActionSpec
from tests.actions.system import WRITES

URL = "https://shop.example.com"


def http(**more):
    return {"kind": "http", "url": URL, **more}


def problems(registry, spec, folder=None, name="shop.x", **others):
    specs = {name: ActionSpec.model_validate(spec), **others}
    return check(specs, registry, folder=folder, environment={"SET": "x", "EMPTY": ""})


def test_the_shops_actions_as_they_are_have_none(registry):
    specs = {
        f"shop.{name}": ActionSpec(effect="writes", lookup="shop.write_outcome", identity=1)
        for name in WRITES
    }
    specs["shop.write_outcome"] = ActionSpec(effect="reads")
    assert check(specs, registry) == []


@pytest.mark.parametrize(
    ("spec", "rule"),
    [
        ({"effect": "reads"}, "there is no action shop.x"),
        ({"effect": "writes", "run": http(), "lookup": "shop.y"}, "there is no action shop.y"),
        ({"effect": "writes", "run": http(), "lookup": "shop.x"}, "must be one that reads"),
        (
            {"effect": "reads", "run": http(url="http://shop.example.com")},
            "https unless it is on this machine",
        ),
        ({"effect": "reads", "run": http(url="ftp://x")}, "http"),
        ({"effect": "reads", "run": http(url=f"{URL}/{{order}}")}, "{order} is not among its arguments"),
        ({"effect": "writes", "run": http(body={"a": ["{b}"]})}, "{b} is not among its arguments"),
        ({"effect": "reads", "run": http(url="https://{host}.example.com")}, "cannot name the host"),
        ({"effect": "reads", "run": http(query={"key": "${SET}"})}, "only in url and headers"),
        ({"effect": "reads", "run": http(headers={"A": "${EMPTY} ${NONE}"})}, "the environment has no EMPTY"),
        ({"effect": "reads", "run": http(headers={"A": "${EMPTY} ${NONE}"})}, "the environment has no NONE"),
        ({"effect": "reads", "run": http(failures={"404": "gone"})}, "gone is no failure"),
        ({"effect": "reads", "run": http(), "arguments": {"a": {"type": "word"}}}, "no JSON Schema"),
        ({"effect": "reads", "run": http(), "arguments": {"a": {}}, "required": ["b"]}, "b is not among"),
        ({"effect": "writes", "run": http(), "limits": {"amount": "sum", "most": 1}}, "sum is not among"),
        ({"effect": "writes", "run": http(), "limits": {"per_day": 1}}, "needs an identity level"),
        ({"effect": "reads", "run": {"kind": "mcp", "url": "http://x.example.com", "tool": "t"}}, "https"),
        (
            {"effect": "reads", "run": {"kind": "openapi", "document": "no.yaml", "operation": "o"}},
            "cannot be read",
        ),
    ],
)
def test_a_wrong_declaration_is_named_with_its_rule(registry, tmp_path, spec, rule):
    found = problems(registry, spec, tmp_path)
    assert any(rule in problem for problem in found), found
    assert all(problem.startswith("shop.x: ") for problem in found)


@pytest.mark.parametrize(
    ("spec", "rule"),
    [
        ({"effect": "reads"}, "but its function writes"),
        ({"effect": "writes", "arguments": {"colour": {}}}, "its function has no colour"),
        ({"effect": "writes", "limits": {"amount": "sum", "most": 1}}, "sum is not among"),
    ],
)
def test_a_function_must_be_as_it_is_declared(registry, spec, rule):
    found = problems(registry, spec, name="shop.give_credit")
    assert len(found) == 1
    assert rule in found[0]


def test_a_secret_that_is_set_is_no_problem(registry):
    spec = {"effect": "reads", "run": http(url=f"{URL}/${{SET}}", headers={"A": "${SET}"})}
    assert problems(registry, spec) == []
