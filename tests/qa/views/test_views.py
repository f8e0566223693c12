"""Saved views."""

import pytest

from calls.database import open_engine
from qa.views.store import SavedView, ViewRefusedError, ViewStore


@pytest.fixture
async def store(database_url):
    engine = open_engine(database_url)
    yield ViewStore(engine)
    await engine.dispose()


async def names(store, person_id):
    return [one.name for one in await store.seen_by(person_id)]


async def test_people_see_their_own_views_and_those_that_are_shared(store):
    await store.save(SavedView(person_id="ana", name="Slow", query="order=slowest"))
    await store.save(SavedView(person_id="ana", name="lost", query="outcome=lost", shared=True))
    await store.save(SavedView(person_id="ben", name="All", query="order=newest"))
    assert await names(store, "ana") == ["lost", "Slow"]
    assert await names(store, "ben") == ["All", "lost"], "one's own first"


async def test_one_view_is_the_first_and_saving_under_the_same_name_replaces(store):
    await store.save(SavedView(person_id="ana", name="Slow", query="order=slowest", first=True))
    await store.save(SavedView(person_id="ana", name="Lost", query="outcome=lost", first=True))
    await store.save(SavedView(person_id="ben", name="Lost", query="order=oldest", first=True))
    assert (await store.first_of("ana")).name == "Lost"
    await store.save(SavedView(person_id="ana", name="Lost", query="outcome=refused"))
    assert await store.first_of("ana") is None
    assert [(one.name, one.query) for one in await store.seen_by("ana")] == [
        ("Lost", "outcome=refused"),
        ("Slow", "order=slowest"),
    ]


async def test_a_view_is_deleted_by_its_owner_or_by_whoever_may_delete_all(store):
    await store.save(SavedView(person_id="ana", name="Slow", query="", shared=True))
    (view,) = await store.seen_by("ana")
    assert not await store.delete(view.view_id, "ben")
    assert await store.delete(view.view_id, None)
    assert await names(store, "ana") == []


@pytest.mark.parametrize("name", ["", "n" * 61])
async def test_a_view_needs_a_name(store, name):
    with pytest.raises(ViewRefusedError):
        await store.save(SavedView(person_id="ana", name=name, query=""))
