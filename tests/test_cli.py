"""The command as a user runs it: what goes wrong is one line that says what to do."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
GOOD = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef",
    "PUBLIC_URL": "http://127.0.0.1:8080",
}


def warmline(folder, *args, **environment):
    """Run the command in a folder of its own."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "HOME", "WARMLINE_CACHE"}}
    return subprocess.run(
        [sys.executable, "-m", "cli", *args],
        cwd=folder,
        env=kept | {"PYTHONPATH": str(ROOT)} | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


@pytest.mark.slow
def test_settings_that_are_missing_are_named_without_a_traceback(tmp_path):
    run = warmline(tmp_path, "serve")
    assert run.returncode == 1
    assert "TWILIO_ACCOUNT_SID is required" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_playbook_with_a_mistake_is_refused_at_start_with_file_and_line(tmp_path):
    playbook = shutil.copytree(ROOT / "playbooks" / "acme", tmp_path / "mine")
    flows = playbook / "flows" / "order_status.yaml"
    flows.write_text(flows.read_text().replace("digits: 4", "digits: 400"))
    run = warmline(tmp_path, "serve", **GOOD, WARMLINE_PLAYBOOK=str(playbook))
    assert run.returncode == 1
    assert "order_status.yaml:" in run.stderr.replace("\n", "")
    assert "Traceback" not in run.stderr


@pytest.mark.slow
def test_a_database_that_cannot_be_used_is_refused_without_its_password(tmp_path):
    run = warmline(tmp_path, "serve", **GOOD, DATABASE_URL="mysql://me:secret@localhost/x")
    assert run.returncode == 1
    assert "SQLite or PostgreSQL" in run.stderr
    assert "secret" not in run.stderr


def test_no_calls_yet(tmp_path):
    assert "No calls yet" in warmline(tmp_path, "calls").stdout
    assert warmline(tmp_path, "calls", "--json").stdout == ""


def test_no_gaps_yet(tmp_path):
    assert "No unanswered questions yet" in warmline(tmp_path, "calls", "gaps").stdout
    assert warmline(tmp_path, "calls", "gaps", "--json").stdout == ""


def test_an_unknown_call_is_named_and_not_a_traceback(tmp_path):
    run = warmline(tmp_path, "calls", "show", "CAnone")
    assert run.returncode == 1
    assert "CAnone" in run.stderr
    assert "Traceback" not in run.stderr


def test_call_needs_something_to_say(tmp_path):
    for args in (("call",), ("call", "--say", "hi", "--audio", "x.wav")):
        run = warmline(tmp_path, *args)
        assert run.returncode == 1
        assert "--audio" in run.stderr


@pytest.mark.slow
def test_a_file_that_cannot_be_played_is_named(tmp_path):
    (tmp_path / "noise.wav").write_bytes(b"not a wav")
    for name, rule in (("noise.wav", "must be a PCM WAV"), ("missing.wav", "no such file")):
        run = warmline(tmp_path, "call", "--audio", name)
        assert run.returncode == 1
        assert name in run.stdout
        assert rule in run.stdout.replace("\n", " ")
    run = warmline(tmp_path, "call", "--audio", str(ROOT / "README.md"), "second.wav")
    assert "README.md" in run.stdout


def test_the_list_of_calls_is_json_for_programs(tmp_path):
    code = """
import asyncio
from datetime import UTC, datetime
from calls.log import CallLog
from calls.store import open_store
from tests.calls.story import whole_call
async def main():
    store = await open_store("sqlite:///var/warmline.db")
    log = CallLog(store, lambda: datetime.now(UTC))
    for body in whole_call():
        await log.append("CA77", body)
    await log.close()
asyncio.run(main())
"""
    subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=True
    )
    (line,) = warmline(tmp_path, "calls", "--json").stdout.splitlines()
    assert json.loads(line)["call_id"] == "CA77"
    events = warmline(tmp_path, "calls", "show", "CA7", "--json").stdout.splitlines()
    assert [json.loads(event)["seq"] for event in events] == list(range(1, 15))


def test_every_command_that_the_readme_names_is_there(tmp_path):
    named = set(re.findall(r"^\| `warmline ([a-z][a-z-]*)", (ROOT / "README.md").read_text(), re.MULTILINE))
    told = warmline(tmp_path, "--help").stdout
    assert named >= {"rerun", "digest", "serve"}
    assert named <= set(re.findall(r"[a-z][a-z-]*", told))
