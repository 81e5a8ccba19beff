"""Opening packages that are in order."""

import hashlib
import io
import stat
import zipfile
import zlib
from pathlib import Path

import pytest

from courses.packaging import PackageFile, open_package
from tests.factories.packages import PAGE, UTF8_FLAG, RawEntry, raw_zip, zipped


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
