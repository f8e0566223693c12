"""A wrong setting is refused at start with its name and the rule."""

import pytest

from settings import Settings, SettingsError

GOOD = {
    "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
    "TWILIO_AUTH_TOKEN": "0123456789abcdef0123456789abcdef",
    "PUBLIC_URL": "https://phone.example.com",
}


@pytest.fixture
def environment(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    for name in (*GOOD, "TWILIO_API_BASE_URL", "DATABASE_URL", "WARMLINE_PLAYBOOK", "WARMLINE_DATA_DIR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in GOOD.items():
        monkeypatch.setenv(name, value)
    return monkeypatch


def test_good_settings_are_read_and_the_rest_has_defaults(environment):
    settings = Settings.load()
    assert settings.store_url == "sqlite+aiosqlite:///var/warmline.db"
    assert settings.warmline_playbook.name == "acme"
    assert not settings.uses_local_line


def test_a_dotenv_file_is_read(environment, tmp_path):
    environment.delenv("PUBLIC_URL")
    (tmp_path / ".env").write_text("PUBLIC_URL=https://from.file\n")
    assert Settings.load().public_url == "https://from.file"


@pytest.mark.parametrize(
    ("name", "value", "rule"),
    [
        ("TWILIO_ACCOUNT_SID", "AC12", "32 hexadecimal digits"),
        ("TWILIO_AUTH_TOKEN", "short", "at least 16 characters"),
        ("PUBLIC_URL", "http://phone.example.com", "must be https"),
        ("PUBLIC_URL", "phone.example.com", "http(s) address"),
        ("PUBLIC_URL", "https://phone.example.com/path", "no path"),
        ("TWILIO_API_BASE_URL", "ftp://x", "http(s) address"),
        ("DATABASE_URL", "not a url", "SQLAlchemy URL"),
        ("WARMLINE_PLAYBOOK", "/does/not/exist", "playbook.yaml"),
        ("WARMLINE_PORT", "99999", "65535"),
        ("LINE_NUMBER", "0123", "E.164"),
        ("LINE_NUMBERS", "+15550142000=tel:1", "+15550142000=sip:"),
        ("LINE_NUMBERS", "+15550142000", "+15550142000=sip:"),
        ("WARMLINE_WEB_SECRET", "short", "at least 32 characters"),
    ],
)
def test_a_wrong_value_is_refused_with_its_name_and_rule(environment, name, value, rule):
    environment.setenv(name, value)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert name in str(refused.value)
    assert rule in str(refused.value)
    assert str(refused.value).count("\n") == 0, "one wrong value, one line"


def test_every_missing_value_is_named(environment):
    for name in GOOD:
        environment.delenv(name)
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert {line.split()[0] for line in str(refused.value).splitlines()} == set(GOOD)


def test_a_wrong_token_is_not_shown(environment):
    environment.setenv("TWILIO_AUTH_TOKEN", "secret-but-bad")
    with pytest.raises(SettingsError) as refused:
        Settings.load()
    assert "secret-but-bad" not in str(refused.value)


def test_the_token_does_not_show_in_the_settings_text(environment):
    assert GOOD["TWILIO_AUTH_TOKEN"] not in repr(Settings.load())


def test_each_number_that_the_local_line_dials_has_an_address(environment):
    assert Settings.load().dialled_numbers == {}
    environment.setenv(
        "LINE_NUMBERS", "+15550142000=sip:maria@127.0.0.1:5062  +15550142001=sip:127.0.0.1:5063"
    )
    assert Settings.load().dialled_numbers == {
        "+15550142000": "sip:maria@127.0.0.1:5062",
        "+15550142001": "sip:127.0.0.1:5063",
    }


def test_a_loopback_carrier_is_the_local_line(environment):
    environment.setenv("TWILIO_API_BASE_URL", "http://127.0.0.1:8090")
    environment.setenv("PUBLIC_URL", "http://127.0.0.1:8080")
    assert Settings.load().uses_local_line


def test_sessions_are_signed_with_a_key_that_tells_nothing_of_its_secret(environment):
    from_token = Settings.load().web_key
    assert GOOD["TWILIO_AUTH_TOKEN"].encode() not in from_token
    assert Settings.load().web_key == from_token, "the same after a restart and on every worker"
    environment.setenv("WARMLINE_WEB_SECRET", "a secret of at least thirty-two characters")
    assert Settings.load().web_key != from_token
