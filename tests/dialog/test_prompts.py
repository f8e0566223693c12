"""Every sentence is a template, also outside of flows: nobody ever hears the braces of one."""

import shutil
from pathlib import Path

import pytest
import yaml

from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from dialog.source import PlaybookError
from dialog.types import DialogState
from dialog.values import OF_THE_CALL, Values
from tests.dialog.story import Story

STARTER = Path(__file__).parents[2] / "playbooks" / "starter"
MARK = " {{ brand }} here."
BRANDED = "My Company here."
TITLED = {"back_to", "also"}


def edit(folder, name, change):
    path = folder / name
    told = yaml.safe_load(path.read_text())
    change(told)
    path.write_text(yaml.safe_dump(told, sort_keys=False))


def mark(value):
    """A sentence, or each of several, with the brand behind it."""
    return value + MARK if isinstance(value, str) else [one + MARK for one in value]


@pytest.fixture
def folder(tmp_path):
    """The starter, whose every sentence outside of flows ends with its brand."""
    copy = shutil.copytree(STARTER, tmp_path / "mine")
    edit(
        copy,
        "playbook.yaml",
        lambda head: head.update(prompts={k: mark(v) for k, v in head["prompts"].items()}),
    )
    edit(copy, "intents.yaml", lambda told: told["help"].update(say=mark(told["help"]["say"])))
    edit(copy, "actions.yaml", lambda told: told["callbacks.note"].update(working=[mark("I'm noting it.")]))
    return copy


def ring(folder):
    playbook = load_playbook(folder)
    return Story(dialog=Dialog(playbook, word_minds(playbook)))


def test_the_brand_is_said_in_every_moment_of_a_call(folder):
    story = ring(folder)
    moments = {
        "greeting": " ".join(story.plan.say),
        "help": story.says("what can you do"),
        "silence": story.is_silent(),
        "no match": story.says("flumox grandiloquent"),
        "slower": story.says("slower please"),
        "hold on": story.says("hold on"),
        "never mind": story.says("never mind"),
        "wants more": story.says("yes"),
        "thanks": story.says("thanks a lot"),
        "resumed": story.is_resumed(),
        "question without an answer": story.says("who is the president of your company"),
        "a wait": [story.says("agent"), story.says("yes"), story.waits()][-1],
        "while we act": story.says("hello"),
        "after the flow": story.action_done(),
        "goodbye": story.says("goodbye"),
        "after the goodbye": story.says("bye"),
    }
    assert {moment: said for moment, said in moments.items() if BRANDED not in said} == {}
    assert not any("{" in said for said in moments.values())


def test_who_gives_up_and_the_last_resort_are_filled_too(folder):
    story = ring(folder)
    said = [story.says("flumox grandiloquent") for _ in range(12)]
    assert not any("{" in one for one in said)
    assert story.state.promised
    assert BRANDED in said[-1]


def test_a_caller_who_is_asked_for_consent_hears_no_braces(folder):
    consent = {"mode": "verbal"} | {
        field: mark(text)
        for field, text in (("ask", "May we record this?"), ("agreed", "Good."), ("refused", "All right."))
    }
    edit(folder, "playbook.yaml", lambda head: head.update(consent=consent))
    for answer, first in (("yes", "Good."), ("no", "All right.")):
        story = ring(folder)
        assert story.plan.say[-1] == f"May we record this? {BRANDED}"
        assert story.says(answer).startswith(f"{first} {BRANDED}")


def test_the_same_is_not_said_twice_running_in_other_values(folder):
    """What was said last is kept filled, so it is found again only if the choices are filled as well."""
    edit(
        folder, "playbook.yaml", lambda head: head["prompts"].update(anything_else=["{{ brand }}?", "More?"])
    )
    story = ring(folder)
    assert story.says("never mind").split()[-1] != story.says("never mind").split()[-1]


def test_what_depends_on_the_call_is_filled_with_the_call(folder):
    opening = ["{% if open_now %}We are here.{% else %}We are back {{ opens }}.{% endif %}"]
    edit(folder, "playbook.yaml", lambda head: head["prompts"].update(opening=opening))
    said = ring(folder).plan.say[0]
    assert said == "We are here." or said.startswith("We are back")


def test_sentences_that_need_only_the_brand_are_spoken_in_advance(folder):
    playbook = load_playbook(folder)
    dialog = Dialog(playbook, word_minds(playbook))
    assert set(Story(dialog=dialog).plan.say) <= set(dialog.first_prompts) <= set(dialog.fixed_prompts)
    assert not any("{" in text for text in dialog.fixed_prompts)


@pytest.mark.parametrize(
    ("file", "where", "text", "rule"),
    [
        ("playbook.yaml", ("prompts", "goodbye"), "Goodbye {{ nobody }}.", "uses nobody, which has no value"),
        ("playbook.yaml", ("prompts", "goodbye"), "To {{ title }}.", "uses title, which has no value"),
        ("playbook.yaml", ("prompts", "goodbye"), "Goodbye {{ brand", "is not a template"),
        ("playbook.yaml", ("prompts", "goodbye"), "{{ brand | shout }}", "No filter named 'shout'"),
        ("playbook.yaml", ("prompts", "goodbye"), "{{ brand | date }}", "date needs an ISO date"),
        ("intents.yaml", ("help", "say"), "Ask {{ slot }}.", "uses slot, which has no value"),
        ("actions.yaml", ("callbacks.note", "working"), ["One {{ thing }}."], "uses thing"),
        (
            "flows.yaml",
            ("callback", "steps", "noted", "say"),
            "{{ request.x }} {{ y }}",
            "uses y, which is neither",
        ),
        (
            "flows.yaml",
            ("callback", "steps", "noted", "say"),
            "{{ attempt }}",
            "uses attempt, which is neither",
        ),
    ],
)
def test_a_template_that_cannot_be_filled_is_named_with_file_line_and_rule(folder, file, where, text, rule):
    def change(told):
        *path, last = where
        for part in path:
            told = told[part]
        told[last] = text

    edit(folder, file, change)
    with pytest.raises(PlaybookError) as refusal:
        load_playbook(folder)
    (problem,) = refusal.value.problems
    assert rule in problem
    path, line, field, _ = problem.split(":", 3)
    assert path.endswith(file)
    assert field.strip().startswith(".".join(where))
    shown = (text if isinstance(text, str) else text[0]).split("{")[0] or "{{"
    assert shown.strip() in (folder / file).read_text().splitlines()[int(line) - 1]


def test_a_reason_for_a_person_is_a_template_too(folder):
    step = {"hand_over": {"queue": "support", "reason": "{{ nobody }}"}}
    edit(folder, "flows.yaml", lambda flows: flows["delivery"]["steps"].update(hand=step))
    with pytest.raises(PlaybookError, match=r"hand\.hand_over\.reason: uses nobody"):
        load_playbook(folder)


def test_what_is_promised_to_prompts_is_there(folder):
    values = Values(load_playbook(folder)).of(DialogState(playbook="p", call_id="CA1"))
    assert set(values) == OF_THE_CALL
