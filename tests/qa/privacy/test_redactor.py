"""Calls are redacted once they are over: log, recording, and everything that was made from them."""

import json
import os
from datetime import timedelta

from sqlalchemy import insert, select

from actions.ledger_table import ledger
from calls import events as e
from calls.redaction.kinds import Kind
from calls.wav import CALLER, RATE, StereoWav
from qa.facts.filter import CallFilter
from qa.privacy.rules import PrivacyRules
from tests.calls.redaction.paying import BEGAN, CARD, planned
from tests.qa.privacy.conftest import NOW


async def text_of(house, call_id="CA1"):
    return json.dumps([one.model_dump(mode="json") for one in await house.store.read(call_id)])


async def test_a_call_that_is_over_is_redacted_and_the_log_tells_of_it(house):
    assert await house.redactor.catch_up() == 2
    events = await house.store.read("CA1")
    assert [one.seq for one in events] == list(range(1, len(events) + 1))
    told = events[-1].body
    assert isinstance(told, e.CallRedacted)
    assert set(told.kinds) == {"card_number", "card_code"}
    assert CARD not in await text_of(house)
    assert await house.redactor.catch_up() == 0, "it is looked through once"


async def test_the_sound_under_a_redacted_span_is_silent(house):
    await house.redactor.catch_up()
    told = (await house.store.read("CA1"))[-1].body
    file = StereoWav(house.recording("CA1"))
    for span in told.spans:
        start, end = round(span.start_s * RATE), round(span.end_s * RATE)
        channel = 0 if span.channel == "caller" else 1
        assert not file.read(start, end - start)[:, channel].any()
    assert file.read(0, RATE)[:, CALLER].all(), "the rest can still be heard"
    file.close()


async def test_facts_and_the_words_that_are_searched_follow(house):
    await house.projector.catch_up()
    assert await house.facts.count(CallFilter(words="four one one")) == 2
    await house.redactor.catch_up()
    await house.projector.catch_up()
    assert await house.facts.count(CallFilter(words="four one one")) == 0
    assert await house.facts.count(CallFilter(words="order 4711")) == 2


async def test_a_live_call_is_left_alone_until_it_is_over(house):
    await house.called("CA3", "+15550142000", ended=False)
    await house.redactor.catch_up()
    assert CARD in await text_of(house, "CA3")
    end = e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=40.0)
    last = await house.store.last_seq("CA3")
    await house.store.write([e.CallEvent(call_id="CA3", seq=last + 1, at=NOW, body=end)])
    await house.redactor.catch_up()
    assert CARD not in await text_of(house, "CA3")


async def test_what_is_written_after_the_end_is_redacted_too(house):
    await house.redactor.catch_up()
    note = e.CallDisposed(agent="maria", disposition="solved", note=f"Paid with card {CARD}.")
    await house.log.append("CA1", note)
    await house.log.flush()
    assert await house.redactor.catch_up() == 1
    assert "Paid with card [card number]." in await text_of(house)


async def test_the_ledger_forgets_what_the_log_forgets(house):
    values = {
        "key": "CA1:pay", "action": "shop.pay", "fingerprint": "f" * 16, "call_id": "CA1", "state": "done",
        "result": {"card": CARD, "order": "4711"}, "attempts": 1, "owner": "w", "held_until": NOW,
        "requested_at": NOW, "changed_at": NOW,
    }  # fmt: skip
    async with house.engine.begin() as connection:
        await connection.execute(insert(ledger).values(values))
    await house.redactor.catch_up()
    async with house.engine.connect() as connection:
        assert await connection.scalar(select(ledger.c.result)) == {"card": "[card number]", "order": "4711"}


async def test_other_rules_look_through_all_calls_again(house):
    await house.redactor.catch_up()
    house.rules = PrivacyRules(redact=(Kind.PHONE,))
    assert await house.redactor.catch_up() == 2
    assert "+15550142000" not in await text_of(house)
    assert (await house.store.summary("CA1")).caller == "[phone]"


async def test_one_call_that_cannot_be_redacted_holds_up_no_other(house):
    house.recording("CA2").write_bytes(b"no recording at all, but long enough to have a header of some kind")
    assert await house.redactor.catch_up() == 1
    assert CARD not in await text_of(house, "CA1")
    assert CARD in await text_of(house, "CA2"), "its words tell where its sound is: they wait for it"


async def test_nothing_is_lost_when_the_call_grows_meanwhile(house):
    found = await house.store.read("CA1")
    await house.store.write(
        [e.CallEvent(call_id="CA1", seq=len(found) + 1, at=BEGAN + timedelta(1), body=planned(5))]
    )
    await house.redactor.catch_up()
    assert (await house.store.summary("CA1")).last_seq == len(found) + 2


async def test_a_recording_that_is_still_written_is_waited_for(house):
    just_now = NOW.timestamp() - 1
    os.utime(house.recording("CA1"), (just_now, just_now))
    assert await house.redactor.catch_up() == 1, "the other call does not wait"
    assert CARD in await text_of(house, "CA1")
    long_ago = NOW.timestamp() - 60
    os.utime(house.recording("CA1"), (long_ago, long_ago))
    assert await house.redactor.catch_up() == 1
    assert CARD not in await text_of(house, "CA1")
