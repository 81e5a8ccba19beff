"""Opening packages that are in order."""

import hashlib
import io
import random
import stat
import tracemalloc
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest

from courses.packaging import PackageFile, Progress, open_package
from courses.packaging.limits import MEBIBYTE
from tests.factories.packages import PAGE, UTF8_FLAG, RawEntry, cmi5_structure, raw_zip, zip64, zipped


def names(archive: bytes, tmp_path: Path) -> list[str]:
    return [file.path for file in open_package(io.BytesIO(archive), tmp_path / "one").files]


def test_files_sizes_and_digest_are_told(tmp_path):
    archive = zipped({"index.html": PAGE, "a/b.txt": b"four"})
    opened = open_package(io.BytesIO(archive), tmp_path / "one")
    assert opened.root == tmp_path / "one"
    assert opened.files == (PackageFile("a/b.txt", 4), PackageFile("index.html", len(PAGE)))
    assert opened.size == 4 + len(PAGE)
    assert opened.sha256 == hashlib.sha256(archive).hexdigest()
    assert (opened.root / "a" / "b.txt").read_bytes() == b"four"
    assert [path.name for path in tmp_path.iterdir()] == ["one"]


@pytest.mark.parametrize("blanks", [b"\n", b"\r\n", bytes(10_000)])
def test_an_archive_may_be_filled_up_with_blanks(tmp_path, blanks):
    assert names(zipped({"index.html": PAGE}) + blanks, tmp_path) == ["index.html"]


def test_a_path_is_opened_like_a_stream(tmp_path):
    (tmp_path / "lesson.zip").write_bytes(zipped({"index.html": PAGE}))
    assert open_package(tmp_path / "lesson.zip", tmp_path / "one").files[0].path == "index.html"


def test_a_stream_is_read_from_its_beginning_and_left_open(tmp_path):
    stream = io.BytesIO(zipped({"index.html": PAGE}))
    stream.seek(0, io.SEEK_END)
    opened = open_package(stream, tmp_path / "one")
    assert opened.sha256 == hashlib.sha256(stream.getvalue()).hexdigest()
    assert not stream.closed


def test_an_existing_folder_is_never_touched(tmp_path):
    (tmp_path / "one").mkdir()
    with pytest.raises(FileExistsError):
        open_package(io.BytesIO(zipped({"index.html": PAGE})), tmp_path / "one")


def test_files_are_not_executable(tmp_path):
    archive = raw_zip(RawEntry(b"run.sh", mode=stat.S_IFREG | 0o4777))
    opened = open_package(io.BytesIO(archive), tmp_path / "one")
    assert (opened.root / "run.sh").stat().st_mode & 0o7111 == 0


def test_backslashes_are_slashes(tmp_path):
    assert names(raw_zip(RawEntry(b"a\\b\\c.html")), tmp_path) == ["a/b/c.html"]


def test_dots_and_doubled_slashes_are_tidied(tmp_path):
    assert names(raw_zip(RawEntry(b"./a//b.html")), tmp_path) == ["a/b.html"]


def test_folders_and_leftovers_of_operating_systems_are_left_out(tmp_path):
    archive = raw_zip(
        RawEntry(b"a/", data=b""),
        RawEntry(b"b\\", data=b""),
        RawEntry(b"c", data=b"", mode=stat.S_IFDIR | 0o755),
        RawEntry(b"__MACOSX/._x.html"),
        RawEntry(b"a/.DS_Store"),
        RawEntry(b"a/x.html"),
    )
    assert names(archive, tmp_path) == ["a/x.html"]


def test_a_flagged_name_is_utf8_and_composed(tmp_path):
    decomposed = "Ba\u0300i ho\u0323c.html"
    archive = raw_zip(RawEntry(decomposed.encode(), flags=UTF8_FLAG))
    assert names(archive, tmp_path) == ["B\u00e0i h\u1ecdc.html"]


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Bài học.html".encode(), "Bài học.html"),
        ("étude.html".encode("cp437"), "étude.html"),
        ("课程/第一课.html".encode("gbk"), "课程/第一课.html"),
        (b"\xff\xb0.html", "\u00a0░.html"),
    ],
    ids=["unflagged utf-8", "cp437", "gbk", "neither"],
)
def test_an_unflagged_name_is_read_in_the_likeliest_encoding(tmp_path, raw, expected):
    assert names(raw_zip(RawEntry(raw)), tmp_path) == [expected]


def test_a_backslash_inside_a_chinese_letter_separates_nothing(tmp_path):
    letter = b"\x95\x5c"
    archive = raw_zip(RawEntry(b"\xbf\xce" + letter + b".html"))
    assert names(archive, tmp_path) == [(b"\xbf\xce" + letter).decode("gbk") + ".html"]


