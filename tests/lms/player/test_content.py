"""The files of packages."""

from pathlib import Path

import pytest

from courses.packaging import BuildItem
from tests.factories.courses import import_package, package

FILES = {
    "a.html": "<meta charset=windows-1258>Xin chào".encode(),
    "img/Anh Dep.PNG": b"\x89PNG" + bytes(range(200)),
    "phim.mp4": bytes(1000),
    "x.unknown": b"<script>",
}


@pytest.fixture
def page(database, runtime, tmp_path: Path, launch, visitor, course):
    lessons = [BuildItem(identifier="L1", title="Bài", href="a.html")]
    with database.transaction() as session:
        import_package(session, runtime.files, tmp_path, package(lessons=lessons, files=FILES), slug="files")
    return launch(visitor, slug="files")


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("a.html", "text/html"),
        ("img/Anh%20Dep.PNG", "image/png"),
        ("phim.mp4", "video/mp4"),
        ("x.unknown", "application/octet-stream"),
    ],
)
def test_files_come_with_the_kind_of_our_table_and_no_guessing(page, path, kind):
    answer = page.content(path)
    assert answer.status_code == 200
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "private" in answer.headers["Cache-Control"]


def test_a_name_in_other_capitals_is_found(page):
    assert page.content("IMG/anh%20dep.png").data == FILES["img/Anh Dep.PNG"]


def test_a_film_can_be_had_in_parts(page):
    answer = page.content("phim.mp4", Range="bytes=10-19")
    assert (answer.status_code, len(answer.data)) == (206, 10)
    assert answer.headers["Content-Range"] == "bytes 10-19/1000"


def test_what_the_browser_has_is_not_sent_again(page):
    tag = page.content("phim.mp4").headers["ETag"]
    assert page.content("phim.mp4", **{"If-None-Match": tag}).status_code == 304


@pytest.mark.parametrize(
    "path", ["none.html", "img", "../a.html", "..%2f..%2flms.sqlite3", "%2e%2e/%2e%2e/secret_key", "a.html/x"]
)
def test_nothing_but_files_of_the_package_is_there(page, path):
    assert page.content(path).status_code in (404, 308)
