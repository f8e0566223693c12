"""Headers and files of the pages."""

import hashlib
import json
import re

import pytest

from tests.web.site import FewAccounts, Times, client, small_site
from web.assets import NEEDED, Assets, AssetsMissingError


@pytest.fixture
async def browser():
    async with client(small_site(FewAccounts(), Times())) as one:
        yield one


@pytest.mark.parametrize("path", ["/sign-in", "/private", "/nothing", "/assets/nothing.js"])
async def test_every_answer_says_what_a_browser_may_load(browser, path):
    answer = await browser.get(path)
    policy = answer.headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_page_has_no_script_or_style_of_its_own(browser):
    page = (await browser.get("/sign-in")).text
    assert not re.search(r"<script(?![^>]* src=)", page)
    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", page), "nothing from other machines"


async def test_scripts_are_kept_for_ever_under_the_hash_of_their_content(browser):
    page = (await browser.get("/sign-in")).text
    urls = re.findall(r'(?:src|href)="(/assets/[^"]+)"', page)
    assert len(set(urls)) >= 4
    for url in urls:
        answer = await browser.get(url)
        assert answer.status_code == 200, url
        assert "immutable" in answer.headers["cache-control"]
        assert hashlib.sha256(answer.content).hexdigest()[:16] in url
    htmx = next(url for url in urls if "htmx" in url)
    assert (await browser.get(htmx)).headers["content-type"].startswith("text/javascript")


def installed(folder, altered=False):
    entries = []
    for name in NEEDED:
        content = f"// {name}".encode()
        entries.append({"file": name, "sha256": hashlib.sha256(content).hexdigest()})
        (folder / name).write_bytes(content + (b"!" if altered else b""))
    (folder / "MANIFEST.json").write_text(json.dumps({"files": entries}))
    return folder


def test_installed_files_are_as_their_manifest_says(tmp_path):
    Assets.load(installed=installed(tmp_path)).check()
    with pytest.raises(AssetsMissingError, match=r"altered: htmx\.min\.js, sse\.min\.js"):
        Assets.load(installed=installed(tmp_path, altered=True)).check()


def test_missing_files_stop_only_the_pages_and_it_is_said_what_to_do(tmp_path):
    assets = Assets.load(installed=tmp_path)
    assert assets.url("base.css")
    with pytest.raises(AssetsMissingError, match="make setup"):
        assets.check()


async def test_a_page_without_its_scripts_answers_503_in_plain_words(monkeypatch, tmp_path):
    monkeypatch.setattr("web.assets.Assets.load", lambda *folders: Assets({}, missing=NEEDED))
    async with client(small_site(FewAccounts(), Times())) as browser:
        for path in ("/sign-in", "/nothing"):
            answer = await browser.get(path)
            assert answer.status_code in {503, 404}
            assert "Run `make setup`" in answer.text
