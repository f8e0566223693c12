"""`warmline train` from what was said at the desk to a version that is in use."""

import json
from dataclasses import replace

import pytest

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from dialog.minds import WordEncoder
from qa.learning.command import list_versions, train
from qa.learning.correction import State
from qa.learning.gather import gather_material
from qa.learning.lessons import Lessons
from qa.learning.rehearsal import NoCalls
from qa.learning.versions import BUILT_IN, Versions
from tests.qa.learning.story import (
    BUILT_IN_VERSION,
    CORRECTIONS,
    correction,
    disposed,
    heard,
    learnt,
    lesson,
    planned,
    story,
)


class Told:
    """A console that keeps what it was told."""

    def __init__(self):
        self.lines = []

    def out(self, text, **_):
        self.lines.append(text)


@pytest.fixture
def database_url(sqlite_url):
    """The corrections' own tests run on PostgreSQL too."""
    return sqlite_url


async def test_a_round_from_the_desk_to_a_promoted_version(database_url, corrections, tmp_path, playbook):
    async with await open_store(database_url) as store:
        for one in CORRECTIONS:
            ended = e.CallEnded(reason=e.CallEndReason.PEOPLE, duration_s=30.0)
            said = disposed(wrong="intent", intended="warranty")
            started = e.CallStarted(playbook=playbook.version)
            await store.write(
                story(one.call_id, started, heard(1, one.text), planned(1, "returns"), said, ended)
            )
    versions = Versions(tmp_path)
    waiting = await train(database_url, versions, playbook, WordEncoder(), NoCalls())
    assert (waiting.written, waiting.open_corrections) == (None, len(CORRECTIONS)), "nobody has accepted any"
    for one in await corrections.page(State.OPEN):
        await corrections.judge(one.correction_id, State.ACCEPTED, "sue")
    rehearsed = await train(database_url, versions, playbook, WordEncoder(), NoCalls(), dry_run=True)
    assert rehearsed.outcome.better
    assert versions.manifests() == []
    done = await train(database_url, versions, playbook, WordEncoder(), NoCalls())
    assert done.promoted
    assert done.outcome.changes.calls == len(CORRECTIONS)
    assert versions.promoted() == done.written.version
    again = await train(database_url, versions, playbook, WordEncoder(), NoCalls())
    assert again.written is None, "there is nothing new to learn"
    console = Told()
    list_versions(console, versions, json_lines=True)
    (line,) = map(json.loads, console.lines)
    assert line["promoted"]
    assert line["parent"] == BUILT_IN


async def test_what_was_learnt_from_a_correction_that_retention_has_deleted_is_kept(
    database_url, corrections, playbook
):
    one = correction("the zip broke", "warranty", state=State.REJECTED)
    await corrections.add(one)
    unlearnt = lesson("the zip broke", "CA1").model_copy(update={"correction_id": one.correction_id})
    before = Lessons(lessons=(unlearnt, lesson("my strap tore", "CA2")))
    engine = open_engine(database_url)
    async with await open_store(database_url) as store:
        material = await gather_material(engine, store.read, corrections, playbook, before)
    await engine.dispose()
    assert [one.text for one in material.kept.lessons] == ["my strap tore"]
    outcome = learnt(material, before=replace(BUILT_IN_VERSION, lessons=before))
    assert lesson("my strap tore", "CA2") in outcome.lessons.lessons
