"""What the desk shows of a call: a pure projection of its events."""

from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

from calls.events import (
    CallDisposed,
    CallEvent,
    CallStarted,
    TalkHeard,
    TransferMoved,
    TurnHeard,
    TurnPlanned,
    TurnSaid,
)
from demo.desk_story import conversation, talk
from dialog.load import load_playbook
from handoff.briefing.briefer import Briefer
from handoff.briefing.types import Outcome, Part
from handoff.desk.board import DeskBoard
from handoff.desk.mood import Mood, Trend
from handoff.desk.transcript import Who
from handoff.desk.words import readable, words_of
from handoff.transfer.types import Phase

START = datetime(2026, 11, 25, 12, 0, tzinfo=UTC)


@cache
def acme():
    return load_playbook(Path(__file__).parents[3] / "playbooks" / "acme")


def events(bodies, call_id="CA1"):
    return [
        CallEvent(call_id=call_id, seq=seq, at=START + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, 1)
    ]


def shown(bodies):
    playbook = acme()
    return DeskBoard(playbook, words_of(playbook)).show("CA1", events(bodies))


def test_a_call_is_told_by_who_what_tried_and_why():
    view = shown(conversation("t1"))
    assert view.headline == "Dana Whitfield: Refund"
    assert view.who == ("Dana Whitfield, verified by text code.",)
    assert (view.caller.level, view.caller.customer) == (2, "1042")
    assert view.caller.verified_at == START + timedelta(seconds=16), "when the level was reached, not now"
    assert view.wants == ("Wants a refund for order 4711.",)
    assert [(one.text, one.outcome) for one in view.tried][-2:] == [
        ("Found order 4711.", Outcome.DONE),
        ("The refund of 129.00 euros for order 4711 failed twice: the system is down.", Outcome.FAILED),
    ]
    assert view.why == ("The refund failed twice, and the caller is getting upset.",)
    assert view.say[0].startswith("Hello Dana Whitfield, I see it's about your refund.")


def test_the_desk_shows_the_facts_that_were_told_on_the_telephone_and_says_as_of_when():
    told = [*conversation("t1"), *talk("Maria")]
    log = events(told)
    view, briefing = shown(told), Briefer(acme()).build(log)
    assert view.wants == tuple(fact.text for fact in briefing.of(Part.WANTS))
    assert [one.text for one in view.tried] == [fact.text for fact in briefing.of(Part.TRIED)]
    assert view.as_of < view.lines[-1].at, "what the two say now does not make the summary any newer"


def test_a_name_that_was_only_claimed_is_no_headline():
    claimed = {"slots": {"full_name": "Dana Whitfield"}}
    planned = TurnPlanned(turn=1, moment="hearing", then="listen", expect="open", state=claimed)
    view = shown([CallStarted(caller="+15550142000", playbook="acme@1"), planned])
    assert view.headline == "+15550142000"


def test_details_have_their_confidence_and_one_time_codes_are_never_shown():
    bodies = conversation("t1")
    state = next(body for body in reversed(bodies) if isinstance(body, TurnPlanned)).state
    secret = next(iter(words_of(acme()).secret))
    told = {**state, "slots": {**state["slots"], secret: "123456", "found_order": {"price": 12900}}}
    view = shown([*bodies, TurnPlanned(turn=6, moment="done", then="listen", expect="open", state=told)])
    slots = {slot.name: (slot.value, slot.confidence) for slot in view.slots}
    assert slots["refund_number"] == ("4711", 0.58)
    assert secret not in slots
    assert "found_order" not in slots, "what an action brought is no value that the caller told"
    assert "123456" not in view.model_dump_json()


def test_the_transcript_holds_the_assistants_part_and_then_the_humans():
    view = shown([*conversation("t1"), TransferMoved(transfer_id="t1", phase="bridged"), *talk("Maria")])
    assert [line.who for line in view.lines][-3:] == [Who.NOTE, Who.AGENT, Who.CALLER]
    assert view.caller_words[-1].startswith("Finally.")
    assert view.lines[2].unsure is False
    misheard = next(line for line in view.lines if "forty-seven" in line.text)
    assert misheard.unsure, "58 % is perhaps misheard"


def test_what_the_caller_did_not_hear_of_us_is_not_shown_as_said():
    cut = TurnSaid(turn=1, text="Hello, how are you?", heard="Hello,", start_s=0, end_s=1, interrupted=True)
    unheard = TurnSaid(turn=1, text="Goodbye.", heard="", start_s=1, end_s=1, interrupted=True)
    view = shown([cut, unheard])
    assert [(line.text, line.cut) for line in view.lines] == [("Hello,", True)]


def test_stages_are_those_of_the_last_hand_over():
    view = shown(
        [
            *conversation("t1"),
            TransferMoved(transfer_id="t1", phase="holding"),
            TransferMoved(transfer_id="t1", phase="done"),
            *conversation("t2")[-2:],
            TransferMoved(transfer_id="t2", phase="ringing"),
        ]
    )
    reached = {stage.phase for stage in view.stages if stage.at is not None}
    assert reached == {Phase.REQUESTED, Phase.RINGING}


def test_the_mood_has_a_direction_only_where_it_changes():
    assert shown(conversation("t1")).mood.trend is Trend.FALLING
    assert Mood(points=(0.1, 0.05, 0.1)).trend is Trend.STEADY
    assert Mood(points=(-0.5, -0.3, 0.1)).trend is Trend.RISING
    assert Mood().words == "", "nobody has spoken: that is not calm"
    assert Mood(points=(-9.0, 9.0)).polyline == "6.0,50.0 294.0,6.0", "the picture has its bounds"


def test_a_call_of_which_nothing_is_known_can_be_shown():
    view = shown([])
    assert (view.headline, view.tried, view.slots, view.stages) == ("Unknown caller", (), (), ())
    asked = shown([TurnHeard(turn=1, text="Hello?", confidence=0.9, start_s=0, end_s=1)])
    assert asked.topic is None
    assert asked.say[0].startswith("Hello, I see you've been talking with our assistant")


def test_two_calls_do_not_touch():
    playbook = acme()
    board = DeskBoard(playbook, words_of(playbook))
    first = board.show("CA1", events(conversation("t1", "Dana Whitfield")))
    second = board.show("CA2", events(conversation("t2", "Robert Chan"), "CA2"))
    assert first.caller.name == "Dana Whitfield"
    assert second.caller.name == "Robert Chan"
    assert board.show("CA1", events(conversation("t1", "Dana Whitfield"))) == first


def test_who_has_said_what_came_of_it_is_known():
    view = shown([CallDisposed(agent="maria", disposition="solved")])
    assert view.disposed == {"maria"}


def test_codes_become_words():
    assert readable("shop.order_status") == "Order status"
    assert readable("") == ""


def test_silence_of_the_line_is_no_line():
    assert shown([TalkHeard(who="agent", text="", confidence=0.1, start_s=0, end_s=1)]).lines == ()
