"""`warmline people`, as an operator uses it."""

import json

import pytest
from typer.testing import CliRunner

from cli import app


@pytest.fixture
def warmline(tmp_path, monkeypatch):
    """Runs `warmline people` on a database of its own."""
    monkeypatch.setenv("WARMLINE_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("DATABASE_URL", raising=False)
    runner = CliRunner()
    return lambda *args, typed=None: runner.invoke(app, ["people", *args], input=typed)


def test_somebody_is_added_listed_changed_and_removed_and_no_password_is_ever_shown(warmline):
    added = warmline(
        "add",
        "anna",
        "--name",
        "Anna",
        "--sip",
        "sip:anna@127.0.0.1",
        "--skill",
        "orders",
        typed="correct horse\n",
    )
    assert added.exit_code == 0
    assert warmline("presence", "anna", "available").exit_code == 0
    assert warmline("change", "anna", "--role", "agent", "--role", "supervisor", "--sip", "").exit_code == 0
    assert warmline("passwd", "anna", typed="another horse\n").exit_code == 0
    listed = warmline("list", "--json")
    person = json.loads(listed.stdout)
    assert (person["roles"], person["sip"], person["skills"]) == (["agent", "supervisor"], None, ["orders"])
    assert (person["presence"], person["sessions"]) == ("available", 1)
    assert "horse" not in listed.output
    assert "scrypt" not in listed.output
    assert warmline("remove", "anna").exit_code == 0
    assert "nobody yet" in warmline().output


@pytest.mark.parametrize(
    ("args", "typed", "rule"),
    [
        (("add", "anna"), "short\n", "10 to 200 characters"),
        (("add", "Anna Weber"), "correct horse\n", "person_id"),
        (("add", "anna", "--role", "boss"), "correct horse\n", "roles"),
        (("passwd", "anna"), "correct horse\n", "there is no person anna"),
        (("presence", "anna", "available"), None, "there is no person anna"),
    ],
)
def test_what_is_wrong_is_one_line_and_no_traceback(warmline, args, typed, rule):
    run = warmline(*args, typed=typed)
    assert run.exit_code == 1
    assert rule in run.output
    assert "Traceback" not in run.output
