"""A flow that asks a human a question and goes on with the answer, and what a playbook may say of people."""

import shutil

import pytest
import yaml

from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from dialog.source import PlaybookError
from dialog.types import Next
from tests.dialog.story import Story
from tests.dialog.test_prompts import STARTER, edit

GIFT = {
    "title": "your gift",
    "steps": {
        "ask_them": {
            "hand_over": {
                "queue": "support",
                "reason": "wants a gift",
                "kind": "consult",
                "question": "May {{ brand }} give a gift?",
                "save": "allowed",
            }
        },
        "decide": {"branch": [{"when": "allowed == true", "go": "granted"}]},
        "refused": {"say": "No gift, I'm afraid.", "go": "end"},
        "granted": {"say": "Here is your gift."},
    },
}
COLD = {
    "title": "your call",
    "steps": {"through": {"hand_over": {"queue": "support", "reason": "x", "kind": "cold"}}},
}


@pytest.fixture
def folder(tmp_path):
    copy = shutil.copytree(STARTER, tmp_path / "mine")
    edit(copy, "flows.yaml", lambda flows: flows.update(gift=GIFT, through=COLD))
    edit(
        copy,
        "intents.yaml",
        lambda intents: intents.update(
            gift={"flow": "gift", "examples": ["I want a gift", "gift please", "give me a gift"]},
            through={
                "flow": "through",
                "examples": ["extension twelve", "the back office", "warehouse please"],
            },
        ),
    )
    return copy


def ring(folder, reachable=("support",)):
    playbook = load_playbook(folder)
    return Story(dialog=Dialog(playbook, word_minds(playbook)), reachable=reachable)


@pytest.mark.parametrize(
    ("answer", "said"), [(True, "Here is your gift."), (False, "No gift"), (None, "No gift")]
)
def test_a_human_is_asked_and_the_flow_goes_on_with_the_answer(folder, answer, said):
    story = ring(folder)
    assert story.says("I want a gift") == "One moment, I'm asking a colleague from our support team."
    order = story.plan.hand_over
    assert (order.kind, order.question) == ("consult", "May My Company give a gift?")
    assert said in story.comes_back("consulted", answer=answer)
    assert story.plan.then is Next.LISTEN


@pytest.mark.parametrize("outcome", ["nobody", "failed", "stayed"])
def test_without_an_answer_the_flow_goes_on_without_it(folder, outcome):
    story = ring(folder)
    story.says("I want a gift")
    assert "No gift" in story.comes_back(outcome)


def test_with_nobody_to_ask_the_flow_goes_on_at_once(folder):
    story = ring(folder, reachable=())
    assert story.says("I want a gift").startswith("No gift")


def test_a_cold_transfer_says_that_it_puts_the_caller_through(folder):
    story = ring(folder)
    assert story.says("extension twelve") == "I'm putting you through to our support team."
    assert story.plan.hand_over.kind == "cold"


@pytest.mark.parametrize(
    ("name", "change", "rule"),
    [
        ("escalation.yaml", {"tasks": ["no_such_flow"]}, "there is no flow no_such_flow"),
        ("escalation.yaml", {"queues": {"delivery": "nobody"}}, "there is no queue nobody"),
        ("escalation.yaml", {"queues": {"nothing": "support"}}, "there is no such intent or article"),
        ("playbook.yaml", {"voicemail_flow": "delivery"}, "a question of kind text"),
        ("playbook.yaml", {"people": {"which": "{{ title }}?"}}, "title"),
        ("playbook.yaml", {"people": {"sorry": {"bored": "Oh."}}}, "people.sorry"),
    ],
)
def test_what_does_not_fit_together_is_refused(folder, name, change, rule):
    edit(folder, name, lambda told: told.update(change))
    with pytest.raises(PlaybookError, match=rule):
        load_playbook(folder)


def test_a_question_to_a_human_needs_a_name_for_its_answer(folder):
    told = yaml.safe_load((folder / "flows.yaml").read_text())
    del told["gift"]["steps"]["ask_them"]["hand_over"]["save"]
    (folder / "flows.yaml").write_text(yaml.safe_dump(told, sort_keys=False))
    with pytest.raises(PlaybookError, match="kind consult needs question and save"):
        load_playbook(folder)
