"""The file of weights: read, refused, fitted and written."""

import numpy as np
import pytest

from dialog.reasons import Reason
from dialog.types import HandedBack
from handoff.escalation.history import History
from handoff.escalation.levels import Level, Standing, moved
from handoff.escalation.reasons import WORDS, reason_of
from handoff.escalation.score import risk, weightiest
from handoff.escalation.signals import NAMES, signals
from handoff.escalation.train import Example, TooFewExamplesError, fitted, write_weights
from handoff.escalation.weights import BUILT_IN, WeightsError, read_weights
from handoff.transfer.standing import TO_ASSISTANT


def test_the_built_in_file_weighs_every_signal():
    assert set(read_weights().score.weights) == set(NAMES)


def test_before_anything_is_said_every_signal_is_zero_and_the_risk_is_small():
    quiet = signals(History(), 6)
    assert quiet == dict.fromkeys(NAMES, 0.0)
    assert risk(quiet, read_weights().score) < 0.1


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("no_match = 1.4", "there is no signal no_mach"),
        ("offer = 0.60", "levels.offer"),
        ('version = "1"', "version"),
    ],
)
def test_a_file_that_breaks_a_rule_is_refused_with_the_rule(tmp_path, change, rule):
    wrong = {"no_match = 1.4": "no_mach = 1.4", "offer = 0.60": "offer = 6", 'version = "1"': ""}[change]
    path = tmp_path / "weights.toml"
    path.write_text(BUILT_IN.read_text().replace(change, wrong, 1))
    with pytest.raises(WeightsError, match=rule):
        read_weights(path)


def test_fitted_weights_find_what_makes_the_difference_and_survive_their_file(tmp_path):
    draw = np.random.default_rng(1)
    examples = []
    for _ in range(300):
        signs = {name: float(draw.random()) for name in NAMES}
        examples.append(Example(signs, signs["no_match"] + 0.1 * draw.random() > 0.6))
    weights = fitted(examples, read_weights())
    assert weightiest(dict.fromkeys(NAMES, 1.0), weights.score)[0] == "no_match"
    high, low = dict.fromkeys(NAMES, 0.5) | {"no_match": 1.0}, dict.fromkeys(NAMES, 0.5) | {"no_match": 0.0}
    assert risk(high, weights.score) > 0.8
    assert risk(low, weights.score) < 0.2
    assert weights.version.startswith("fitted-")
    write_weights(tmp_path / "w.toml", weights)
    assert read_weights(tmp_path / "w.toml") == weights


def test_nothing_is_fitted_to_a_handful_of_turns():
    with pytest.raises(TooFewExamplesError, match="1 due, 1 not"):
        fitted([Example({}, True), Example({}, False)], read_weights())


def test_levels_need_two_turns_running_but_for_a_risk_that_speaks_for_itself():
    levels = read_weights().levels
    once = moved(Standing(), 0.8, levels, valued=False)
    assert once.level is Level.WATCH
    assert moved(once, 0.8, levels, valued=False).level is Level.HAND_OVER
    assert moved(once, 0.65, levels, valued=False).level is Level.OFFER
    assert moved(Standing(), 0.95, levels, valued=False).level is Level.HAND_OVER
    assert moved(once, 0.7, levels, valued=True).level is Level.HAND_OVER, "0.10 sooner"


def test_every_reason_has_words_and_an_unknown_code_is_a_flows():
    assert set(WORDS) == set(Reason)
    assert reason_of("upset") is Reason.UPSET
    assert reason_of(None) is reason_of("no_such_code") is Reason.FLOW


def test_the_dialog_takes_callers_back_from_just_those_outcomes_that_the_table_gives_back():
    taken = HandedBack.model_json_schema()["properties"]["outcome"]["enum"]
    assert set(taken) == {outcome.value for outcome in TO_ASSISTANT}
