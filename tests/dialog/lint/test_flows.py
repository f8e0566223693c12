"""Flows and steps that nobody comes to."""

from dialog.lint.graph import following, reached_steps
from dialog.load import load_playbook

LOST = """
    lost:
      say: "Nobody hears this."
      go: end
"""
FORGOTTEN = """
forgotten:
  title: something
  steps:
    first:
      say: "Hello."
"""
ROUND = """
round:
  title: a circle
  steps:
    first:
      say: "One."
    second:
      say: "Two."
      go: first
"""


def test_the_starter_has_nothing_to_mend(folder):
    assert folder.findings() == ()


def test_a_step_behind_one_that_goes_elsewhere_is_unreachable(folder):
    folder.replace("flows.yaml", "    noted:\n", LOST.lstrip("\n") + "    noted:\n")
    folder.replace(
        "flows.yaml", "            go: end\n    lost:", "            go: end\n      go: noted\n    lost:"
    )
    finding = folder.only("unreachable-step")
    assert finding.field == "callback.steps.lost"
    assert finding.line == folder.line_of("flows.yaml", "    lost:")
    assert finding.path.name == "flows.yaml"


def test_a_step_that_only_a_failure_leads_to_is_reached(folder):
    folder.replace("flows.yaml", "    noted:\n", LOST.lstrip("\n") + "    noted:\n")
    folder.replace(
        "flows.yaml", "            go: end\n    lost:", "            go: lost\n      go: noted\n    lost:"
    )
    assert "unreachable-step" not in folder.rules()


def test_neither_answer_of_a_yes_no_question_leads_to_the_next_step_by_itself(folder):
    flow = load_playbook(folder.path).flows["callback"]
    assert following(flow, "offer") == {"note_caller_number", "other_number"}
    assert reached_steps(flow) == set(flow.steps)


def test_a_flow_that_no_intent_and_no_flow_leads_to_is_unused(folder):
    folder.add("flows.yaml", FORGOTTEN)
    assert folder.only("unused-flow").field == "forgotten"


def test_a_flow_that_only_another_flow_leads_to_is_used(folder):
    folder.add("flows.yaml", FORGOTTEN)
    folder.replace("flows.yaml", "    tell:\n      choose:", "    tell:\n      go: forgotten\n      choose:")
    assert "unused-flow" not in folder.rules()


def test_two_flows_that_lead_only_to_each_other_are_both_unused(folder):
    folder.add("flows.yaml", FORGOTTEN + "      go: other\n")
    folder.add("flows.yaml", FORGOTTEN.replace("forgotten", "other") + "      go: forgotten\n")
    assert {one.field for one in folder.findings() if one.rule == "unused-flow"} == {"forgotten", "other"}


def test_steps_that_go_round_without_waiting_are_told(folder):
    folder.add("flows.yaml", ROUND)
    assert "first → second → first" in folder.only("endless-circle").text
    assert "endless-circle" not in {one.rule for one in folder.findings() if one.field.startswith("delivery")}
