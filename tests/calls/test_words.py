"""A hand-over and what comes after it, as a person reads it: in the timeline, in the terminal, on the browser phone."""

import io
from datetime import UTC, datetime
from typing import get_args

import pytest
from rich.console import Console

from calls.events import (
    CallBackDialled,
    CallBackPromised,
    CallBackTried,
    CallDisposed,
    CallEnded,
    CallEndReason,
    CallEvent,
    CallStarted,
    EscalationJudged,
    EventBody,
    SurveyAnswered,
    TalkHeard,
    TransferBriefed,
    TransferEnded,
    TransferKeyed,
    TransferLeg,
    TransferMoved,
    TransferRequested,
    VoicemailLeft,
)
from calls.render import LABELS, call_timeline
from calls.timeline import timeline
from calls.words import KINDS, LEG_RESULTS, LEVELS, OUTCOMES, TRIES, told
from demo.live import describe
from handoff.escalation.levels import Level
from handoff.promises.promise import Result
from handoff.transfer.types import Kind, LegResult, Outcome
from line_routes import transcript_line

AT = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)
DUE = datetime(2026, 11, 26, 9, 0, tzinfo=UTC)


def leg(state, result=None, **more):
    return TransferLeg(
        transfer_id="t1", leg=1, target="Anna", agent="anna", state=state, result=result, **more
    )


def judged(level):
    reasons = ("asked_for_person",)
    return EscalationJudged(turn=3, level=level, risk=0.62, reasons=reasons, words="order number asked twice")


STORY = (
    CallStarted(caller="+15550142000", callee="+15550100100", playbook="acme@1"),
    judged("normal"),
    judged("hand_over"),
    TransferRequested(
        transfer_id="t1", queue="returns", reason="asked_for_person", words="asked for a person"
    ),
    leg("placed"),
    leg("placed", sid="CA1"),
    TransferMoved(transfer_id="t1", phase="holding"),
    leg("ringing", sid="CA1"),
    leg("briefing", sid="CA1"),
    leg("briefing", sid="CA1", recording="recordings/CA1.wav"),
    TransferBriefed(transfer_id="t1", leg=1, text="Maria Silva, verified.", seconds=12.4),
    TransferKeyed(transfer_id="t1", leg=1, key="1", where="desk"),
    leg("accepted", sid="CA1"),
    TransferMoved(transfer_id="t1", phase="bridged"),
    TalkHeard(who="agent", text="Hello Maria.", confidence=0.9, start_s=40.0, end_s=41.0),
    TalkHeard(who="caller", text="Hello Anna.", confidence=0.5, start_s=41.5, end_s=42.0),
    TransferEnded(transfer_id="t1", outcome="connected", wait_s=21.0, talk_s=64.0),
    SurveyAnswered(part="assistant", score=4),
    SurveyAnswered(part="agent"),
    CallEnded(reason=CallEndReason.PEOPLE, duration_s=120.0),
    CallDisposed(agent="anna", disposition="solved", needless=True, wrong="intent", intended="order_status"),
)
READS = (
    "A person should take over: order number asked twice, risk 62%",
    "To be handed over to returns: asked for a person",
    "Anna is rung",
    "The caller is on hold",
    "Anna's telephone rings",
    "Anna's telephone was answered",
    "Briefing of 12 s: Maria Silva, verified.",
    "The agent keys 1 on the desk: yes",
    "Anna has taken the call",
    "Caller and agent are connected",
    "The talk is over: 21 s on hold, 64 s of talk",
    "Survey on the assistant: 4 of 5",
    "Survey on the agent: no answer",
    "anna says: solved: the hand-over was needless; the assistant got what the caller wanted wrong,"
    " it was order status",
)


def events(*bodies):
    return [CallEvent(call_id="CA0", seq=seq, at=AT, body=body) for seq, body in enumerate(bodies, start=1)]


def test_a_hand_over_is_told_step_by_step_and_each_step_once():
    assert tuple(words for body in STORY if (words := told(body)) is not None) == READS


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (
            CallBackPromised(
                promise_id="p1", phone="+15550142000", queue="support", due_at=DUE, reason="a return"
            ),
            "Call-back promised to +15550142000, by support, from 2026-11-26 09:00 UTC on: a return",
        ),
        (
            TransferRequested(
                transfer_id="p1-001", kind="call_back", queue="support", reason="call_back", words="a return"
            ),
            "To be called back by support: a return",
        ),
        (CallBackDialled(promise_id="p1", transfer_id="p1-001"), "The caller is called back"),
        (CallBackTried(promise_id="p1", result="busy"), "Call-back: the caller's telephone was busy"),
        (
            VoicemailLeft(queue="", text="It broke.", start_s=3.0, end_s=5.0),
            "Message for anybody: “It broke.”",
        ),
        (leg("over", "declined"), "Anna declined"),
        (leg("over", "finished"), None),
        (judged("normal"), None),
    ],
)
def test_what_comes_of_it_is_told_in_a_sentence(body, words):
    assert told(body) == words


def test_every_code_has_its_words():
    assert set(OUTCOMES) == {one.value for one in Outcome}
    assert set(LEG_RESULTS) == {one.value for one in LegResult} - {"finished"}
    assert set(KINDS) == {one.value for one in Kind}
    assert set(TRIES) == {one.value for one in Result} | {"given_up"}
    assert set(LEVELS) == {one.value for one in Level} - {"normal"}


def test_every_event_in_words_has_a_label_in_the_timeline():
    names = {body.model_fields["name"].default for body in get_args(get_args(EventBody)[0])}
    assert set(LABELS) <= names
    assert {body.name for body in STORY if told(body) is not None} <= set(LABELS)


def test_the_timeline_shows_the_hand_over_and_the_talk_as_a_conversation():
    console = Console(file=io.StringIO(), width=160, color_system=None)
    console.print(call_timeline(timeline(events(*STORY))))
    shown = console.file.getvalue()
    lines = [line.strip() for line in shown.splitlines()]
    for words in READS:
        assert words in shown
    assert any(
        line.startswith("0:40.0") and "Agent" in line and "“Hello Maria.”  90%" in line for line in lines
    )
    assert any(
        line.startswith("0:41.5") and "Caller" in line and "“Hello Anna.”  50%" in line for line in lines
    )
    assert shown.index("Caller and agent") < shown.index("Hello Maria") < shown.index("The talk is over")


def test_the_terminal_shows_it_while_it_happens():
    lines = [line.plain.strip() for event in events(*STORY) if (line := describe(event)) is not None]
    assert [line for line in lines if line in READS] == list(READS)
    assert "agent Hello Maria.  90%" in lines
    assert "caller Hello Anna.  50%" in lines


def test_the_browser_phone_shows_it_but_not_what_the_agent_was_told():
    lines = [line for event in events(*STORY) if (line := transcript_line(event)) is not None]
    texts = [line["text"] for line in lines]
    assert "The caller is on hold" in texts
    assert "The agent is briefed for 12 s" in texts
    assert not any("Maria Silva" in text for text in texts)
    assert [line["who"] for line in lines if line["text"] in {"Hello Maria.", "Hello Anna."}] == [
        "agent",
        "caller",
    ]
