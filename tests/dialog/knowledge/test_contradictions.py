"""What a lint of the articles finds, and what it leaves alone."""

from dataclasses import replace
from datetime import date

import pytest

from dialog.knowledge.contradictions import Trouble, lint
from models.shelf import ModelShelf
from tests.dialog.knowledge.story import SHOP, TODAY, WordEncoder, article


def troubles(*articles, encoder=None):
    return [(one.trouble, one.articles) for one in lint(articles, encoder or WordEncoder(), TODAY)]


def test_articles_that_agree_are_left_alone():
    assert troubles(*SHOP) == []


def test_no_articles_have_no_trouble():
    assert troubles() == []


def test_an_expired_article_is_named_and_one_that_is_old_too():
    expired = replace(SHOP[0], expires=date(2026, 10, 31))
    old = replace(SHOP[1], updated=date(2024, 1, 1))
    assert troubles(expired, old) == [(Trouble.EXPIRED, ("hours",)), (Trouble.OLD, ("abroad",))]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Shipping costs four euros.", "Shipping costs 5.90 euros."),
        ("Boots can be returned within thirty days.", "Boots can be returned within 14 days."),
        ("The shop opens at nine o'clock.", "The shop opens at 10 o'clock."),
        ("We accept American Express cards.", "We do not accept American Express cards."),
    ],
)
def test_different_figures_or_a_denial_about_one_thing_contradict(one, other):
    findings = lint([article("x", one), article("y", f"Hello. {other}")], WordEncoder(), TODAY)
    assert [(finding.trouble, finding.articles) for finding in findings] == [
        (Trouble.CONTRADICTS, ("x", "y"))
    ]
    assert findings[0].sentences == (one, other)


def test_a_special_case_in_an_article_of_its_own_does_not_contradict_the_rule():
    rule = article("rule", "Shipping takes two to four days.", title="Shipping")
    case = article("case", "Shipping abroad takes five to eight days.", title="Shipping abroad")
    assert troubles(rule, case) == []


def test_a_sentence_that_points_back_is_about_what_was_said_before():
    one = article("one", "Shipping takes two days. That costs five euros.", title="Parcels")
    other = article("other", "Repairs of boots are done here. That costs nine euros.", title="Repairs")
    assert troubles(one, other) == []


def test_the_same_short_answer_twice_and_a_question_in_two_articles_are_named():
    one = article("x", "We are closed on Sundays.", questions=["are you open on Sunday?"])
    other = article("y", "On Sundays we are closed.", questions=["Are you open on sunday"])
    assert troubles(one, other) == [(Trouble.SAME_QUESTION, ("x", "y")), (Trouble.SAYS_THE_SAME, ("x", "y"))]


def test_an_expired_article_contradicts_nothing():
    one = article("x", "Shipping costs four euros.", expires=date(2026, 1, 1))
    assert troubles(one, article("y", "Shipping costs five euros.")) == [(Trouble.EXPIRED, ("x",))]


@pytest.mark.models
def test_with_real_vectors_a_clash_in_other_words_is_found_and_the_shop_is_clean():
    encoder = ModelShelf().embedder()
    assert troubles(*SHOP, encoder=encoder) == []
    one, other = (
        article("x", "You get a refund within five days."),
        article("y", "We refund you after 10 days."),
    )
    assert troubles(one, other, encoder=encoder) == [(Trouble.CONTRADICTS, ("x", "y"))]
