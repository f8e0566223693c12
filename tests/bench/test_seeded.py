"""What the bench of generated calls counts, and how it goes on where it was broken off."""

from bench.seeded import Line, figures, is_alike, read, still_to_run
from qa.rerun.difference import Verdict
from tests.qa.rerun.test_difference import compared, turn


def line(call, digest="a", verdict="same", **more):
    told = {"alike": verdict == "same", "sound_s": 60.0, "wall_s": 20.0, "cpu_s": 10.0, "processes": 2}
    return Line(call=call, digest=digest, verdict=verdict, **(told | more))


def test_a_piece_goes_on_where_the_last_one_ended_even_in_the_middle_of_a_line(tmp_path):
    kept = tmp_path / "reruns-today.jsonl"
    assert read(kept) == []
    lines = [line("CA1"), line("CA2")]
    kept.write_text("\n".join(one.model_dump_json() for one in lines) + '\n{"call": "CA3", "dig')
    assert read(kept) == lines
    assert still_to_run(["CA1", "CA2", "CA3", "CA1"], read(kept)) == ["CA3", "CA1"]


def test_shares_are_of_calls_and_speed_is_of_runs():
    told = figures(
        [
            line("CA1", "a"),
            line("CA2", "b", "changed", alike=True, words=10, word_errors=1),
            line("CA3", "c", "worse"),
            Line(call="CA4", why_not="its process has ended"),
            line("CA1", "a"),
            line("CA2", "other", "changed"),
        ]
    )
    assert (told["calls"], told["not_run"]) == (4, 1)
    assert (told["same"], told["changed"], told["worse"], told["better"]) == (1, 1, 1, 0)
    assert (told["same_percent"], told["alike_percent"]) == (33.3, 66.7)
    assert (told["twice"], told["identical"]) == (2, 1)
    assert told["speed"] == 6.0, "two processes carry a minute in twenty seconds each"
    assert told["speed_alone"] == 12.0
    assert told["word_errors_percent"] == 10.0


def test_nothing_run_is_no_figure():
    told = figures([])
    assert (told["same_percent"], told["speed"], told["loading_s"]) == (None, None, None)


def test_a_call_is_alike_where_only_the_words_are_others():
    assert is_alike(compared(turn("where is my order"), turn("where is my odour")))
    assert not is_alike(compared(turn(), turn(intent="returns")))
    assert not is_alike(compared(turn(), ())), "a turn is lost"
    assert compared(turn(), ()).verdict is Verdict.WORSE
