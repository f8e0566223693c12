"""A day's digest is written and told, or it is said what failed."""

import base64
import json
from datetime import date

import pytest

from calls.database import open_engine
from dialog.load import load_playbook
from qa.digests.delivery import Delivery, Failure, NotSentError
from qa.digests.made import Receiver
from qa.facts.store import FactStore
from settings import HOME, DailySettings, Settings, SettingsError
from tests.qa.console.dashboard.conftest import RULES, known_calls
from tests.qa.metrics.stories import NOW
from tests.qa.receiver import receiving

DAY = date(2026, 11, 26)
BASE = "https://phone.example.com"
SECRET = "whsec_" + base64.b64encode(b"k" * 32).decode()


@pytest.fixture
async def engine(sqlite_url):
    one = open_engine(sqlite_url)
    await FactStore(one).put(known_calls(calls=300))
    yield one
    await one.dispose()


@pytest.fixture
def deliver(engine, tmp_path):
    playbook = load_playbook(HOME / "playbooks" / "acme")

    def made(receiver=None, folder=tmp_path / "digests"):
        return Delivery(engine, lambda: playbook, RULES, folder, BASE, receiver, lambda: NOW)

    return made


async def test_the_file_is_written_and_the_alerts_are_told(deliver, tmp_path, logged):
    with receiving() as receiver:
        delivery = deliver(Receiver(receiver.url, b"k" * 32))
        await delivery.send(DAY)
        await delivery.send(DAY)
    text = (tmp_path / "digests" / "digest-2026-11-26.html").read_text()
    assert "Digest of Thursday, 26 November 2026" in text
    assert f'href="{BASE}/qa/figures/' in text
    told = [(headers["webhook-id"], json.loads(body)["data"]) for _, headers, body in receiver.taken]
    assert {name for name, _ in told} == {"metrics.alerts:2026-11-26:containment"}, "known again by its id"
    assert told[0][1]["digest"] == f"{BASE}/qa/digest?day=2026-11-26"
    assert not any("hidden" in str(line) for line in logged)


async def test_alerts_that_nobody_takes_fail_the_day_and_the_file_is_there(deliver, tmp_path):
    with receiving() as receiver:
        receiver.status = 403
        with pytest.raises(NotSentError, match="status 403") as caught:
            await deliver(Receiver(receiver.url, b"k" * 32)).send(DAY)
    assert caught.value.failure is Failure.NOT_TOLD
    assert "hidden" not in str(caught.value)
    assert (tmp_path / "digests" / "digest-2026-11-26.html").exists()


async def test_a_folder_that_cannot_be_written_to_fails_the_day(deliver, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(NotSentError) as caught:
        await deliver(folder=tmp_path / "file" / "digests").send(DAY)
    assert caught.value.failure is Failure.NOT_WRITTEN


async def test_a_database_that_is_gone_fails_the_day(deliver, tmp_path):
    gone = open_engine(f"sqlite:///{tmp_path / 'other.db'}")
    playbook = load_playbook(HOME / "playbooks" / "acme")
    with pytest.raises(NotSentError) as caught:
        await Delivery(gone, lambda: playbook, RULES, tmp_path, BASE, None, lambda: NOW).send(DAY)
    await gone.dispose()
    assert caught.value.failure is Failure.NOT_READ


def test_the_server_sends_digests_only_where_something_of_it_is_set(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert not DailySettings.load().sends_digests
    for name, value in (
        ("WARMLINE_DIGESTS", str(tmp_path)),
        ("WARMLINE_DIGEST_HOUR", "0"),
        ("WARMLINE_ALERT_URL", "https://alerts.example.com/hook"),
    ):
        with monkeypatch.context() as patched:
            patched.setenv("WARMLINE_ALERT_SECRET", SECRET)
            patched.setenv(name, value)
            read = DailySettings.load()
            assert read.sends_digests
            assert read.digest_hour == (0 if "HOUR" in name else 6)


def test_the_server_refuses_an_hour_that_is_none_and_alerts_that_are_not_signed(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WARMLINE_DIGEST_HOUR", "24")
    monkeypatch.setenv("WARMLINE_ALERT_URL", "https://alerts.example.com/hook")
    with pytest.raises(
        SettingsError, match=r"(?s)WARMLINE_DIGEST_HOUR.*WARMLINE_ALERT_SECRET must be whsec_"
    ):
        Settings.load()
