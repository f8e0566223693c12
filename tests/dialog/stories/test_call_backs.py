"""Call-backs and messages as callers ask for them, really noted."""

import sqlite3
from datetime import datetime

import pytest


@pytest.fixture
def promised(tmp_path):
    """What was promised so far: number, queue, reason, when (UTC)."""

    def look():
        with sqlite3.connect(tmp_path / "warmline.db") as store:
            rows = store.execute("select phone, queue, reason, due_at from promises").fetchall()
        return [(*told, f"{datetime.fromisoformat(due_at):%a %H:%M}") for *told, due_at in rows]

    return look


async def test_who_asks_for_a_person_and_agrees_is_promised_a_call_back_by_their_queue(call, promised):
    await call.says("I want to talk to a person")
    assert promised() == [], "not before the caller's own yes"
    await call.says("yes please")
    assert promised() == [("+15550142000", "support", "asked for a person", "Wed 11:00")]
    assert "Your reference is" in call.said


async def test_a_wish_for_the_morning_is_kept_with_the_promise(call, promised):
    await call.says("can someone call me back", "returns", "tomorrow morning", "yes")
    (one,) = promised()
    assert one[:3] == ("+15550142000", "support", "returns")
    assert one[3] == "Thu 08:00", "it is noon in Berlin, where it opens at nine"


async def test_a_number_that_cannot_be_called_is_asked_for_again(ring, promised):
    call = ring(caller=None)
    await call.says("can someone call me back", "returns", "any time")
    await call.keys("12345")
    await call.says("yes")
    assert "I can't call that number" in call.said
    assert call.story.at == "arrange_callback.number"
    await call.keys("5550142999")
    await call.says("yes")
    assert [one[0] for one in promised()] == ["+15550142999"]


async def test_after_three_numbers_that_cannot_be_called_it_ends_honestly(ring, promised):
    call = ring(caller=None)
    await call.says("can someone call me back", "returns", "any time")
    for number in ("12345", "54321", "23456"):
        await call.keys(number)
        await call.says("yes")
    assert "couldn't note the call back" in call.said
    assert promised() == []
