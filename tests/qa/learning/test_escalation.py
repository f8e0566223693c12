"""The score of escalation learns from turns of which people have said whether a person was due."""

from calls import events as e
from handoff.escalation.signals import NAMES
from qa.learning import escalation
from qa.learning.compare import compared
from qa.learning.correction import Kind
from tests.qa.learning.story import BUILT_IN_VERSION, correction, disposed, story


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
