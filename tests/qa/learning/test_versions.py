"""Versions are kept with what they learnt, used only where they are better and unaltered, and can be taken back."""

import pytest

from qa.learning.command import roll_back
from qa.learning.lessons import Lessons
from qa.learning.versions import BUILT_IN, VersionError, VersionFault, Versions
from tests.qa.learning.story import AT, CORRECTIONS, SLANG


def test_a_version_is_kept_with_what_it_learnt_and_can_be_taken_back(tmp_path, outcome):
    versions = Versions(tmp_path)
    assert versions.current().name == BUILT_IN
    before = versions.fingerprint()
    first = kept(versions, outcome)
    versions.promote(first.version, "ana", AT)
    assert versions.fingerprint() != before
    assert versions.current().lessons.lessons[0].text == SLANG[0] + " guv"
    assert first.items == tuple(sorted(one.correction_id for one in CORRECTIONS))
    second = kept(versions, outcome, parent=first.version)
    assert [one.version for one in versions.manifests()] == [second.version, first.version]
    versions.promote(second.version, "ana", AT)
    roll_back(versions, BUILT_IN)
    assert versions.current().lessons == Lessons()
    assert [one.version for one in versions.history()] == [BUILT_IN, second.version, first.version]


def kept(versions, outcome, parent=BUILT_IN, better=True):
    told = outcome.told(parent, "abc", AT) | {"better": better}
    return versions.write(outcome.lessons, outcome.weights, told)


def test_what_was_not_better_cannot_be_promoted(tmp_path, outcome):
    versions = Versions(tmp_path)
    worse = kept(versions, outcome, better=False)
    with pytest.raises(VersionError) as caught:
        versions.promote(worse.version, "ana", AT)
    assert caught.value.fault is VersionFault.NOT_BETTER
    assert versions.promoted() == BUILT_IN


def test_an_altered_version_is_not_used(tmp_path, outcome):
    versions = Versions(tmp_path)
    one = kept(versions, outcome)
    versions.promote(one.version, "ana", AT)
    path = tmp_path / "learning" / "versions" / one.version / "lessons.json"
    path.write_text(path.read_text("utf-8").replace("warranty", "returns"), "utf-8")
    with pytest.raises(VersionError, match=r"lessons\.json: is not the file of version") as caught:
        versions.current()
    assert caught.value.fault is VersionFault.ALTERED


def test_an_unknown_version_is_told_and_a_name_does_not_leave_the_folder(tmp_path):
    for name in ("v0009-abcdef01", "../../etc"):
        with pytest.raises(VersionError) as caught:
            Versions(tmp_path).promote(name, "ana", AT)
        assert caught.value.fault is VersionFault.UNKNOWN
