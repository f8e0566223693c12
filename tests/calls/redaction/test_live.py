"""What is privately asked for never comes into the record of a call that goes on."""

from calls import events as e
from calls.redaction.kinds import Kind
from calls.redaction.live import PrivateWords
from tests.calls.redaction.paying import CARD, planned, word


def heard(text, turn=1, **more):
    return e.TurnHeard(turn=turn, text=text, confidence=0.9, start_s=1, end_s=2, **more)


def test_the_answer_is_a_marker_and_its_words_and_other_readings_are_gone():
    words = PrivateWords()
    said = heard("4111 1111", words=(word("4111", 1, 2),), alternatives=("4111 1112",))
    kept = words.hidden(said, Kind.CARD_NUMBER)
    assert (kept.text, kept.words, kept.alternatives) == ("[card number]", (), ())
    late = words.hidden(e.TurnWords(turn=1, words=(word("4111", 1, 2),)), None)
    assert late.words == (), "they come when the step may be over"


def test_state_arguments_and_what_we_read_back_do_not_tell_it_either():
    words = PrivateWords()
    for turn, part in enumerate(("four one double one", "one one one one", "1111", "eleven eleven"), start=1):
        words.hidden(heard(part, turn), Kind.CARD_NUMBER)
    kept = [
        words.hidden(planned(4, card=CARD, order_number="4711"), None),
        words.hidden(e.ActionRequested(turn=4, action="pay", key="k", arguments={"number": CARD}), None),
        words.hidden(
            e.TurnSaid(turn=4, text=f"{' '.join(CARD)}, right?", heard="4 1 1 1", start_s=1, end_s=2), None
        ),
    ]
    text = " ".join(one.model_dump_json() for one in kept)
    assert CARD not in text
    assert "1 1 1 1" not in text
    assert "four one" not in text
    assert kept[0].state["slots"] == {"card": "[card number]", "order_number": "4711"}


def test_keys_are_hidden_too():
    keyed = e.TurnKeyed(turn=1, digits="123", start_s=1, end_s=2)
    assert PrivateWords().hidden(keyed, Kind.CARD_CODE).digits == "[card code]"
    assert PrivateWords().hidden(keyed, None) == keyed


def test_a_question_back_hides_nothing_later():
    words = PrivateWords()
    words.hidden(heard("yes"), Kind.CARD_NUMBER)
    assert words.hidden(heard("yes", 2), None).text == "yes"


def test_two_calls_know_nothing_of_each_other():
    PrivateWords().hidden(heard("4111 1111 1111 1111"), Kind.CARD_NUMBER)
    other = planned(1, order_number="1111")
    assert PrivateWords().hidden(other, None) == other
