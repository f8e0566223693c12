"""Which transfers have ended lately: they tell how long calls take."""

from datetime import UTC, datetime, timedelta

from calls.database import open_engine
from handoff.transfer.store import TransferStore
from handoff.transfer.types import Order

HOUR = timedelta(hours=1)


async def test_what_has_an_outcome_is_told_for_a_while_and_what_is_open_is_not(database_url):
    at = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
    engine = open_engine(database_url)
    store = TransferStore(engine, lambda: at)
    nobody = Order(transfer_id="t1", call_id="CA1", queue="support", reason="asked")
    await store.begin(nobody)
    await store.begin(nobody.model_copy(update={"transfer_id": "t2", "may_wait": True}))
    at += HOUR
    assert [one.id for one in await store.lately(HOUR)] == ["t1"]
    at += timedelta(seconds=1)
    assert await store.lately(HOUR) == []
    await engine.dispose()
