"""`warmline train` from what was said at the desk to a version that is in use."""

import json

import pytest

from calls import events as e
from calls.store import open_store
from dialog.minds import WordEncoder
from qa.learning.command import list_versions, train
from qa.learning.correction import State
from qa.learning.rehearsal import NoCalls
from qa.learning.versions import BUILT_IN, Versions
from tests.qa.learning.story import CORRECTIONS, disposed, heard, planned, story


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
