"""The page of one call over plain HTTP: who sees and hears it, what is noted of that, and what they may say of it."""

import struct

import pytest

from calls import events as e
from calls.wav import HEADER
from qa.access.log import Accessed
from qa.replay.sound import recording_file
from tests.qa.replay.story import BOOTS, CALL, LENGTH_S, RECORDING, seq_of, story
from tests.web.site import client, token_in

PAGE = f"/qa/calls/{CALL}"


async def accesses(stage, what):
    return [one for one in await stage.console.access.lines(CALL) if one.what is what]


async def post(browser, path, **fields):
    token = token_in(await browser.get(PAGE))
    return await browser.post(path, data={"csrf": token, **fields})


async def test_an_analyst_reads_the_call_and_that_is_noted_before(stage, browser):
    ana = await browser("ana")
    page = await ana.get(PAGE)
    assert page.status_code == 200
    assert BOOTS in page.text
    assert [one.person_id for one in await accesses(stage, Accessed.OPENED)] == ["ana"]


async def test_an_agent_sees_and_hears_the_calls_that_were_theirs_and_no_others(stage, browser):
    maria, tom = await browser("maria"), await browser("tom")
    turn = seq_of(e.TurnHeard, turn=1)
    for path in ("", f"/turns/{turn}", "/peaks", "/audio"):
        assert (await maria.get(PAGE + path)).status_code == 200, path
        assert (await tom.get(PAGE + path)).status_code == 404, path
    assert (await post(maria, f"{PAGE}/comments", text="Mine", kind="good", at_s="1")).status_code == 303
    assert {one.person_id for one in await stage.console.access.lines(CALL)} == {"maria"}


async def test_who_has_not_signed_in_hears_nothing(stage):
    async with client(stage.app) as nobody:
        assert (await nobody.get(f"{PAGE}/audio")).status_code == 303


@pytest.mark.parametrize("call_id", ["CAunknown", "a.b", "..%2F..%2Fetc"])
async def test_there_is_no_page_for_what_is_no_call(stage, browser, call_id):
    ana = await browser("ana")
    for path in ("", "/audio", "/peaks"):
        assert (await ana.get(f"/qa/calls/{call_id}{path}")).status_code == 404


async def test_the_sound_comes_whole_or_in_the_parts_that_are_asked_for(stage, browser):
    ana = await browser("ana")
    whole = await ana.get(f"{PAGE}/audio")
    assert (whole.status_code, whole.headers["content-type"]) == (200, "audio/wav")
    assert whole.headers["accept-ranges"] == "bytes"
    assert struct.unpack("<HHI", whole.content[20:28]) == (1, 2, 8000), "PCM, stereo, 8 kHz"
    part = await ana.get(f"{PAGE}/audio", headers={"range": "bytes=100-199"})
    assert (part.status_code, part.content) == (206, whole.content[100:200])
    assert part.headers["content-range"] == f"bytes 100-199/{len(whole.content)}"
    assert len(whole.content) == HEADER + LENGTH_S * 8000 * 4
    late = await ana.get(f"{PAGE}/audio", headers={"range": f"bytes={len(whole.content)}-"})
    assert late.status_code == 416


async def test_listening_is_noted_once_a_look_and_not_once_a_request(stage, browser):
    ana = await browser("ana")
    for view in ("one", "one", "two"):
        for start in (0, 1000):
            await ana.get(f"{PAGE}/audio?view={view}", headers={"range": f"bytes={start}-{start + 10}"})
    assert len(await accesses(stage, Accessed.LISTENED)) == 2
    sue = await browser("sue")
    await sue.get(f"{PAGE}/audio?view=one")
    assert len(await accesses(stage, Accessed.LISTENED)) == 3, "somebody else's look is another"
    await ana.get(f"{PAGE}/audio")
    await ana.get(f"{PAGE}/audio")
    assert len(await accesses(stage, Accessed.LISTENED)) == 5, "without a name each request is a look"


async def test_the_sound_of_an_agents_leg_is_a_recording_of_its_own(stage, browser):
    ana = await browser("ana")
    seq = next(one.seq for one in story() if getattr(one.body, "recording", None) not in {None, RECORDING})
    leg = await ana.get(f"{PAGE}/legs/{seq}/audio", headers={"range": "bytes=0-3"})
    assert (leg.status_code, leg.content) == (206, b"RIFF")
    assert (await ana.get(f"{PAGE}/legs/{seq + 1}/audio")).status_code == 404
    assert [one.detail for one in await accesses(stage, Accessed.LISTENED)] == [f"leg {seq}"]


async def test_the_peaks_are_loud_where_somebody_speaks(stage, browser):
    ana = await browser("ana")
    told = (await ana.get(f"{PAGE}/peaks")).json()
    caller, ours = told["channels"]
    place = len(caller) / told["duration_s"]
    assert told["duration_s"] == LENGTH_S
    assert (caller[round(6 * place)] > 50, ours[round(6 * place)]) == (True, 0)
    assert (caller[round(2 * place)], ours[round(2 * place)] > 50) == (0, True)


