"""The parts of the search: questions, passages, names, sounds and figures."""

import numpy as np
import pytest

from dialog.knowledge.directory import Directory, Document, Thing, without_name
from dialog.knowledge.figures import Figure, figures, negated
from dialog.knowledge.lexical import LexicalIndex
from dialog.knowledge.names import Named, NameIndex, SpokenTurn
from dialog.knowledge.need import NeedHead
from dialog.knowledge.passages import MOST_LETTERS, passages
from dialog.knowledge.questions import is_question
from dialog.knowledge.remembering import RememberingEncoder
from dialog.knowledge.sounds import SoundIndex
from dialog.knowledge.words import question_part
from tests.dialog.knowledge.story import WordEncoder


@pytest.mark.parametrize(
    "turn",
    [
        "when do you close",
        "okay great and do they have parking",
        "I was wondering if you deliver on Sundays",
        "could you tell me how returns work",
        "uh can I pay by card",
        "the warranty is two years?",
    ],
)
def test_a_turn_that_asks_to_be_told_something_is_a_question(turn):
    assert is_question(turn)


@pytest.mark.parametrize(
    "turn",
    ["could you repeat that please", "are you a robot", "cancel my order", "yes please", "how are you", ""],
)
def test_small_talk_and_requests_are_no_questions(turn):
    assert not is_question(turn)


@pytest.mark.parametrize(
    ("turn", "question"),
    [
        ("okay great uh do you know if they have parking", "do you know if they have parking"),
        ("awesome what ways of paying do you have", "what ways of paying do you have"),
        ("send me a parcel", "send me a parcel"),
        ("um", "um"),
    ],
)
def test_the_question_of_a_turn_starts_where_it_opens(turn, question):
    assert question_part(turn) == question


def test_passages_are_one_or_two_sentences_of_plain_text_without_headings():
    body = "# Head\n\nOne **bold** thing. Two _more_ things. Three.\n\n- item [a](http://x)\n- item b\n"
    assert passages(body) == (
        "One bold thing. Two more things.",
        "Two more things. Three.",
        "item a.",
        "item b.",
    )


def test_a_table_is_said_row_by_row_without_its_head():
    assert passages("| Day | Hours |\n|---|---|\n| Saturday | 10 to 16 |\n") == ("Saturday: 10 to 16.",)


def test_code_and_comments_are_not_said():
    assert passages("<!-- to do -->\n```\nrm -rf\n```\nSaid. <br>\n") == ("Said.",)


def test_no_passage_is_longer_than_can_be_listened_to():
    long = "word " * 200
    found = passages(f"{long}. Short one. {long}, and more.")
    assert found
    assert all(0 < len(passage) <= MOST_LETTERS for passage in found)
    assert any("Short one." in passage for passage in found)


def test_a_name_is_found_however_the_recogniser_spelled_it():
    index = NameIndex([Named("DragonEats - SoMa"), Named("Park Tavern"), Named("Museum Of 3D Illusions")])

    def likeliest(text):
        return int(index.follow([SpokenTurn((text,), ours=True)]).argmax())

    assert likeliest("it is called dragon eats is that something") == 0
    assert likeliest("i'm showing the park taverne") == 1
    assert likeliest("the museum of three d. illusions") == 2


def test_an_area_and_a_name_inside_a_longer_one_count_little():
    index = NameIndex(
        [Named("Union Square"), Named("Grant Hotel"), Named("Alamo Square"), Named("Alamo Square Grill")]
    )
    area = index.follow([SpokenTurn(("the grant hotel in union square",), ours=True)])
    assert area[1] > 2 * area[0]
    inside = index.follow([SpokenTurn(("it is called alamo square grill",), ours=True)])
    assert inside[3] > 2 * inside[2]


def test_the_name_said_last_is_the_likeliest_until_the_caller_takes_up_another():
    index = NameIndex([Named("Grant Hotel"), Named("Boba Guys")])
    turns = [SpokenTurn(("how about the grant hotel",), True), SpokenTurn(("or boba guys",), True)]
    assert index.follow([*turns, SpokenTurn(("is it far",))]).argmax() == 1
    assert (
        index.follow([*turns, SpokenTurn(("has the grand hotel wifi", "has the grant hotel wifi"))]).argmax()
        == 0
    )


