"""Whether a caller can get to a person."""

import re

PERSON = re.compile(r"^person:\n.*?\n\n", re.MULTILINE | re.DOTALL)


def test_without_words_for_a_person_the_exit_is_missing(folder):
    path = folder.path / "playbook.yaml"
    path.write_text(re.sub(r"^person_words: .*$", "person_words: []", path.read_text(), flags=re.MULTILINE))
    finding = folder.only("no-human-exit")
    assert finding.field == "person_words"
    assert finding.line == folder.line_of("playbook.yaml", "person_words")


def test_without_an_intent_for_a_person_the_exit_is_missing(folder):
    path = folder.path / "intents.yaml"
    path.write_text(PERSON.sub("", path.read_text(), count=1))
    assert "command: person" in folder.only("no-human-exit").text


def test_an_exit_that_nobody_is_told_of_is_missing(folder):
    folder.replace("playbook.yaml", "Say 'agent' at any time for a person. How", "How")
    path = folder.path / "playbook.yaml"
    path.write_text(
        path.read_text().replace(", or press 0 for a person", "").replace(" Or press 0 for a person.", "")
    )
    assert folder.only("no-human-exit").field == "prompts.opening"


def test_one_prompt_that_tells_of_key_0_is_enough(folder):
    folder.replace("playbook.yaml", "Say 'agent' at any time for a person. How", "How")
    assert "no-human-exit" not in folder.rules()


def test_a_person_flow_that_only_talks_is_no_exit(folder):
    folder.add("flows.yaml", '\nwords:\n  title: words\n  steps:\n    only:\n      say: "Nobody is here."\n')
    folder.replace("playbook.yaml", "person_flow: callback\n", "person_flow: words\n")
    assert folder.only("no-human-exit").field == "words"


def test_a_person_flow_that_hands_over_in_another_flow_is_an_exit(folder):
    folder.add("flows.yaml", "\nwords:\n  title: words\n  steps:\n    onward:\n      go: callback\n")
    folder.replace("playbook.yaml", "person_flow: callback\n", "person_flow: words\n")
    assert "no-human-exit" not in folder.rules()


def test_without_queues_nobody_can_be_rung(folder):
    (folder.path / "escalation.yaml").unlink()
    (folder.path / "queues.yaml").unlink()
    assert "no queue" in folder.only("no-escalation-queue").text


def test_without_a_default_queue_who_asks_for_a_person_is_in_none(folder):
    folder.replace("escalation.yaml", "default_queue: support\n", "")
    assert folder.only("no-escalation-queue").path.name == "escalation.yaml"
