"""What a playbook author does on the first day: init, check, chat, schema."""

import json
from datetime import date

import pytest
from rich.console import Console
from typer.testing import CliRunner

from authoring.script import Keys, Says, ScriptError, Silent, read_script
from authoring.starter import InitError, write_starter
from cli import app
from dialog.load import load_playbook

runner = CliRunner()


@pytest.fixture
def starter(tmp_path):
    result = runner.invoke(app, ["init", str(tmp_path / "company"), "--brand", "Example Bikes"])
    assert result.exit_code == 0, result.output
    return tmp_path / "company"


def test_a_starter_is_a_playbook_with_the_companys_name(starter):
    playbook = load_playbook(starter)
    assert playbook.head.brand == "Example Bikes"
    assert playbook.flows
    assert playbook.articles


def test_a_folder_that_holds_something_is_not_written_into(starter):
    again = runner.invoke(app, ["init", str(starter)])
    assert again.exit_code != 0
    with pytest.raises(InitError):
        write_starter(starter, Console(quiet=True), date(2026, 11, 25))


@pytest.mark.models
def test_the_starter_passes_the_check(starter):
    result = runner.invoke(app, ["check", str(starter), "--json"])
    assert result.exit_code == 0, result.output


def test_a_broken_rule_is_named_with_file_and_line(starter):
    path = starter / "playbook.yaml"
    path.write_text(path.read_text().replace("person_flow:", "person_flow: nowhere #"))
    result = runner.invoke(app, ["check", str(starter), "--json"])
    assert result.exit_code == 1
    found = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    assert any("nowhere" in json.dumps(one) and "playbook.yaml" in json.dumps(one) for one in found)


@pytest.mark.models
def test_a_scripted_conversation_prints_one_event_a_line(tmp_path):
    script = tmp_path / "script.txt"
    script.write_text("# Maria\nWhere is my order?\n[key 4711]\nNo, thank you.\n")
    given = [
        "chat",
        "--script",
        str(script),
        "--json",
        "--now",
        "2026-11-25T12:00",
        "--caller",
        "+15550142000",
    ]
    result = runner.invoke(app, given)
    assert result.exit_code == 0, result.output
    events = [json.loads(line) for line in result.output.splitlines() if line.startswith("{")]
    names = [event["body"]["name"] for event in events]
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert "turn.keyed" in names
    assert "action.done" in names
    done = next(event["body"] for event in events if event["body"]["name"] == "action.done")
    assert done["data"]["status"] == "shipped"


def test_schemas_are_written_for_every_kind_of_file(tmp_path):
    result = runner.invoke(app, ["schema", "--out", str(tmp_path / "schemas")])
    assert result.exit_code == 0, result.output
    written = {path.name for path in (tmp_path / "schemas").iterdir()}
    assert len(written) >= 8
    for path in (tmp_path / "schemas").iterdir():
        assert json.loads(path.read_text())["type"] == "object"


def test_a_script_is_read_line_by_line():
    deeds = read_script("# nothing\nHello\n[key 12]\n[silence]\n[confidence 0.4] mumble\n")
    assert [type(deed) for deed in deeds] == [Says, Keys, Silent, Says]


def test_a_wrong_directive_names_its_line():
    with pytest.raises(ScriptError, match="2"):
        read_script("Hello\n[confidence high] mumble\n")
