"""What of a model's answer may be used."""

import json

import jsonschema
import pytest

from dialog.language_model.grounding import fault
from dialog.language_model.prompt import messages
from dialog.language_model.proposal import WrongFormError, check, parse, schema, was_said
from dialog.language_model.request import Drop, ModelRequest
from dialog.types import ProposedCommand

SHIPPING = (
    "Shipping takes three to five business days. Express shipping costs $12.50 and takes two business days. "
    "We ship with Parcel Express. We do not ship to Canada. Refunds go back to your card within a week."
)
REQUEST = ModelRequest(
    caller_text="I'm Ann and it's A B four seven",
    slots=("name", "code"),
    flows={"status": "your order"},
    articles={"shipping": SHIPPING},
)


@pytest.mark.parametrize(
    "reply",
    [
        "Shipping takes three to five business days.",
        "Shipping takes 3 to 5 business days.",
        "Express shipping costs $12.50 and takes two business days.",
        "We ship with Parcel Express.",
        "Sorry, we do not ship to Canada.",
        "Refunds go back to your card within a week.",
    ],
)
def test_a_reply_of_what_the_article_says_may_be_said(reply):
    assert fault(reply, SHIPPING) is None


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("Shipping takes six business days.", Drop.NUMBER),
        ("Shipping takes three to five hours.", Drop.NUMBER),
        ("Express shipping costs $12 and takes two business days.", Drop.NUMBER),
        ("Express shipping takes two business days, until Monday.", Drop.NUMBER),
        ("Shipping is free.", Drop.NUMBER),
        ("Shipping takes three business days and costs $12.50.", Drop.NUMBER),
        ("We ship with Global Freight.", Drop.NAME),
        ("Write to help@parcel.example about shipping.", Drop.NAME),
        ("I've refunded your shipping.", Drop.PROMISE),
        ("Shipping takes three business days, and we guarantee it.", Drop.PROMISE),
        ("You will get a voucher for shipping.", Drop.PROMISE),
        ("We do ship to Canada.", Drop.CONTRADICTED),
        ("Refunds do not go back to your card within a week.", Drop.CONTRADICTED),
        ("Our warehouse team packs every parcel with loving care.", Drop.NUMBER),
        ("Our warehouse team packs parcels with loving care.", Drop.UNGROUNDED),
        ("**Shipping** takes three business days.", Drop.NOT_SPEECH),
        ("", Drop.NOT_SPEECH),
        ("Shipping takes three to five business days. " * 8, Drop.TOO_LONG),
    ],
)
def test_a_reply_that_says_more_than_the_article_is_dropped(reply, reason):
    assert fault(reply, SHIPPING) is reason


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("ann", "I'm Ann"),
        ("four seven one one", "it's four seven one one"),
        ("4711", "it's 47 11 I think"),
        ("AB-47", "it is A B 4 7"),
        ("o'neil", "my name is O'Neil"),
    ],
)
def test_a_value_in_the_callers_own_words_was_said(value, text):
    assert was_said(value, text)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("an", "I'm Ann"),
        ("4711", "it's 47 12"),
        ("", "hello"),
        ("-", "hello"),
        ("7", "it's 47"),
        ("ann smith", "I'm Ann"),
    ],
)
def test_a_value_that_the_caller_did_not_say_was_not(value, text):
    assert not was_said(value, text)


def test_fields_that_do_not_belong_to_a_command_are_taken_off():
    sneaky = ProposedCommand(kind="start_flow", flow="status", slot="code", value="1")
    checked = check((sneaky,), None, (), REQUEST, "m")
    assert checked.proposal.commands == (ProposedCommand(kind="start_flow", flow="status"),)


def test_a_reply_without_an_answer_command_is_not_said():
    checked = check(
        (ProposedCommand(kind="person"),), "We ship with Parcel Express.", ("shipping",), REQUEST, "m"
    )
    assert checked.proposal.reply is None
    assert checked.proposal.sources == ()


def test_what_the_playbook_forbids_is_dropped():
    closed = ModelRequest(
        caller_text="Ann",
        slots=("name",),
        flows={"status": ""},
        articles={"a": "x"},
        understand=False,
        phrase=False,
    )
    commands = (
        ProposedCommand(kind="start_flow", flow="status"),
        ProposedCommand(kind="set_slot", slot="name", value="Ann"),
        ProposedCommand(kind="answer"),
    )
    checked = check(commands, "x", ("a",), closed, "m")
    assert checked.proposal is None
    assert set(checked.dropped) == {Drop.NOT_ALLOWED, Drop.NO_ANSWER}


def test_more_commands_than_a_turn_has_are_dropped():
    checked = check((ProposedCommand(kind="person"),) * 9, None, (), REQUEST, "m")
    assert checked.proposal.commands == (ProposedCommand(kind="person"),)
    assert Drop.TOO_MANY in checked.dropped


def test_an_answer_in_a_fence_is_read():
    commands, reply, sources = parse('```json\n{"commands": [], "reply": null, "sources": []}\n```')
    assert (commands, reply, sources) == ((), None, ())


def test_the_error_of_an_answer_in_another_form_does_not_repeat_it():
    with pytest.raises(WrongFormError) as caught:
        parse('{"commands": [{"kind": "my secret"}], "reply": null, "sources": []}')
    assert "secret" not in str(caught.value)


def test_the_schema_allows_what_is_asked_for_and_nothing_else():
    form = schema(REQUEST)
    jsonschema.Draft202012Validator.check_schema(form)
    good = {"kind": "start_flow", "flow": "status", "slot": None, "value": None}
    jsonschema.validate({"commands": [good], "reply": None, "sources": ["shipping"]}, form)
    for bad in ({**good, "flow": "refund"}, {**good, "kind": "refund"}, {**good, "amount": 5}):
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({"commands": [bad], "reply": None, "sources": []}, form)


def test_an_understanding_model_that_may_not_phrase_is_given_no_articles():
    request = ModelRequest(caller_text="hi", flows={"status": ""}, articles={"a": "secret"}, phrase=False)
    data = json.loads(messages(request)[1]["content"])
    assert data["articles"] == {}
    assert data["flows"] == {"status": ""}
