"""Names that people put into transcripts of several calls: what the recogniser keeps missing, it is to look for."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from calls import events as e
from dialog.minds import WordEncoder
from handoff.escalation.weights import read_weights
from qa.learning.correction import Kind, State
from qa.learning.forgetting import forget_lessons
from qa.learning.from_call import new
from qa.learning.lessons import Lessons, Name, taught
from qa.learning.rehearsal import WordsAgain
from qa.learning.training import Material, learn
from qa.learning.versions import BUILT_IN, Tried, Version, Versions
from qa.learning.vocabulary import names_of, written_in

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BUILT_IN_VERSION = Version(BUILT_IN, Lessons(), read_weights())
HEARD = {
    "CA1": ("I'd like to return my Nordum tent.", "I'd like to return my Nordalm tent"),
    "CA2": ("Is the Nordome back back in stock?", "Is the Nordalm backpack in stock?"),
    "CA3": ("Hi, my new band to arrive broken.", "Hi, my new Vantora arrived broken."),
}


def transcripts(**heard):
    return [
        new(call_id, 1, Kind.TRANSCRIPT, text, said, "ana", AT).model_copy(update={"state": State.ACCEPTED})
        for call_id, (text, said) in (heard or HEARD).items()
    ]


def name(text, call_id):
    return Name(text=text, correction_id=f"of {call_id}", call_id=call_id)


# Which words are names


def test_a_word_that_was_missed_in_two_calls_is_a_name_and_one_callers_word_is_not():
    found = names_of(transcripts(), {}, ["where is my backpack"])
    assert [(one.text, one.call_id) for one in found] == [("Nordalm", "CA1"), ("Nordalm", "CA2")]


def test_a_word_of_the_playbook_is_an_ordinary_one():
    assert names_of(transcripts(), {}, ["do you have the nordalm"]) == ()


def test_what_the_recogniser_writes_as_often_as_it_misses_it_needs_no_help():
    written = written_in([["My Nordalm leaks.", "Nordalm."], ["nordalm"], ["hello"]])
    assert written["nordalm"] == 2, "calls, not turns"
    assert names_of(transcripts(), written, ()) == ()
    assert names_of(transcripts(), written, (), ["Nordalm"]), "once learnt it is heard well, and stays"


def test_what_was_heard_with_another_case_or_mark_was_not_missed():
    heard = dict.fromkeys(("CA1", "CA2"), ("my nordalm, it leaks", "My Nordalm: it leaks!"))
    assert names_of(transcripts(**heard), {}, ()) == ()


def test_a_name_stays_whose_older_correction_retention_has_deleted():
    (one,) = transcripts(CA2=HEARD["CA2"])
    assert names_of([one], {}, ()) == ()
    found = names_of([one], {}, (), kept=[name("Nordalm", "CA1")])
    assert [(one.text, one.call_id) for one in found] == [("Nordalm", "CA1"), ("Nordalm", "CA2")]


# What becomes of them


def test_a_taught_playbook_expects_the_names_of_most_calls_first_behind_its_own(playbook):
    own = replace(playbook, head=playbook.head.model_copy(update={"vocabulary": ("Vantora", "Quillon")}))
    names = [name("Vantora", "CA1"), name("Vantora", "CA2")]
    names += [name("Nordalm", call_id) for call_id in ("CA1", "CA2", "CA3")]
    names += [name("Tarnvik", "CA1")]
    lessons = Lessons(names=tuple(names))
    assert lessons.vocabulary() == ("Nordalm", "Vantora")
    assert taught(own, lessons).head.vocabulary == ("Vantora", "Quillon", "Nordalm")
    assert taught(playbook, Lessons()).head == playbook.head


def test_names_of_a_deleted_person_go_and_what_others_said_stays(tmp_path):
    versions = Versions(tmp_path)
    names = [name("Nordalm", call_id) for call_id in ("CA1", "CA2")]
    names += [name("Vantora", call_id) for call_id in ("CA2", "CA3", "CA4")]
    items = tuple(one.correction_id for one in names)
    told = {"made_at": AT, "parent": BUILT_IN, "playbook": "acme 1", "better": True, "items": items}
    made = versions.write(Lessons(names=tuple(names)), read_weights(), told)
    versions.promote(made.version, "ana", AT)
    assert forget_lessons(tmp_path, ["CA2"]) == []
    assert versions.current().lessons.vocabulary() == ("Vantora",), "one caller's word is no name"
    assert versions.manifests()[0].items == ("of CA1", "of CA3", "of CA4")


# Whether they are used


class Runs:
    """Calls that come out as they are told to, one answer for each time."""

    def __init__(self, *answers):
        self.asked = []
        self._answers = list(answers)

    def tried(self, call_ids, before, after):
        self.asked.append((list(call_ids), after.lessons.vocabulary()))
        return self._answers.pop(0)


def heard(call_id, text):
    body = e.TurnHeard(turn=1, text=text, confidence=0.9, start_s=1.0, end_s=2.0)
    return [e.CallEvent(call_id=call_id, seq=1, at=AT, body=body)]


def round_of(playbook, runs, current=BUILT_IN_VERSION, accepted=None):
    recorded = [heard("CA9", "hello"), *(heard(call_id, text) for call_id, (text, _) in HEARD.items())]
    material = Material(playbook, transcripts() if accepted is None else accepted, [], recorded)
    return learn(material, current, WordEncoder(), WordsAgain(WordEncoder()), runs)


@pytest.fixture
def unsure(monkeypatch):
    """No sentence is clear enough to teach anything: only names are left."""
    monkeypatch.setattr("qa.learning.transcripts.SURE", 1.1)


@pytest.mark.usefixtures("unsure")
def test_names_are_used_where_calls_run_again_speak_for_them_those_first_that_have_them(playbook):
    runs = Runs(Tried(better=2, worse=1))
    outcome = round_of(playbook, runs)
    ((call_ids, vocabulary),) = runs.asked
    assert (set(call_ids[:2]), vocabulary) == ({"CA1", "CA2"}, ("Nordalm",))
    assert outcome.better
    assert outcome.lessons.vocabulary() == ("Nordalm",)
    assert len(outcome.items) == 2, "the corrections behind them"
    assert [one.code for one in outcome.left_out] == ["unsure"], "only the one that gives no name"


@pytest.mark.usefixtures("unsure")
@pytest.mark.parametrize("tried", [Tried(), Tried(same=9), Tried(better=1, worse=1), Tried(not_run=2)])
def test_names_that_no_call_speaks_for_are_not_used(playbook, tried):
    outcome = round_of(playbook, Runs(tried))
    assert not outcome.better
    assert (outcome.lessons, outcome.items) == (Lessons(), ())
    assert any(note.startswith("names: 0 as before") for note in outcome.notes)


@pytest.mark.usefixtures("unsure")
def test_the_same_names_are_not_tried_again(playbook):
    known = Version("v1", round_of(playbook, Runs(Tried(better=1))).lessons, read_weights())
    runs = Runs()
    assert not round_of(playbook, runs, known).better
    assert runs.asked == []


@pytest.mark.usefixtures("unsure")
def test_a_name_whose_correction_was_rejected_goes_unless_calls_speak_against_it(playbook):
    known = Version("v1", round_of(playbook, Runs(Tried(better=1))).lessons, read_weights())
    assert round_of(playbook, Runs(Tried(same=5)), known, []).lessons.vocabulary() == ()
    assert round_of(playbook, Runs(Tried(worse=1)), known, []).lessons.vocabulary() == ("Nordalm",)
