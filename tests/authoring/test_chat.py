"""What chat shows is what a call does: the same recognition of customers, and the language model of the settings."""

import io
import json
from pathlib import Path

import pytest
from rich.console import Console

from authoring.chat import ChatOptions, run_chat
from tests.dialog.language_model.endpoint import answer, served

PLAYBOOKS = Path(__file__).parents[2] / "playbooks"
ELSEWHERE = "+15550149999"
"""A number that the shop does not know."""


@pytest.fixture
def chat(tmp_path, monkeypatch):
    """Runs a script; returns the bodies of its events."""
    monkeypatch.chdir(tmp_path)

    def run(playbook, *lines, caller=ELSEWHERE):
        script = tmp_path / "script.txt"
        script.write_text("\n".join(lines), "utf-8")
        told = Console(file=io.StringIO(), width=10_000)
        options = ChatOptions(PLAYBOOKS / playbook, caller, script, json_lines=True, now="2026-11-25T12:00")
        run_chat(options, None, told, Console(quiet=True))
        return [json.loads(line)["body"] for line in told.file.getvalue().splitlines()]

    return run


def named(bodies, name):
    return [body for body in bodies if body["name"] == name]


def test_a_customer_is_recognised_by_a_name_that_was_not_heard_exactly(chat):
    bodies = chat("acme", "I forgot my password", "[key 10115]", "Maria Sylva")
    assert [body["action"] for body in named(bodies, "action.failed")] == ["shop.identify"], (
        "the number alone"
    )
    (found,) = named(bodies, "action.done")
    assert found["action"] == "shop.identify"
    assert found["data"]["customer"] == "1"
    assert named(bodies, "turn.planned")[-1]["state"]["identity"]["level"] == 1


def test_a_stranger_stays_one(chat):
    bodies = chat("acme", "I forgot my password", "[key 10115]", "Gregory Blofeld")
    assert named(bodies, "action.done") == []
    assert named(bodies, "turn.planned")[-1]["state"]["identity"]["level"] == 0


def test_the_language_model_of_the_settings_is_asked(chat, monkeypatch):
    with served() as endpoint:
        endpoint.content = answer([{"kind": "start_flow", "flow": "delivery"}])
        endpoint.beside = {"usage": {"prompt_tokens": 700, "completion_tokens": 30}}
        monkeypatch.setenv("WARMLINE_MODEL_URL", endpoint.url)
        monkeypatch.setenv("WARMLINE_MODEL_NAME", "local")
        bodies = chat("starter", "flumox the grandiloquent gizmo")
    assert len(endpoint.asked) == 1
    assert endpoint.asked[0]["model"] == "local"
    planned = named(bodies, "turn.planned")[-1]
    assert (planned["proposed"], planned["state"]["flow"]) == ("proposed", "delivery")
    (asked,) = named(bodies, "model.asked")
    assert (asked["model"], asked["outcome"], asked["turn"]) == ("local", "proposed", planned["turn"])
    assert (asked["tokens_in"], asked["tokens_out"]) == (700, 30)


def test_without_one_none_is_asked(chat):
    planned = named(chat("starter", "flumox the grandiloquent gizmo"), "turn.planned")[-1]
    assert (planned["proposed"], planned["state"]["flow"]) == (None, None)