async def test_a_recording_that_is_named_outside_the_recordings_is_not_handed_out(stage, browser, tmp_path):
    (tmp_path / "secret.wav").write_bytes(b"secret")
    (tmp_path / "recordings" / "link.wav").symlink_to(tmp_path / "secret.wav")
    for name in (
        "secret.wav",
        "recordings/../secret.wav",
        "/etc/passwd",
        "recordings/link.wav",
        "recordings",
        None,
    ):
        assert recording_file(tmp_path, name) is None, name
    assert recording_file(tmp_path, RECORDING) is not None
    stolen = [
        (0.0, e.CallStarted(playbook="acme@3")),
        (0.1, e.StreamStarted(stream_sid="MZ", recording="recordings/../qa.db")),
    ]
    await stage.store.write(story(stolen, "CAstolen"))
    ana = await browser("ana")
    assert (await ana.get("/qa/calls/CAstolen/audio")).status_code == 404
    assert "There is no recording of this call" in (await ana.get("/qa/calls/CAstolen")).text


async def test_the_drawer_has_a_turn_in_words_and_never_a_one_time_code(stage, browser):
    ana = await browser("ana")
    drawer = (await ana.get(f"{PAGE}/turns/{seq_of(e.TurnHeard, turn=2)}?view=x")).text
    for words in (
        "forty seven eleven",
        "55%, unsure",
        "refund: find_order",
        "CAstory:2:0",
        "order number",
        "acme@3",
    ):
        assert words in drawer, words
    assert "482913" not in drawer
    assert (await ana.get(f"{PAGE}/turns/99999")).status_code == 404


async def test_comments_are_made_changed_and_deleted_by_their_own_author_only(stage, browser):
    ana, sue = await browser("ana"), await browser("sue")
    made = await post(ana, f"{PAGE}/comments", text=" <b>Good</b> tone ", kind="good", at_s="12.34")
    assert made.headers["location"] == f"{PAGE}?t=12.3#comments"
    page = (await sue.get(PAGE)).text
    assert "&lt;b&gt;Good&lt;/b&gt; tone" in page
    assert "Change or delete" not in page
    (comment,) = await comments(stage)
    hers = f"{PAGE}/comments/{comment.comment_id}"
    assert (await post(sue, hers, text="Bad", kind="poor", at_s="1")).status_code == 404
    assert (await post(sue, f"{hers}/remove")).status_code == 404
    await post(ana, hers, text="Better", kind="training", at_s="13")
    (changed,) = await comments(stage)
    assert (changed.text, changed.kind, changed.at_s, changed.changed_at is not None) == (
        "Better",
        "training",
        13.0,
        True,
    )
    await post(ana, f"{hers}/remove")
    assert await comments(stage) == []


async def comments(stage):
    from qa.replay.comments import CommentStore

    return await CommentStore(stage.facts.engine, stage.console.now).of(CALL)


async def test_a_comment_that_breaks_a_rule_is_told_where_it_was_written_and_nothing_is_lost(stage, browser):
    ana = await browser("ana")
    token = token_in(await ana.get(PAGE))
    answer = await ana.post(
        f"{PAGE}/comments",
        data={"text": "x" * 1001, "kind": "great", "at_s": "-1"},
        headers={"hx-request": "true", "x-csrf-token": token},
    )
    assert answer.status_code == 200
    for words in (
        "At most 1000 characters; these are 1001.",
        "Choose what you think",
        "such as 12.3",
        "x" * 1001,
    ):
        assert words in answer.text
    assert await comments(stage) == []


async def test_every_form_needs_its_token(stage, browser):
    ana = await browser("ana")
    for path in ("/comments", "/comments/x", "/comments/x/remove"):
        assert (await ana.post(PAGE + path, data={"text": "x"})).status_code == 403


async def test_only_this_page_lets_in_one_style_by_a_nonce_of_its_own(stage, browser):
    ana = await browser("ana")
    first, second = [(await ana.get(PAGE)).headers["content-security-policy"] for _ in range(2)]
    assert first != second
    assert "style-src 'self' 'nonce-" in first
    assert "unsafe" not in first
    assert "nonce" not in (await ana.get("/qa/calls")).headers["content-security-policy"]


async def test_other_rooms_put_their_panels_on_the_page(stage, browser):
    class Score:
        name = "score"
        title = "Scorecard"

        async def render(self, viewing):
            return f"<p>{viewing.account.name} looks at {viewing.call_id}, {len(viewing.events)} events</p>"

    class Hidden(Score):
        name = "hidden"

        async def render(self, viewing):
            return ""

    object.__setattr__(stage.console, "panels", (Score(), Hidden()))
    ana = await browser("ana")
    page = (await ana.get(PAGE)).text
    assert f"<p>Ana Lindt looks at {CALL}, {len(story())} events</p>" in page
    assert 'id="panel-score"' in page
    assert 'id="panel-hidden"' not in page


async def test_every_made_up_call_has_its_page(stage, browser):
    ana = await browser("ana")
    for call_id in stage.call_ids:
        page = await ana.get(f"/qa/calls/{call_id}")
        assert page.status_code == 200, call_id
