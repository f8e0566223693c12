"""From the events of a call to what is shown of it."""

from itertools import pairwise

import pytest

from calls import events as e
from handoff.desk.words import DeskWords
from qa.replay.axis import Axis
from qa.replay.difference import HIDDEN, changes, masked
from qa.replay.markers import LEAST_GAP, Kind, Lane
from qa.replay.replay import Replay
from qa.replay.rows import Speaker, spells_of
from qa.replay.turns import turns_of
from tests.qa.replay.story import BOOTS, CUT, LEG_RECORDING, LENGTH_S, planned, seq_of, story, words

NAMES = DeskWords(intents={"refund": "Refund", "order_status": "Order status"}, secret=frozenset({"code"}))


@pytest.fixture
def replay():
    return Replay(story(), NAMES, LENGTH_S)


def facts(found):
    return {one.term: one.text for one in found}


def marks(replay, kind):
    return [one for one in replay.markers if one.kind is kind]


# The axis


def test_what_tells_its_place_lies_there_and_the_rest_where_the_clock_puts_it():
    events = story()
    axis = Axis(events, LENGTH_S)
    places = {one.seq: axis.place(one) for one in events}
    assert places[seq_of(e.TurnHeard, turn=1)] == 5.0
    assert places[seq_of(e.TransferKeyed)] == pytest.approx(25.5), "the recording began half a second later"
    assert places[seq_of(e.CallStarted)] == 0.0, "before the recording there is nothing"
    assert (axis.percent(10.0), axis.percent(100.0)) == (25.0, 100.0)


def test_after_a_break_the_axis_goes_on_at_the_recordings_end():
    bodies = [
        (0.0, e.CallStarted(playbook="acme@3")),
        (0.0, e.StreamStarted(stream_sid="MZ1")),
        (5.0, e.TurnSaid(turn=0, text="Hello.", heard="Hello.", start_s=0.5, end_s=4.0)),
        (60.0, e.StreamStarted(stream_sid="MZ2", resumed=True)),
        (63.0, e.TurnSaid(turn=0, text="Sorry.", heard="Sorry.", start_s=5.5, end_s=8.0)),
        (65.0, e.TransferMoved(transfer_id="T", phase="holding")),
    ]
    events = story(bodies)
    assert Axis(events).place(events[-1]) == pytest.approx(10.0, abs=0.01)


def test_what_comes_after_the_call_does_not_stretch_the_axis():
    assert Axis(story()).length_s == 31.0, "the last sound that is told of"
    assert Axis(story(), LENGTH_S).ticks() == (0, 5, 10, 15, 20, 25, 30, 35, 40)


def test_what_comes_after_the_sound_is_told_as_later(replay):
    assert (replay.when(12.34), replay.when(LENGTH_S + 1)) == ("0:12.3", "later")


def test_a_call_without_events_cannot_be_shown():
    with pytest.raises(ValueError, match="without events"):
        Replay([], NAMES)


# The transcript


def test_the_transcript_has_caller_assistant_and_human_in_the_order_of_the_recording(replay):
    spoken = [(row.speaker, row.start_s) for row in replay.rows if row.spoken]
    assert [start for _, start in spoken] == [0.5, 5.0, 8.7, 12.0, 14.9, 17.0, 27.0, 30.0]
    assert [speaker for speaker, _ in spoken[-2:]] == [Speaker.AGENT, Speaker.CALLER]
    notes = [row.text for row in replay.rows if not row.spoken]
    assert "✔ shop refund order, 0.7 s" in notes
    assert "The caller is on hold" in notes


def test_what_was_cut_off_is_told_apart_from_what_was_heard(replay):
    row = next(row for row in replay.rows if row.unheard)
    assert row.text == "Your refund is on its way,"
    assert f"{row.text} {row.unheard}" == CUT


def test_words_that_may_be_misheard_are_marked_also_when_they_were_told_later(replay):
    row = next(row for row in replay.rows if row.start_s == 12.0)
    assert [(one.text, one.low) for one in row.spells] == [
        ("forty", False),
        (" seven", True),
        (" eleven", False),
    ]
    assert row.unsure


def test_words_that_do_not_make_up_the_sentence_mark_nothing():
    (only,) = spells_of("Forty-seven.", words("something else", 0.0, 0.1, 0.1))
    assert (only.text, only.low) == ("Forty-seven.", False)