def test_the_unicode_path_field_wins_when_it_belongs_to_the_name(tmp_path):
    plain = b"b?i.html".replace(b"?", b"a")
    body = b"\x01" + zlib.crc32(plain).to_bytes(4, "little") + "bài.html".encode()
    extra = b"\x75\x70" + len(body).to_bytes(2, "little") + body
    assert names(raw_zip(RawEntry(plain, extra=extra)), tmp_path) == ["bài.html"]


def test_a_unicode_path_field_of_another_name_is_ignored(tmp_path):
    body = b"\x01" + bytes(4) + b"../evil.html"
    extra = b"\x75\x70" + len(body).to_bytes(2, "little") + body
    assert names(raw_zip(RawEntry(b"good.html", extra=extra)), tmp_path) == ["good.html"]


def test_zip64_is_read(tmp_path):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive, archive.open("a.html", "w", force_zip64=True) as entry:
        entry.write(PAGE)
    assert names(buffer.getvalue(), tmp_path) == ["a.html"]


def test_zip64_with_a_wide_end_is_read(tmp_path):
    files = {"index.html": PAGE, "Bài 1.html": b"b" * 1000}
    assert names(zip64(files), tmp_path) == ["Bài 1.html", "index.html"]
    assert (tmp_path / "one" / "Bài 1.html").read_bytes() == b"b" * 1000


def test_names_of_vietnamese_windows_are_read(tmp_path):
    name = unicodedata.normalize("NFC", "Bài học số 2/Đường dẫn.html")
    opened = open_package(io.BytesIO(raw_zip(RawEntry(as_windows_writes(name)))), tmp_path / "one")
    assert ([file.path for file in opened.files], opened.names_encoding) == ([name], "cp1258")


def as_windows_writes(name: str) -> bytes:
    """In code page 1258: the letters of Vietnamese as they are, their tones behind them."""
    tones = "\u0300\u0301\u0303\u0309\u0323"
    written = ""
    for letter in name:
        parts = unicodedata.normalize("NFD", letter)
        tone = "".join(part for part in parts if part in tones)
        written += unicodedata.normalize("NFC", "".join(part for part in parts if part not in tones)) + tone
    return written.encode("cp1258")


def test_a_leftover_with_a_character_nobody_sees_is_left_out(tmp_path):
    archive = raw_zip(RawEntry(b"Icon\r"), RawEntry(b"__MACOSX/._Icon\r"), RawEntry(b"a.html"))
    assert names(archive, tmp_path) == ["a.html"]


@pytest.mark.parametrize(
    "raw",
    [
        cmi5_structure("").encode(),
        b"\xef\xbb\xbf\n<?xml version='1.0'?><!-- x --><c:courseStructure/>",
        cmi5_structure("").encode("utf-16"),
        b"<manifest/>",
    ],
)
def test_a_course_structure_by_itself_is_the_only_file(tmp_path, raw):
    opened = open_package(io.BytesIO(raw), tmp_path / "one")
    assert opened.files == (PackageFile("cmi5.xml", len(raw)),)
    assert opened.sha256 == hashlib.sha256(raw).hexdigest()
    assert (tmp_path / "one" / "cmi5.xml").read_bytes() == raw


@pytest.mark.parametrize("raw", [b"<html></html>", b"# Notes\n<courseStructure>", b"<", b"<!-- a page -->"])
def test_other_text_is_no_package(refusal, raw):
    assert "not a complete zip archive" in refusal(raw)


def test_how_far_it_is_is_told(tmp_path):
    archive = zipped(
        {f"{number}.bin": random.Random(number).randbytes(MEBIBYTE * 3 // 2) for number in range(4)}
    )
    told: list[Progress] = []
    open_package(io.BytesIO(archive), tmp_path / "one", tell=told.append)
    assert told == sorted(told, key=lambda one: (one.bytes, one.files))
    assert {(one.all_files, one.all_bytes) for one in told} == {(4, len(archive) + 6 * MEBIBYTE)}
    assert (told[-1].files, told[-1].bytes, told[-1].percent) == (4, told[-1].all_bytes, 100)
    assert len(told) > 8
    assert told[0].percent < 20


def test_whoever_is_told_may_stop_it(tmp_path):
    def stop(progress: Progress) -> None:
        if progress.files:
            raise InterruptedError

    archive = zipped({f"{number}.bin": bytes(MEBIBYTE) for number in range(2)})
    with pytest.raises(InterruptedError):
        open_package(io.BytesIO(archive), tmp_path / "one", tell=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_large_package_needs_little_memory(tmp_path):
    """Ten times what the reader may hold, so that a reader which holds a file or an archive is found."""
    noise = random.Random(1).randbytes(MEBIBYTE)
    with zipfile.ZipFile(tmp_path / "x.zip", "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("video.mp4", "w") as video:
            for _ in range(20):
                video.write(noise)
        archive.writestr("zeros.bin", bytes(20 * MEBIBYTE))
    tracemalloc.start()
    open_package(tmp_path / "x.zip", tmp_path / "one")
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 4 * MEBIBYTE
