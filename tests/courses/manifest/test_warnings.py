"""What works but will disappoint: missing and unlisted files, pages that need other hosts."""

import pytest

from courses.manifest import read
from courses.manifest.foreign_hosts import foreign_hosts
from tests.factories.packages import PAGE, manifest12, scorm12_folder, unpacked


def warnings(folder) -> list[str]:
    return [str(notice) for notice in read(folder).warnings]


def resource(*files: str) -> str:
    listed = "".join(f'<file href="{file}"/>' for file in files)
    return f'<resource identifier="R1" adlcp:scormtype="sco" href="index.html">{listed}</resource>'


def test_listed_files_that_are_missing_are_counted(tmp_path):
    folder = scorm12_folder(
        tmp_path, manifest12(resources=resource("gone.js", "gone.css", "index.html", "lib/.DS_Store"))
    )
    assert warnings(folder) == ["Files that the manifest lists are missing: 2, for example gone.js."]


def test_files_below_another_host_are_not_those_of_the_package(tmp_path):
    more = '<resource identifier="R2" xml:base="//a/"><file href="b.js"/></resource>'
    folder = scorm12_folder(tmp_path, manifest12(resources=resource() + more), a__b_js=b"")
    assert warnings(folder) == [
        "Files that the manifest lists are missing: 1, for example b.js.",
        "Files that the manifest does not list: 1, for example a/b.js.",
    ]


def test_files_that_are_not_listed_are_counted(tmp_path):
    folder = scorm12_folder(tmp_path, None, a_js=b"", b_js=b"", adlcp_xsd=b"")
    assert warnings(folder) == ["Files that the manifest does not list: 2, for example a.js."]


@pytest.mark.parametrize(
    ("file", "shown"), [("a.SWF", False), ("a.pptx", False), ("a.PDF", True), ("a.mp4", True)]
)
def test_lessons_that_browsers_do_not_show_are_named(tmp_path, file, shown):
    manifest = manifest12(resources=f'<resource identifier="R1" adlcp:scormtype="asset" href="{file}"/>')
    found = warnings(unpacked(tmp_path, {"imsmanifest.xml": manifest, file: b"x"}))
    assert [
        warning for warning in found if f"starts with {file}, which browsers do not show" in warning
    ] == found
    assert (found == []) is shown


def test_a_complete_list_gives_no_warning(tmp_path):
    manifest = manifest12(resources=resource("INDEX.html", "my%20pictures/a.png", "my%20pictures/"))
    folder = unpacked(tmp_path, {"imsmanifest.xml": manifest, "index.html": PAGE, "my pictures/a.png": b""})
    assert warnings(folder) == []


def test_a_page_that_loads_from_another_host_is_named_once_for_each_host(tmp_path):
    page = b'<script src="https://cdn.example.org/a.js"></script><img src=//cdn.example.org/b.png>'
    folder = unpacked(
        tmp_path,
        {"imsmanifest.xml": manifest12(resources=resource("b.htm")), "index.html": page, "b.htm": page},
    )
    (warning,) = warnings(folder)
    assert warning.startswith("The page b.htm loads something from cdn.example.org.")


def test_warnings_of_many_hosts_come_to_an_end(tmp_path):
    page = "".join(f"<img src='http://h{number}.example.org/'>" for number in range(50)).encode()
    folder = scorm12_folder(tmp_path)
    (folder / "index.html").write_bytes(page)
    assert len(warnings(folder)) == 10


@pytest.mark.parametrize(
    "page",
    [
        '<script async SRC = "http://x.org/a.js">',
        "<iframe title='y'\n src='//x.org'>",
        "<link rel='stylesheet' href='https://x.org/a.css'>",
        '<link href="https://x.org/f.ico" rel="shortcut icon">',
        "<video poster=https://X.org/p.png>",
        "<object data='http://x.org/o'>",
        "<style>p { background: url( 'https://x.org/b.png' ) }</style>",
        "@import 'https://x.org/a.css';",
    ],
)
def test_what_loads_by_itself_is_found(page):
    assert list(foreign_hosts(page)) == ["x.org"]


def test_a_page_made_to_be_slow_to_search_is_not():
    for start in ("url(", "@import", "<link rel=", "<img src", "<img src="):
        page = start + " " * 300_000
        assert list(foreign_hosts(page)) == []
    assert list(foreign_hosts("<link " + "rel=" * 100_000)) == []


@pytest.mark.parametrize(
    "page",
    [
        "<a href='https://x.org'>Read more</a>",
        "<link rel='canonical' href='https://x.org/'>",
        "<img src='a.png' alt='see https://x.org'>",
        "<script src='js/a.js'></script> http://x.org",
        "<svg xmlns='http://www.w3.org/2000/svg'>",
        "p { background: url(b.png) } /* //x.org */",
    ],
)
def test_what_is_only_written_or_linked_is_not(page):
    assert list(foreign_hosts(page)) == []
