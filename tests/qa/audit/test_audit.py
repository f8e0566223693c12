"""The audit: texts fall into what they are about, and what an answer alone would serve is told by rules."""

import json
import xml.etree.ElementTree as ET

import pytest
import yaml
from sklearn.metrics import adjusted_mutual_info_score

from dialog.minds import WordEncoder
from qa.audit.clusters import DETAILS, clustered
from qa.audit.information import Need, need_of, no_article
from qa.audit.page import page
from qa.audit.report import TooFewTicketsError, audited
from qa.audit.suggestions import suggested
from qa.audit.tickets import Ticket, TicketsError, mask, read_tickets

WISHES = {
    "refund": [
        "I want my refund for order {n}",
        "refund the money for order {n} please",
        "where is my refund {n}",
    ],
    "hours": [
        "what are your opening hours {w}",
        "which opening hours do you have {w}",
        "opening hours of the shop {w}",
    ],
    "password": [
        "reset password it is forgotten {w}",
        "forgotten password reset {w}",
        "password reset failed {w}",
    ],
}
WORDS = (
    "today tomorrow monday tuesday wednesday thursday friday saturday sunday soon please quickly".split()  # noqa: SIM905
)


@pytest.fixture
def tickets():
    return [
        Ticket(mask(pattern.format(n=1000 + number, w=word)))
        for patterns in WISHES.values()
        for pattern in patterns
        for number, word in enumerate(WORDS)
    ]


def test_texts_about_the_same_come_together_and_the_number_of_groups_is_chosen(tickets):
    found = clustered([one.text for one in tickets], WordEncoder())
    wishes = [wish for wish in WISHES for _ in range(3 * len(WORDS))]
    assert adjusted_mutual_info_score(wishes, found.labels) > 0.6
    assert len(found.tried) > 2, "several numbers were tried"


def test_the_same_texts_give_the_same_groups(tickets):
    once, again = (clustered([one.text for one in tickets], WordEncoder()).labels for _ in range(2))
    assert (once == again).all()


def test_bare_details_are_one_group_and_no_wish():
    names = [
        f"{first} {last}" for first in ("ravi", "elena", "tomas") for last in ("novak", "moser", "singh")
    ]
    wishes = [
        f"i want to change the {what} of it" for what in ("seat", "date", "name", "time", "meal", "bag")
    ] * 2
    found = clustered([*names, *wishes], WordEncoder())
    assert DETAILS in found.labels[: len(names)]
    assert DETAILS not in found.labels[len(names) :]


@pytest.mark.parametrize(
    ("text", "need"),
    [
        ("How long does delivery take?", Need.QUESTION),
        ("what payment methods do you accept", Need.QUESTION),
        ("Where is my order?", Need.ACTION),
        ("how can I cancel purchase [number]?", Need.ACTION),
        ("cancel it", Need.ACTION),
        ("I want to know how to cancel my order", Need.ACTION),
        ("thank you, bye", Need.NONE),
        ("ok", Need.NONE),
    ],
)
def test_what_a_text_needs(text, need):
    assert need_of(text, no_article) is need


def test_a_question_that_an_article_answers_is_told_apart():
    assert need_of("do you ship abroad", lambda text: "abroad" in text) is Need.ARTICLE
    assert need_of("is my order [number] shipped abroad", lambda text: "abroad" in text) is Need.ACTION


def test_first_comes_what_information_alone_answers_most(tickets):
    audit = audited(tickets, WordEncoder(), "text")
    assert audit.candidates[0].words[0] in {"opening", "hours"}
    assert sum(one.volume for one in audit.categories) == len(tickets)
    gains = [one.gain for one in audit.candidates]
    assert gains == sorted(gains, reverse=True)


def test_suggested_intents_are_yaml_that_a_playbook_takes(tickets):
    intents = yaml.safe_load(suggested(audited(tickets, WordEncoder(), "text")))
    assert intents
    for intent in intents.values():
        assert len(intent["examples"]) >= 3
        assert ("say" in intent) != ("flow" in intent)
        assert not any("[number]" in example for example in intent["examples"]), "callers say other numbers"


def test_the_report_is_one_file_that_asks_for_nothing_and_escapes_what_customers_wrote(tickets):
    evil = [Ticket(f"<script>alert({word!r})</script> opening hours") for word in WORDS]
    text = page(audited([*tickets, *evil], WordEncoder(), "te<xt"))
    assert "<script" not in text
    assert "src=" not in text
    assert "http" not in text.replace("http-equiv", "")
    pictures = text.split("<svg")[1:]
    assert len(pictures) == 2
    for picture in pictures:
        ET.fromstring("<svg" + picture.split("</svg>")[0] + "</svg>")


def test_too_few_tickets_are_refused():
    with pytest.raises(TooFewTicketsError, match="at least 20 tickets; there are 1"):
        audited([Ticket("hello")], WordEncoder(), "text")


def test_numbers_addresses_and_quoted_mail_are_masked():
    assert (
        mask("Order AB-1234 of jo@example.com, call +49 30 123456")
        == "Order [number] of [email] call [number]"
    )
    assert mask("Please help.\nOn Monday, Jo wrote:\n> secret") == "Please help."


def test_the_column_is_found_and_a_wrong_one_is_told_with_those_that_are_there(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_text('id;Description;state\n1;"where is; my order";open\n2;;closed\n', "utf-8")
    tickets, column = read_tickets(path)
    assert column == "Description"
    assert [one.text for one in tickets] == ["where is; my order"]
    with pytest.raises(TicketsError, match=r"no column body; its columns are: id, Description, state"):
        read_tickets(path, "body")


def test_a_file_that_is_no_text_is_refused_with_its_name(tmp_path):
    path = tmp_path / "tickets.csv"
    path.write_bytes(b"\xff\xfe\x00text")
    with pytest.raises(TicketsError, match=r"tickets.csv: cannot be read"):
        read_tickets(path)


def test_an_audit_can_be_kept_as_json(tickets):
    audit = audited(tickets, WordEncoder(), "text")
    assert json.loads(audit.model_dump_json())["tickets"] == len(tickets)


@pytest.mark.models
@pytest.mark.slow
@pytest.mark.parametrize(("folder", "least"), [("bitext_retail", 0.8), ("multidogo/insurance", 0.55)])
def test_labelled_texts_fall_into_their_categories_better_than_by_their_words(shared_data, folder, least):
    from bench.audit import measure, read_labelled
    from models.shelf import ModelShelf

    figures = measure(read_labelled(shared_data / "intents" / folder)[:6000], ModelShelf().embedder())
    assert figures["ours"]["ami"] >= least
    assert figures["ours"]["ami"] >= figures["tfidf_kmeans"]["ami"] + 0.05
