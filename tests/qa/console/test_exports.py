"""What can be taken away of a list of calls."""

import csv
import io
import json
import os
import zipfile

import pytest

from qa.export.lines import COLUMNS, csv_head, csv_lines
from qa.facts.types import CallFacts
from qa.recordings import find_recording
from tests.qa.console.conftest import CALLS, call, console_stage


def table(text):
    return list(csv.DictReader(io.StringIO(text)))


async def test_a_filtered_list_goes_as_csv_in_its_order(stage):
    answer = await (await stage.browser("ana")).get("/qa/calls.csv?words=parcel&order=slowest")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="calls.csv"'
    rows = table(answer.text)
    assert [one["call_id"] for one in rows] == ["CA3", "CA1", "CA5"]
    assert rows[1] | {"started_at": "2026-11-09T11:00:00+00:00", "auto_fail": "no", "needless": ""} == rows[1]
    assert (rows[1]["answer_p95_s"], rows[0]["csat_agent"]) == ("0.8", "")
    (line,) = await stage.console.access.lines()
    assert (line.what, line.detail) == ("exported", "3 calls of words=given&order=slowest")


async def test_json_lines_hold_all_facts(stage):
    answer = await (await stage.browser("ana")).get("/qa/calls.jsonl?order=newest")
    found = [CallFacts.model_validate_json(one) for one in answer.text.splitlines()]
    assert {one.call_id: one for one in found} == {one.call_id: one for one, _ in CALLS}


async def test_thousands_are_exported_whole_and_in_order(tmp_path):
    many = [call(number) for number in range(1, 1203)]
    async with console_stage(tmp_path, many) as stage:
        answer = await (await stage.browser("ana")).get("/qa/calls.jsonl?order=newest")
        assert [json.loads(one)["call_id"] for one in answer.text.splitlines()] == [
            f"CA{number}" for number in range(1, 1203)
        ]


@pytest.mark.parametrize("begin", ["=", "+", "-", "@", "\t", "\r", "\n"])
def test_no_cell_begins_as_a_formula_does(begin):
    text = f'{begin}HYPERLINK("http://evil.test","x")'
    facts, _ = call(1, caller=text, intents=(text, "b"), disposition=text, sentiment=-0.5)
    head, row = csv.reader(io.StringIO(csv_head() + csv_lines([facts]), newline=""))
    cells = dict(zip(head, row, strict=True))
    assert tuple(head) == COLUMNS
    assert cells["caller"] == cells["disposition"] == f"'{text}"
    assert cells["intents"] == f"'{text} b"
    assert cells["sentiment"] == "-0.5", "a number stays one"


def test_every_column_is_a_fact():
    assert set(COLUMNS) < set(CallFacts.model_fields)


async def test_an_address_that_means_nothing_exports_nothing(stage):
    assert (await (await stage.browser("ana")).get("/qa/calls.csv?colour=red")).status_code == 400
    assert await stage.noted() == []


# Recordings

SOUND = os.urandom(3_000_000)


@pytest.fixture
async def recorded(tmp_path):
    """A console whose calls 1 and 2 are recorded; 3 names a file outside, 4 one that has gone."""
    day = tmp_path / "recordings" / "2026" / "11" / "09"
    day.mkdir(parents=True)
    (day / "CA1.wav").write_bytes(SOUND)
    (day / "CA2.wav").write_bytes(b"short")
    (tmp_path / "secret.wav").write_bytes(b"secret")
    names = [f"recordings/2026/11/09/CA{number}.wav" for number in (1, 2)]
    names += ["recordings/../secret.wav", "recordings/2026/11/09/CA4.wav"]
    calls = [call(number, recording=name) for number, name in enumerate(names, start=1)]
    async with console_stage(tmp_path, [*calls, call(5)]) as one:
        yield one


async def test_recordings_come_as_one_zip_and_each_is_noted(recorded):
    answer = await (await recorded.browser("sue")).get("/qa/recordings.zip?order=newest")
    assert answer.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(answer.content)) as zipped:
        assert zipped.testzip() is None
        first, second = "2026-11-09_11-00-00_CA1.wav", "2026-11-09_10-00-00_CA2.wav"
        assert zipped.namelist() == [first, second, "index.csv"]
        assert (zipped.read(first), zipped.read(second)) == (SOUND, b"short")
        index = table(zipped.read("index.csv").decode())
    assert [one["recording"] for one in index] == [first, second] + ["no recording was kept"] * 3
    assert await recorded.noted() == [("sue", "exported", "CA1"), ("sue", "exported", "CA2")]


async def test_what_cannot_be_noted_is_not_handed_out(recorded, monkeypatch):
    sue = await recorded.browser("sue")

    async def fails(*_args, **_more):
        raise OSError("no space left")

    monkeypatch.setattr(recorded.console.access, "note", fails)
    for path in ("/qa/recordings.zip", "/qa/calls.csv"):
        with pytest.raises(OSError, match="no space left"):
            await sue.get(path)


def test_only_files_in_the_folder_of_recordings_are_found(tmp_path):
    folder = tmp_path / "data" / "recordings"
    folder.mkdir(parents=True)
    (folder / "one.wav").write_bytes(b"one")
    outside = tmp_path / "outside.wav"
    outside.write_bytes(b"outside")
    (tmp_path / "data" / "other.wav").write_bytes(b"other")
    (folder / "link.wav").symlink_to(outside)
    data_dir = tmp_path / "data"
    assert find_recording(data_dir, "recordings/one.wav") == (folder / "one.wav").resolve()
    for name in (
        None,
        "",
        "other.wav",
        "recordings",
        "recordings/none.wav",
        "recordings/../other.wav",
        "../outside.wav",
        "recordings/link.wav",
        str(outside),
        "recordings/one.wav\0",
    ):
        assert find_recording(data_dir, name) is None, name
