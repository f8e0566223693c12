"""Where a sentence is cut so that its beginning is there soon."""

import pytest

from voice.speaking.clauses import clauses


@pytest.mark.parametrize(
    ("sentence", "parts"),
    [
        ("Your order has shipped, and it comes soon.", ("Your order has shipped,", "and it comes soon.")),
        ("Thank you.", ("Thank you.",)),
        ("Yes, of course.", ("Yes, of course.",)),
        ("Well, this one is long enough to be cut, but only once, you see.",
         ("Well, this one is long enough to be cut,", "but only once, you see.")),
        ("It costs 1,250 dollars in all our shops.", ("It costs 1,250 dollars in all our shops.",)),
    ],
)  # fmt: skip
def test_only_a_first_clause_with_enough_around_it_is_cut_off(sentence, parts):
    assert clauses(sentence) == parts
