"""A playbook with a mistake is refused, and the mistake named with file and line."""

import shutil

import pytest

from actions.check import check
from actions.desk import register_desk
from actions.identity.codes import register_codes
from actions.registry import Registry
from actions.shop import register
from dialog.load import load_playbook
from dialog.source import PlaybookError
from tests.dialog.story import ACME


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(ACME, tmp_path / "acme")


def change(path, old, new):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    return text[: text.index(old)].count("\n") + 1


def refused(folder):
    with pytest.raises(PlaybookError) as refusal:
        load_playbook(folder)
    return refusal.value.problems


def test_the_demo_company_is_right():
    playbook = load_playbook(ACME)
    assert {"order_status", "opening_hours", "returns", "shipping"} <= set(playbook.examples())


def test_the_version_follows_the_content(folder):
    before = load_playbook(folder).version
    change(folder / "playbook.yaml", "Thank you for calling", "Thanks for calling")
    assert load_playbook(folder).version != before


@pytest.mark.parametrize(
    ("file", "old", "new", "rule"),
    [
        (
            "flows/order_status.yaml",
            "go: callback\n        # After",
            "go: calback\n        # After",
            "there is no step or flow calback",
        ),
        (
            "flows/order_status.yaml",
            "action: shop.order_status",
            "action: shop.delete_all",
            "is not among the actions",
        ),
        ("flows/order_status.yaml", "digits: 4", "digits: 400", "less than or equal to 20"),
        (
            "flows/order_status.yaml",
            "{{ order_number | spell }}. Is",
            "{{ order_numbr | spell }}. Is",
            "uses order_numbr",
        ),
        ("flows/order_status.yaml", "slot: order_number", "slto: order_number", "Extra inputs"),
        (
            "flows/identify.yaml",
            "postcode: postcode",
            "postcode: postcod",
            "no question of this flow asks for",
        ),
        (
            "flows/identify.yaml",
            "          send:",
            "          sent_once_more:",
            "there is no step or flow sent_once",
        ),
        (
            "playbook.yaml",
            "\npeople:\n",
            '\npeople:\n  calling_back: "This is {{ brand }}, open again {{ opens }}."\n',
            "uses opens",
        ),
        ("intents.yaml", "flow: order_status", "flow: orders", "there is no flow orders"),
        ("intents.yaml", "command: person", "command: persn", "Input should be"),
        ("playbook.yaml", "failure_cap: 4", "failure_cap: 0", "greater than or equal to 1"),
        ("knowledge/returns.md", "updated: 2026-09-14", "updated: soon", "date"),
    ],
)
def test_a_mistake_is_named_with_its_file_and_near_its_line(folder, file, old, new, rule):
    line = change(folder / file, old, new)
    problems = refused(folder)
    matching = [problem for problem in problems if rule in problem]
    assert matching, problems
    named, number = matching[0].split(":")[:2]
    assert named.endswith(file)
    assert abs(int(number) - line) <= 6


def test_a_key_that_stands_twice_is_refused(folder):
    with (folder / "intents.yaml").open("a") as file:
        file.write("\nhelp:\n  say: Again\n  examples: [a, b, c]\n")
    assert any("stands here twice" in problem for problem in refused(folder))


def test_broken_yaml_is_refused_with_its_line(folder):
    (folder / "flows" / "order_status.yaml").write_text("order_status:\n  - [unclosed\n")
    assert any("is not YAML" in problem for problem in refused(folder))


def test_a_missing_file_is_named(folder):
    (folder / "actions.yaml").unlink()
    assert any("actions.yaml" in problem and "no such file" in problem for problem in refused(folder))


def test_actions_that_nobody_can_do_are_found():
    problems = check(load_playbook(ACME).actions, Registry())
    assert any("shop.order_status" in problem for problem in problems)


def test_the_demo_companys_actions_are_all_there():
    registry = Registry()
    register(registry, None)
    register_codes(registry, None)
    register_desk(registry, None)
    assert check(load_playbook(ACME).actions, registry) == []


def test_every_write_of_the_demo_company_can_be_looked_up_and_is_limited_to_who_may():
    for name, spec in load_playbook(ACME).actions.items():
        if spec.reads:
            continue
        assert spec.lookup is not None, f"{name}: an unknown outcome could not be cleared up"
        assert spec.needs_confirmation or name in {
            "identity.send_code",
            "identity.check_code",
            "desk.call_back",
            "desk.leave_message",
        }


def test_the_demo_companys_articles_are_made_for_the_ear():
    playbook = load_playbook(ACME)
    assert len(playbook.articles) >= 17
    for name, article in playbook.articles.items():
        sentences = [one for one in article.spoken.replace("?", ".").split(".") if one.strip()]
        assert len(sentences) <= 3, name
        assert len(article.questions) >= 10, name
        assert len(playbook.bodies[name].split()) >= 60, name


def test_the_demo_companys_intents_have_examples_enough():
    playbook = load_playbook(ACME)
    assert [name for name, intent in playbook.intents.items() if len(intent.examples) < 10] == []
    assert len(playbook.out_of_scope) >= 80
