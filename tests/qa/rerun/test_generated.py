"""Generated calls with sound, run again: the version that had them has them again, and a worse one shows."""

import asyncio
import shutil

import pytest
import yaml

from calls.events import StreamStarted
from demo.qa import generator
from models.shelf import ModelShelf
from qa.rerun.difference import Verdict, difference
from qa.rerun.run import run_again
from qa.rerun.sources import call_of
from qa.seed.recorder import Recorded
from qa.seed.sound import House
from qa.virtual.today import Today, read_models
from settings import HOME
from voice.speaking.renderer import Renderer

pytestmark = [pytest.mark.models, pytest.mark.soak, pytest.mark.timeout(900)]  # minutes of recognition
ACME = HOME / "playbooks" / "acme"
CALLS = 6


@pytest.fixture(scope="module")
def today():
    one = Today(ACME)
    yield one
    one.close()


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The record and the sound of some calls."""
    folder = tmp_path_factory.mktemp("made")
    season = asyncio.run(generator(200))
    house = House(Renderer.load(ModelShelf().voice_path()))
    recorded = Recorded(season, house, seed=1, data_dir=folder, most=CALLS)
    events = [recorded.call(one) for one in season.coming if one.number in recorded.chosen]
    return [call_of(some, folder) for some in events if any(isinstance(e.body, StreamStarted) for e in some)]


def differences(made, version):
    return [difference(call.events, run_again(call, version)[0]) for call in made]


def wrong(found):
    """Turns in which something else is understood than the call was made with."""
    changes = [change for call in found for turn in call.turns for change in turn.changes]
    return sum(change.aspect == "understood" and change.verdict is not Verdict.SAME for change in changes)


def test_a_worse_playbook_and_a_worse_model_show(made, today, tmp_path):
    folder = tmp_path / "acme"
    shutil.copytree(ACME, folder)
    intents = yaml.safe_load((folder / "intents.yaml").read_text())
    for name in ("goodbye", "person", "order_status", "return_item", "cancel_order", "change_address"):
        intents[name]["examples"] = [f"{name} elephants dance", "seven kites over the lake", "a quiet pond"]
    (folder / "intents.yaml").write_text(yaml.safe_dump(intents))
    (tmp_path / "worse.toml").write_text("beam = 1\nwindow_s = 1.0\n")
    found = {"today": differences(made, today)}
    for name, worse in (
        ("playbook", Today(folder)),
        ("models", Today(ACME, read_models(tmp_path / "worse.toml"))),
    ):
        found[name] = differences(made, worse)
        worse.close()
    counts = {name: sum(one.verdict is Verdict.WORSE for one in some) for name, some in found.items()}
    assert counts["today"] < CALLS / 2, "most are had again as they were made"
    assert wrong(found["playbook"]) > wrong(found["today"])
    assert counts["playbook"] > counts["today"]
    assert counts["models"] > counts["today"]
