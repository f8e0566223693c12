"""What a corrected transcript teaches: the mishearing means what was really said, where that is surely known."""

from datetime import UTC, datetime, timedelta

from dialog.intents import normal
from dialog.playbook import OUT_OF_SCOPE
from qa.learning.correction import Kind, State
from qa.learning.from_call import new
from qa.learning.lessons import Lesson, Lessons, Source, lessons_of
from qa.learning.transcripts import SURE, with_transcripts

AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
NAMES = ("warranty", "returns", OUT_OF_SCOPE)
SAID, HEARD = "Could you repair the zip for me?", "Good to rip her the ship for me."


def correction(kind, text, meant, turn=1, call_id="CA1", at=AT):
    return new(call_id, turn, kind, text, meant, "ana", at).model_copy(update={"state": State.ACCEPTED})


def transcript(heard=HEARD, said=SAID, **more):
    return correction(Kind.TRANSCRIPT, heard, said, **more)


def judging(**surely):
    """A head that is sure of these texts, by what they mean, and of no other."""
    sure = {normal(text): name for name, text in surely.items()}

    def judge(texts):
        return [
            dict.fromkeys(NAMES, 0.1) | {sure[text]: SURE} if text in sure else dict.fromkeys(NAMES, 1 / 3)
            for text in texts
        ]

    return judge


def learnt(playbook, accepted, judge):
    """The sentences from transcripts by what they mean, and the codes of what teaches nothing."""
    told, _ = lessons_of(accepted, playbook)
    lessons, left = with_transcripts(told, accepted, playbook, judge)
    from_transcripts = [one for one in lessons.lessons if one.source is Source.TRANSCRIPT]
    assert [one for one in lessons.lessons if one not in from_transcripts] == list(told.lessons)
    return [(one.text, one.name) for one in from_transcripts], [one.code for one in left]


def test_a_mishearing_becomes_an_example_of_what_the_right_words_surely_mean(playbook):
    found = learnt(playbook, [transcript()], judging(warranty=SAID))
    assert found == ([(normal(HEARD), "warranty")], [])


def test_what_the_playbook_has_as_an_example_needs_no_head(playbook):
    example = playbook.articles["returns"].questions[0]
    assert learnt(playbook, [transcript(said=example)], judging())[0] == [(normal(HEARD), "returns")]


def test_where_somebody_says_what_that_turn_meant_both_wordings_mean_it(playbook):
    accepted = [transcript(), correction(Kind.INTENT, HEARD, "warranty")]
    told, _ = lessons_of(accepted, playbook)
    assert [(one.text, one.name) for one in told.lessons] == [(normal(HEARD), "warranty")]
    assert learnt(playbook, accepted, judging(returns=SAID)) == ([(normal(SAID), "warranty")], [])


def test_what_somebody_says_of_another_turn_says_nothing(playbook):
    accepted = [transcript(turn=2), correction(Kind.INTENT, "So and so.", "warranty", turn=1)]
    assert learnt(playbook, accepted, judging()) == ([], ["unsure"])


def test_what_nobody_is_sure_of_teaches_nothing(playbook):
    assert learnt(playbook, [transcript()], judging()) == ([], ["unsure"])


def test_a_mishearing_of_what_is_no_wish_is_none(playbook):
    found, _ = learnt(playbook, [transcript()], judging(out_of_scope=SAID))
    assert found == [(normal(HEARD), OUT_OF_SCOPE)]


def test_what_means_something_else_in_the_playbook_is_mended_there(playbook):
    example = playbook.articles["returns"].questions[0]
    found = learnt(playbook, [transcript(heard=example)], judging(warranty=SAID))
    assert found == ([], ["contradicts_playbook"])


def test_a_mishearing_of_which_somebody_says_what_it_means_is_not_overruled_by_a_transcript(playbook):
    accepted = [
        transcript(at=AT + timedelta(days=1)),
        correction(Kind.INTENT, HEARD, "returns", call_id="CA2"),
    ]
    assert learnt(playbook, accepted, judging(warranty=SAID)) == ([], ["overruled"])


def test_versions_from_before_there_were_transcripts_are_read():
    old = '{"lessons": [{"text": "a", "name": "returns", "correction_id": "c", "call_id": "CA1"}]}'
    (one,) = Lessons.model_validate_json(old).lessons
    assert one == Lesson(text="a", name="returns", correction_id="c", call_id="CA1", source=Source.CORRECTION)
