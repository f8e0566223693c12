"""Who may sign in, and who is in a call: across restarts, and with two processes at once."""

import asyncio

import pytest
from pydantic import ValidationError
from sqlalchemy import select

from handoff.roster import people as people_module
from handoff.roster.people import PasswordError, PersonExistsError, PersonUnknownError
from handoff.roster.people import people as table
from handoff.roster.person import Presence, Profile, Role
from tests.handoff.roster.conftest import ANNA, PASSWORD

AVAILABLE, BUSY, WRAP_UP = Presence.AVAILABLE, Presence.BUSY, Presence.WRAP_UP


async def presence(people, person_id="anna"):
    return (await people.by_id(person_id)).presence


@pytest.fixture
async def at_work(people):
    """Anna is available."""
    await people.set_presence("anna", AVAILABLE)
    return people


# Signing in


async def test_whoever_knows_the_password_signs_in_and_nobody_else(people):
    assert (await people.sign_in("anna", PASSWORD)).name == "Anna Weber"
    assert await people.sign_in("anna", "correct horse ") is None
    assert await people.sign_in("bert", PASSWORD) is None


async def test_the_password_itself_is_not_kept(people):
    async with people._engine.connect() as connection:
        kept = await connection.scalar(select(table.c.password))
    assert kept.startswith("scrypt$")
    assert PASSWORD not in kept


async def test_a_name_that_there_is_not_costs_as_much_as_one_that_there_is(people, monkeypatch):
    checked, fits = [], people_module.fits
    monkeypatch.setattr(people_module, "fits", lambda given, kept: checked.append(kept) or fits(given, kept))
    await people.sign_in("anna", "wrong password")
    await people.sign_in("nobody", "wrong password")
    assert len(checked) == 2
    assert checked[0].split("$")[1] == checked[1].split("$")[1], "both at the same cost"


@pytest.mark.parametrize("name", ["anna", "nobody"])
async def test_after_wrong_passwords_a_name_has_to_wait_ever_longer(people, now, name):
    for _ in range(4):
        await people.sign_in(name, "wrong password")
    assert people.pause_s(name) == 0
    pauses = []
    for _ in range(7):
        await people.sign_in(name, "wrong password")
        pauses.append(people.pause_s(name))
        now.move(pauses[-1])
    assert pauses == [2, 4, 8, 16, 32, 60, 60]


async def test_who_has_to_wait_is_refused_with_the_right_password_too_until_the_pause_is_over(people, now):
    await asyncio.gather(*(people.sign_in("anna", "wrong password") for _ in range(20)))
    assert people.pause_s("anna") == 2, (
        "guesses at the same time are one after the other, and most are not tried"
    )
    assert await people.sign_in("anna", PASSWORD) is None
    now.move(2)
    assert await people.sign_in("anna", PASSWORD)
    assert people.pause_s("anna") == 0


async def test_another_password_ends_all_sign_ins(people):
    before = (await people.sign_in("anna", PASSWORD)).sessions
    await people.set_password("anna", "another horse")
    assert await people.sign_in("anna", PASSWORD) is None
    assert (await people.sign_in("anna", "another horse")).sessions == before + 1
    await people.end_sessions("anna")
    assert (await people.by_id("anna")).sessions == before + 2


async def test_who_is_no_longer_active_is_signed_out_offline_and_not_claimed(at_work):
    await at_work.change("anna", ANNA.model_copy(update={"active": False}))
    person = await at_work.by_id("anna")
    assert (person.sessions, person.presence) == (1, Presence.OFFLINE)
    assert await at_work.sign_in("anna", PASSWORD) is None
    assert not await at_work.set_presence("anna", AVAILABLE)
    assert not await at_work.claim("anna", "t1")


# Who there is


async def test_people_are_added_changed_and_removed(people):
    await people.add("bert", Profile(name="Bert", roles=frozenset({Role.SUPERVISOR})), PASSWORD)
    await people.change("anna", ANNA.model_copy(update={"languages": frozenset({"de", "en"})}))
    assert [one.person_id for one in await people.all()] == ["anna", "bert"]
    assert (await people.by_id("anna")).languages == {"de", "en"}
    await people.remove("bert")
    assert await people.by_id("bert") is None
    with pytest.raises(PersonUnknownError):
        await people.remove("bert")


