"""What corrections have become: nobody has to guess whether what they said was of use."""

from datetime import UTC, datetime, timedelta

import pytest

from qa.learning.became import Fate, became
from qa.learning.correction import Kind, State
from qa.learning.from_call import new
from qa.learning.lessons import Lesson, Lessons, Source
from qa.learning.versions import BUILT_IN, Manifest

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
LESSON = Lesson(
    text="rip the ship", name="warranty", correction_id="c1", call_id="CA1", source=Source.TRANSCRIPT
)


def correction(state=State.ACCEPTED):
    made = new("CA1", 1, Kind.TRANSCRIPT, "rip the ship", "repair the zip", "ana", AT)
    return made.model_copy(update={"correction_id": "c1", "state": state, "judged_at": AT})


def version(name, at, items=(), left_out=None):
    return Manifest(
        version=name,
        made_at=at,
        parent=BUILT_IN,
        playbook="acme",
        better=True,
        files={},
        items=items,
        left_out=left_out or {},
    )


def fate(manifests, promoted=BUILT_IN):
    used = Lessons(lessons=(LESSON,)) if promoted != BUILT_IN else Lessons()
    return became([correction()], manifests, promoted, used)["c1"]


def test_what_the_version_in_use_has_learnt_is_told_with_its_sentence():
    found = fate([version("v2", AT + 2 * DAY), version("v1", AT + DAY, ("c1",))], promoted="v1")
    assert (found.fate, found.version, found.lesson) == (Fate.IN_USE, "v1", LESSON)


def test_what_only_another_version_has_learnt_is_not_in_use():
    found = fate([version("v1", AT + DAY, ("c1",))])
    assert (found.fate, found.version, found.lesson) == (Fate.LEARNT, "v1", None)


def test_what_teaches_nothing_says_why_as_the_newest_version_has_it():
    manifests = [
        version("v2", AT + 2 * DAY, left_out={"c1": "known"}),
        version("v1", AT + DAY, left_out={"c1": "unsure"}),
    ]
    assert (fate(manifests).fate, fate(manifests).code) == (Fate.NOTHING, "known")


def test_what_a_round_has_seen_and_not_taken_over_is_told_apart_from_what_none_has_seen():
    assert fate([version("v1", AT + DAY)]).fate is Fate.NOT_TAKEN
    assert fate([version("v1", AT - DAY)]).fate is Fate.WAITING
    assert fate([]).fate is Fate.WAITING


def test_a_wrong_answer_without_a_right_one_is_a_gap_and_nothing_to_learn():
    gap = correction().model_copy(update={"kind": Kind.ANSWER_WRONG, "meant": None})
    assert became([gap], [version("v1", AT + DAY)], BUILT_IN, Lessons()) == {}


@pytest.mark.parametrize("state", [State.OPEN, State.REJECTED])
def test_what_nobody_has_accepted_becomes_nothing(state):
    assert became([correction(state)], [], BUILT_IN, Lessons()) == {}
