"""Scenarios: a call that must go as it is written down."""

import json
from xml.etree import ElementTree as ET

import pytest
import yaml
from rich.console import Console

from actions.spec import ActionSpec
from authoring.script import ScriptError
from calls.events import (
    ActionDone,
    ActionRequested,
    CallStarted,
    StreamStarted,
    TurnHeard,
    TurnKeyed,
    TurnPlanned,
)
from calls.wav import StereoWav
from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from qa.rerun.saving import SavingError, save_heard, scenario_of
from qa.rerun.scenario import Scenario, ScenarioError, as_yaml, read_scenarios
from qa.rerun.testing import Result, read_call, read_faults, write_junit
from settings import HOME
from tests.qa.rerun.test_difference import events
from thinking import Thinking

STARTER = HOME / "playbooks" / "starter"


@pytest.fixture(scope="module")
def thinking():
    playbook = load_playbook(STARTER)
    return Thinking(Dialog(playbook, word_minds(playbook)))


def scenario(*turns, **more):
    return Scenario.model_validate({"scenario": "s", "turns": turns, **more})


def example(thinking):
    """An intent of the starter playbook with one of its own examples."""
    return next(
        (name, one.examples[0]) for name, one in thinking.dialog.playbook.intents.items() if one.examples
    )


def test_a_call_that_goes_as_written_passes(thinking):
    intent, said = example(thinking)
    assert read_faults(scenario({"caller": said, "expect": {"intent": intent}}), thinking) == ()


def test_each_thing_that_is_not_as_written_is_told(thinking):
    intent, said = example(thinking)
    wrong = {"intent": "refund_of_the_moon", "said": ["never said by anybody"], "actions": ["moon.refund"]}
    faults = read_faults(scenario({"caller": said, "expect": wrong}), thinking)
    assert f"turn 1: intent: expected refund_of_the_moon, got {intent}" in faults
    assert len(faults) == 3


def test_only_what_is_written_is_looked_at(thinking):
    assert read_faults(scenario({"caller": "blah blah blah"}, {"caller": "[silence]"}), thinking) == ()


def test_a_turn_that_never_comes_is_a_fault_and_no_pass(thinking):
    goodbye = next(
        one.examples[0] for name, one in thinking.dialog.playbook.intents.items() if name == "goodbye"
    )
    turns = ({"caller": goodbye}, {"caller": "hello", "expect": {"intent": "x"}}, {"caller": "hi"})
    faults = read_faults(scenario(*turns), thinking)
    assert any("turn 2" in fault for fault in faults)


def test_a_fault_in_a_file_names_file_and_field(tmp_path):
    (tmp_path / "one.yaml").write_text("scenario: a\nturns: [{caller: hi, expct: {}}]\n")
    (tmp_path / "two.yaml").write_text("scenario: b\nturns: [{caller: '[dance]'}]\n")
    with pytest.raises(ScenarioError) as caught:
        read_scenarios(tmp_path)
    assert "one.yaml: turns.0.expct" in str(caught.value)
    assert "two.yaml" in str(caught.value)


def test_an_empty_folder_is_no_pass(tmp_path):
    with pytest.raises(ScenarioError):
        read_scenarios(tmp_path)


def test_who_must_key_a_code_that_nobody_sent_cannot_be_played():
    with pytest.raises(ScriptError):
        scenario({"caller": "[code]"}).deeds()


SPECS = {
    "shop.status": ActionSpec.model_validate({"effect": "reads", "personal": ["order"]}),
}


def record():
    return events(
        CallStarted(caller="+15551234567", playbook="acme"),
        TurnHeard(turn=1, text="Where is order 4711", confidence=0.8, start_s=1.0, end_s=2.0),
        TurnPlanned(
            turn=1,
            moment="hearing",
            intent="order_status",
            entities={"full_name": "Maria Lopez"},
            then="await_actions",
            expect="open",
            state={"reachable": ["service"], "flow": "order_status"},
        ),
        ActionRequested(turn=1, action="shop.status", key="k", arguments={"order": "4711"}),
        ActionDone(turn=1, action="shop.status", key="k", data={"name": "Maria Lopez"}, duration_s=0.2),
        TurnKeyed(turn=2, digits="4711", start_s=5.0, end_s=6.0),
    )


def test_a_call_becomes_a_scenario_without_what_is_known_to_be_personal():
    saved = scenario_of(record(), SPECS)
    text = as_yaml(saved.scenario, ())
    for personal in ("+15551234567", "4711", "Maria Lopez"):
        assert personal not in text, f"{personal} identifies the caller"
    assert [turn.caller for turn in saved.scenario.turns] == [
        "[confidence 0.80] Where is order 7044",
        "[key 7044]",
    ]
    assert saved.scenario.answers[0].arguments == {"order": "7044"}, "the same value is the same everywhere"
    assert {"caller", "turns.caller", "shop.status.order"} <= set(saved.personal), "the fields are named"


def test_a_call_becomes_a_scenario_as_it_was_where_that_is_wished():
    saved = scenario_of(record(), SPECS, keep_personal=True)
    assert saved.scenario.caller == "+15551234567"
    assert saved.scenario.turns[0].expect.model_dump(exclude_unset=True) == {
        "intent": "order_status",
        "flow": "order_status",
        "actions": ("shop.status",),
    }


def test_a_call_without_a_recording_cannot_be_heard_again(tmp_path):
    with pytest.raises(SavingError, match="has no recording"):
        save_heard(record(), tmp_path, tmp_path)


def test_a_call_is_saved_with_its_sound_and_read_back(tmp_path):
    (tmp_path / "recordings").mkdir()
    StereoWav(tmp_path / "recordings" / "a.wav").close()
    heard = [*record(), *events(StreamStarted(stream_sid="MZ", recording="recordings/a.wav"))]
    path = save_heard(heard, tmp_path / "scenarios", tmp_path)
    ((_, read),) = read_scenarios(path.parent)
    assert read.is_heard
    assert read_call(read, path.parent).events == tuple(heard)
    (path.parent / read.recording).unlink()
    with pytest.raises(ScenarioError, match="does not exist"):
        read_call(read, path.parent)


def test_a_saved_scenario_reads_back_as_it_was(tmp_path):
    saved = scenario_of(record(), SPECS).scenario
    (tmp_path / "s.yaml").write_text(as_yaml(saved, ("a note",)))
    ((_, read),) = read_scenarios(tmp_path)
    assert read == saved
    assert yaml.safe_load((tmp_path / "s.yaml").read_text())["reachable"] == ["service"]


def test_a_server_for_continuous_integration_reads_what_failed(tmp_path):
    write_junit([Result("good", tmp_path, ()), Result("bad", tmp_path, ("turn 1: no",))], tmp_path / "j.xml")
    suite = ET.parse(tmp_path / "j.xml").getroot()
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert suite.find("testcase/failure").text == "turn 1: no"


def test_the_command_fails_where_one_scenario_fails(tmp_path, capsys):
    from qa.rerun.testing import run_scenarios

    (tmp_path / "a.yaml").write_text("scenario: a\nturns: [{caller: hello, expect: {intent: nonsense}}]\n")
    assert not run_scenarios(tmp_path, STARTER, None, Console(), json_lines=True)
    assert json.loads(capsys.readouterr().out)["passed"] is False
