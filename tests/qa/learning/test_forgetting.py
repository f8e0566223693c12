"""What a deleted call has taught goes from every version."""

from pathlib import Path

import pytest

from handoff.escalation.weights import read_weights
from qa.learning.command import roll_back
from qa.learning.forgetting import forget_lessons
from qa.learning.lessons import Lessons
from qa.learning.versions import BUILT_IN, VersionError, VersionFault, Versions
from tests.qa.learning.story import AT, lesson


def lessons_in(folder):
    return [
        path.name for path in folder.rglob("*") if path.is_file() and b"the zip broke" in path.read_bytes()
    ]


@pytest.fixture
def two_versions(tmp_path, playbook):
    """Both have learnt from CA1, the newer one from CA2 too and is in use."""
    versions = Versions(tmp_path)
    told = {"made_at": AT, "parent": BUILT_IN, "playbook": playbook.version, "better": True}
    both = lesson("the zip broke", "CA1"), lesson("a seam came open", "CA2")
    for some in (both[:1], both):
        items = tuple(one.correction_id for one in some)
        made = versions.write(Lessons(lessons=some), read_weights(), told | {"items": items})
        versions.promote(made.version, "ana", AT)
    return versions


def test_what_a_deleted_call_has_taught_goes_from_every_version(tmp_path, two_versions):
    before = two_versions.fingerprint()
    assert len(lessons_in(tmp_path)) == 2
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []
    assert [one.text for one in two_versions.current().lessons.lessons] == ["a seam came open"]
    assert two_versions.manifests()[0].items == ("of CA2",)
    assert two_versions.fingerprint() != before, "servers train their heads anew, without it"
    roll_back(two_versions, two_versions.manifests()[1].version)
    assert two_versions.current().lessons == Lessons(), "the older version can still be used"


@pytest.mark.parametrize("steps", [0, 1, 2])
def test_taking_a_sentence_out_breaks_off_anywhere_and_leaves_a_version_that_can_be_used(
    tmp_path, two_versions, monkeypatch, steps
):
    left = iter(range(steps))
    replace_file = Path.replace

    def breaking(path, target):
        if next(left, None) is None:
            raise OSError("the disk is gone")
        return replace_file(path, target)

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", breaking)
        problems = forget_lessons(tmp_path, ["CA1"])
    assert problems, "what could not be done is told"
    for one in two_versions.manifests():
        two_versions.load(one.version)
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []


def test_an_altered_version_loses_the_sentence_and_is_refused_as_before(tmp_path, two_versions):
    name = two_versions.promoted()
    path = tmp_path / "learning" / "versions" / name / "lessons.json"
    path.write_text(path.read_text("utf-8").replace("seam", "sole"), "utf-8")
    assert forget_lessons(tmp_path, ["CA1"]) == []
    assert lessons_in(tmp_path) == []
    with pytest.raises(VersionError) as caught:
        two_versions.current()
    assert caught.value.fault is VersionFault.ALTERED
