"""Who gets reviewed, and who has which review."""

import asyncio
import random
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from calls.database import open_engine
from qa.facts.store import FactStore
from qa.facts.types import CallFacts, CallOutcome
from qa.review.queue import (
    Deed,
    Draw,
    Review,
    Reviewer,
    ReviewHeldError,
    ReviewState,
    after,
    draw,
    neighbours,
)
from qa.review.rules import WEIGHTS, ReviewRules, Sign, Signs, is_sampled, reasons_of
from qa.review.store import ReviewStore

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
RULES = ReviewRules()
ANA, BEN, SUE = Reviewer("ana"), Reviewer("ben"), Reviewer("sue", chief=True)


def call(call_id="CA1", outcome=CallOutcome.CONTAINED, minutes=0, **more):
    return Signs(call_id, BEGAN + timedelta(minutes=minutes), outcome, **more)


def signs(**more):
    return [one.sign for one in reasons_of(call(**more), RULES)]


@pytest.mark.parametrize(
    ("more", "found"),
    [
        ({}, []),
        ({"csat_assistant": 3, "answer_p95_s": 1.5, "no_match": 1, "needless": False}, []),
        ({"csat_assistant": 2}, [Sign.LOW_CSAT]),
        ({"csat_assistant": 5, "csat_agent": 1}, [Sign.LOW_CSAT]),
        ({"auto_fail": True}, [Sign.AUTO_FAIL]),
        ({"escalation": "upset"}, [Sign.UPSET]),
        ({"escalation": "risk"}, [Sign.RISK]),
        ({"escalation": "asked_for_person"}, []),
        ({"outcome": CallOutcome.ABANDONED}, [Sign.ABANDONED]),
        ({"outcome": "abandoned_waiting"}, [Sign.ABANDONED]),
        ({"answer_p95_s": 1.51}, [Sign.SLOW]),
        ({"no_match": 2}, [Sign.NO_MATCH]),
        ({"action_failures": 1}, [Sign.ACTION_FAILED]),
        ({"wrong": "intent"}, [Sign.WRONG]),
        ({"needless": True}, [Sign.NEEDLESS]),
        ({"no_match": 3, "auto_fail": True, "csat_agent": 1}, [Sign.AUTO_FAIL, Sign.LOW_CSAT, Sign.NO_MATCH]),
    ],
)
def test_a_call_is_among_the_worst_for_reasons(more, found):
    assert signs(**more) == found


def test_reasons_are_told_in_words():
    bad = call(csat_agent=1, answer_p95_s=2.34, action_failures=2, wrong="identity")
    assert [one.words for one in reasons_of(bad, RULES)] == [
        "the caller gave 1 of 5",
        "an agent says that the assistant got who the caller is wrong",
        "slow answers: p95 2.3 s",
        "an action failed 2 times",
    ]
    assert set(WEIGHTS) == set(Sign)


def test_the_worst_come_first_and_equals_by_time():
    calls = [
        call("CA1", minutes=1, no_match=2),
        call("CA2", minutes=2, auto_fail=True, no_match=2),
        call("CA3", minutes=3),
        call("CA4", minutes=4, no_match=5),
    ]
    found = draw(Draw.WORST, [(one, None) for one in calls], RULES)
    assert [one.call_id for one in found] == ["CA2", "CA4", "CA1"]


def test_a_call_has_neighbours_in_its_list():
    listed = ["CA2", "CA4", "CA1"]
    assert neighbours(listed, "CA4") == ("CA2", "CA1")
    assert neighbours(listed, "CA2") == (None, "CA4")
    assert neighbours(listed, "CA1") == ("CA4", None)
    assert neighbours(listed, "CA3") == (None, "CA2"), "one that is not in the list leads to its first"
    assert neighbours([], "CA3") == (None, None)


ids = [f"CA{number:032x}" for number in range(10_000)]


@pytest.mark.parametrize("percent", [0.0, 2.0, 25.0, 100.0])
def test_the_sample_is_as_large_as_it_shall_be(percent):
    drawn = sum(is_sampled(one, ReviewRules(sample_percent=percent)) for one in ids)
    # Four standard deviations of a binomial draw.
    assert abs(drawn - 100 * percent) <= 4 * (100 * percent * (1 - percent / 100)) ** 0.5


@given(
    st.sampled_from(ids),
    st.sampled_from(CallOutcome),
    st.booleans(),
    st.none() | st.integers(1, 5),
    st.integers(0, 5),
)
def test_nothing_of_a_call_but_its_id_decides_about_the_sample(call_id, outcome, fails, csat, failures):
    rules = ReviewRules(sample_percent=50.0)
    bad = call(call_id, outcome, auto_fail=fails, csat_agent=csat, action_failures=failures)
    (good,) = draw(Draw.SAMPLE, [(call(call_id), None)], rules) or (None,)
    found = draw(Draw.SAMPLE, [(bad, None)], rules)
    assert found == ((good,) if good is not None else ()), "how a call went is not told beforehand either"


def test_a_larger_sample_loses_no_call_and_another_seed_draws_others():
    few, more = ReviewRules(sample_percent=2.0), ReviewRules(sample_percent=5.0)
    other = ReviewRules(seed="another")
    drawn = {one for one in ids if is_sampled(one, few)}
    assert drawn < {one for one in ids if is_sampled(one, more)}
    assert len(drawn & {one for one in ids if is_sampled(one, other)}) < 20


