"""A course's versions."""

from pathlib import Path

from courses.packaging import BuildItem
from lms.catalogue.queries import current_lesson, current_version
from lms.core.database import Database
from lms.core.runtime import Runtime
from tests.factories.courses import MULTI, import_package, package


def test_a_new_package_under_the_same_slug_is_a_new_version_with_the_same_addresses(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session:
        first = import_package(session, runtime.files, tmp_path, slug="qr")
        second = import_package(session, runtime.files, tmp_path, package(lessons=MULTI), slug="qr")
        assert (second.course.id, second.version.number, second.new) == (first.course.id, 2, True)
        assert second.version.lessons[0].iri == first.version.lessons[0].iri
        assert second.version.lessons[0].id != first.version.lessons[0].id
        assert current_lesson(session, "qr", "L1").id == second.version.lessons[0].id
        assert len(current_version(session, first.course).lessons) == 2


def test_what_a_new_version_does_not_say_stays(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    with database.transaction() as session:
        content = package("Tên cũ", keywords=("topic-4", "officer"), minutes=5)
        import_package(session, runtime.files, tmp_path, content, slug="qr")
        course = import_package(session, runtime.files, tmp_path, package("Tên mới"), slug="qr").course
        assert (course.title, course.topic, course.audience, course.minutes) == ("Tên mới", 4, "officer", 5)


def test_importing_an_earlier_package_again_goes_back_to_its_version(
    database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    lesson = BuildItem(identifier="L9", title="Bài khác", href="z.html")
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, slug="qr")
        import_package(session, runtime.files, tmp_path, package(lessons=[lesson]), slug="qr")
        back = import_package(session, runtime.files, tmp_path, slug="qr")
        assert (back.new, back.version.number, back.course.version_number) == (False, 1, 1)
        assert current_lesson(session, "qr", "L1")
