"""Whole calls, run again with the real models: the same twice, nothing executed, and a worse version shows."""

import shutil
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest
import yaml

from actions.runner import Actions
from calls.events import CallEnded, CallEndReason, CallEvent, CallStarted, TurnHeard, TurnPlanned, TurnSaid
from qa.rerun.difference import Known, Verdict, difference
from qa.rerun.imported import read_calls, read_truth
from qa.rerun.run import Call, run_again
from qa.virtual.today import ModelsError, Today, read_models
from settings import HOME

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.timeout(600)]
ACME = HOME / "playbooks" / "acme"
RATE = 8000
NOON = datetime(2026, 11, 25, 11, tzinfo=UTC)
GREETING_S = 7.5
LINES = ("Where is my order?", "I want to talk to a person.")


@pytest.fixture(scope="module")
def today():
    one = Today(ACME)
    yield one
    one.close()


def made_call(today, lines, call_id="CA1"):
    """A caller who says these sentences in our own voice, six decibels quieter, three seconds after we are done."""
    sound, bodies, at_s = [np.zeros(0, np.int16)], [], GREETING_S + 1.0
    noise = np.random.default_rng(7)
    bodies.append(TurnSaid(turn=0, text="Hello.", heard="Hello.", start_s=0.0, end_s=GREETING_S))
    for turn, line in enumerate(lines, start=1):
        words = today.speech.voice.render(line) // 2
        sound.append(np.zeros(round(at_s * RATE) - sum(map(len, sound)), np.int16))
        sound.append(words)
        end_s = at_s + words.size / RATE
        bodies.append(TurnHeard(turn=turn, text=line, confidence=1.0, start_s=at_s, end_s=end_s))
        bodies.append(
            TurnSaid(turn=turn, text="Well.", heard="Well.", start_s=end_s + 0.5, end_s=end_s + 2.0)
        )
        at_s = end_s + 3.0
    ended = CallEnded(reason=CallEndReason.CALLER, duration_s=at_s)
    bodies = [CallStarted(caller="+15550142000", playbook="acme"), *bodies, ended]
    pcm = np.concatenate([*sound, np.zeros(RATE, np.int16)])
    events = [
        CallEvent(call_id=call_id, seq=seq, at=NOON + timedelta(seconds=seq), body=body)
        for seq, body in enumerate(bodies, start=1)
    ]
    return Call(tuple(events), pcm + np.rint(noise.normal(0, 3.0, pcm.size)).astype(np.int16))


@pytest.fixture(scope="module")
def live(today):
    """A call as the assistant of today has had it, with its record and its sound."""
    rerun, measured = run_again(made_call(today, LINES), today)
    return Call(rerun.events, np.ascontiguousarray(measured.recording[:, 0]))


@pytest.fixture(scope="module")
def again(live, today):
    """What comes of it when it is run again."""
    rerun, _ = run_again(live, today)
    return rerun


def planned(events):
    return [event.body for event in events if isinstance(event.body, TurnPlanned)]


def test_the_caller_is_heard_and_understood_by_the_real_pipeline(live):
    heard = [event.body.text for event in live.events if isinstance(event.body, TurnHeard)]
    assert "order" in heard[0].lower()
    assert "order_status" in [body.intent for body in planned(live.events)]


def test_a_call_run_again_is_the_same_twice_byte_for_byte(live, today, again):
    second, _ = run_again(live, today)
    assert again.model_dump_json() == second.model_dump_json()


def test_the_version_that_had_the_call_has_it_again(live, again):
    found = difference(live.events, again, virtual=True)
    assert found.verdict is Verdict.SAME, [change for turn in found.turns for change in turn.changes]


def test_nothing_is_executed(live, today, monkeypatch):
    def execute(*_):
        raise AssertionError("an action was executed")

    monkeypatch.setattr(Actions, "run", execute)
    rerun, _ = run_again(live, today)
    assert rerun.events


def test_what_was_never_recorded_is_said_by_a_stand_in(live, today):
    silent = Call(live.events, np.zeros_like(live.sound))
    rerun, _ = run_again(silent, today)
    assert rerun.stood_in
    assert any(isinstance(event.body, TurnHeard) for event in rerun.events)


def test_a_playbook_that_understands_less_shows_as_worse(live, tmp_path):
    folder = tmp_path / "acme"
    shutil.copytree(ACME, folder)
    intents = yaml.safe_load((folder / "intents.yaml").read_text())
    intents["order_status"]["examples"] = [
        "purple elephants dance",
        "seven kites over the lake",
        "a quiet pond",
    ]
    (folder / "intents.yaml").write_text(yaml.safe_dump(intents))
    worse = Today(folder)
    try:
        rerun, _ = run_again(live, worse)
    finally:
        worse.close()
    found = difference(live.events, rerun, Known(intents={1: "order_status"}), virtual=True)
    assert found.verdict is Verdict.WORSE
    assert "understood" in {change.aspect for turn in found.turns for change in turn.changes}


@pytest.mark.soak  # a minute of recognition
def test_a_recogniser_that_looks_less_hard_shows_as_worse(shared_data, today, tmp_path):
    (tmp_path / "worse.toml").write_text("beam = 1\nwindow_s = 1.0\n")
    folder = shared_data / "telephone_calls"
    calls = read_calls(folder / "segments.tsv", folder)[:2]
    truths = read_truth(folder / "segments.tsv")
    worse = Today(ACME, read_models(tmp_path / "worse.toml"))
    try:
        errors = {}
        for name, version in (("today", today), ("worse", worse)):
            found = [(call, run_again(call, version)[0]) for call in calls]
            errors[name] = sum(_word_errors(call, rerun, truths[call.call_id]) for call, rerun in found)
    finally:
        worse.close()
    assert errors["worse"] > errors["today"]
    assert "window_s 1.0" in found[0][1].events[0].body.models["instead"], (
        "the report tells what was different"
    )


def _word_errors(call, rerun, truth):
    turns = difference(call.events, rerun, truth).turns
    return sum(turn.word_error_now for turn in turns if turn.word_error_now is not None)


def test_a_models_file_that_is_wrong_is_refused_by_name_and_field(tmp_path):
    path = tmp_path / "wrong.toml"
    path.write_text("beem = 1\n")
    with pytest.raises(ModelsError, match="beem"):
        read_models(path)
    with pytest.raises(ModelsError, match=r"model\.bin"):
        read_models(tmp_path)


def test_a_real_telephone_call_is_the_same_twice_and_understood(shared_data, today):
    folder = shared_data / "telephone_calls"
    call = read_calls(folder / "segments.tsv", folder)[0]
    first, _ = run_again(call, today)
    second, _ = run_again(call, today)
    assert first.model_dump_json() == second.model_dump_json()
    truth = read_truth(folder / "segments.tsv")[call.call_id]
    found = difference(call.events, first, truth)
    errors = [turn.word_error_now for turn in found.turns if turn.word_error_now is not None]
    assert errors, "the caller was heard"
    assert min(errors) <= 0.2
    assert not found.gave_up
