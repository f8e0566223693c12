"""From what people corrected to a version that is used: only what was accepted is learnt, only what helps is used."""

import pytest

from calls import events as e
from dialog.minds import WordEncoder
from qa.learning import intents
from qa.learning.correction import State
from qa.learning.folds import FOLDS
from qa.learning.lessons import Lessons, lessons_of
from qa.learning.training import Material
from qa.learning.versions import Tried
from tests.qa.learning.story import BUILT_IN_VERSION, CORRECTIONS, SLANG, correction, heard, learnt, story


def test_no_sentence_is_judged_by_a_head_that_has_seen_it(playbook, monkeypatch):
    seen = []
    trained = intents._trained

    def noting(sentences, encoder):
        head = trained(sentences, encoder)
        seen.append((head, {one.text for one in sentences}))
        return head

    named = intents._named
    judged = []

    def noting_named(head, sentences):
        texts = next(texts for known, texts in seen if known is head)
        judged.append(texts & {one.text for one in sentences})
        return named(head, sentences)

    monkeypatch.setattr(intents, "_trained", noting)
    monkeypatch.setattr(intents, "_named", noting_named)
    lessons, _ = lessons_of(CORRECTIONS, playbook)
    elsewhere = Lessons(
        lessons=tuple(one.model_copy(update={"call_id": f"other {one.call_id}"}) for one in lessons.lessons)
    )
    intents.trials(playbook, elsewhere, lessons, WordEncoder())
    assert len(judged) == 2 * FOLDS
    assert all(not both for both in judged)


def test_what_callers_really_say_is_learnt_and_the_rest_is_not_forgotten(playbook):
    material = Material(playbook, CORRECTIONS, [], [story("CA9", heard(1, "skinny parcel mate"))])
    outcome = learnt(material)
    (found,) = outcome.comparisons
    corrected = next(group for group in found.groups if group.name == intents.FROM_CORRECTIONS)
    assert found.better
    assert outcome.better
    assert corrected.after > corrected.before
    assert len(outcome.items) == len(CORRECTIONS)
    assert (outcome.changes.turns, outcome.changes.changed) == (1, 1)
    assert outcome.weights == BUILT_IN_VERSION.weights
    assert any(note.startswith("escalation: ") for note in outcome.notes)


def test_lessons_that_make_it_worse_are_not_taken_over(playbook):
    wrong = [
        correction(f"{text} {more}", "sustainability", call_id=f"CA{number}", state=State.ACCEPTED)
        for number, text in enumerate(playbook.examples()["returns"])
        for more in ("a", "the", "then", "at", "it")
    ]
    outcome = learnt(Material(playbook, wrong, []))
    (found,) = outcome.comparisons
    assert "returns" in found.why
    assert not outcome.better
    assert outcome.lessons == Lessons()
    assert outcome.items == ()


@pytest.mark.parametrize(
    ("tried", "holds"),
    [
        (Tried(), True),
        (Tried(same=9), True),
        (Tried(changed=9), True),
        (Tried(better=2, worse=1), True),
        (Tried(better=1, worse=1), False),
        (Tried(worse=1, same=9), False),
        (Tried(not_run=3), False),
    ],
)
def test_calls_that_were_run_again_must_not_speak_against_it(tried, holds):
    assert tried.holds is holds
    assert tried.why


class Runs:
    """A trial of calls that comes out as it is told to."""

    def __init__(self, tried):
        self.asked = []
        self._tried = tried

    def tried(self, call_ids, before, after):
        self.asked.append((list(call_ids), before, after))
        return self._tried


def test_what_is_better_on_held_out_items_is_run_on_recorded_calls_those_first_that_tell_most(playbook):
    recorded = [
        story("CA0mate", heard(1, SLANG[0] + " mate")),
        story("CA7", heard(1, "where is my order")),
        story("CA8", e.CallStarted(playbook="acme")),
        story("CA9", heard(1, "skinny parcel mate")),
    ]
    runs = Runs(Tried(better=1))
    outcome = learnt(Material(playbook, CORRECTIONS, [], recorded), runs)
    ((call_ids, before, after),) = runs.asked
    assert call_ids == ["CA9", "CA0mate", "CA7"], "one that has taught nothing, one that has, one untouched"
    assert (before, after.lessons) == (BUILT_IN_VERSION, outcome.lessons)
    assert outcome.better


def test_what_is_no_better_on_held_out_items_is_not_run(playbook):
    runs = Runs(Tried(better=9))
    wrong = [correction("do you sell maps", "sustainability", state=State.ACCEPTED)]
    outcome = learnt(Material(playbook, wrong, []), runs)
    assert [one.better for one in outcome.comparisons] == [bool(runs.asked)]


def test_better_on_held_out_items_and_worse_on_calls_run_again_is_not_taken_over(playbook):
    runs = Runs(Tried(worse=2, better=1, report="20261124T120000-abcdef"))
    outcome = learnt(Material(playbook, CORRECTIONS, []), runs)
    (found,) = outcome.comparisons
    assert found.better
    assert not outcome.better
    assert (outcome.lessons, outcome.items) == (Lessons(), ())


def test_without_a_new_lesson_nothing_is_compared(playbook):
    outcome = learnt(Material(playbook, [], []))
    assert outcome.comparisons == ()
    assert not outcome.better
