"""From the events of calls to their facts, and finding calls by them."""

from datetime import UTC, datetime, timedelta

import pytest

from calls import events as e
from calls.database import open_engine
from calls.store import open_store
from qa.facts.filter import CallFilter
from qa.facts.fold import facts_of, text_of
from qa.facts.projector import Projector
from qa.facts.store import FactStore, Order
from qa.facts.types import CallOutcome

BEGAN = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def planned(turn, *, intent=None, flow=None, about=None, moment="hearing", **more):
    state = {"flow": flow, "about": about or intent, "identity": {"level": 0}}
    return e.TurnPlanned(
        turn=turn, moment=moment, intent=intent, then="listen", expect="open", state=state, **more
    )


def story(call_id, *bodies, began=BEGAN):
    return [
        e.CallEvent(call_id=call_id, seq=number, at=began + timedelta(seconds=number), body=body)
        for number, body in enumerate(bodies, start=1)
    ]


STARTED = e.CallStarted(caller="+15550001", callee="+15550100100", playbook="acme 1")
ASKED = e.TurnHeard(turn=1, text="Where is my parcel?", confidence=0.9, start_s=1.0, end_s=2.0)
SHIPPED = e.ActionDone(turn=1, action="order_status", key="k", duration_s=0.2)
HUNG_UP = e.CallEnded(reason=e.CallEndReason.CALLER, duration_s=30.0)


def outcome(*bodies):
    return facts_of(story("CA1", STARTED, ASKED, *bodies)).outcome


def transfer(result, **more):
    asked = e.TransferRequested(transfer_id="T1", queue="returns", reason="asked_for_person")
    return asked, e.TransferEnded(transfer_id="T1", outcome=result, wait_s=12.0, **more)


@pytest.mark.parametrize(
    ("bodies", "expected"),
    [
        ((planned(1, intent="order_status"), SHIPPED), CallOutcome.OPEN),
        ((planned(1, intent="order_status"), SHIPPED, HUNG_UP), CallOutcome.CONTAINED),
        ((planned(1, intent="order_status", flow="order_status"), SHIPPED, HUNG_UP), CallOutcome.ABANDONED),
        ((planned(1, intent="order_status"), HUNG_UP), CallOutcome.ABANDONED),
        ((SHIPPED, planned(1, repair="no_match"), HUNG_UP), CallOutcome.ABANDONED),
        ((*transfer("connected", talk_s=60.0), HUNG_UP), CallOutcome.HANDED_OVER),
        ((*transfer("caller_gone"), HUNG_UP), CallOutcome.ABANDONED_WAITING),
        ((transfer("nobody")[0], HUNG_UP), CallOutcome.ABANDONED_WAITING),
        ((SHIPPED, planned(1), e.CallEnded(reason="lost", duration_s=3.0)), CallOutcome.LOST),
        (
            (e.CallBackPromised(promise_id="P", phone="+1", queue="returns", due_at=BEGAN), HUNG_UP),
            CallOutcome.CALL_BACK,
        ),
        (
            (e.VoicemailLeft(queue="returns", text="Call me.", start_s=1, end_s=2), HUNG_UP),
            CallOutcome.VOICEMAIL,
        ),
    ],
)
def test_how_a_call_ended_for_its_caller(bodies, expected):
    assert outcome(*bodies) is expected


def test_what_a_call_was_about_is_its_first_wish_and_all_wishes_are_kept():
    known = facts_of(
        story(
            "CA1",
            STARTED,
            ASKED,
            planned(1, intent="order_status"),
            planned(2, intent="refund", more=("hours",)),
        )
    )
    assert known.intent == "order_status"
    assert known.intents == ("order_status", "refund", "hours")


def test_latency_confidence_and_mood_are_counted_over_the_turns():
    known = facts_of(
        story(
            "CA1",
            STARTED,
            ASKED,
            planned(1, certainty=0.9, sentiment=0.2, discontent=0.1),
            e.TurnAnswered(turn=1, total_s=0.4),
            planned(2, certainty=0.5, sentiment=-0.4, discontent=0.7),
            e.TurnAnswered(turn=2, total_s=0.8),
            planned(3, moment="done", discontent=0.3),
        )
    )
    assert (known.confidence, known.confidence_min) == (0.7, 0.5)
    assert known.sentiment == -0.1, "what came of an action is no turn of the caller's"
    assert known.discontent == 0.7
    assert known.answer_p50_s == 0.6


