"""A playbook that is edited while calls go on."""

import shutil
from pathlib import Path

import pytest

from dialog.load import load_playbook
from dialog.minds import word_minds
from dialog.plan import Dialog
from dialog.reload import PlaybookWatch, Refused, Renewed, Unchanged
from dialog.source import PlaybookError
from tests.dialog.story import Story

STARTER = Path(__file__).parents[2] / "playbooks" / "starter"
EDITED = "Hello there, how can I help?"
EVERY_S = 2.0


def talking(playbook):
    return Dialog(playbook, word_minds(playbook))


@pytest.fixture
def folder(tmp_path):
    return shutil.copytree(STARTER, tmp_path / "mine")


@pytest.fixture
def watch(folder):
    return PlaybookWatch(folder, talking, every_s=EVERY_S)


def edit(folder, old, new):
    path = folder / "playbook.yaml"
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def greet_differently(folder):
    edit(
        folder, "Say 'agent' at any time for a person. How can I help?", f"Say 'agent' for a person. {EDITED}"
    )


def test_nothing_happens_while_nothing_changes(watch):
    before = watch.current
    assert watch.maybe_reload(0.0) == Unchanged()
    assert watch.current is before


def test_a_good_edit_is_for_new_calls_and_old_ones_keep_theirs(folder, watch):
    old = Story(dialog=watch.current)
    greet_differently(folder)
    renewed = watch.maybe_reload(0.0)
    assert renewed == Renewed(watch.version)
    assert renewed.version != old.state.playbook
    new = Story(dialog=watch.current)
    assert EDITED in new.plan.say[-1]
    assert EDITED not in old.plan.say[-1]
    assert old.dialog.playbook_version == old.state.playbook
    assert "five" in old.says("when are you open")


def test_a_broken_edit_keeps_the_old_version_and_tells_its_problems_once(folder, watch):
    before, version = watch.current, watch.version
    edit(folder, "failure_cap: 4", "failure_cap: many")
    refused = watch.maybe_reload(0.0)
    assert isinstance(refused, Refused)
    assert refused.kept == version
    assert any("playbook.yaml" in one and "failure_cap" in one for one in refused.problems)
    assert watch.current is before
    assert watch.problems == refused.problems
    assert watch.maybe_reload(10.0) == Unchanged()
    assert watch.problems, "it is still broken"


def test_a_mended_edit_is_taken(folder, watch):
    edit(folder, "failure_cap: 4", "failure_cap: many")
    watch.maybe_reload(0.0)
    edit(folder, "failure_cap: many", "failure_cap: 5")
    assert isinstance(watch.maybe_reload(10.0), Renewed)
    assert watch.problems == ()
    assert watch.current.playbook.head.failure_cap == 5


def test_an_edit_taken_back_is_no_new_version_and_no_problem(folder, watch):
    before = watch.version
    edit(folder, "failure_cap: 4", "failure_cap: many")
    watch.maybe_reload(0.0)
    edit(folder, "failure_cap: many", "failure_cap: 4")
    assert watch.maybe_reload(10.0) == Renewed(before)
    assert watch.problems == ()


def test_the_folder_is_not_looked_at_more_often_than_said(folder, watch):
    watch.maybe_reload(0.0)
    greet_differently(folder)
    assert watch.maybe_reload(EVERY_S - 0.1) == Unchanged()
    assert isinstance(watch.maybe_reload(EVERY_S), Renewed)


@pytest.mark.parametrize("name", ["knowledge/parking.md", "flows/more.yaml"])
def test_a_new_file_is_a_change(folder, watch, name):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    text = '---\ntitle: A\nspoken: "B."\nowner: me\nupdated: 2026-01-01\nquestions: [one x, two y, three z]\n---\n'
    path.write_text(
        text if name.endswith(".md") else 'more:\n  title: more\n  steps:\n    one: {say: "Hi."}\n'
    )
    assert isinstance(watch.maybe_reload(0.0), Renewed)


def test_a_folder_that_goes_away_keeps_the_last_good_version(folder, watch):
    before = watch.current
    shutil.rmtree(folder)
    assert isinstance(watch.maybe_reload(0.0), Refused)
    assert watch.current is before


def test_an_edit_in_the_middle_of_reading_waits_for_the_next_look(folder):
    edits = []

    def build(playbook):
        if edits:
            edits.pop()()
        return playbook

    watch = PlaybookWatch(folder, build)
    greet_differently(folder)
    edits.append(lambda: edit(folder, "failure_cap: 4", "failure_cap: 6"))
    assert watch.maybe_reload(0.0) == Unchanged()
    assert isinstance(watch.maybe_reload(10.0), Renewed)
    assert watch.current.head.failure_cap == 6


def test_who_asks_while_another_is_at_it_gets_the_version_that_is_there(folder):
    answers = []

    def build(playbook):
        if watches:
            answers.append(watches[0].maybe_reload(99.0))
        return playbook

    watches = []
    watches.append(PlaybookWatch(folder, build))
    greet_differently(folder)
    assert isinstance(watches[0].maybe_reload(0.0), Renewed)
    assert answers == [Unchanged()]


def test_a_first_version_must_be_good(folder):
    edit(folder, "failure_cap: 4", "failure_cap: many")
    with pytest.raises(PlaybookError):
        PlaybookWatch(folder, load_playbook)