def test_the_row_at_a_moment_is_the_last_sentence_that_has_begun(replay):
    assert replay.row_at(7.0).text == BOOTS
    assert replay.row_at(0.1) is None


# The marks


def test_every_kind_of_event_has_its_mark(replay):
    kinds = {one.kind for one in replay.markers}
    assert kinds == {
        Kind.BARGE_IN,
        Kind.NO_MATCH,
        Kind.ACTION,
        Kind.KNOWLEDGE,
        Kind.ESCALATION,
        Kind.HOLD,
        Kind.BRIEFING,
        Kind.BRIDGE,
        Kind.TRANSFER_END,
    }
    assert len(marks(replay, Kind.ESCALATION)) == 2, "it was judged, and a transfer was asked for"


def test_a_barge_in_lies_where_the_caller_cut_in(replay):
    (mark,) = marks(replay, Kind.BARGE_IN)
    assert (mark.at_s, mark.lane) == (17.0, Lane.TALK)
    assert "Your refund is on its way," in mark.words


def test_marks_of_one_lane_are_far_enough_apart_to_be_hit(replay):
    for lane in Lane:
        places = [one.place for one in replay.markers if one.lane is lane]
        gaps = [later - place for place, later in pairwise(places)]
        assert all(gap >= LEAST_GAP - 0.011 for gap in gaps), lane


@pytest.mark.parametrize("text", ["My card is [card number].", "It is ████ 1881"])
def test_what_was_removed_is_marked(text):
    bodies = [
        (0.0, e.CallStarted(playbook="a@1")),
        (1.0, e.TurnHeard(turn=1, text=text, confidence=1, start_s=0, end_s=1)),
    ]
    assert len(marks(Replay(story(bodies), NAMES), Kind.REDACTION)) == 1


# The curves


def test_mood_certainty_and_latency_are_those_of_the_turns(replay):
    told = [(one.title, one.mood, one.certainty) for one in replay.course]
    assert told == [
        ("Opening", None, None),
        ("Turn 1", -0.2, 0.88),
        ("Turn 2", -0.65, 0.41),
        ("Turn 3", -0.65, 0.7),
    ]
    answer = replay.course[2].answer
    assert answer.total_s == 1.4
    assert [(one.name, one.start_s) for one in answer.stages] == [
        ("end_of_turn", 0.0),
        ("plan", 0.4),
        ("action", 0.42),
        ("first_audio", 1.12),
    ]
    assert sum(one.seconds for one in answer.stages) == pytest.approx(answer.total_s)


# The drawer


def test_the_drawer_tells_what_was_heard_understood_and_decided(replay):
    drawer = replay.drawer(seq_of(e.TurnHeard, turn=1))
    assert facts(drawer.heard)["Text"] == f"“{BOOTS}”"
    assert "books" in facts(drawer.heard)["It may have been"]
    (decided,) = drawer.decisions
    told = facts(decided.facts)
    assert told["Intent"] == "Refund, 91%"
    assert told["Other intents"] == "Order status 6%"
    assert told["Certainty"] == "88% that this was meant"
    assert told["Language model"] == "not asked"
    assert decided.why == "refund: ask which_order"
    assert [(one.where, one.before, one.after) for one in decided.changes] == [("flow", "nothing", "refund")]
    assert facts(drawer.timing)["Answer"] == "0.62 s after the caller's last sound"
    assert facts(drawer.versions) == {"Playbook": "acme@3", "speech to text": "base-1"}


def test_the_drawer_tells_in_words_what_a_language_model_took_for_the_turn():
    def asked(*tokens, outcome="proposed"):
        taken = dict(zip(("tokens_in", "tokens_out"), tokens, strict=False))
        return e.ModelAsked(turn=1, model="local-7b", outcome=outcome, **taken)

    heard = e.TurnHeard(turn=1, text="Flumox", confidence=0.9, start_s=1.0, end_s=2.0)
    opened = planned(0, moment="opened")
    decided = planned(1, proposed="nothing")

    def tokens(*bodies):
        events = story([(float(at), body) for at, body in enumerate((opened, *bodies))])
        opening, turn = turns_of(events)
        assert (opening.title, turn.title) == ("Opening", "Turn 1"), "a guess begins no turn"
        return facts(Replay(events, NAMES, LENGTH_S).drawer(turn.seq).decisions[0].facts)

    told = tokens(asked(812, 41), heard, decided)
    assert told["Language model"] == "a language model was asked, and proposed nothing that may be used"
    assert told["Tokens"] == "812 read, 41 written (local-7b)"
    twice = tokens(asked(812, 41), asked(900, 20), heard, asked(outcome="slow"), decided)
    assert twice["Tokens"] == "asked 3 times; 1,712 read, 61 written; of 1 not known (local-7b)"
    assert tokens(heard, asked(outcome="slow"), decided)["Tokens"] == "not known (local-7b)"
    assert "Tokens" not in tokens(heard, decided)


