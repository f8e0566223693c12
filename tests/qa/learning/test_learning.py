"""From what people corrected to a version that is used: only what was accepted is learnt, only what helps is used."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from dialog.intents import normal
from dialog.minds import WordEncoder
from handoff.escalation.signals import NAMES
from handoff.escalation.weights import read_weights
from qa.learning import escalation, intents
from qa.learning.command import list_versions, roll_back, train
from qa.learning.compare import Trial, compared, lower_bound
from qa.learning.correction import Correction, CorrectionError, Kind, State, checked
from qa.learning.folds import FOLDS, fold
from qa.learning.forgetting import forget_lessons
from qa.learning.from_call import from_desk, heard_turns, new
from qa.learning.gather import gather_material
from qa.learning.lessons import Lesson, Lessons, lessons_of, names, taught, with_kept
from qa.learning.rehearsal import NoCalls, WordsAgain
from qa.learning.store import CorrectionStore
from qa.learning.training import Material, learn
from qa.learning.versions import BUILT_IN, Tried, Version, VersionError, VersionFault, Versions

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
BUILT_IN_VERSION = Version(BUILT_IN, Lessons(), read_weights())


def story(call_id, *bodies):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=AT + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


def heard(turn, text):
    return e.TurnHeard(turn=turn, text=text, confidence=0.9, start_s=1.0, end_s=2.0)


def planned(turn, intent=None, **more):
    return e.TurnPlanned(turn=turn, moment="hearing", intent=intent, then="listen", expect="open", **more)


def disposed(**more):
    return e.CallDisposed(agent="maria", disposition="solved", **more)


def correction(text, meant, kind=Kind.INTENT, call_id="CA1", at=AT, **more):
    return new(call_id, 1, kind, text, meant, "ana", at).model_copy(update=more)


# What people said


def test_an_agent_who_says_what_it_should_have_been_makes_a_correction_of_the_turn_that_was_mistaken():
    events = story(
        "CA1",
        heard(1, "hello there"),
        planned(1),
        heard(2, "the zip broke"),
        planned(2, "order_status"),
        disposed(wrong="intent", intended="warranty"),
    )
    (one,) = from_desk(events)
    assert (one.kind, one.turn, one.text, one.meant) == (Kind.INTENT, 2, "the zip broke", "warranty")
    assert (one.call_id, one.by, one.at, one.state) == ("CA1", "maria", events[-1].at, State.OPEN)
    assert from_desk(events) == [one], "the same disposition is the same correction"


def test_a_needless_hand_over_is_one_of_the_turn_before_it():
    asked = e.TransferRequested(transfer_id="T", queue="returns", reason="risk")
    (one,) = from_desk(
        story("CA1", heard(1, "where is it"), planned(1), asked, heard(2, "hm"), disposed(needless=True))
    )
    assert (one.kind, one.turn, one.text) == (Kind.NEEDLESS_TRANSFER, 1, "where is it")


def test_an_agent_who_finds_nothing_wrong_makes_no_correction():
    assert from_desk(story("CA1", heard(1, "hello"), disposed())) == []


def test_the_turns_of_a_call_with_what_they_were_taken_for():
    first, second = heard_turns(
        story("CA1", heard(1, "hi"), heard(2, "gold?"), planned(2, "returns", unanswered="gold?"))
    )
    assert (first.intent, second.intent, second.unanswered) == (None, "returns", True)


@pytest.mark.parametrize(
    ("kind", "text", "meant", "field"),
    [
        (Kind.INTENT, "", "returns", "turn"),
        (Kind.INTENT, "hello", None, "meant"),
        (Kind.INTENT, "hello", "no_such_intent", "meant"),
        (Kind.TRANSCRIPT, "hello", "hello", "meant"),
    ],
)
def test_a_correction_that_says_nothing_is_refused_with_the_field(playbook, kind, text, meant, field):
    with pytest.raises(CorrectionError) as caught:
        checked(correction(text, meant, kind), names(playbook))
    assert caught.value.field == field


# What it teaches


def test_a_sentence_teaches_once_and_what_contradicts_the_playbook_is_left_to_people(playbook):
    intent = next(iter(playbook.intents))
    example = playbook.intents[intent].examples[0]
    accepted = [
        correction("The zip broke!", "returns", at=AT),
        correction("the zip broke", "warranty", at=AT + timedelta(days=1)),
        correction(example, intent),
        correction(example, "warranty"),
        correction("so and so", "no_such_intent"),
        correction("what?", None, Kind.MISSED_TRANSFER),
    ]
    lessons, left = lessons_of(accepted, playbook)
    assert [(one.text, one.name) for one in lessons.lessons] == [("the zip broke", "warranty")]
    assert sorted(one.code for one in left) == [
        "contradicts_playbook",
        "known",
        "overruled",
        "unknown_name",
    ]


def test_a_taught_playbook_has_the_lessons_among_its_examples_and_keeps_its_version(playbook):
    intent = next(iter(playbook.intents))
    lessons = Lessons(
        lessons=tuple(
            Lesson(text=name, name=name, correction_id=name, call_id="CA1")
            for name in (intent, "returns", "out_of_scope", "gone")
        )
    )
    better = taught(playbook, lessons)
    assert better.version == playbook.version
    assert better.intents[intent].examples[-1] == intent
    assert better.articles["returns"].questions[-1] == "returns"
    assert better.out_of_scope[-1] == "out_of_scope"
    assert "gone" not in better.examples()
    assert taught(playbook, Lessons()).examples() == playbook.examples()


def test_what_was_learnt_outlives_its_correction_unless_something_newer_is_about_the_same_sentence(playbook):
    example = playbook.examples()["returns"][0]
    kept = [
        lesson(text, f"CA{number}")
        for number, text in enumerate(("the zip broke", "my strap tore", normal(example)))
    ]
    told, _ = lessons_of([correction("The zip broke!", "returns")], playbook)
    found = with_kept(told, Lessons(lessons=tuple(kept)), playbook).lessons
    assert [(one.text, one.name) for one in found] == [
        ("the zip broke", "returns"),
        ("my strap tore", "warranty"),
    ]


# Whether it helps


def trials(*results):
    return [Trial(groups=(group,), before=before, after=after) for group, before, after in results]


def test_better_in_all_and_nowhere_worse_is_promoted():
    found = compared("intents", trials(*[("a", True, True)] * 20, ("b", False, True)))
    assert found.better
    assert found.why == "better: 21 right of 21, the current one 20"


def test_equally_good_is_not_promoted():
    assert not compared("intents", trials(("a", True, False), ("a", False, True))).better


def test_better_in_all_but_worse_in_a_group_beyond_its_interval_is_not_promoted():
    found = compared("intents", trials(*[("a", False, True)] * 30, *[("b", True, False)] * 9))
    assert not found.better
    assert found.why == "worse on b than the interval of the current one allows"
    assert [group.name for group in found.groups if group.worse] == ["b"]


def test_the_interval_is_wilsons():
    assert lower_bound(9, 10) == pytest.approx(0.5958, abs=1e-4)
    assert lower_bound(0, 5) == 0.0


def test_where_an_item_is_tested_depends_on_nothing_but_itself():
    assert [fold("where is my order"), fold("CA1")] == [fold("where is my order"), fold("CA1")]
    parts = [fold(f"CA{number}") for number in range(1000)]
    assert set(parts) == set(range(FOLDS))
    assert min(parts.count(part) for part in range(FOLDS)) > 150


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


SLANG = (
    "gimme the skinny on me parcel",
    "skinny on me parcel innit",
    "oi skinny parcel",
    "parcel skinny now",
)
CORRECTIONS = [
    correction(f"{text} {more}", "warranty", call_id=f"CA{number}{more}", at=AT, state=State.ACCEPTED)
    for number, text in enumerate(SLANG)
    for more in ("mate", "pal", "guv")
]


def test_what_callers_really_say_is_learnt_and_the_rest_is_not_forgotten(playbook):
    material = Material(playbook, CORRECTIONS, [], [story("CA9", heard(1, "skinny parcel mate"))])
    outcome = learn(material, BUILT_IN_VERSION, WordEncoder(), WordsAgain(WordEncoder()), NoCalls())
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
    outcome = learn(
        Material(playbook, wrong, []), BUILT_IN_VERSION, WordEncoder(), WordsAgain(WordEncoder()), NoCalls()
    )
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
    outcome = learn(
        Material(playbook, CORRECTIONS, [], recorded),
        BUILT_IN_VERSION,
        WordEncoder(),
        WordsAgain(WordEncoder()),
        runs,
    )
    ((call_ids, before, after),) = runs.asked
    assert call_ids == ["CA9", "CA0mate", "CA7"], "one that has taught nothing, one that has, one untouched"
    assert (before, after.lessons) == (BUILT_IN_VERSION, outcome.lessons)
    assert outcome.better


def test_what_is_no_better_on_held_out_items_is_not_run(playbook):
    runs = Runs(Tried(better=9))
    wrong = [correction("do you sell maps", "sustainability", state=State.ACCEPTED)]
    outcome = learn(
        Material(playbook, wrong, []), BUILT_IN_VERSION, WordEncoder(), WordsAgain(WordEncoder()), runs
    )
    assert [one.better for one in outcome.comparisons] == [bool(runs.asked)]


def test_better_on_held_out_items_and_worse_on_calls_run_again_is_not_taken_over(playbook):
    runs = Runs(Tried(worse=2, better=1, report="20261124T120000-abcdef"))
    outcome = learn(
        Material(playbook, CORRECTIONS, []), BUILT_IN_VERSION, WordEncoder(), WordsAgain(WordEncoder()), runs
    )
    (found,) = outcome.comparisons
    assert found.better
    assert not outcome.better
    assert (outcome.lessons, outcome.items) == (Lessons(), ())


def test_without_a_new_lesson_nothing_is_compared(playbook):
    outcome = learn(
        Material(playbook, [], []), BUILT_IN_VERSION, WordEncoder(), WordsAgain(WordEncoder()), NoCalls()
    )
    assert outcome.comparisons == ()
    assert not outcome.better


# Escalation


def judged(level="normal", risk=0.2, turn=1, **signals):
    known = dict.fromkeys(NAMES, 0.0) | signals
    return e.EscalationJudged(turn=turn, level=level, risk=risk, signals=known)


ASKED = e.TransferRequested(transfer_id="T", queue="returns", reason="risk")


def test_who_says_whether_a_person_was_due():
    content = e.SurveyAnswered(part="assistant", score=5)
    missed = correction("", None, Kind.MISSED_TRANSFER)
    needless = correction("", None, Kind.NEEDLESS_TRANSFER)
    risky = judged("hand_over", 0.9)
    assert escalation.labelled(story("CA1", risky, ASKED, disposed()), ()).example.due
    assert not escalation.labelled(
        story("CA1", risky, ASKED, disposed(needless=True)), [needless]
    ).example.due
    assert not escalation.labelled(story("CA1", judged(), content), ()).example.due
    assert escalation.labelled(story("CA1", judged(), content), [missed]).example.due
    assert escalation.labelled(story("CA1", judged(), ASKED, disposed()), ()) is None, "not for a risk"
    assert escalation.labelled(story("CA1", risky, ASKED), ()) is None, "nobody said anything"
    assert escalation.labelled(story("CA1", content), ()) is None


def test_the_score_learns_from_turns_that_people_have_rated():
    due = [
        escalation.labelled(story(f"CD{number}", judged("offer", 0.5, silence=0.9), ASKED, disposed()), ())
        for number in range(40)
    ]
    fine = [
        escalation.labelled(
            story(f"CF{number}", judged(no_match=0.1), e.SurveyAnswered(part="assistant", score=5)), ()
        )
        for number in range(40)
    ]
    found = compared("escalation", escalation.trials([*due, *fine], BUILT_IN_VERSION.weights))
    assert {group.name for group in found.groups} == {escalation.DUE, escalation.NOT_DUE}
    assert found.all.after == 80
    assert found.better == (found.all.before < 80)


# Versions


def test_a_version_is_kept_with_what_it_learnt_and_can_be_taken_back(tmp_path, playbook):
    versions = Versions(tmp_path)
    assert versions.current().name == BUILT_IN
    before = versions.fingerprint()
    first = kept(versions, playbook)
    versions.promote(first.version, "ana", AT)
    assert versions.fingerprint() != before
    assert versions.current().lessons.lessons[0].text == SLANG[0] + " guv"
    assert first.items == tuple(sorted(one.correction_id for one in CORRECTIONS))
    second = kept(versions, playbook, parent=first.version)
    assert [one.version for one in versions.manifests()] == [second.version, first.version]
    versions.promote(second.version, "ana", AT)
    roll_back(versions, BUILT_IN)
    assert versions.current().lessons == Lessons()
    assert [one.version for one in versions.history()] == [BUILT_IN, second.version, first.version]


def kept(versions, playbook, parent=BUILT_IN, better=True):
    outcome = learn(
        Material(playbook, CORRECTIONS, []),
        BUILT_IN_VERSION,
        WordEncoder(),
        WordsAgain(WordEncoder()),
        NoCalls(),
    )
    told = outcome.told(parent, playbook.version, AT) | {"better": better}
    return versions.write(outcome.lessons, outcome.weights, told)


def test_what_was_not_better_cannot_be_promoted(tmp_path, playbook):
    versions = Versions(tmp_path)
    worse = kept(versions, playbook, better=False)
    with pytest.raises(VersionError) as caught:
        versions.promote(worse.version, "ana", AT)
    assert caught.value.fault is VersionFault.NOT_BETTER
    assert versions.promoted() == BUILT_IN


def test_an_altered_version_is_not_used(tmp_path, playbook):
    versions = Versions(tmp_path)
    one = kept(versions, playbook)
    versions.promote(one.version, "ana", AT)
    path = tmp_path / "learning" / "versions" / one.version / "lessons.json"
    path.write_text(path.read_text("utf-8").replace("warranty", "returns"), "utf-8")
    with pytest.raises(VersionError, match=r"lessons\.json: is not the file of version") as caught:
        versions.current()
    assert caught.value.fault is VersionFault.ALTERED


def lesson(text, call_id):
    return Lesson(text=text, name="warranty", correction_id=f"of {call_id}", call_id=call_id)


def lessons_in(folder):
    return [
        path.name for path in folder.rglob("*") if path.is_file() and b"the zip broke" in path.read_bytes()
    ]


@pytest.fixture
def two_versions(tmp_path, playbook):
    """Both have learnt from CA1, the newer one from CA2 too and is in use."""
    versions = Versions(tmp_path)
    told = {"made_at": AT, "parent": BUILT_IN, "playbook": playbook.version, "better": True}
    both = lesson("the zip broke", "CA1"), lesson("a seam came open", "CA2")
    for some in (both[:1], both):
        items = tuple(one.correction_id for one in some)
        made = versions.write(Lessons(lessons=some), read_weights(), told | {"items": items})
        versions.promote(made.version, "ana", AT)
    return versions


def test_what_a_deleted_call_has_taught_goes_from_every_version(tmp_path, two_versions):
    before = two_versions.fingerprint()
    assert len(lessons_in(tmp_path)) == 2
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []
    assert [one.text for one in two_versions.current().lessons.lessons] == ["a seam came open"]
    assert two_versions.manifests()[0].items == ("of CA2",)
    assert two_versions.fingerprint() != before, "servers train their heads anew, without it"
    roll_back(two_versions, two_versions.manifests()[1].version)
    assert two_versions.current().lessons == Lessons(), "the older version can still be used"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_taking_a_sentence_out_breaks_off_anywhere_and_leaves_a_version_that_can_be_used(
    tmp_path, two_versions, monkeypatch, steps
):
    left = iter(range(steps))
    replace_file = Path.replace

    def breaking(path, target):
        if next(left, None) is None:
            raise OSError("the disk is gone")
        return replace_file(path, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", breaking)
        problems = forget_lessons(tmp_path, ["CA1"])
    assert problems, "what could not be done is told"
    for one in two_versions.manifests():
        two_versions.load(one.version)
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []


def test_an_altered_version_loses_the_sentence_and_is_refused_as_before(tmp_path, two_versions):
    name = two_versions.promoted()
    path = tmp_path / "learning" / "versions" / name / "lessons.json"
    path.write_text(path.read_text("utf-8").replace("seam", "sole"), "utf-8")
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []
    with pytest.raises(VersionError) as caught:
        two_versions.current()
    assert caught.value.fault is VersionFault.ALTERED


def test_an_unknown_version_is_told_and_a_name_does_not_leave_the_folder(tmp_path):
    for name in ("v0009-abcdef01", "../../etc"):
        with pytest.raises(VersionError) as caught:
            Versions(tmp_path).promote(name, "ana", AT)
        assert caught.value.fault is VersionFault.UNKNOWN


# The store and the command


@pytest.fixture
def url(database_url):
    return database_url


@pytest.fixture
async def corrections(url):
    store = await open_store(url)
    engine = open_engine(url)
    yield CorrectionStore(engine, lambda: AT)
    await engine.dispose()
    await store.close()


async def test_corrections_are_kept_once_and_judged(corrections):
    one = correction("the zip broke", "warranty")
    assert await corrections.add(one)
    assert not await corrections.add(one), "it is there already"
    assert await corrections.page(State.OPEN) == [one]
    assert await corrections.judge(one.correction_id, State.ACCEPTED, "sue")
    (known,) = await corrections.page(State.ACCEPTED, call_id="CA1", kinds=[Kind.INTENT])
    assert (known.judged_by, known.judged_at) == ("sue", AT)
    assert (await corrections.counts())[State.ACCEPTED] == 1
    assert not await corrections.judge("nothing", State.ACCEPTED, "sue")
    await corrections.forget(["CA1"])
    assert await corrections.page() == []


class Told:
    """A console that keeps what it was told."""

    def __init__(self):
        self.lines = []

    def out(self, text, **_):
        self.lines.append(text)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_round_from_the_desk_to_a_promoted_version(url, corrections, tmp_path, playbook):
    async with await open_store(url) as store:
        for one in CORRECTIONS:
            ended = e.CallEnded(reason=e.CallEndReason.PEOPLE, duration_s=30.0)
            said = disposed(wrong="intent", intended="warranty")
            started = e.CallStarted(playbook=playbook.version)
            await store.write(
                story(one.call_id, started, heard(1, one.text), planned(1, "returns"), said, ended)
            )
    versions = Versions(tmp_path)
    waiting = await train(url, versions, playbook, WordEncoder(), NoCalls())
    assert (waiting.written, waiting.open_corrections) == (None, len(CORRECTIONS)), "nobody has accepted any"
    for one in await corrections.page(State.OPEN):
        await corrections.judge(one.correction_id, State.ACCEPTED, "sue")
    rehearsed = await train(url, versions, playbook, WordEncoder(), NoCalls(), dry_run=True)
    assert rehearsed.outcome.better
    assert versions.manifests() == []
    done = await train(url, versions, playbook, WordEncoder(), NoCalls())
    assert done.promoted
    assert done.outcome.changes.calls == len(CORRECTIONS)
    assert versions.promoted() == done.written.version
    again = await train(url, versions, playbook, WordEncoder(), NoCalls())
    assert again.written is None, "there is nothing new to learn"
    console = Told()
    list_versions(console, versions, json_lines=True)
    (line,) = map(json.loads, console.lines)
    assert line["promoted"]
    assert line["parent"] == BUILT_IN


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_was_learnt_from_a_correction_that_retention_has_deleted_is_kept(
    url, corrections, playbook
):
    one = correction("the zip broke", "warranty", state=State.REJECTED)
    await corrections.add(one)
    unlearnt = lesson("the zip broke", "CA1").model_copy(update={"correction_id": one.correction_id})
    learnt = Lessons(lessons=(unlearnt, lesson("my strap tore", "CA2")))
    engine = open_engine(url)
    async with await open_store(url) as store:
        material = await gather_material(engine, store.read, corrections, playbook, learnt)
    await engine.dispose()
    assert [one.text for one in material.kept.lessons] == ["my strap tore"]
    outcome = learn(
        material,
        replace(BUILT_IN_VERSION, lessons=learnt),
        WordEncoder(),
        WordsAgain(WordEncoder()),
        NoCalls(),
    )
    assert lesson("my strap tore", "CA2") in outcome.lessons.lessons


def test_a_correction_keeps_who_and_when_through_json():
    one = correction("a", "b")
    assert Correction.model_validate_json(one.model_dump_json()) == one
