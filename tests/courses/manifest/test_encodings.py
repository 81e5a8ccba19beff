"""The bytes of a manifest: every encoding in which tools have been seen to write it."""

import pytest

from courses.errors import Refused
from courses.manifest import read
from tests.factories.packages import manifest12, scorm12_folder

TITLE = "Bài học 第一课"
XML = manifest12().replace("Course", TITLE)
CHINESE = manifest12().replace("Course", "第一课 镕")
# As Vietnamese Windows writes it: each tone is a character behind its letter.
VIETNAMESE = manifest12().replace("Course", "Tiê\u0301ng Viê\u0323t, Đă\u0323ng Hư\u0303u")


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
        (declared("windows-1258", VIETNAMESE).encode("cp1258"), "Tiếng Việt, Đặng Hữu"),
        (declared("unicode_escape").encode(), TITLE),
        (declared("utf-7").encode(), TITLE),
        (declared("punycode").encode(), TITLE),
        (declared("us-ascii").encode(), TITLE),
        (declared("utf-8", manifest12().replace("Course", "Größe")).encode("cp1252"), "Größe"),
        (VIETNAMESE.encode("cp1258"), "Tiếng Việt, Đặng Hữu"),
        (XML.encode() + b"\r\n\x1a\0\0", TITLE),
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
        "windows-1258, which writes tones behind their letters",
        "no encoding of documents",
        "one that hides its letters",
        "one of host names",
        "ascii that is not",
        "utf-8 that is not",
        "nothing declared in Vietnam",
        "an end as old editors write it",
    ],
)
def test_a_manifest_is_read_in_any_encoding(tmp_path, raw, title):
    assert read(scorm12_folder(tmp_path, raw)).title == title


def test_letters_that_fit_no_encoding_are_refused(tmp_path):
    with pytest.raises(Refused, match=r"letters of imsmanifest\.xml cannot be read"):
        read(scorm12_folder(tmp_path, b"<manifest>\x81</manifest>"))


def test_an_encoding_that_only_some_computers_know_is_noticed(tmp_path):
    odd = read(scorm12_folder(tmp_path / "odd", declared("GB2312", CHINESE).encode("gbk")))
    assert [str(one) for one in odd.warnings if "written in" in str(one)] == [
        "imsmanifest.xml is written in gb18030. If letters look wrong, save it as UTF-8."
    ]
    assert read(scorm12_folder(tmp_path / "wide", XML.encode("utf-16"))).warnings == ()
