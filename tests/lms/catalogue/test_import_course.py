"""Importing a package as a course."""

from pathlib import Path

import pytest

from courses.errors import Refused as RefusedPackage
from courses.packaging import BuildItem
from lms.catalogue.models import Course, Status
from lms.catalogue.packages import folder_of
from lms.catalogue.queries import courses
from lms.core.database import Database
from lms.core.errors import Refused
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, PUBLIC_URL, import_package, package
from tests.factories.packages import cmi5_structure, manifest2004, zipped


def several_2004() -> bytes:
    """Two lessons in a chapter and one beside it, with something of everything that SCORM 2004 adds."""
    items = """
      <item identifier="C1"><title>Chương một</title>
        <item identifier="I1" identifierref="R1"><title>Một</title>
          <imsss:sequencing><imsss:limitConditions attemptAbsoluteDurationLimit="PT30M"/>
            <imsss:objectives><imsss:primaryObjective objectiveID="O1" satisfiedByMeasure="true">
              <imsss:minNormalizedMeasure>0.6</imsss:minNormalizedMeasure>
              <imsss:mapInfo targetObjectiveID="global-1"/></imsss:primaryObjective></imsss:objectives>
          </imsss:sequencing>
          <presentation xmlns="http://www.adlnet.org/xsd/adlnav_v1p3">
            <navigationInterface><hideLMSUI>continue</hideLMSUI></navigationInterface></presentation>
        </item>
        <item identifier="I2" identifierref="R1"><title>Hai</title></item>
      </item>
      <item identifier="I3" identifierref="R1" isvisible="false"><title>Ba</title>
        <adlcp:completionThreshold completedByMeasure="true" minProgressMeasure="0.5"/></item>"""
    return zipped({"imsmanifest.xml": manifest2004(items=items).encode(), "index.html": b"x"})


def several_cmi5() -> bytes:
    contents = """
      <block id="https://a.example/block"><title><langstring lang="vi">Khối</langstring></title>
        <au id="https://a.example/1" moveOn="Passed" masteryScore="0.8" launchMethod="OwnWindow">
          <title><langstring lang="vi">Một</langstring></title><url>a.html</url>
          <launchParameters>level=1</launchParameters><entitlementKey>key-1</entitlementKey></au></block>
      <au id="https://a.example/2"><title><langstring lang="vi">Hai</langstring></title>
        <url>https://units.example/b?x=1</url></au>"""
    return zipped({"cmi5.xml": cmi5_structure(contents).encode(), "a.html": b"x"})


def test_a_package_becomes_a_published_course_with_addresses(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    content = package("Đọc & quét mã QR", lessons=MULTI, keywords=("topic-2", "citizen"), minutes=6)
    with database.transaction() as session:
        imported = import_package(session, runtime.files, tmp_path, content)
        course = imported.course
        assert imported.new
        assert course.slug == "doc-quet-ma-qr"
        assert course.iri == f"{PUBLIC_URL}/courses/doc-quet-ma-qr"
        assert (course.topic, course.audience, course.minutes) == (2, "citizen", 6)
        assert course.status == Status.PUBLISHED
        lessons = [(lesson.iri, lesson.title, lesson.mastery_score) for lesson in imported.version.lessons]
    assert lessons == [
        (f"{course.iri}/lessons/L1", "Bài một", None),
        (f"{course.iri}/lessons/L2", "Bài hai", 80.0),
    ]
    assert (folder_of(runtime.files, imported.version.sha256) / "a.html").is_file()


def test_the_same_bytes_again_change_nothing(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    for expected in (True, False):
        with database.transaction() as session:
            imported = import_package(session, runtime.files, tmp_path)
            assert (imported.new, imported.version.number) == (expected, 1)
    with database.snapshot() as session:
        assert len(courses(session)) == 1


def test_another_package_of_that_title_is_another_course_and_says_so(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session:
        first = import_package(session, runtime.files, tmp_path)
        second = import_package(session, runtime.files, tmp_path, package(lessons=MULTI))
        assert second.course.slug == f"{first.course.slug}-2"
        assert [warning.params for warning in second.warnings] == [{"slug": first.course.slug}]


@pytest.mark.parametrize("slug", ["Học", "a b", "-a", "a--b", "a" * 61, ""])
def test_a_slug_that_cannot_stand_in_an_address_is_refused(
    database: Database, runtime: Runtime, tmp_path: Path, slug: str
) -> None:
    with database.transaction() as session, pytest.raises(Refused, match="short name"):
        import_package(session, runtime.files, tmp_path, slug=slug)


def test_what_the_player_needs_of_scorm_2004_is_kept(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session:
        imported = import_package(session, runtime.files, tmp_path, several_2004())
        version = imported.version
        assert (version.standard, imported.course.standard) == ("scorm2004", "scorm2004")
        assert version.sequencing is not None
        tree = version.sequencing["activityTree"]
        assert [child["id"] for child in tree["children"]] == ["C1", "I3"]
        assert version.global_objectives == ["global-1"]
        one, two, three = version.lessons
        assert (one.mastery_score, one.hide_lms_ui, one.max_time_allowed) == (0.6, ["continue"], "PT30M")
        assert (two.chapter, three.visible, three.completion_threshold) == ("Chương một", False, 0.5)
        chapter, last = version.structure
        assert [node["key"] for node in chapter["items"]] == ["I1", "I2"]
        assert (last["key"], last["iri"]) == ("I3", three.iri)


def test_what_the_player_needs_of_cmi5_is_kept(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    with database.transaction() as session:
        version = import_package(session, runtime.files, tmp_path, several_cmi5()).version
        local, remote = version.lessons
        assert (local.move_on, local.mastery_score, local.launch_parameters) == ("Passed", 0.8, "level=1")
        assert (local.entitlement_key, local.launch_method, local.file) == ("key-1", "OwnWindow", "a.html")
        assert (remote.remote, remote.href, remote.file) == (True, "https://units.example/b?x=1", "")
        (block, _) = version.structure
        assert block["iri"].startswith(f"{version.course.iri}/blocks/")
        assert block["titles"] == [{"language": "vi", "text": "Khối"}]
        assert version.manifest["titles"] == [{"language": "vi", "text": "Khóa học"}]


def test_an_unsafe_package_is_refused_and_leaves_nothing(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session, pytest.raises(RefusedPackage):
        import_package(session, runtime.files, tmp_path, zipped({"../evil.html": b"x"}))
    assert list(runtime.files.packages.iterdir()) == []


def test_identifiers_that_are_not_fit_for_addresses_get_keys_that_are(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    lessons = [
        BuildItem(identifier="a.b", title="Một", href="a.html"),
        BuildItem(identifier="a_b", title="Hai", href="b.html"),
        BuildItem(identifier="A.B", title="Ba", href="c.html"),
    ]
    with database.transaction() as session:
        imported = import_package(session, runtime.files, tmp_path, package(lessons=lessons))
        assert [lesson.key for lesson in imported.version.lessons] == ["a-b", "a_b", "A-B-2"]


def test_courses_are_listed_by_topic(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    with database.transaction() as session:
        for topic in ("none", "topic-3", "topic-1"):
            import_package(session, runtime.files, tmp_path, package(topic, keywords=(topic,)))
        found: list[Course] = list(courses(session))
        assert [course.topic for course in found] == [1, 3, None]