@pytest.mark.parametrize(
    ("person_id", "profile", "password", "error"),
    [
        ("anna", ANNA, PASSWORD, PersonExistsError),
        ("bert", ANNA, "short", PasswordError),
        ("Bert Meier", ANNA, PASSWORD, ValidationError),
        ("b" * 41, ANNA, PASSWORD, ValidationError),
    ],
)
async def test_what_breaks_a_rule_is_not_added(people, person_id, profile, password, error):
    with pytest.raises(error):
        await people.add(person_id, profile, password)
    assert len(await people.all()) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"name": "a\nb"}, {"sip": "tel:+49301"}, {"sip": "sip:a b@c"}, {"skills": ["Big words"]}],
)
def test_a_profile_has_its_rules(wrong):
    with pytest.raises(ValidationError):
        Profile.model_validate({"name": "Anna", **wrong})


# One call at a time


async def test_two_processes_that_want_the_same_agent_get_her_once(at_work, process):
    other = process()
    for round_ in range(10):
        wanted = [at_work.claim("anna", f"a{round_}"), other.claim("anna", f"b{round_}")]
        assert sorted(await asyncio.gather(*wanted)) == [False, True]
        assert await presence(other) is BUSY
        assert await other.release("anna", AVAILABLE)


async def test_two_calls_get_two_agents(at_work):
    await at_work.add("bert", Profile(name="Bert", sip="sip:bert@127.0.0.1"), PASSWORD)
    await at_work.set_presence("bert", AVAILABLE)
    assert await asyncio.gather(at_work.claim("anna", "t1"), at_work.claim("bert", "t2")) == [True, True]
    await at_work.release("anna", AVAILABLE, transfer_id="t1")
    assert (await presence(at_work), await presence(at_work, "bert")) == (AVAILABLE, BUSY)


async def test_a_transfer_that_asks_again_after_a_crash_still_has_its_agent(at_work, process):
    assert await at_work.claim("anna", "t1")
    assert await process().claim("anna", "t1")
    assert not await process().claim("anna", "t2")


@pytest.mark.parametrize("state", [Presence.OFFLINE, Presence.AWAY])
async def test_who_is_not_there_is_not_claimed(people, state):
    await people.set_presence("anna", state)
    assert not await people.claim("anna", "t1")


async def test_a_late_word_of_an_older_transfer_frees_nobody(at_work):
    await at_work.claim("anna", "t1")
    await at_work.release("anna", AVAILABLE, transfer_id="t1")
    await at_work.claim("anna", "t2")
    assert not await at_work.release("anna", AVAILABLE, transfer_id="t1")
    assert (await at_work.by_id("anna")).transfer_id == "t2"


async def test_nobody_says_of_themselves_that_they_are_free_while_they_are_in_a_call(at_work):
    await at_work.claim("anna", "t1")
    for said in (AVAILABLE, Presence.AWAY, Presence.OFFLINE):
        assert not await at_work.set_presence("anna", said)
    assert await presence(at_work) is BUSY
    with pytest.raises(ValueError, match="follows from calls"):
        await at_work.set_presence("anna", BUSY)


async def test_saying_available_again_keeps_the_place_in_the_line(at_work, now):
    before = (await at_work.by_id("anna")).idle_since
    now.move(60)
    assert await at_work.set_presence("anna", AVAILABLE)
    assert (await at_work.by_id("anna")).idle_since == before


# After the call


async def test_a_wrap_up_ends_by_itself_and_a_restart_does_not_matter(at_work, process, now):
    await at_work.claim("anna", "t1")
    await at_work.release("anna", wrap_up_s=30, transfer_id="t1")
    ends = now.at.timestamp() + 30
    now.move(29)
    assert await presence(at_work) is WRAP_UP
    assert not await at_work.claim("anna", "t2")
    now.move(1)
    person = await process().by_id("anna")
    assert person.presence is AVAILABLE
    assert person.idle_since.timestamp() == person.presence_at.timestamp() == ends
    assert await process().claim("anna", "t2")


async def test_the_disposition_ends_a_wrap_up_at_once(at_work, now):
    await at_work.claim("anna", "t1")
    await at_work.release("anna", wrap_up_s=600)
    now.move(10)
    assert await at_work.end_wrap_up("anna")
    person = await at_work.by_id("anna")
    assert (person.presence, person.idle_since) == (AVAILABLE, now.at)
    assert not await at_work.end_wrap_up("anna")


async def test_a_claim_that_a_killed_process_left_behind_is_found(at_work, process, now):
    await at_work.claim("anna", "t1")
    now.move(59)
    assert await process().release_forgotten(known=()) == [], "its transfer may just be beginning"
    now.move(1)
    assert await process().release_forgotten(known=["t1"]) == []
    assert await process().release_forgotten(known=["t2"]) == ["anna"]
    assert await presence(at_work) is AVAILABLE
