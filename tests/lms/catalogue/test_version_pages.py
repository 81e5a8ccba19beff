"""The authors' pages about versions and states of a course, and previews."""

from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from courses.packaging import BuildItem
from lms.catalogue.models import Course, Status
from lms.catalogue.queries import the_course
from lms.core.audit import Act, AuditEntry
from lms.core.database import Database
from lms.core.runtime import Runtime
from lms.player.models import Attempt
from tests.factories.courses import import_package, package
from tests.factories.packages import manifest12, zipped

Enter = Callable[[str], FlaskClient]

BEFORE = [
    BuildItem(identifier="L1", title="Bài một", href="a.html"),
    BuildItem(identifier="L2", title="Bài hai", href="b.html"),
    BuildItem(identifier="L3", title="Bài ba", href="c.html"),
]
AFTER = [
    BuildItem(identifier="L1", title="Bài một", href="a.html"),
    BuildItem(identifier="L2", title="Bài hai, mới", href="b.html"),
    BuildItem(identifier="L4", title="Bài bốn", href="d.html"),
]


@pytest.fixture(autouse=True)
def waiting(database: Database, runtime: Runtime, tmp_path: Path) -> None:
    """A published course, and a second version of it that waits."""
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, package(lessons=BEFORE), slug="qr")
        content = package("Tên mới", lessons=AFTER)
        import_package(session, runtime.files, tmp_path, content, slug="qr", publish_it=False)


@pytest.fixture
def author(signed_in: Enter) -> FlaskClient:
    return signed_in("administrator")


def read(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, path
    return answer.get_data(as_text=True)


def test_a_new_version_waits_and_changes_nothing_for_learners(
    visitor: FlaskClient, database: Database
) -> None:
    page = read(visitor, "/courses/qr")
    assert "Bài ba" in page
    assert "Bài bốn" not in page
    with database.snapshot() as session:
        course = the_course(session, "qr")
        assert (course.title, course.version_number) == ("Học mã QR", 1)


def test_the_author_sees_that_it_waits_and_what_it_changes(author: FlaskClient) -> None:
    assert "Version 2 waits" in read(author, "/manage/courses/")
    assert "Version 2 is waiting" in read(author, "/manage/courses/qr")
    page = read(author, "/manage/courses/qr/versions/2")
    added, removed = page.index("New lessons"), page.index("Lessons that go away")
    renamed, kept = page.index("Lessons with another title"), page.index("Lessons that stay")
    assert "Bài bốn" in page[added:removed]
    assert "Bài ba" in page[removed:renamed]
    assert "“Bài hai” becomes “Bài hai, mới”" in page[renamed:kept]
    assert "Bài một" in page[kept:]


def test_offering_it_gives_it_to_whoever_begins_and_one_can_go_back(
    author: FlaskClient, visitor: FlaskClient, database: Database
) -> None:
    author.post("/manage/courses/qr/versions/2/offer")
    assert "Bài bốn" in read(visitor, "/courses/qr")
    assert "Go back to this version" in read(author, "/manage/courses/qr/versions/1")
    author.post("/manage/courses/qr/versions/1/offer")
    assert "Bài ba" in read(visitor, "/courses/qr")
    with database.snapshot() as session:
        acts = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.VERSION_OFFERED).order_by("id"))
        assert [(entry.subject, entry.detail) for entry in acts] == [
            ("qr", {"version": 2}),
            ("qr", {"version": 1}),
        ]
        assert the_course(session, "qr").title == "Học mã QR"


def test_what_the_author_said_of_the_course_stays_under_a_new_version(
    author: FlaskClient, database: Database
) -> None:
    data = {"title": "Tên của tôi", "topic": "", "audience": "", "minutes": "8", "after_completion": "again"}
    author.post("/manage/courses/qr", data=data)
    author.post("/manage/courses/qr/versions/2/offer")
    with database.snapshot() as session:
        course = the_course(session, "qr")
        assert (course.title, course.minutes) == ("Tên của tôi", 8)


def test_every_version_is_listed(author: FlaskClient) -> None:
    page = read(author, "/manage/courses/qr/versions/")
    assert page.index("/versions/2") < page.index("/versions/1")
    assert "Waiting" in page
    assert "On offer" in page


