"""What the benchmarks say of what they measured."""

import json
import sys

import numpy as np
import pytest

from bench import speech
from bench.calls import Measured, _joined
from bench.hearing import letter_of, wer
from bench.report import percentile
from bench.telephone_sound import read_segments, with_noise
from bench.turns import Panel


def test_nothing_measured_is_no_figure():
    assert percentile([], 50) is None
    assert Measured(calls=2).figures()["p95_s"] is None
    assert Panel().figures()["yield"]["rate_percent"] is None


def test_several_runs_give_the_median_and_every_raw_value():
    runs = [
        Measured(1, answers_s=[0.3]),
        Measured(1, answers_s=[0.4]),
        Measured(1, answers_s=[0.9], unanswered=1),
    ]
    joined = _joined(runs)
    assert joined["p50_s"] == 0.4
    assert joined["answers_s"] == [0.3, 0.4, 0.9]
    assert joined["unanswered"] == 1


def test_the_panel_counts_what_was_stopped_interrupted_and_resumed():
    panel = Panel(answers_s=[0.3], asked=2, pauses={"phrase": [True, False], "number": [False]})
    panel.disturbed = {"cough": [False, False], "back-channel": [True]}
    panel.resumed = [True]
    figures = panel.figures()
    assert figures["response"]["rate_percent"] == 50.0
    assert figures["interruption"]["mid_turn_percent"] == 50.0
    assert figures["interruption"]["number_percent"] == 0.0
    assert figures["selectivity"]["by_kind_percent"] == {"cough": 0.0, "back-channel": 100.0}


def test_words_are_compared_as_whisper_normalises_them():
    assert wer(["It's four dollars", "yes"], ["it is $4", "Yes."]) == 0.0
    assert wer(["where is my order"], ["where is my border"]) == 25.0


def test_noise_is_ten_decibels_below_the_speech():
    chance = np.random.default_rng(1)
    speech, noise = chance.normal(0, 3000, 8000), chance.normal(0, 100, 4000)
    mixed = with_noise(speech.astype(np.int16), noise.astype(np.int16))
    added = mixed.astype(float) - speech.astype(np.int16)
    assert abs(10 * np.log10((speech**2).mean() / (added**2).mean()) - 10.0) < 0.1


def test_a_letters_file_is_named_by_its_code(tmp_path):
    assert letter_of(tmp_path / "ascii97.wav") == "a"
    assert letter_of(tmp_path / "w.wav") == "w"
    assert letter_of(tmp_path / "ascii49.wav") is None


def test_a_table_without_its_columns_is_refused_with_their_names(tmp_path):
    table = tmp_path / "segments.tsv"
    table.write_text("sid\tspeaker\n1\tcaller\n")
    with pytest.raises(SystemExit, match="duration_ms"):
        read_segments(table, tmp_path)


@pytest.mark.models
@pytest.mark.slow
def test_the_voice_is_measured_by_one_command(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["bench.speech", "--repeats", "1", "--json"])
    speech.main()
    figures = json.loads(capsys.readouterr().out)
    assert figures["largest_sample_difference"] <= 1e-4
    assert 0 < figures["first_audio_p50_s"] < figures["sentence_s"]
