"""What corrections teach: each sentence once, and nothing that contradicts the playbook."""

from datetime import timedelta

from dialog.intents import normal
from qa.learning.correction import Kind
from qa.learning.lessons import Lesson, Lessons, lessons_of, taught, with_kept
from tests.qa.learning.story import AT, correction, lesson


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
