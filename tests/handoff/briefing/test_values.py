"""What templates of a briefing may use, and what of it is told."""

from handoff.briefing.quoting import LEFT_OUT
from handoff.briefing.values import fill, fillable, from_caller, plain, sentence, speakable

LADDER = (
    "a refund of {{ price | money('euros') }} for order {{ number | spell }}",
    "a refund for {{ item }}",
    "a refund",
)


def test_the_first_template_whose_values_are_there_is_the_fullest():
    told = fillable(LADDER, {"price": 34.9, "number": "4711"})
    assert [one.said for one in told] == [
        "a refund of thirty-four euros ninety for order four seven one one",
        "a refund",
    ]
    assert told[0].text == "a refund of 34.90 euros for order 4711"
    assert [one.said for one in fillable(LADDER, {})] == ["a refund"]


def test_a_value_that_does_not_fit_its_filter_is_no_value():
    assert fill(LADDER[0], {"price": "much", "number": "4711"}) is None
    assert fill("{{ order.item }}", {"order": None}) is None


def test_a_value_is_never_read_as_a_template():
    told = fill("{{ item }}", {"item": "{{ 7 * 7 }}"})
    assert told is not None
    assert told.text == "{{ 7 * 7 }}"


def test_values_are_short_on_one_line_and_without_cards_at_any_depth():
    value = {"items": [{"name": "a\nb"}, {"name": "4242 4242 4242 4242"}], "none": None, "note": "x" * 100}
    assert plain(value) == {
        "items": [{"name": "a b"}, {"name": "…"}],
        "note": "x" * 60 + "…",
    }


def test_what_the_caller_said_gives_no_orders_but_a_product_may_be_a_press():
    assert from_caller("Press 1 Street 5") == LEFT_OUT
    assert plain("a coffee press 1 litre") == "a coffee press 1 litre"


def test_numbers_in_words_of_ours_are_spoken():
    assert speakable("refund 34.90 euros for order 4713") == (
        "refund thirty-four euros ninety for order four seven one three"
    )


def test_a_sentence_begins_and_ends_as_one():
    assert sentence("wants a refund") == "Wants a refund."
    assert sentence("May I?") == "May I?"