def test_a_thing_in_another_town_than_the_one_spoken_of_counts_little():
    index = NameIndex([Named("Star Inn", "Oldtown"), Named("Star Inn", "Newtown")])
    scores = index.follow([SpokenTurn(("a room in newtown",)), SpokenTurn(("there is the star inn",), True)])
    assert scores[1] > 2 * scores[0] > 0


def test_without_a_name_nothing_is_likely():
    index = NameIndex([Named("Grant Hotel")])
    assert not index.follow([SpokenTurn(("good morning",))]).any()
    assert not index.follow([]).any()


def test_what_was_heard_wrong_still_sounds_like_its_text():
    index = SoundIndex(["outdoor seating", "bike parking", "student discount"])
    scores = index.scores(index.heard("is there out door seeting"))
    assert scores.argmax() == 0
    assert scores[0] > 3 * max(scores[1], scores[2])
    assert np.array_equal(index.scores_of(index.heard("bike"), [1]), index.scores(index.heard("bike"))[1:2])


def test_shared_stems_count_and_unknown_words_take_away():
    index = LexicalIndex(["returning boots", "opening hours", "gift cards"])
    known = index.scores("return my boots")
    assert known.argmax() == 0
    assert 0 < index.scores("return my boots zeppelin")[0] < known[0] <= 1
    assert not LexicalIndex([]).scores("anything").size
    assert not LexicalIndex(["the"]).scores("boots").any()


def test_a_document_is_looked_for_at_the_thing_that_is_talked_about():
    def pages(wifi):
        return Document("Is there wifi?", wifi), Document("Are dogs allowed?", "Dogs are welcome.")

    things = [
        Thing(Named("Grant Hotel"), pages("Free wifi.")),
        Thing(Named("Boba Guys"), pages("No wifi.")),
        Thing(Named("", kind="train"), (Document("May I bring dogs on the train?", "Yes."),)),
    ]
    directory = Directory(things, RememberingEncoder(WordEncoder()))
    offer = SpokenTurn(("how about boba guys",), ours=True)
    best = directory.search([offer, SpokenTurn(("great do they have wifi there",))])[0]
    assert (best.thing, best.document) == (1, 0)
    kind = directory.search([SpokenTurn(("may i bring dogs on the train",))])[0]
    assert kind.thing == 2
    assert directory.search([]) == ()


def test_titles_of_different_things_read_alike_without_their_names():
    assert without_name("Does the Grant Hotel have WiFi?", "Grant Hotel") == "does it have wifi?"
    assert without_name("Is DragonEats far?", "DragonEats - SoMa") == "is it far?"


def test_a_turn_like_what_is_asked_needs_knowledge_and_one_like_a_task_does_not():
    head = NeedHead(
        WordEncoder(), ["do they allow dogs", "is there wifi"], ["book a table", "the phone number"]
    )
    asks = head.evidence(["do they allow dogs there"], 0.7, 0.6, 1.0)
    tasks = head.evidence(["can you book a table"], 0.1, 0.1, 1.0)
    assert asks.probability > 0.8
    assert tasks.probability < 0.2


def test_an_encoder_that_remembers_asks_once_and_keeps_the_order():
    asked = []

    class Counting(WordEncoder):
        def embed(self, texts):
            asked.extend(texts)
            return super().embed(texts)

    encoder = RememberingEncoder(Counting())
    texts = ["longer text of words", "short", "longer text of words"]
    assert np.array_equal(encoder.embed(texts), WordEncoder().embed(texts))
    encoder.embed(["short"])
    assert sorted(asked) == ["longer text of words", "short"]
    assert encoder.embed([]).shape[0] == 0


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("It costs four euros ninety.", {Figure(4.9, "money")}),
        ("It costs €1,200.50.", {Figure(1200.5, "money")}),
        ("Within twenty-one working days.", {Figure(21, "day")}),
        ("Open from 9:30.", {Figure(9.3, "time")}),
        ("A 15% discount for two years.", {Figure(15, "percent"), Figure(2, "year")}),
        ("Two hundred euros.", {Figure(200, "money")}),
        ("Two to four days.", {Figure(2, "day"), Figure(4, "day")}),
        ("No figures here.", set()),
    ],
)
def test_figures_are_read_in_digits_and_in_words(text, wanted):
    assert figures(text) == wanted


def test_two_denials_are_none():
    assert negated("We don't take cards")
    assert not negated("We take cards")
    assert not negated("It is not without cost")
