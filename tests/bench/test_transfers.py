"""What is measured of hand-overs: by sounds that are known, without a call."""

import numpy as np

from bench.transfers import HandedOver, Measured, first_heard_s, probe
from telephony.media import ulaw

RATE = 8000


def over_the_line(sound, cut_s, delay_s):
    """As the other telephone hears it: its beginning was said to nobody, and the rest came late and as u-law."""
    kept = sound[round(cut_s * RATE) :]
    silence = np.zeros(round((cut_s + delay_s) * RATE), dtype=np.int16)
    return ulaw.decode(ulaw.encode(np.concatenate((silence, kept))))


def test_the_first_sound_that_comes_through_is_found_where_it_is_heard():
    heard = over_the_line(probe(1), cut_s=0.55, delay_s=0.12)
    assert abs(first_heard_s(probe(1), heard) - 0.67) <= 0.05


def test_the_sound_of_another_telephone_is_not_taken_for_it():
    assert first_heard_s(probe(2), over_the_line(probe(1), 0.5, 0.1)) is None
    assert first_heard_s(probe(2), np.zeros(RATE, dtype=np.int16)) is None


def test_nothing_measured_is_no_figure_and_what_failed_is_named():
    figures = Measured(failed=["0: nobody was rung"]).figures()
    assert figures["hand_overs"] == 0
    assert figures["ring_s"] == {"p50": None, "p95": None, "max": None, "values": []}
    assert figures["failed"] == ["0: nobody was rung"]


def test_every_hand_over_counts_with_its_raw_values():
    done = [HandedOver(ring_s, 0.9, 1.2, 15.0) for ring_s in (0.3, 0.4, 0.8)]
    ring = Measured(done).figures()["ring_s"]
    assert (ring["p50"], ring["max"], ring["values"]) == (0.4, 0.8, [0.3, 0.4, 0.8])
