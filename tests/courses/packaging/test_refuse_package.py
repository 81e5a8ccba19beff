"""Every way in which a zip is refused; the fixture checks that nothing is left behind."""

import io
import stat
import struct
import zlib

import pytest

from courses.packaging import Limits, open_package
from tests.factories.packages import STORED, UTF8_FLAG, RawEntry, raw_zip, zipped

MEBIBYTE = 1024 * 1024


@pytest.mark.parametrize(
    "name", ["../evil.html", "a/../../evil.html", "a\\..\\..\\evil.html", "..", "a/..", "..\\evil.html"]
)
def test_a_name_that_climbs_out_is_refused(refusal, name):
    assert "points outside the package" in refusal(raw_zip(RawEntry(b"ok.html"), RawEntry(name.encode())))


@pytest.mark.parametrize(
    "name",
    ["/etc/evil", "\\evil.html", "\\\\host\\share\\evil", "//host/evil", "C:\\evil.html", "c:evil.html"],
)
def test_an_absolute_path_is_refused(refusal, name):
    assert "absolute path" in refusal(raw_zip(RawEntry(name.encode())))


@pytest.mark.parametrize("kind", [stat.S_IFLNK, stat.S_IFIFO, stat.S_IFCHR, stat.S_IFBLK, stat.S_IFSOCK])
def test_links_and_special_files_are_refused(refusal, kind):
    archive = raw_zip(RawEntry(b"ok.html"), RawEntry(b"link", data=b"/etc/passwd", mode=kind | 0o777))
    assert "“link” is a link or a special file" in refusal(archive)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("a.html", "a.html"),
        ("a.html", "A.HTML"),
        ("B\u00e0i.html", "Ba\u0300i.html"),
        ("straße.html", "STRASSE.html"),
        ("a", "a/b.html"),
        ("x/A/b.html", "x/a"),
        ("a\\b.html", "a/b.html"),
    ],
)
def test_two_files_of_one_name_are_refused(refusal, first, second):
    entries = [RawEntry(name.encode(), flags=UTF8_FLAG) for name in (first, second)]
    assert "used twice" in refusal(raw_zip(*entries))


@pytest.mark.parametrize("flag", [0x0001, 0x0040, 0x2000])
def test_encryption_is_refused(refusal, flag):
    assert "without a password" in refusal(raw_zip(RawEntry(b"secret.html", flags=flag)))


@pytest.mark.parametrize("method", [1, 9, 12, 14, 93, 99])
def test_unusual_compression_is_refused(refusal, method):
    assert "compressed in an unusual way" in refusal(raw_zip(RawEntry(b"a.html", method=method)))


@pytest.mark.parametrize(
    "name", ["con", "a/NUL.txt", "COM1.html", "lpt¹", "a?.html", "a<b.html", "a|b", "x.", "y "]
)
def test_a_name_reserved_on_some_computers_is_refused(refusal, name):
    assert "some computers do not allow" in refusal(raw_zip(RawEntry(name.encode(), flags=UTF8_FLAG)))


@pytest.mark.parametrize("character", ["\0", "\n", "\x7f", "\x85", "\u2028", "\u202e", "\u2066"])
def test_an_invisible_character_in_a_name_is_refused(refusal, character):
    sentence = refusal(raw_zip(RawEntry(f"a{character}b.html".encode(), flags=UTF8_FLAG)))
    assert "cannot be seen" in sentence
    assert character not in sentence


def test_too_long_names_and_too_deep_folders_are_refused(refusal):
    assert "too long" in refusal(raw_zip(RawEntry(b"a" * 300)))
    assert "too long or too deep" in refusal(raw_zip(RawEntry(b"a/" * 40 + b"b.html")))
    assert "too long or too deep" in refusal(raw_zip(RawEntry(b"/".join([b"a" * 200] * 6))))


def test_a_flagged_name_that_is_not_utf8_is_refused(refusal):
    assert "not a complete zip archive" in refusal(raw_zip(RawEntry(b"\xff\xfe.html", flags=UTF8_FLAG)))


@pytest.mark.parametrize(
    "data", [b"hello", b"%PDF-1.7", b"PK\x03\x04" + bytes(40), b"PK\x05\x06" + b"\xff" * 18]
)
def test_what_is_not_a_zip_is_refused(refusal, data):
    assert "not a complete zip archive" in refusal(data)


@pytest.mark.parametrize(
    "mark", [b"Rar!\x1a\x07\x01\x00", b"7z\xbc\xaf\x27\x1c\x00\x04", b"\x1f\x8b\x08\x00"]
)
def test_an_archive_of_another_kind_is_called_by_its_name(refusal, mark):
    assert "RAR, 7-Zip or gzip" in refusal(mark + bytes(100))


def test_a_file_of_no_bytes_is_called_empty(refusal):
    assert "0 bytes" in refusal(b"")