def test_the_drawer_has_each_action_with_its_answer_and_ledger_key_but_no_codes(replay):
    drawer = replay.drawer(seq_of(e.TurnHeard, turn=2))
    (action,) = drawer.actions
    assert (action.action, action.key, action.sign) == ("shop refund order", "CAstory:2:0", "✔")
    assert facts(action.request) == {"order number": "4711", "code": HIDDEN}
    assert facts(action.answer) == {"amount": "129"}
    assert facts(drawer.decisions[1].facts)["Articles"] == "Refund time"
    assert "482913" not in drawer.model_dump_json()


@pytest.mark.parametrize(
    "turn",
    [
        e.TurnKeyed(turn=1, digits="467686", start_s=1, end_s=2),
        e.TurnHeard(turn=1, text="467686", confidence=1, alternatives=("467686",), start_s=1, end_s=2),
    ],
)
def test_a_one_time_code_is_shown_nowhere_whether_it_was_keyed_or_said(turn):
    bodies = [
        (0.0, e.CallStarted(playbook="a@1")),
        (2.0, turn),
        (2.0, planned(1, entities={"keys": "467686"})),
        (2.0, e.TurnWords(turn=1, words=words("467686", 1.0, 0.9))),
        (
            2.1,
            e.ActionRequested(turn=1, action="identity.check_code", key="k", arguments={"given": "467686"}),
        ),
        (
            2.2,
            e.ActionFailed(turn=1, action="identity.check_code", key="k", failure="refused", duration_s=0.1),
        ),
    ]
    replay = Replay(story(bodies), DeskWords())
    shown = [row.model_dump_json() for row in replay.rows] + [replay.drawer(2).model_dump_json()]
    assert "467686" not in "".join(shown)
    assert HIDDEN in shown[0]


def test_the_drawer_tells_why_a_person_should_take_over(replay):
    judged = facts(replay.drawer(seq_of(e.TurnHeard, turn=3)).judged)
    assert judged == {
        "Level": "hand over, risk 82%",
        "Because": "asked for a person",
        "Signal: mood": "0.80",
        "Weights": "w3",
    }


def test_there_is_no_drawer_of_a_turn_that_is_not_there(replay):
    assert replay.drawer(99_999) is None


def test_a_difference_names_what_came_what_went_and_what_changed():
    before = {"flow": "refund", "slots": {"size": "9"}, "repairs": 1, "last_said": "Hello."}
    after = {
        "flow": None,
        "slots": {"size": "10", "colours": ["red", "blue"]},
        "repairs": 1,
        "last_said": "Bye.",
    }
    assert [(one.where, one.before, one.after) for one in changes(before, after)] == [
        ("slots, size", "9", "10"),
        ("slots, colours", "nothing", "red; blue"),
        ("flow", "refund", "nothing"),
    ]


def test_a_secret_is_hidden_at_any_depth():
    asked = {"pending": [{"arguments": {"code": "1234", "order": "1"}}], "code": None}
    assert masked(asked, {"code"}) == {
        "pending": [{"arguments": {"code": HIDDEN, "order": "1"}}],
        "code": None,
    }


# The legs


def test_an_agents_leg_has_its_recording_its_briefing_and_what_it_rests_on(replay):
    (leg,) = replay.legs
    assert (leg.who, leg.recording, leg.kind) == ("Maria", LEG_RECORDING, "warm")
    assert leg.recording_at_s == pytest.approx(22.0)
    (fact,) = leg.facts
    assert (fact.part, [one.at_s for one in fact.rests]) == ("Wants", [5.0, 8.5])
    assert [one.words for one in leg.steps] == [
        "Maria's telephone rings",
        "Key 1: yes",
        "Maria has taken the call",
    ]
