"""The bytes of a manifest: every encoding in which tools have been seen to write it."""

import pytest

from courses.errors import Refused
from courses.manifest import read
from tests.factories.packages import manifest12, scorm12_folder

TITLE = "Bài học 第一课"
XML = manifest12().replace("Course", TITLE)
CHINESE = manifest12().replace("Course", "第一课 镕")


def declared(encoding: str, text: str = XML) -> str:
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{text}'


@pytest.mark.parametrize(
    ("raw", "title"),
    [
        (XML.encode(), TITLE),
        (declared("UTF-8").encode(), TITLE),
        (declared("utf-8").encode("utf-8-sig"), TITLE),
        (declared("UTF-16").encode("utf-16"), TITLE),
        (declared("UTF-16").encode("utf-16-le"), TITLE),
        (declared("UTF-16").encode("utf-16-be"), TITLE),
        (XML.encode("utf-32"), TITLE),
        (declared("UTF-16").encode(), TITLE),
        (declared("unicode").encode(), TITLE),
        (declared("gb2312").encode("utf-8-sig"), TITLE),
        (declared("GB2312", CHINESE).encode("gbk"), "第一课 镕"),
        (declared("GBK", CHINESE).encode("gbk"), "第一课 镕"),
        (declared("ISO-8859-1", manifest12().replace("Course", "Café “x”")).encode("cp1252"), "Café “x”"),
        (f"\n  {declared('UTF-8')}\n\n".encode(), TITLE),
    ],
    ids=[
        "none",
        "utf-8",
        "bom",
        "utf-16 marked",
        "utf-16-le unmarked",
        "utf-16-be unmarked",
        "utf-32",
        "declared utf-16 but utf-8",
        "unknown name",
        "bom against declaration",
        "gb2312 with a letter of gbk",
        "gbk",
        "windows letters",
        "blank lines before the declaration",
    ],
)
def test_a_manifest_is_read_in_any_encoding(tmp_path, raw, title):
    assert read(scorm12_folder(tmp_path, raw)).title == title


def test_letters_that_fit_no_encoding_are_refused(tmp_path):
    with pytest.raises(Refused, match=r"letters of imsmanifest\.xml cannot be read"):
        read(scorm12_folder(tmp_path, b"<manifest>\xff\xff</manifest>"))
