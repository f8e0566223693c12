"""Call-backs and messages as callers ask for them, really noted."""

from sqlalchemy import select

from actions.desk.tables import promises


async def promised(call):
    """What the call was promised: number, queue, reason, when."""
    ledger = call._actions._writes._ledger
    async with ledger.engine.connect() as connection:
        rows = (await connection.execute(select(promises))).all()
    return [(row.phone, row.queue, row.reason, f"{row.due_at:%a %H:%M}") for row in rows]


async def test_who_asks_for_a_person_and_agrees_is_promised_a_call_back_by_their_queue(call):
    await call.says("I want to talk to a person")
    assert await promised(call) == [], "not before the caller's own yes"
    await call.says("yes please")
    assert await promised(call) == [("+15550142000", "support", "asked for a person", "Wed 11:00")]
    assert "Your reference is" in call.said


async def test_a_wish_for_the_morning_is_kept_with_the_promise(call):
    await call.says("can someone call me back", "returns", "tomorrow morning", "yes")
    (one,) = await promised(call)
    assert one[:3] == ("+15550142000", "support", "returns")
    assert one[3] == "Thu 08:00", "it is noon in Berlin, where it opens at nine"


async def test_a_number_that_cannot_be_called_is_asked_for_again(ring):
    call = ring(caller=None)
    await call.says("can someone call me back", "returns", "any time")
    await call.keys("12345")
    await call.says("yes")
    assert "I can't call that number" in call.said
    assert call.story.at == "arrange_callback.number"
    await call.keys("5550142999")
    await call.says("yes")
    assert [one[0] for one in await promised(call)] == ["+15550142999"]


async def test_after_three_numbers_that_cannot_be_called_it_ends_honestly(ring):
    call = ring(caller=None)
    await call.says("can someone call me back", "returns", "any time")
    for number in ("12345", "54321", "23456"):
        await call.keys(number)
        await call.says("yes")
    assert "couldn't note the call back" in call.said
    assert await promised(call) == []
