"""`warmline train` with the real models: what it learnt is used if held-out items and a call run again agree."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
from typer.testing import CliRunner

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from cli import app
from dialog.load import load_playbook
from qa.learning.correction import Kind, State
from qa.learning.from_call import new
from qa.learning.store import CorrectionStore
from qa.learning.versions import BUILT_IN, Versions
from qa.rerun.reports import Reports
from settings import HOME

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(300)]
ACME = HOME / "playbooks" / "acme"
AT = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
SAID, TAKEN_FOR = "my old lamp came apart at the seams", "damaged_parcel"
"""What the built-in head takes it for: an article."""
LEARNT = tuple(
    f"{what} {fault}"
    for what in ("my tent", "the new stove", "our old lamp", "this backpack")
    for fault in ("sprung a leak", "gave up the ghost", "came apart at the seams")
)


def correction(call_id, text, meant):
    made = new(call_id, 1, Kind.INTENT, text, meant, "ana", AT)
    return made.model_copy(update={"state": State.ACCEPTED, "judged_by": "sue", "judged_at": AT})


def call():
    """One that was not recorded: a stand-in voice says its words."""
    bodies = (
        e.CallStarted(caller="+15550142000", playbook="acme"),
        e.TurnSaid(turn=0, text="Hello.", heard="Hello.", start_s=0.5, end_s=5.0),
        e.TurnHeard(turn=1, text=SAID, confidence=0.9, start_s=6.0, end_s=8.0),
        e.TurnPlanned(turn=1, moment="hearing", intent=TAKEN_FOR, then="listen", expect="open"),
        e.TurnSaid(turn=1, text="Well.", heard="Well.", start_s=8.5, end_s=10.0),
        e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=12.0),
    )
    return [
        e.CallEvent(call_id="CB1", seq=seq, at=AT + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, start=1)
    ]


async def accept(url, of_the_call):
    async with await open_store(url) as store:
        await store.write(call())
    engine = open_engine(url)
    corrections = CorrectionStore(engine, lambda: AT)
    for number, text in enumerate(LEARNT):
        await corrections.add(correction(f"CA{number}", text, "warranty"))
    await corrections.add(of_the_call)
    await engine.dispose()


@pytest.fixture
def trained(tmp_path, sqlite_url):
    """What the command prints, where these corrections were accepted."""

    def train(of_the_call):
        asyncio.run(accept(sqlite_url, of_the_call))
        places = {
            "DATABASE_URL": sqlite_url,
            "WARMLINE_DATA_DIR": str(tmp_path),
            "WARMLINE_PLAYBOOK": str(ACME),
        }
        done = CliRunner().invoke(app, ["train", "--calls", "1", "--json"], env=places)
        assert done.exit_code == 0, done.stderr
        return json.loads(done.stdout)

    return train


def test_a_head_that_is_better_on_both_is_promoted(tmp_path, trained):
    told = trained(correction("CB1", SAID, "warranty"))
    (of_intents,) = told["comparisons"]
    assert of_intents["better"], of_intents["why"]
    assert (told["tried"]["better"], told["tried"]["worse"]) == (1, 0)
    assert told["promoted"]
    assert Versions(tmp_path).promoted() == told["version"]
    report = Reports(tmp_path).read(told["tried"]["report"])
    assert report.against == BUILT_IN


def test_a_head_that_is_better_on_held_out_items_and_worse_on_a_call_is_not(tmp_path, trained):
    """People have said that this caller was understood right; the playbook has the sentence that they say it of."""
    known = load_playbook(ACME).examples()[TAKEN_FOR][0]
    told = trained(correction("CB1", known, TAKEN_FOR))
    (of_intents,) = told["comparisons"]
    assert of_intents["better"], of_intents["why"]
    assert (told["tried"]["better"], told["tried"]["worse"]) == (0, 1)
    assert not told["promoted"]
    versions = Versions(tmp_path)
    assert versions.promoted() == BUILT_IN
    (kept,) = versions.manifests()
    assert not kept.better, "it is kept for its figures"
