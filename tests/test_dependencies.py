"""What imagechat stands on: every licence is known and listed, every known weakness is looked at."""

import json

from tests.support import advisories, licences


def test_every_licence_is_listed_and_copyleft_is_flagged() -> None:
    """``python -m tests.support.licences`` writes the table anew."""
    written = licences.written()
    for package in licences.all_installed():
        assert package.name in written, f"{package.name} ({package.licence}) is not in CONTRIBUTING's table"
        assert written[package.name] is package.copyleft, f"{package.name} is under {package.licence} now"


def test_nothing_that_everybody_installs_binds_them_beyond_its_own_files() -> None:
    """No GPL or AGPL anywhere; LGPL in the extra for several nodes and in tools only."""
    for package in licences.all_installed():
        weak = "LGPL" in package.licence or "Lesser" in package.licence
        assert weak or "GPL" not in package.licence, package
        assert not weak or package.group != "app", package


def test_a_package_without_a_word_about_its_licence_is_an_error() -> None:
    """Somebody has to look."""
    names = {package.name: package.licence for package in licences.all_installed()}
    assert names["rich-pixels"] == "MIT"
    assert all(names.values())


def _report(**more: object) -> bytes:
    weak = {"id": "PYSEC-1", "fix_versions": ["2"], "aliases": ["CVE-1"], "description": "d"}
    package = {"name": "spam", "version": "1", "vulns": [weak], **more}
    return json.dumps({"dependencies": [package, {"name": "eggs", "skip_reason": "not found"}], "fixes": []}).encode()


def test_a_known_weakness_fails_unless_there_is_a_reason() -> None:
    """By its id or an alias; a reason that is no longer needed is said."""
    assert advisories.judge(_report(), {}).failures == ["spam 1: PYSEC-1, fixed in 2"]
    excused = advisories.judge(_report(), {"CVE-1": "we never call it", "CVE-2": "old"})
    assert not excused.failures
    assert any("we never call it" in note for note in excused.notes)
    assert any("CVE-2" in note and "take it out" in note for note in excused.notes)


def test_without_the_service_nothing_fails_and_it_is_said() -> None:
    """Neither an answer that is none nor one that skipped everything looks like a clean one."""
    skipped = _report(vulns=[], skip_reason="not found")
    for answer in (b"", b"Traceback", skipped):
        judgement = advisories.judge(answer, {"CVE-2": "old"})
        assert not judgement.failures
        assert any("nothing was audited" in note for note in judgement.notes)


def test_accepted_advisories_have_reasons() -> None:
    """Each a sentence."""
    assert all(len(reason.split()) > 3 for reason in advisories.accepted_ones().values())
