"""Forms, and what answers come to by them."""

import pytest

from qa.scorecards.agreement import Trust, agreement, detection, of_form
from qa.scorecards.form import Form
from qa.scorecards.scoring import Answer, AnswerError, check, mean, score
from qa.scorecards.source import STARTER, PlaybookError, read_form, read_text
from qa.scorecards.values import Build, Evaluation, ScorerKind
from tests.qa.scorecards.story import BEGAN

CARD = read_form(STARTER)


def yes(*besides, **others):
    given = {one.id: "yes" for one in CARD.questions if one.kind == "select"} | others
    return [Answer(question=name, option=option) for name, option in given.items() if name not in besides]


def test_the_starter_cards_points_are_a_hundred():
    for section in CARD.sections:
        assert sum(one.weight for one in section.questions) == section.weight
        assert all(one.best in {one.weight, 0.0} for one in section.questions)
    assert score(CARD, yes()).points == 100.0


def test_each_question_counts_by_its_weight():
    assert score(CARD, yes(answer="no")).points == 80.0
    assert score(CARD, yes(effort="partly", tags="no")).points == 90.0


def test_what_does_not_apply_takes_its_weight_with_it():
    assert score(CARD, yes("intent", answer="no")).sections["customer"] == 60.0, "30 of 50"
    assert score(CARD, yes("tags", "briefing")).points == 100.0
    assert score(CARD, []).points is None, "nothing answered is no bad score"


def test_one_failure_of_compliance_fails_the_call_and_is_told_apart_from_the_mean():
    failed = score(CARD, yes(disclosed="no"))
    assert (failed.points, failed.without_fail, failed.failed) == (0.0, 100.0, ("disclosed",))
    many = mean([(80.0, False), (90.0, False), (0.0, True), (None, False)])
    assert (many.points, many.scored, many.failed) == (85.0, 2, 1)


def test_answers_must_fit_and_be_complete():
    with pytest.raises(AnswerError) as error:
        check(CARD, [Answer(question="tone", option="perhaps")], complete=True)
    assert error.value.problems["brevity"] == "has no answer"
    with pytest.raises(AnswerError, match="needs one of its options"):
        check(CARD, [Answer(question="tone", option="perhaps")], complete=False)
    with pytest.raises(ValueError, match="exactly one"):
        Answer(question="tone", option="yes", not_applicable=True)


def test_a_number_falls_under_an_option():
    options = [{"id": "few", "text": "Few", "points": 10, "up_to": 2}, {"id": "many", "text": "Many"}]
    question = {"id": "holds", "text": "Holds?", "kind": "number", "weight": 1, "options": options}
    form = Form.model_validate(
        {
            "name": "n",
            "title": "N",
            "sections": [{"id": "s", "title": "S", "weight": 100, "questions": [question]}],
        }
    )
    assert score(form, [Answer(question="holds", number=2)]).points == 100.0
    assert score(form, [Answer(question="holds", number=3)]).points == 0.0


@pytest.mark.parametrize(
    ("old", "new", "rule"),
    [
        ("weight: 65", "weight: 64", "add up to 99"),
        ("rules: [effort]", "rules: [luck]", r"scorecard.yaml:\d+: .*rules"),
        ("id: tone", "id: effort", "two questions effort"),
        (
            '{id: partly, text: "But for one", points: 2}',
            '{id: half, text: "Half", points: 2}',
            "brevity may answer",
        ),
        ("name: starter", "name: starter\nname: other", "twice"),
    ],
)
def test_a_form_that_breaks_a_rule_is_refused_with_its_line(old, new, rule):
    text = STARTER.read_text("utf-8")
    assert old in text
    with pytest.raises(PlaybookError, match=rule) as error:
        read_text(text.replace(old, new, 1))
    assert "scorecard.yaml:" in str(error.value)


def test_kappa_is_what_is_left_of_agreement_without_chance():
    metrics = pytest.importorskip("sklearn.metrics")
    left, right = list("aabbccabca"), list("aabbcabbca")
    found = agreement(zip(left, right, strict=True))
    assert found.kappa == pytest.approx(metrics.cohen_kappa_score(left, right), abs=1e-4)
    assert (found.n, found.accuracy) == (10, 0.8)
    assert agreement([("a", "a")] * 5).kappa is None, "chance alone would give all of it"
    assert agreement([]).accuracy is None


def test_precision_and_recall_of_fails():
    found = detection([(True, True), (True, False), (False, True), (False, True), (False, False)])
    assert (found.precision, found.recall) == (pytest.approx(1 / 3, abs=1e-4), 0.5)
    assert detection([(False, False)]).recall is None


def labelled(call, scorer, kind, tone):
    return Evaluation(
        evaluation_id=f"{call}{scorer}", call_id=call, form="starter", version=1, kind=kind, scorer=scorer,
        build=Build(), answers=(Answer(question="tone", option=tone),), began_at=BEGAN, submitted_at=BEGAN,
    )  # fmt: skip


@pytest.mark.parametrize(("wrong", "trust"), [(0, Trust.TRUSTED), (20, Trust.SUGGESTION)])
def test_rules_that_agree_less_than_people_do_are_suggestions_only(wrong, trust):
    some = []
    for number in range(60):
        label = "yes" if number % 2 else "no"
        rules = label if number >= wrong else "partly"
        some += [labelled(f"CA{number}", who, ScorerKind.HUMAN, label) for who in ("ana", "ben")]
        some.append(labelled(f"CA{number}", "rules 1", ScorerKind.RULES, rules))
    found = of_form(CARD, some)
    assert found.trust("tone") is trust
    assert (found.calls, found.twice) == (60, 60)
    assert of_form(CARD, some[:30]).trust("tone") is Trust.UNKNOWN
