"""Generated calls that were really had, run again: the version that had them has them again, and a worse one shows."""

import asyncio
import shutil

import pytest
import yaml

from demo.qa import generator
from qa.rerun.difference import Verdict, difference
from qa.rerun.run import run_again
from qa.rerun.sources import call_of
from qa.seed.recorder import Recorder, chosen
from qa.seed.sound import House
from qa.seed.telephone import Telephone
from qa.virtual.today import Today, read_models
from settings import HOME

pytestmark = [pytest.mark.models, pytest.mark.soak, pytest.mark.timeout(900)]  # minutes of recognition
ACME = HOME / "playbooks" / "acme"
CALLS = 6


@pytest.fixture(scope="module")
def today():
    one = Today(ACME)
    yield one
    one.close()


@pytest.fixture(scope="module")
def made(today, tmp_path_factory):
    """The record and the sound of some calls that today's version had."""
    folder = tmp_path_factory.mktemp("made")
    season = asyncio.run(generator(200))
    recorder = Recorder(season, House(today.speech.voice), 1, folder, Telephone(today))
    return [call_of(recorder.call(coming), folder) for coming in chosen(season, CALLS)]


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
    assert counts["today"] == 0, "they are had again as they were had"
    assert wrong(found["today"]) == 0
    assert wrong(found["playbook"]) > 0
    assert counts["playbook"] > 0
    assert counts["models"] > 0
