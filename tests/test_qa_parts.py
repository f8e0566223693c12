"""What looking back needs is built as the settings say."""

import pytest

from calls.database import open_engine
from dialog.load import load_playbook
from qa_parts import daily_digest
from settings import HOME, Settings


@pytest.fixture
async def engine(sqlite_url):
    one = open_engine(sqlite_url)
    yield one
    await one.dispose()


@pytest.mark.parametrize("named", [True, False])
async def test_the_server_writes_yesterdays_digest_where_the_settings_say(engine, tmp_path, named):
    folder = {"warmline_digests": tmp_path / "shared"} if named else {}
    settings = Settings(
        twilio_account_sid="AC" + "0" * 32,
        twilio_auth_token="0123456789abcdef",
        public_url="https://phone.example.com",
        warmline_data_dir=tmp_path / "data",
        warmline_digest_hour=0,
        **folder,
    )
    playbook = load_playbook(HOME / "playbooks" / "acme")
    await daily_digest(settings, engine, lambda: playbook).look()
    (file,) = tmp_path.rglob("digest-*.html")
    assert file.parent == (tmp_path / "shared" if named else tmp_path / "data" / "digests")
    assert "Digest of" in file.read_text()