def review(state, person="ana"):
    return Review("CA1", state, person, BEGAN, sampled=False)


@pytest.mark.parametrize(
    ("before", "deed", "who", "state"),
    [
        (None, Deed.TAKE, ANA, ReviewState.TAKEN),
        (None, Deed.FINISH, ANA, ReviewState.DONE),
        (None, Deed.PUT_BACK, ANA, None),
        (review(ReviewState.TAKEN), Deed.FINISH, ANA, ReviewState.DONE),
        (review(ReviewState.TAKEN), Deed.SKIP, ANA, ReviewState.SKIPPED),
        (review(ReviewState.DONE), Deed.PUT_BACK, ANA, None),
        (review(ReviewState.SKIPPED), Deed.TAKE, BEN, ReviewState.TAKEN),
        (review(ReviewState.TAKEN), Deed.PUT_BACK, SUE, None),
    ],
)
def test_what_becomes_of_a_review(before, deed, who, state):
    assert after(deed, before, who) is state


@pytest.mark.parametrize(
    ("before", "deed", "who"),
    [
        (review(ReviewState.TAKEN), Deed.TAKE, BEN),
        (review(ReviewState.TAKEN), Deed.FINISH, SUE),
        (review(ReviewState.DONE), Deed.SKIP, BEN),
        (review(ReviewState.TAKEN), Deed.PUT_BACK, BEN),
        (review(ReviewState.SKIPPED), Deed.PUT_BACK, BEN),
    ],
)
def test_what_somebody_else_has_is_left_alone(before, deed, who):
    with pytest.raises(ReviewHeldError) as refused:
        after(deed, before, who)
    assert refused.value.review == before


@pytest.fixture
async def engine(database_url):
    one = open_engine(database_url)
    yield one
    await one.dispose()


async def test_of_two_who_take_a_call_at_the_same_time_one_has_it(engine):
    store = ReviewStore(engine, lambda: BEGAN)
    for number in range(20):
        call_id = f"CA{number}"
        taken = await asyncio.gather(
            *(store.do(Deed.TAKE, call_id, who, sampled=True) for who in (ANA, BEN)), return_exceptions=True
        )
        (refused,) = [one for one in taken if isinstance(one, ReviewHeldError)]
        (had,) = [one for one in taken if isinstance(one, Review)]
        assert refused.review == had == await store.get(call_id)


async def test_a_review_is_kept_beside_its_call(engine):
    facts = FactStore(engine)
    known = [
        CallFacts(call_id=name, last_seq=1, started_at=BEGAN + timedelta(minutes=at), outcome=outcome, **more)
        for name, at, outcome, more in (
            ("CA1", 1, "contained", {"wrong": "facts", "no_match": 2}),
            ("CA2", 2, "open", {}),
            ("CA3", 3, "contained", {}),
        )
    ]
    await facts.put([(one, "") for one in known])
    store = ReviewStore(engine, lambda: BEGAN)
    await store.do(Deed.FINISH, "CA1", ANA, sampled=False)
    ((one, had),) = await store.calls(["CA1"])
    assert (one.call_id, one.wrong, had.state) == ("CA1", "facts", "done")
    until = BEGAN + timedelta(minutes=3)
    (ticket,) = await store.tickets(Draw.WORST, BEGAN, until, RULES)
    assert ticket == ("CA1", "done", "ana")
    assert await store.do(Deed.PUT_BACK, "CA1", ANA, sampled=False) is None
    assert await store.get("CA1") is None
    every = await store.tickets(Draw.SAMPLE, BEGAN, None, ReviewRules(sample_percent=100.0))
    assert [one.call_id for one in every] == ["CA3", "CA1"], "one that goes on is not reviewed"


async def test_the_database_ranks_calls_as_their_reasons_do(engine):
    chance = random.Random(1)  # noqa: S311
    known = [
        CallFacts(
            call_id=f"CA{number}",
            last_seq=1,
            started_at=BEGAN + timedelta(minutes=chance.randrange(100)),
            outcome=chance.choice(list(CallOutcome)),
            auto_fail=chance.random() < 0.1,
            csat_assistant=chance.choice((None, None, 1, 2, 3, 5)),
            csat_agent=chance.choice((None, None, 2, 3)),
            wrong=chance.choice((None, None, None, "facts")),
            needless=chance.choice((None, None, False, True)),
            escalation=chance.choice((None, "upset", "risk", "danger")),
            answer_p95_s=chance.choice((None, 0.5, 1.5, 1.6)),
            no_match=chance.choice((0, 0, 1, 2)),
            action_failures=chance.choice((0, 0, 0, 1)),
        )
        for number in range(1000)
    ]
    await FactStore(engine).put([(one, "") for one in known])
    store = ReviewStore(engine, lambda: BEGAN)
    every = await store.calls([one.call_id for one in known if one.outcome is not CallOutcome.OPEN])
    ranked = [one.call_id for one in draw(Draw.WORST, every, RULES)]
    assert 0 < len(ranked) < len(every)
    assert [one.call_id for one in await store.tickets(Draw.WORST, BEGAN, None, RULES)] == ranked
    sample = [one.call_id for one in draw(Draw.SAMPLE, every, RULES)]
    assert [one.call_id for one in await store.tickets(Draw.SAMPLE, BEGAN, None, RULES)] == sample
