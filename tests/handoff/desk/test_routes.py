"""The desk over plain HTTP: who sees what, and what becomes of what they do."""

import asyncio
from datetime import UTC, datetime

import pytest

from calls.events import CallDisposed, TransferKeyed
from handoff.desk.tickets import Ticket
from handoff.roster.people import Presence, Profile
from handoff.transfer.standing import phase
from handoff.transfer.types import Phase
from tests.handoff.desk.conftest import PASSWORD
from tests.web.site import client, signing_in, token_in

CALLER = "Dana Whitfield"
START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@pytest.fixture
async def desk(stage):
    """Signs people in: `await desk("maria")` is a browser of hers."""
    async with signing_in(stage.app, PASSWORD, "/desk") as signing:
        yield signing


async def post(browser, path, **fields):
    fields["csrf"] = token_in(await browser.get("/desk"))
    return await browser.post(path, data=fields)


async def do(browser, transfer, what, **fields):
    return await post(browser, f"/desk/transfers/{transfer.id}/{what}", **fields)


async def test_an_analyst_has_no_desk_and_a_stranger_has_to_sign_in(stage, desk):
    transfer = await stage.ring("maria")
    ana, stranger = await desk("ana"), client(stage.app)
    for path in ("/desk", f"/desk/calls/{transfer.id}", "/desk/live"):
        page = await ana.get(path)
        assert (page.status_code, CALLER in page.text) == (403, False)
        assert (await stranger.get(path)).status_code == 303
    stream = await stranger.get("/desk/live", headers={"accept": "text/event-stream"})
    assert stream.status_code == 401
    await stranger.aclose()


async def test_only_who_is_rung_learns_who_calls(stage, desk):
    transfer = await stage.ring("maria")
    maria, tom, sue = await desk("maria"), await desk("tom"), await desk("sue")
    assert CALLER in (await maria.get("/desk")).text
    for colleague in (tom, sue):
        page = (await colleague.get("/desk")).text
        assert "Returns team" in page, "they see that somebody waits"
        assert CALLER not in page
        assert "+15550142000" not in page
    assert (await tom.get(f"/desk/calls/{transfer.id}")).status_code == 404
    assert (await maria.get(f"/desk/calls/{transfer.id}")).status_code == 404, "not before she has taken it"
    assert CALLER in (await sue.get(f"/desk/calls/{transfer.id}")).text, "a supervisor may look"


async def test_a_supervisor_looks_and_does_not_act(stage, desk):
    transfer = await stage.ring("maria")
    sue = await desk("sue")
    assert "Presence" not in (await sue.get("/desk")).text, "who is never rung has none"
    for what in ("accept", "decline", "hand-back", "disposition"):
        assert (await do(sue, transfer, what)).status_code == 403
    assert phase(await stage.desk.transfers.read(transfer.id)) is Phase.BRIEFING


async def test_accepting_shows_the_call_with_all_that_is_known(stage, desk):
    transfer = await stage.ring("maria")
    maria = await desk("maria")
    done = await do(maria, transfer, "accept")
    assert done.headers["location"] == f"/desk/calls/{transfer.id}"
    page = (await maria.get(done.headers["location"])).text
    for text in (
        f"{CALLER}: Refund",
        "Dana Whitfield, verified by text code.",
        "The refund failed twice, and the caller is getting upset.",
        "58 %, check it",
        "It&#39;s forty-seven eleven.",
        "Hello Dana Whitfield, I see it&#39;s about your refund.",
    ):
        assert text in page, text
    keyed = [one.body for one in await stage.log.read(transfer.order.call_id)]
    assert TransferKeyed(transfer_id=transfer.id, leg=1, key="1", where="desk") in keyed


async def test_two_agents_accept_at_once_and_one_of_them_has_the_call(stage, desk):
    transfer = await stage.ring("maria", "tom")
    browsers = [await desk("maria"), await desk("tom")]
    answers = await asyncio.gather(*(do(browser, transfer, "accept") for browser in browsers))
    places = sorted(answer.headers["location"] for answer in answers)
    assert places == ["/desk/calls/" + transfer.id, "/desk?notice=taken"]
    loser = browsers[[answer.headers["location"] for answer in answers].index("/desk?notice=taken")]
    page = (await loser.get("/desk?notice=taken")).text
    assert "A colleague has taken the call." in page
    assert CALLER not in page
    assert (await loser.get(f"/desk/calls/{transfer.id}")).status_code == 404


async def test_two_calls_at_once_go_to_two_agents_and_nothing_crosses(stage, desk):
    first, second = await stage.ring("maria", name="Dana One"), await stage.ring("tom", name="Dana Two")
    maria, tom = await desk("maria"), await desk("tom")
    await asyncio.gather(do(maria, first, "accept"), do(tom, second, "accept"))
    hers = (await maria.get(f"/desk/calls/{first.id}")).text
    his = (await tom.get(f"/desk/calls/{second.id}")).text
    assert ("Dana One" in hers, "Dana Two" in hers) == (True, False)
    assert ("Dana One" in his, "Dana Two" in his) == (False, True)
    assert (await maria.get(f"/desk/calls/{second.id}")).status_code == 404
    assert (await do(maria, second, "hand-back")).status_code == 404


