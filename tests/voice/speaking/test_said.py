"""What we said and how much of it was heard."""

import numpy as np

from telephony.media.playout import Played
from voice.speaking.said import SaidLedger, heard_part


def piece(utterance: int, at_sample: int, samples: int, *, last: bool = False) -> Played:
    return Played(utterance, at_sample, np.zeros(samples, dtype=np.int16), last)


def test_a_sentence_is_said_when_its_last_piece_was_heard():
    ledger = SaidLedger()
    number = ledger.queue("Hello there.")
    ledger.rendered(number, 8000)

    assert ledger.played(piece(number, 800, 4000)) is None
    said = ledger.played(piece(number, 4800, 4000, last=True))

    assert said is not None
    assert (said.text, said.heard, said.interrupted) == ("Hello there.", "Hello there.", False)
    assert (said.start_s, said.end_s) == (0.1, 1.1)
    assert ledger.idle


def test_a_caller_who_cuts_in_has_heard_a_part():
    ledger = SaidLedger()
    first, second = ledger.queue("Your order is on its way."), ledger.queue("Anything else?")
    ledger.rendered(first, 10_000)
    ledger.played(piece(first, 0, 5000))

    assert ledger.speaking == "Your order"
    assert [(cut.text, cut.rest, cut.from_sample) for cut in ledger.interrupt()] == [
        ("Your order is on its way.", "is on its way.", 5000),
        ("Anything else?", "Anything else?", 0),
    ]
    assert ledger.idle, "what was cut off keeps nobody waiting"
    said = ledger.cleared()

    assert [(item.text, item.heard, item.interrupted) for item in said] == [
        ("Your order is on its way.", "Your order", True)
    ]
    assert second


def test_an_answer_queued_before_the_clear_took_effect_is_not_dropped_with_the_old():
    ledger = SaidLedger()
    old = ledger.queue("Old.")
    ledger.rendered(old, 800)
    ledger.played(piece(old, 0, 80))
    ledger.interrupt()
    new = ledger.queue("New.")
    ledger.rendered(new, 800)

    ledger.cleared()
    said = ledger.played(piece(new, 1000, 800, last=True))

    assert said is not None
    assert said.text == "New."


def test_a_second_interruption_does_not_report_the_same_sentence_again():
    ledger = SaidLedger()
    ledger.queue("One.")
    assert [cut.text for cut in ledger.interrupt()] == ["One."]
    assert ledger.interrupt() == []


def test_a_sentence_without_sound_keeps_nobody_waiting():
    ledger = SaidLedger()
    number = ledger.queue("...")
    ledger.skip(number)
    assert ledger.idle


def test_the_heard_part_ends_at_a_word():
    text = "Your order has been shipped."
    assert heard_part(text, 0, 1000) == ""
    assert heard_part(text, 500, 1000) == "Your order has"
    assert heard_part(text, 1000, 1000) == text
    assert heard_part(text, 8000, 0) == "Your order has", "a length that is unknown is estimated"


def test_a_resumed_sentence_is_told_by_the_words_that_were_missing():
    ledger = SaidLedger()
    first = ledger.queue("Your order is on its way.")
    ledger.rendered(first, 10_000)
    ledger.played(piece(first, 0, 5000))
    (unsaid,) = ledger.interrupt()
    ledger.cleared()

    again = ledger.resume(unsaid)
    ledger.rendered(again, 5000)
    said = ledger.played(piece(again, 9000, 5000, last=True))

    assert said is not None
    assert (said.text, said.heard) == ("is on its way.", "is on its way.")


def test_what_was_heard_of_a_sentence_still_being_rendered_is_estimated_by_its_length():
    ledger = SaidLedger()
    number = ledger.queue("Your order is on its way to you and will be there soon.")
    ledger.played(piece(number, 0, 8000))
    assert ledger.speaking == "Your order is"
