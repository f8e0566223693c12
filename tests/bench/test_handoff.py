"""The benchmark of hand-overs reads its files and counts right."""

import pytest

from bench.handoff import figures_of
from bench.labelled import Conversation, read_conversations
from bench.rehearsal import Played


def played(due, turn, reason="upset", offers=()):
    label = {"turn": due, "reason": "upset"} if due else "never"
    conversation = Conversation.model_validate(
        {"id": f"{due}-{turn}", "hand_over": label, "turns": ["a"] * 9}
    )
    return Played(conversation, turn, reason if turn else None, offers, {}, ())


def test_calls_are_counted_right_wherever_in_them_a_person_takes_over():
    figures = figures_of([played(3, 3), played(3, 8), played(3, None), played(None, 2), played(None, None)])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (0.6667, 0.6667, 0.6667)
    assert (figures["missed"], figures["needless"]) == (["3-None"], ["None-2"])


def test_golden_transfer_allows_so_many_turns():
    figures = figures_of([played(4, 4), played(4, 5), played(4, 2), played(4, 7), played(None, None)])
    assert (figures["gtt"], figures["gtt_2"], figures["gtt_3"]) == (0.6, 0.8, 1.0)
    assert figures["early_or_late"] == {"4-5": 1, "4-2": -2, "4-7": 3}


def test_reasons_and_needless_offers_are_counted():
    figures = figures_of([played(2, 2), played(2, 2, "risk"), played(None, None, offers=(3,))])
    assert figures["reasons"] == {"none": {"none": 1}, "upset": {"risk": 1, "upset": 1}}
    assert (figures["right_reason"], figures["needless_offers"]) == (0.5, 1)


def test_nothing_handed_over_is_no_precision_at_all():
    figures = figures_of([played(2, None)])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (None, 0.0, 0.0)


def test_turns_are_written_short_or_long(tmp_path):
    path = tmp_path / "some.yaml"
    path.write_text(
        "- id: a\n  hand_over: never\n  turns: ['hello', silence, {key: '0'}, {say: hi, confidence: 0.4}]\n"
    )
    turns = read_conversations(path)["some"][0].turns
    assert (turns[0].say, turns[0].confidence) == ("hello", 0.95)
    assert (turns[1].silence, turns[2].key, turns[3].confidence) == (True, "0", 0.4)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("- {id: a, hand_over: never, turns: []}", "turns"),
        (
            "- {id: a, hand_over: {turn: 3, reason: upset}, turns: [hello]}",
            "must be one of the caller's turns",
        ),
        ("- {id: a, hand_over: {turn: 1, reason: bored}, turns: [hello]}", "reason"),
        (
            "- {id: a, hand_over: never, turns: [{say: hi, key: '1'}]}",
            "exactly one of say, key, code and silence",
        ),
        (
            "- {id: a, hand_over: never, turns: [hi]}\n- {id: a, hand_over: never, turns: [hi]}",
            "stands twice",
        ),
        ("[", "cannot be read"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_with_the_rule(tmp_path, text, rule):
    path = tmp_path / "some.yaml"
    path.write_text(text)
    with pytest.raises(SystemExit, match=rule):
        read_conversations(path)