async def test_a_call_can_be_declined_with_a_reason_also_before_the_telephone_is_picked_up(stage, desk):
    transfer = await stage.ring("maria", answered=False)
    maria = await desk("maria")
    page = (await maria.get("/desk")).text
    assert 'id="accept" type="submit" disabled' in page
    assert (await do(maria, transfer, "accept")).headers["location"] == "/desk?notice=gone"
    await do(maria, transfer, "decline", reason="pause")
    after = await stage.desk.transfers.read(transfer.id)
    assert after.legs[0].result == "declined"
    keyed = [one.body for one in await stage.log.read(transfer.order.call_id)]
    assert any(isinstance(one, TransferKeyed) and one.reason == "pause" for one in keyed)


async def test_a_waiting_call_can_be_taken_out_of_the_queue(stage, desk):
    transfer = await stage.ring()
    maria = await desk("maria")
    assert (await do(maria, transfer, "take")).headers["location"] == "/desk?notice=coming"
    assert CALLER in (await maria.get("/desk")).text, "now it rings for her"


async def test_nobody_takes_a_call_of_a_queue_that_is_not_theirs(stage, desk):
    transfer = await stage.ring()
    await stage.people.change(
        "tom", Profile(name="Tom", sip="sip:tom@127.0.0.1", skills=frozenset({"legal"}))
    )
    tom = await desk("tom")
    assert "Nobody is waiting" in (await tom.get("/desk")).text
    assert (await do(tom, transfer, "take")).status_code == 404
    assert (await stage.desk.transfers.read(transfer.id)).legs == ()


async def test_a_disposition_is_needed_before_the_next_call(stage, desk):
    transfer = await stage.ring("maria")
    maria = await desk("maria")
    await do(maria, transfer, "accept")
    await stage.calls.caller_leaves(transfer.id)
    assert "To finish" in (await maria.get("/desk")).text
    refused = await post(maria, "/desk/presence", presence="available")
    assert refused.headers["location"] == "/desk?notice=unfinished"
    assert (await stage.people.by_id("maria")).presence is Presence.WRAP_UP

    empty = await do(maria, transfer, "disposition", note="A note that must not be lost")
    assert empty.status_code == 422
    assert "What came of the call must be chosen." in empty.text
    assert "A note that must not be lost" in empty.text

    done = await do(
        maria,
        transfer,
        "disposition",
        disposition="solved",
        note=" Refunded by hand. ",
        needless="on",
        wrong="intent",
        intended="return_item",
    )
    assert done.headers["location"] == "/desk?notice=finished"
    last = [one.body for one in await stage.log.read(transfer.order.call_id)][-1]
    assert last == CallDisposed(
        agent="maria",
        disposition="solved",
        note="Refunded by hand.",
        needless=True,
        wrong="intent",
        intended="return_item",
    )
    assert (await stage.people.by_id("maria")).presence is Presence.AVAILABLE
    assert "To finish" not in (await maria.get("/desk")).text


async def test_a_disposition_sent_twice_is_kept_once(stage, desk):
    transfer = await stage.ring("maria")
    maria = await desk("maria")
    await do(maria, transfer, "accept")
    await stage.calls.caller_leaves(transfer.id)
    for _ in range(2):
        await do(maria, transfer, "disposition", disposition="solved")
    bodies = [one.body for one in await stage.log.read(transfer.order.call_id)]
    assert sum(isinstance(body, CallDisposed) for body in bodies) == 1


async def test_a_caller_can_be_handed_back_for_a_task(stage, desk):
    transfer = await stage.ring("maria")
    maria = await desk("maria")
    await do(maria, transfer, "accept")
    await do(maria, transfer, "hand-back", task="terms")
    after = await stage.desk.transfers.read(transfer.id)
    assert (after.outcome, after.task) == ("handed_back", "terms")


async def test_presence_is_the_agents_own_to_say_except_in_a_call(stage, desk):
    maria = await desk("maria")
    await post(maria, "/desk/presence", presence="away")
    assert (await stage.people.by_id("maria")).presence is Presence.AWAY
    assert (await post(maria, "/desk/presence", presence="busy")).status_code == 400
    await post(maria, "/desk/presence", presence="available")
    await stage.ring("maria")
    assert (await post(maria, "/desk/presence", presence="away")).headers["location"].endswith("claimed")


async def test_every_form_of_the_desk_needs_its_token(stage, desk):
    transfer = await stage.ring("maria")
    maria = await desk("maria")
    posts = {path for path, methods in stage.app.openapi()["paths"].items() if "post" in methods}
    assert len(posts) >= 8
    for path in posts:
        answer = await maria.post(path.replace("{transfer_id}", transfer.id), data={"presence": "away"})
        assert answer.status_code == 403, path
        assert "Please try again" in answer.text
    assert phase(await stage.desk.transfers.read(transfer.id)) is Phase.BRIEFING


async def test_tickets_are_asked_for_only_of_who_has_shown_who_they_are(stage, desk):
    asked = []

    class Helpdesk:
        async def open_of(self, caller):
            asked.append(caller.customer)
            return [Ticket(number="T-7", title="Boots too small", state="open", opened_at=START)]

    stage.desk.tickets = Helpdesk()
    known, unknown = await stage.ring("maria"), await stage.ring("tom", verified=False)
    maria, tom = await desk("maria"), await desk("tom")
    await do(maria, known, "accept")
    await do(tom, unknown, "accept")
    assert "Boots too small" in (await maria.get(f"/desk/calls/{known.id}")).text
    page = (await tom.get(f"/desk/calls/{unknown.id}")).text
    assert "Boots too small" not in page
    assert "Tell nothing personal before you have checked who calls." in page
    assert asked == ["1042"]
