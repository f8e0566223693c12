"""Where one sentence holds two wishes."""

import csv

import pytest

from dialog.segments import clauses, parts

SMALL_TALK = {
    "openinggreeting",
    "closinggreeting",
    "thankyou",
    "confirmation",
    "rejection",
    "contentonly",
    "outofdomain",
}


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (
            "where's my order and how do I send something back",
            ("where's my order", "how do I send something back"),
        ),
        (
            "I want to cancel my order, also what are your opening hours",
            ("I want to cancel my order", "what are your opening hours"),
        ),
        (
            "I want to cancel my order and change my address",
            ("I want to cancel my order", "change my address"),
        ),
        ("what are your hours? and do you ship to Italy", ("what are your hours", "do you ship to Italy")),
        ("when do you open and where is my order", ("when do you open", "where is my order")),
        ("check my order then tell me the price", ("check my order", "tell me the price")),
        (
            "I'd like to reset my password plus get a copy of my invoice",
            ("I'd like to reset my password", "get a copy of my invoice"),
        ),
        (
            "can I pay later and can I pay by card and do you ship abroad",
            ("can I pay later", "can I pay by card", "do you ship abroad"),
        ),
        (
            "I want to cancel my order oh and what are your opening hours",
            ("I want to cancel my order", "what are your opening hours"),
        ),
        (
            "I need an invoice. Oh, and I'd like to return something",
            ("I need an invoice", "I'd like to return something"),
        ),
        (
            "the lamp is broken and also I’d like to change my address",
            ("the lamp is broken", "I'd like to change my address"),
        ),
        ("where is my parcel plus my invoice please", ("where is my parcel", "my invoice please")),
        (
            "I'd like to send this back and while I'm at it the new address",
            ("I'd like to send this back", "the new address"),
        ),
        (
            "I want to cancel my order and oh yeah I need the bill",
            ("I want to cancel my order", "I need the bill"),
        ),
        (
            "find my order and after that I'd like to complain",
            ("find my order", "I'd like to complain"),
        ),
        (
            "tell me when you open and also about gift cards",
            ("tell me when you open", "about gift cards"),
        ),
        (
            "can you find my order, another thing is my password doesn't work",
            ("can you find my order", "my password doesn't work"),
        ),
    ],
)
def test_a_joining_word_before_a_clause_cuts(said, parts):
    assert clauses(said) == parts


@pytest.mark.parametrize(
    "said",
    [
        "I'd like a shirt and trousers",
        "do you sell shirts, trousers and socks",
        "if my parcel is late can I get my money back",
        "when I open the app, it says error",
        "how and where do I return it",
        "can you tell me what is open and when",
        "is it black and white",
        "no, I said fifteen",
        "yes and please cancel it",
        "perfect may I also get my boarding pass",
        "could you also check the price",
        "it is four oh one two",
        "we are also looking for a lamp",
        "does the kettle also keep water warm",
        "and",
        "",
    ],
)
def test_one_thought_stays_whole(said):
    assert clauses(said) == (said,)


def test_words_that_join_thoughts_make_parts_with_clauses_of_their_own():
    found = parts("I got the lamp and it is broken, oh and can you change my address and send me the invoice")
    assert [one.text for one in found] == [
        "I got the lamp and it is broken",
        "can you change my address and send me the invoice",
    ]
    assert [len(one.clauses) for one in found] == [1, 2]


def test_no_word_of_meaning_is_lost():
    said = "um where is my parcel and also, please cancel my order. I need an invoice"
    kept = " ".join(clauses(said))
    assert all(word in kept for word in ("where", "parcel", "cancel", "order", "invoice"))


def test_real_turns_with_one_intent_are_rarely_cut(shared_data):
    """Measured on MultiDoGO: 23 of 1,739 to 73 of 2,526 turns with one wish are cut; the classifier decides on them."""
    for domain, most in (("airline", 0.035), ("finance", 0.035), ("insurance", 0.02)):
        path = shared_data / "intents" / "multidogo" / domain / "train.tsv"
        with path.open(newline="", encoding="utf-8") as file:
            said = [
                row["utterance"]
                for row in csv.DictReader(file, delimiter="\t")
                if "<div>" not in row["intent"] and row["intent"] not in SMALL_TALK
            ]
        assert sum(len(clauses(one)) > 1 for one in said) / len(said) < most
