"""Models that an operator names in place of the built-in heads, with networks of a few numbers made here."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from classifiers import ClassifierSettingError, check_labels, load_stand_ins, minds_of
from cli import app
from dialog.load import load_playbook
from dialog.minds import WordEncoder
from dialog.plan import Dialog
from dialog.reload import PlaybookWatch, Refused
from dialog.source import PlaybookError
from settings import ClassifierSettings, SettingsError
from tests.dialog.story import Story
from tests.models.test_sequence_classifier import folder_with

STARTER = Path(__file__).parents[1] / "playbooks" / "starter"
INTENT, SENTIMENT = "WARMLINE_INTENT_MODEL", "WARMLINE_SENTIMENT_MODEL"


@pytest.fixture(scope="module")
def playbook():
    return load_playbook(STARTER)


def labels_of(playbook, *more):
    return [*playbook.intents, "out_of_scope", *more]


@pytest.fixture
def named(monkeypatch, tmp_path):
    """Settings that name folders: `named(WARMLINE_INTENT_MODEL=folder)`."""
    monkeypatch.chdir(tmp_path)

    def load(**folders):
        for setting, folder in folders.items():
            monkeypatch.setenv(setting, str(folder))
        return ClassifierSettings.load()

    return load


@pytest.fixture
def intent_folder(tmp_path, playbook):
    """A model to which `good bad` means goodbye, whatever the playbook's examples say."""
    labels = labels_of(playbook)
    votes = {"good": labels.index("goodbye"), "bad": labels.index("goodbye"), "my": len(labels) - 1}
    return folder_with(tmp_path / "intents", labels, votes)


def test_the_model_decides_what_callers_want(named, intent_folder, playbook):
    built_in = Story(dialog=Dialog(playbook, minds_of(playbook, WordEncoder(), load_stand_ins(named()))))
    built_in.says("good bad")
    assert not built_in.over
    stand_ins = load_stand_ins(named(WARMLINE_INTENT_MODEL=intent_folder))
    story = Story(dialog=Dialog(playbook, minds_of(playbook, WordEncoder(), stand_ins)))
    story.says("good bad")
    assert story.plan.understanding.intent == "goodbye"
    assert story.over
    assert dict(stand_ins.versions).keys() == {"intent-model"}
    assert stand_ins.versions["intent-model"].startswith("intents@")


def test_the_model_decides_how_callers_feel(named, tmp_path, playbook):
    folder = folder_with(tmp_path / "moods", ["negative", "positive"], {"order": 0, "hours": 1})
    stand_ins = load_stand_ins(named(WARMLINE_SENTIMENT_MODEL=folder))
    story = Story(dialog=Dialog(playbook, minds_of(playbook, WordEncoder(), stand_ins)))
    story.says("order order")
    assert story.plan.signals.sentiment < -0.9
    assert story.plan.signals.dissatisfaction is not None
    story.says("hours hours")
    assert story.plan.signals.sentiment > 0.9


@pytest.mark.parametrize("setting", [INTENT, SENTIMENT])
@pytest.mark.parametrize("name", ["model.onnx", "config.json", "vocab.txt"])
def test_a_folder_without_a_file_is_refused_with_the_settings_name(named, tmp_path, setting, name):
    folder = folder_with(tmp_path / "model", ["negative", "positive"], {"bad": 0})
    (folder / name).unlink()
    with pytest.raises(ClassifierSettingError, match=rf"^{setting}: .*there is no"):
        load_stand_ins(named(**{setting: folder}))


def test_files_that_cannot_be_read_are_refused(named, tmp_path):
    folder = folder_with(tmp_path / "model", ["negative", "positive"], {"bad": 0})
    (folder / "model.onnx").write_bytes(b"not a network")
    with pytest.raises(ClassifierSettingError, match=rf"^{INTENT}: .*no ONNX model"):
        load_stand_ins(named(WARMLINE_INTENT_MODEL=folder))
    (folder / "config.json").write_text("[")
    with pytest.raises(ClassifierSettingError, match="not a JSON object"):
        load_stand_ins(named(WARMLINE_INTENT_MODEL=folder))


def test_a_network_with_more_labels_than_it_gives_is_refused_before_any_call(named, tmp_path):
    folder = folder_with(tmp_path / "model", ["a", "b"], {"bad": 0})
    labels = {"0": "a", "1": "b", "2": "c"}
    (folder / "config.json").write_text(json.dumps({"model_type": "bert", "id2label": labels}))
    with pytest.raises(ClassifierSettingError, match="3 labels"):
        load_stand_ins(named(WARMLINE_INTENT_MODEL=folder))


def test_a_sentiment_model_needs_labels_of_sentiment(named, tmp_path):
    folder = folder_with(tmp_path / "model", ["LABEL_0", "LABEL_1"], {"bad": 0})
    with pytest.raises(ClassifierSettingError, match=rf"^{SENTIMENT}: .*LABEL_0"):
        load_stand_ins(named(WARMLINE_SENTIMENT_MODEL=folder))


@pytest.mark.parametrize(
    ("labels", "told"),
    [(lambda names: names[1:], "delivery"), (lambda names: [*names, "weather"], "weather")],
)
def test_labels_that_are_not_the_playbooks_are_named(named, tmp_path, playbook, labels, told):
    folder = folder_with(tmp_path / "model", labels(labels_of(playbook)), {"bad": 0})
    stand_ins = load_stand_ins(named(WARMLINE_INTENT_MODEL=folder))
    with pytest.raises(PlaybookError, match=rf"^{INTENT}: .*{told}"):
        check_labels(playbook, stand_ins)


def test_a_new_version_with_an_intent_that_the_model_does_not_know_is_refused(named, intent_folder, tmp_path):
    stand_ins = load_stand_ins(named(WARMLINE_INTENT_MODEL=intent_folder))
    folder = tmp_path / "company"
    for path in STARTER.rglob("*.*"):
        target = folder / path.relative_to(STARTER)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(path.read_text())
    watch = PlaybookWatch(
        folder, lambda one: Dialog(one, minds_of(one, WordEncoder(), stand_ins)), every_s=0.0
    )
    intents = folder / "intents.yaml"
    news = "\nnews:\n  say: There is none.\n  examples: [any news, what is new, tell me news]\n"
    intents.write_text(intents.read_text() + news)
    refused = watch.maybe_reload(1.0)
    assert isinstance(refused, Refused)
    assert INTENT in refused.problems[0]
    assert "news" in refused.problems[0]


def test_a_setting_that_names_no_folder_is_refused(named, tmp_path):
    with pytest.raises(SettingsError, match=rf"^{INTENT} must be a folder"):
        named(WARMLINE_INTENT_MODEL=tmp_path / "nowhere")


def test_the_command_says_which_setting_is_wrong(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    script = tmp_path / "script.txt"
    script.write_text("hello\n")
    (tmp_path / "empty").mkdir()
    monkeypatch.setenv(INTENT, str(tmp_path / "empty"))
    result = CliRunner().invoke(app, ["chat", str(STARTER), "--script", str(script)])
    assert result.exit_code == 1
    assert INTENT in result.output
    assert "config.json" in result.output.replace("\n", "")
