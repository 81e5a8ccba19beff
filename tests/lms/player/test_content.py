"""The files of packages."""

import gzip
from pathlib import Path

import brotli
import pytest

from courses.packaging import BuildItem
from tests.factories.courses import import_package, package

FILES = {
    "a.html": "<meta charset=windows-1258>Xin chào".encode(),
    "img/Anh Dep.PNG": b"\x89PNG" + bytes(range(200)),
    "phim.mp4": bytes(1000),
    "x.unknown": b"<script>",
    "lang.js": b"// many words\n" * 500,
    "trang/index.html": b"Trang",
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


@pytest.mark.parametrize(
    "path", ["img//Anh%20Dep.PNG", "img///anh%20dep.png", "trang/", "trang//", "TRANG//index.html"]
)
def test_an_address_is_understood_as_web_servers_do(page, path):
    """Slashes in a row are one, and at the address of a folder stands its index page."""
    assert page.content(path).data in (FILES["img/Anh Dep.PNG"], FILES["trang/index.html"])


def test_a_folder_without_its_slash_leads_to_where_the_links_of_its_page_are_meant_from(page):
    answer = page.content("trang?a=1&b=2")
    assert (answer.status_code, answer.headers["Location"]) == (302, "trang/?a=1&b=2")


@pytest.mark.parametrize(
    ("asked", "status", "length", "says"),
    [
        ("bytes=10-19", 206, 10, "bytes 10-19/1000"),
        ("bytes=990-", 206, 10, "bytes 990-999/1000"),
        ("bytes=-5", 206, 5, "bytes 995-999/1000"),
        ("bytes=0-99999", 206, 1000, "bytes 0-999/1000"),
        ("bytes=-99999", 206, 1000, "bytes 0-999/1000"),
        ("bytes=-0", 416, None, "bytes */1000"),
        (f"bytes=0-{'9' * 5000}", 200, 1000, None),
        ("bytes=0-0,5-9", 200, 1000, None),
        ("pages=1-2", 200, 1000, None),
        ("bytes=oops", 200, 1000, None),
        ("bytes=1000-", 416, None, "bytes */1000"),
    ],
)
def test_a_film_can_be_had_in_parts(page, asked, status, length, says):
    answer = page.content("phim.mp4", Range=asked)
    assert answer.status_code == status
    assert length is None or len(answer.data) == length
    assert answer.headers.get("Content-Range") == says


def test_a_part_of_another_state_of_the_file_is_not_mixed_in(page):
    tag = page.content("phim.mp4").headers["ETag"]
    assert page.content("phim.mp4", Range="bytes=0-9", **{"If-Range": tag}).status_code == 206
    assert page.content("phim.mp4", Range="bytes=0-9", **{"If-Range": '"old"'}).status_code == 200


@pytest.mark.parametrize(("accepted", "encoding"), [("gzip, br", "br"), ("gzip", "gzip"), ("", None)])
def test_text_comes_compressed_to_those_who_read_that(page, accepted, encoding):
    for _ in range(2):
        answer = page.content("lang.js", **{"Accept-Encoding": accepted})
        assert answer.headers.get("Content-Encoding") == encoding
        # Cookies that a lesson sets make no difference, and what it offers to save keeps its name.
        assert answer.headers["Vary"] == "Accept-Encoding"
        assert "Content-Disposition" not in answer.headers
        unpacked = {"br": brotli.decompress, "gzip": gzip.decompress, None: bytes}[encoding]
        assert unpacked(answer.data) == FILES["lang.js"]


def test_neither_a_range_nor_what_is_packed_already_is_compressed(page):
    part = page.content("lang.js", Range="bytes=0-9", **{"Accept-Encoding": "br"})
    assert (part.status_code, part.data) == (206, FILES["lang.js"][:10])
    assert "Content-Encoding" not in part.headers
    assert "Content-Encoding" not in page.content("phim.mp4", **{"Accept-Encoding": "br"}).headers


@pytest.mark.parametrize(("path", "accepted"), [("phim.mp4", ""), ("lang.js", "br"), ("lang.js", "gzip")])
def test_what_the_browser_has_is_not_sent_again(page, path, accepted):
    first = page.content(path, **{"Accept-Encoding": accepted})
    again = page.content(path, **{"Accept-Encoding": accepted, "If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Cache-Control"] == first.headers["Cache-Control"]


def test_the_files_of_a_version_have_one_address_which_browsers_may_keep(page, launch, visitor, officer):
    assert launch(visitor, slug="files").config["content"] == page.config["content"]
    assert launch(officer, slug="files").config["content"] == page.config["content"]
    kept = page.content().headers["Cache-Control"]
    assert "immutable" in kept
    assert "private" in kept
    assert "max-age=31536000" in kept


def test_a_package_installs_no_service_worker(page):
    assert page.content("lang.js", **{"Service-Worker": "script"}).status_code == 404


@pytest.mark.parametrize(
    "path", ["none.html", "img", "../a.html", "..%2f..%2flms.sqlite3", "%2e%2e/%2e%2e/secret_key", "a.html/x"]
)
def test_nothing_but_files_of_the_package_is_there(page, path):
    assert page.content(path).status_code in (404, 308)