def test_an_empty_zip_is_refused(refusal):
    assert "is empty" in refusal(zipped({}))


def test_a_zip_cut_short_anywhere_is_refused(refusal):
    whole = zipped({"a.html": bytes(range(256)) * 4, "b.html": b"b"})
    for length in range(0, len(whole) - 1, 7):
        assert refusal(whole[:length])


@pytest.mark.parametrize(
    "entry",
    [
        RawEntry(b"a.html", claimed_crc=1),
        RawEntry(b"a.html", method=STORED, claimed_crc=0),
        RawEntry(b"a.html", packed=b"\xff\xff\xff\xff"),
        RawEntry(b"a.html", method=STORED, claimed_size=900, claimed_packed_size=900),
        RawEntry(b"a.html", method=STORED, claimed_size=0xFFFFFFFE, claimed_packed_size=0xFFFFFFFE),
        RawEntry(b"a.html", version=200),
    ],
    ids=[
        "wrong crc",
        "stored, wrong crc",
        "not deflate",
        "beyond the end",
        "endless",
        "version of the future",
    ],
)
def test_damaged_content_is_refused(refusal, entry):
    assert "not a complete zip" in refusal(raw_zip(RawEntry(b"good.html"), entry))


def test_a_list_of_files_before_the_beginning_is_refused(refusal):
    whole = zipped({"a.html": b"a"})
    assert "not a complete zip" in refusal(whole[whole.index(b"PK\x01\x02") + 10 :])
    assert "not a complete zip" in refusal(whole[-22:])


def test_a_good_file_before_a_bad_one_is_not_left_behind(refusal):
    assert refusal(raw_zip(RawEntry(b"good.html"), RawEntry(b"bad.html", claimed_crc=1)))


def test_too_many_files_are_refused(refusal):
    archive = zipped({f"{number}.html": b"" for number in range(11)})
    assert "too many files" in refusal(archive, Limits(files=10))


def test_too_many_folders_are_refused(refusal):
    archive = zipped({"a/b/c/d/e.html": b"", "f/g/h/i/j.html": b""})
    assert "too many files" in refusal(archive, Limits(files=7))


def test_a_list_of_files_beyond_reason_is_refused_before_it_is_read(refusal):
    archive = raw_zip(*(RawEntry(b"%d" % number, extra=bytes(60_000)) for number in range(20)))
    assert "too many files" in refusal(archive, Limits(files=100))


def test_a_file_too_large_is_refused(refusal):
    assert "larger than 1 MB" in refusal(zipped({"a.bin": bytes(2 * MEBIBYTE)}), Limits(file_bytes=MEBIBYTE))


def test_files_too_large_together_are_refused(refusal):
    archive = zipped({"a.bin": bytes(MEBIBYTE), "b.bin": bytes(MEBIBYTE)})
    assert "far more than a lesson needs" in refusal(archive, Limits(total_bytes=3 * MEBIBYTE // 2))


def test_a_bomb_is_refused_by_its_ratio(refusal):
    archive = zipped({"a.bin": bytes(4 * MEBIBYTE)})
    assert "far more than a lesson needs" in refusal(archive, Limits(ratio_from=MEBIBYTE))


def test_a_bomb_that_lies_about_its_size_is_refused(refusal):
    data = bytes(4 * MEBIBYTE)
    lying = RawEntry(b"a.bin", data=data, claimed_size=10, claimed_crc=zlib.crc32(data[:10]))
    honest = RawEntry(b"b.bin", data=data)
    assert "far more than a lesson needs" in refusal(raw_zip(lying, honest), Limits(ratio_from=MEBIBYTE))


def test_names_that_share_one_packed_file_are_refused(refusal):
    """The list names the same bytes again under other names: the cheapest bomb of all."""
    one = raw_zip(RawEntry(b"a", data=bytes(MEBIBYTE)))
    start = one.index(b"PK\x01\x02")
    directory = b"".join(one[start : start + 46] + name for name in (b"a", b"b", b"c"))
    counts = struct.pack("<HHLLH", 3, 3, len(directory), start, 0)
    assert "not a complete zip" in refusal(one[:start] + directory + b"PK\x05\x06" + bytes(4) + counts)


def test_an_archive_too_large_is_refused(refusal):
    archive = raw_zip(RawEntry(b"a.bin", data=bytes(2 * MEBIBYTE), method=STORED))
    assert "larger than 1 MB" in refusal(archive, Limits(archive_bytes=MEBIBYTE))


def test_a_full_disk_leaves_nothing_behind(tmp_path, monkeypatch):
    def full(*_args, **_options):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.rename", full)
    with pytest.raises(OSError, match="No space"):
        open_package(io.BytesIO(zipped({"a.html": b"a"})), tmp_path / "one")
    assert list(tmp_path.iterdir()) == []
