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
from tests.factories.packages import manifest2004, zipped


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


def test_a_standard_that_cannot_be_played_yet_is_refused_plainly_and_leaves_nothing(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    content = zipped({"imsmanifest.xml": manifest2004().encode(), "index.html": b"x"})
    with database.transaction() as session:
        with pytest.raises(Refused, match=r"This package is SCORM 2004\. So far only SCORM 1\.2"):
            import_package(session, runtime.files, tmp_path, content)
        assert courses(session) == []
    assert list(runtime.files.packages.iterdir()) == []
    assert list(runtime.files.temporary.iterdir()) == []


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