def test_survey_and_disposition_tell_what_people_thought():
    known = facts_of(
        story(
            "CA1",
            STARTED,
            e.SurveyAnswered(part="assistant", score=2),
            e.SurveyAnswered(part="agent", score=None),
            e.CallDisposed(
                agent="maria", disposition="solved", needless=True, wrong="intent", intended="refund"
            ),
        )
    )
    assert (known.csat_assistant, known.asked_assistant) == (2, True)
    assert (known.csat_agent, known.asked_agent) == (None, True)
    assert (known.agent, known.needless, known.intended) == ("maria", True, "refund")


@pytest.fixture
async def kept(database_url):
    """A store with three calls, their facts made by the projector."""
    engine = open_engine(database_url)
    async with await open_store(database_url) as store:
        await store.write(story("CA1", STARTED, ASKED, planned(1, intent="order_status"), SHIPPED, HUNG_UP))
        await store.write(
            story("CA2", STARTED, *transfer("connected", talk_s=9.0), HUNG_UP, began=BEGAN + timedelta(1))
        )
        await store.write(story("CA3", STARTED, ASKED, began=BEGAN + timedelta(2)))
        facts = FactStore(engine)
        projector = Projector(facts, store.read)
        assert await projector.catch_up() == 3
        yield store, facts, projector
    await engine.dispose()


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (CallFilter(), ["CA3", "CA2", "CA1"]),
        (CallFilter(since=BEGAN + timedelta(hours=1), until=BEGAN + timedelta(2)), ["CA2"]),
        (CallFilter(outcomes=(CallOutcome.CONTAINED, CallOutcome.HANDED_OVER)), ["CA2", "CA1"]),
        (CallFilter(escalation="asked_for_person"), ["CA2"]),
        (CallFilter(intent="order_status", caller="+15550001"), ["CA1"]),
        (CallFilter(words="PARCEL where"), ["CA3", "CA1"]),
        (CallFilter(words="parcel OR nothing"), []),
        (CallFilter(words='" NOT *'), []),
        (CallFilter(call_ids=()), []),
    ],
)
async def test_calls_are_found_by_what_is_known_of_them(kept, wanted, found):
    _, facts, _ = kept
    assert [one.call_id for one in await facts.page(wanted)] == found
    assert await facts.count(wanted) == len(found)
    assert [one.call_id for one in await facts.page(wanted, Order.OLDEST, limit=1, skip=1)] == found[::-1][
        1:2
    ]


async def test_facts_follow_the_log_and_only_what_has_changed_is_read_again(kept):
    store, facts, projector = kept
    assert await projector.catch_up() == 0
    await store.write([e.CallEvent(call_id="CA3", seq=3, at=BEGAN, body=planned(1))])
    assert await projector.catch_up() == 0, "it goes on: its facts wait until it is over"
    more = e.CallEvent(call_id="CA3", seq=4, at=BEGAN, body=e.CallEnded(reason="caller", duration_s=5.0))
    await store.write([more])
    assert await projector.catch_up() == 1
    assert (await facts.get("CA3")).outcome is CallOutcome.ABANDONED
    assert await facts.values("queue") == ["returns"]


def test_all_that_was_said_can_be_searched():
    said = e.TurnSaid(turn=1, text="It has shipped.", heard="It has", start_s=3, end_s=4)
    assert text_of(story("CA1", STARTED, ASKED, said)) == "Where is my parcel?\nIt has"


def language_model(*bodies):
    known = facts_of(story("CA1", STARTED, ASKED, *bodies, HUNG_UP))
    return (known.language_model_asked, known.language_model_untold, known.tokens_in, known.tokens_out)


def test_the_tokens_of_a_language_model_are_added_up_and_what_nobody_told_is_counted():
    told = e.ModelAsked(turn=1, model="m", outcome="proposed", tokens_in=800, tokens_out=40)
    slow = e.ModelAsked(turn=1, model="m", outcome="slow")
    decided = planned(1, proposed="proposed")
    assert language_model(told, slow, told, decided) == (3, 1, 1600, 80)
    assert language_model(planned(1)) == (0, 0, 0, 0)


def test_a_call_from_before_tokens_were_told_has_asked_for_nobody_knows_how_many():
    assert language_model(planned(1, proposed="slow"), planned(1), planned(1, proposed="proposed")) == (
        *(2, 2),
        *(0, 0),
    )
