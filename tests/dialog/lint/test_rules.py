"""Actions, sentences, examples, articles, and rules that are broken."""

from datetime import date

import pytest

from dialog.lint import Severity, broken_rules
from dialog.load import load_playbook
from dialog.source import PlaybookError
from models.shelf import ModelShelf

NEW_ACTION = """
orders.find:
  effect: reads
"""
ARTICLE = """---
title: Delivery to islands
spoken: "Delivery to the islands takes nine days."
owner: me
updated: 2026-01-01
questions: [do you deliver to islands, island delivery, can you send it to an island, islands, my island]
---
"""


@pytest.fixture(scope="module")
def encoder():
    return ModelShelf().embedder()


def test_an_action_that_no_flow_does_is_unused(folder):
    folder.add("actions.yaml", NEW_ACTION)
    assert folder.only("unused-action").field == "orders.find"


def test_a_write_that_nobody_can_look_up_is_told(folder):
    folder.replace("actions.yaml", "  lookup: callbacks.find\n", "")
    finding = folder.only("write-without-lookup")
    assert finding.line == folder.line_of("actions.yaml", "callbacks.note:")
    assert folder.only("unused-action").field == "callbacks.find", "only the look-up used it"


def test_what_takes_more_than_fifteen_seconds_to_say_is_too_long(folder):
    folder.replace("flows.yaml", "In town we deliver", " ".join(["word"] * 40) + " In town we deliver")
    finding = folder.only("long-sentence")
    assert finding.field == "delivery.steps.tell.choose.say.in_town"
    assert finding.line == folder.line_of("flows.yaml", 'in_town: "word')


def test_forty_words_are_not_too_long(folder):
    folder.replace(
        "flows.yaml", "In town we deliver on the next working day, and it's free.", " ".join(["word"] * 40)
    )
    assert "long-sentence" not in folder.rules()


def test_braces_where_nothing_is_filled_in_would_be_said_aloud(folder):
    folder.replace("knowledge/address.md", "at one Market Street", "at {{ street }}")
    assert folder.only("template-not-filled").path.name == "address.md"


def test_an_intent_with_few_examples_is_told(folder):
    folder.replace("intents.yaml", "    - perfect\n", "")
    finding = folder.only("few-examples")
    assert finding.field == "thanks.examples"
    assert "7 examples" in finding.text


def test_articles_grow_stale_expire_and_cannot_come_from_the_future(folder):
    assert "stale-article" in folder.rules(today=date(2027, 6, 1))
    assert "article-from-the-future" in folder.rules(today=date(2025, 12, 31))
    folder.replace("knowledge/address.md", "updated: 2026-01-01", "updated: 2026-01-01\nexpires: 2026-01-20")
    finding = folder.only("expired-article")
    assert finding.line == folder.line_of("knowledge/address.md", "expires:")


@pytest.mark.models
def test_articles_that_contradict_each_other_are_told(folder, encoder):
    other = ARTICLE.replace("Delivery to islands", "Islands").replace("nine days", "four days")
    other = other.replace("[do you", "[would you").replace("island delivery", "ferry")
    folder.add("knowledge/islands.md", ARTICLE)
    folder.add("knowledge/ferries.md", other.replace("my island]", "by ferry]"))
    assert "contradicting-articles" in folder.rules(encoder)


@pytest.mark.models
def test_the_starter_has_no_two_intents_that_clash(folder, encoder):
    assert folder.findings(encoder) == ()


@pytest.mark.models
def test_two_intents_with_an_example_alike_are_told_with_both_examples(folder, encoder):
    folder.replace(
        "intents.yaml", "    - wrong number\n", "    - wrong number\n    - how long will delivery take\n"
    )
    finding = folder.only("intents-too-alike", encoder)
    assert "'how long will delivery take' (out_of_scope)" in finding.text
    assert "'how long does delivery take' (delivery)" in finding.text


@pytest.mark.models
def test_intents_that_lead_to_the_same_place_may_be_alike(folder, encoder):
    examples = ["how long does delivery take", "what does delivery cost", "delivery", "bring it to me"]
    examples += ["deliver to my flat", "ship it", "do you charge for bringing it", "delivery charges"]
    lines = "".join(f"    - {one}\n" for one in examples)
    folder.replace(
        "intents.yaml", "person:\n", f"delivery_too:\n  flow: delivery\n  examples:\n{lines}person:\n"
    )
    assert "intents-too-alike" not in folder.rules(encoder)


def test_a_broken_rule_keeps_its_file_line_and_field(folder):
    folder.replace("flows.yaml", "by: area", "by: nothing")
    with pytest.raises(PlaybookError) as caught:
        load_playbook(folder.path)
    (finding,) = broken_rules(caught.value.problems, folder.path)
    assert finding.rule == "broken-rule"
    assert finding.severity is Severity.ERROR
    assert finding.field == "delivery.steps.tell.choose.by"
    assert finding.line == folder.line_of("flows.yaml", "by: nothing")


def test_a_filter_that_does_not_exist_has_a_code_of_its_own(folder):
    folder.replace("flows.yaml", "phone | spell", "phone | shout")
    with pytest.raises(PlaybookError) as caught:
        load_playbook(folder.path)
    assert {one.rule for one in broken_rules(caught.value.problems, folder.path)} == {
        "unknown-template-filter"
    }
