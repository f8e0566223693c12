"""Briefings as headers and as tickets."""

import pytest

from calls.privacy import without_personal
from handoff.briefing.ear import spoken
from handoff.briefing.renderings import HEADLINE, HeaderError, briefed, headers, ticket
from handoff.briefing.types import Part


def test_headers_hold_the_transfer_and_one_word(briefings):
    assert headers("0f3a", briefings["refund above the limit"]) == {
        "X-Transfer-Id": "0f3a",
        "X-Transfer-Category": "refund",
        "User-to-User": f"{b'0f3a;refund'.hex()};encoding=hex",
    }


def test_headers_of_no_call_hold_anything_of_the_caller(briefings, logs):
    for name, briefing in briefings.items():
        values = " ".join(headers("0f3a", briefing).values())
        words = values + bytes.fromhex(headers("0f3a", briefing)["User-to-User"].split(";")[0]).decode()
        assert not any(word in words for word in ("Maria", "Silva", "Pedro", "555", "471", "10115")), name


@pytest.mark.parametrize("wrong", ["", "a b", "a\r\nX-Evil: 1", "x" * 65])
def test_an_id_that_cannot_stand_in_a_header_is_refused(briefings, wrong):
    with pytest.raises(HeaderError):
        headers(wrong, briefings["danger"])


def test_a_category_that_is_none_stays_at_home(briefings):
    odd = briefings["danger"].model_copy(update={"category": "Maria Silva\r\n"})
    assert headers("0f3a", odd)["X-Transfer-Category"] == "other"


def test_a_ticket_has_a_headline_and_details(briefings):
    told = ticket(briefings["refund above the limit"])
    assert told.headline == (
        "Maria Silva, verified by text code. Wants a refund of 34.90 euros for order 4713."
        " Wants a refund for order 4713."
    )
    assert "Tried: ✔ Found their account. ✔ Sent a code by text message." in told.details
    assert "✖ The refund of 34.90 euros for order 4713 failed: it is above my limit." in told.details
    assert told.details.splitlines()[0].startswith("Who: ")


def test_the_record_keeps_what_was_said_with_its_facts(briefings):
    briefing = briefings["danger"]
    kept = briefed("0f3a", 2, briefing, spoken(briefing), 17.2)
    assert kept.text.startswith("A caller, not identified.")
    assert [(fact.part, fact.events) for fact in kept.facts] == [
        (fact.part, fact.events) for fact in briefing.facts
    ]
    assert kept.seconds == 17.2
    assert without_personal(kept)["facts"] == [
        {"part": fact.part, "events": list(fact.events)} for fact in briefing.facts
    ], "a log line has no words of it"


def test_no_headline_is_longer_than_helpdesks_take(briefings):
    for briefing in briefings.values():
        assert len(ticket(briefing).headline) <= HEADLINE
        assert "\n" not in ticket(briefing).headline
    long = briefings["danger"].facts[0].model_copy(update={"text": "word " * 200, "part": Part.WHO})
    huge = briefings["danger"].model_copy(update={"facts": (long,)})
    assert len(ticket(huge).headline) <= HEADLINE
    assert ticket(huge).headline.endswith("word…")
