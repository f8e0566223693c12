"""What the identity benchmark counts."""

import pytest

from bench.identity import Call, figures, read_calls, read_profiles, texts

COLUMNS = (
    "dialogue_id", "speaker_id", "scenario_id", "turn_num", "item", "attempt_num", "prime_letter", "prime_month",
    "transcription", "nbest",
)  # fmt: skip
HEAD = "\t".join(COLUMNS) + "\n"
PROFILES = """scenario_id,postcode,name,dob,name_first,name_last,sex,email
a,W20 5AB,Katie Marshall,1979-09-27,Katie,Marshall,F,k@example.com
b,G48 8ZJ,Shaun Marsh,1984-08-04,Shaun,Marsh,M,s@example.com
"""


def rows(dialogue, scenario, postcode, name, born):
    items = (("postcode", postcode), ("name", name), ("dob", born))
    return "".join(
        f'{dialogue}\tspeaker\t{scenario}\t{turn}\t{item}\t0\tnato\tword\t{text}\t["{text}"]\n'
        for turn, (item, text) in enumerate(items)
    )


@pytest.fixture
def measured(tmp_path):
    def run(*calls):
        (tmp_path / "profiles.csv").write_text(PROFILES)
        (tmp_path / "calls.tsv").write_text(HEAD + "".join(calls))
        profiles = read_profiles(tmp_path / "profiles.csv")
        return figures(read_calls(tmp_path / "calls.tsv", profiles), profiles)

    return run


def test_a_call_heard_well_counts_everywhere(measured):
    found = measured(rows("1", "a", "w 20 5 a b", "Katie Marshall", "27th of September 1979"))
    assert [found[key] for key in ("postcode", "name", "dob", "identified", "wrong")] == [1, 1, 1, 1, 0]


def test_who_tells_the_facts_of_somebody_else_counts_as_wrong_and_is_shown_apart(measured):
    found = measured(rows("1", "a", "g 48 8 z j", "Shaun Marsh", "4th of August 1984"))
    assert found["identified"] == 0
    assert found["wrong"] == 1
    assert found["told_another"] == 1
    assert found["wrong_otherwise"] is None


def test_calls_whose_scenario_is_not_among_the_profiles_are_left_out(measured):
    good = rows("1", "a", "w 20 5 a b", "Katie Marshall", "27th of September 1979")
    assert measured(good, rows("2", "1", "x", "y", "z"))["calls"] == 1
    with pytest.raises(ValueError, match="nothing can be measured"):
        measured(rows("2", "1", "x", "y", "z"))


def test_hypotheses_keep_their_order_and_weigh_less_and_less():
    said = texts("g 4", '["g 4", "j 4", " "]')
    assert [(one.text, one.confidence) for one in said] == [("g 4", 1.0), ("j 4", 0.8)]


def test_a_call_without_any_text_is_measured_and_nobody_is_accepted(measured):
    found = measured(rows("1", "a", "", "", ""))
    assert (found["postcode"], found["identified"], found["wrong"]) == (0, 0, 0)


@pytest.mark.slow
def test_real_calls_reach_the_targets(shared_data):
    folder = shared_data / "identity"
    profiles = read_profiles(folder / "profiles.csv")
    calls = [call for call in read_calls(folder / "dialogues.dev.tsv", profiles) if call.speaker[0] in "0123"]
    found = figures(calls, profiles)
    assert found["postcode"] >= 0.9
    assert found["name"] >= 0.9
    assert found["dob"] >= 0.9
    assert found["identified"] >= 0.93
    assert found["wrong_otherwise"] <= 0.001
    assert found["wrong_stranger"] <= 0.001


def test_every_call_has_a_place_for_each_item():
    assert set(Call("a", "speaker").attempts) == {"postcode", "name", "dob"}