@pytest.mark.parametrize(
    ("steps", "state"),
    [
        (["unpublish"], Status.UNPUBLISHED),
        (["unpublish", "publish"], Status.PUBLISHED),
        (["archive"], Status.ARCHIVED),
        (["archive", "publish"], Status.ARCHIVED),
        (["archive", "restore"], Status.UNPUBLISHED),
    ],
)
def test_a_course_is_taken_off_put_away_and_brought_back(
    author: FlaskClient, database: Database, steps: list[str], state: Status
) -> None:
    for step in steps:
        assert "govuk-button" in read(author, f"/manage/courses/qr/{step}")
        author.post(f"/manage/courses/qr/{step}")
    with database.snapshot() as session:
        assert the_course(session, "qr").status == state


def test_archived_courses_are_on_a_list_of_their_own(author: FlaskClient, visitor: FlaskClient) -> None:
    author.post("/manage/courses/qr/archive")
    assert "Học mã QR" not in read(author, "/manage/courses/")
    assert "Học mã QR" in read(author, "/manage/courses/?state=archived")
    assert "Học mã QR" not in read(visitor, "/lessons")
    assert 'value="qr"' not in read(author, "/manage/courses/upload")
    assert author.post("/manage/courses/qr/versions/2/offer").status_code == 400


def test_the_list_shows_one_state(author: FlaskClient) -> None:
    assert "Học mã QR" in read(author, "/manage/courses/?state=published")
    assert "No course is in this state." in read(author, "/manage/courses/?state=draft")


def test_a_preview_opens_the_player_of_that_version_and_records_nothing(
    author: FlaskClient, database: Database
) -> None:
    answer = author.post("/manage/courses/qr/versions/2/preview/L4")
    assert answer.status_code == 303
    assert urlsplit(answer.headers["Location"]).path.startswith("/play/")
    with database.snapshot() as session:
        attempt = session.scalars(select(Attempt)).unique().one()
        assert (attempt.preview, attempt.lesson.title) == (True, "Bài bốn")
        assert attempt.sessions[0].mode == "browse"


@pytest.mark.parametrize("path", ["versions/9/preview/L1", "versions/2/preview/L3"])
def test_a_preview_of_what_is_not_there_is_not_found(author: FlaskClient, path: str) -> None:
    assert author.post(f"/manage/courses/qr/{path}").status_code == 404


def test_of_several_organizations_the_author_sees_which_is_taken(
    author: FlaskClient, database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    two = "".join(
        f'<organization identifier="{name}"><title>Cách {name}</title>'
        f'<item identifier="{name}1" identifierref="R1"><title>Bài {name}</title></item></organization>'
        for name in ("A", "B")
    )
    manifest = manifest12(organizations=f'<organizations default="B">{two}</organizations>').encode()
    content = zipped({"imsmanifest.xml": manifest, "index.html": b"x"})
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, content, slug="two")
    page = read(author, "/manage/courses/two")
    taken = page[page.index("Which part of the package is taken") :]
    assert taken.index("Cách A") < taken.index("Cách B") < taken.index("Taken")
    assert "Bài B" in taken
    assert "Bài A" not in page


def test_the_author_is_told_of_another_course_with_this_title(
    author: FlaskClient, database: Database, runtime: Runtime, tmp_path: Path
) -> None:
    with database.transaction() as session:
        content = package(files={"other.txt": b"x"})
        imported = import_package(session, runtime.files, tmp_path, content, publish_it=False)
        slug = imported.course.slug
    assert "There is another course with this title, “qr”" in read(author, f"/manage/courses/{slug}")


@pytest.mark.parametrize("name", ["manager", "reporter", "learner", "outsider"])
def test_nobody_else_sees_or_changes_anything(signed_in: Enter, name: str, database: Database) -> None:
    other = signed_in(name)
    pages = ("versions/", "versions/2", "publish", "unpublish", "archive", "restore", "download")
    posts = ("versions/2/offer", "unpublish", "archive", "versions/2/preview/L1")
    assert {other.get(f"/manage/courses/qr/{page}").status_code for page in pages} == {403}
    assert {other.post(f"/manage/courses/qr/{post}").status_code for post in posts} == {403}
    with database.snapshot() as session:
        assert session.scalars(select(Course)).one().version_number == 1
