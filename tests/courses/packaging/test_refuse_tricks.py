"""Archives that one program would read otherwise than another, or that are not what they say."""

import struct

import pytest

from courses.packaging import Limits, open_package
from tests.factories.packages import STORED, RawEntry, raw_zip, zip64, zipped

GOOD = zipped({"index.html": b"<!doctype html>", "a/b.html": b"b" * 500})
END = GOOD.index(b"PK\x05\x06")
DAMAGED = "not a complete zip archive"


def with_end(archive: bytes, **changed: int) -> bytes:
    """The archive with other numbers in its end record."""
    place = archive.rindex(b"PK\x05\x06")
    names = ("disk", "start_disk", "here", "count", "size", "offset", "comment")
    values = dict(zip(names, struct.unpack("<4H2LH", archive[place + 4 : place + 22]), strict=True))
    return (
        archive[: place + 4] + struct.pack("<4H2LH", *{**values, **changed}.values()) + archive[place + 22 :]
    )


@pytest.mark.parametrize("prefix", [b"MZ\x90\0" * 20, b"<html>", b"\0", GOOD, b"GIF89a"])
def test_something_in_front_of_the_archive_is_refused(refusal, prefix):
    assert "something in front of the zip archive" in refusal(prefix + GOOD)


def test_a_prefix_that_the_list_knows_of_is_refused(refusal):
    prefix = b"#!/bin/sh\n"
    start = GOOD.index(b"PK\x01\x02")
    moved = bytearray(GOOD)
    place = GOOD.find(b"PK\x01\x02")
    while place >= 0:
        (offset,) = struct.unpack_from("<L", moved, place + 42)
        struct.pack_into("<L", moved, place + 42, offset + len(prefix))
        place = GOOD.find(b"PK\x01\x02", place + 1)
    archive = with_end(prefix + bytes(moved), offset=start + len(prefix))
    assert "something in front of the zip archive" in refusal(archive)


@pytest.mark.parametrize("mark", [b"PK\x07\x08", b"PK00"])
def test_the_mark_of_an_archive_that_was_not_split_after_all_is_no_prefix(tmp_path, mark):
    entry = raw_zip(RawEntry(b"a.html"))
    start = entry.index(b"PK\x01\x02")
    directory = bytearray(entry[start:])
    struct.pack_into("<L", directory, 42, 4)
    archive = with_end(mark + entry[:start] + bytes(directory), offset=start + 4)
    (tmp_path / "x.zip").write_bytes(archive)
    assert open_package(tmp_path / "x.zip", tmp_path / "one").files[0].path == "a.html"


@pytest.mark.parametrize("tail", [b"x", b"<script>", b"\0x\0", b"PK\x05\x06", bytes(0x10000)])
def test_something_behind_the_archive_is_refused(refusal, tail):
    assert DAMAGED in refusal(GOOD + tail)


def test_a_second_end_is_refused(refusal):
    assert refusal(GOOD + GOOD[END:])


def test_a_comment_is_only_a_comment(tmp_path):
    (tmp_path / "x.zip").write_bytes(with_end(GOOD, comment=11) + b"just a note")
    assert len(open_package(tmp_path / "x.zip", tmp_path / "one").files) == 2


@pytest.mark.parametrize("comment", [GOOD[END:], b"PK\x05\x06" + bytes(18), b"x" * 30 + b"PK\x05\x06", GOOD])
def test_a_comment_with_another_end_in_it_is_refused(refusal, comment):
    assert DAMAGED in refusal(with_end(GOOD, comment=len(comment)) + comment)


@pytest.mark.parametrize(
    "changed",
    [
        {"count": 3, "here": 3},
        {"count": 1, "here": 1},
        {"offset": 0},
        {"offset": 1},
        {"size": 10},
        {"size": 0xFFFFFFFE},
        {"offset": 0xFFFFFFFE},
        {"comment": 5},
    ],
    ids=str,
)
def test_an_end_that_lies_is_refused(refusal, changed):
    assert refusal(with_end(GOOD, **changed))


@pytest.mark.parametrize("changed", [{"disk": 1}, {"start_disk": 2}, {"here": 1}], ids=str)
def test_a_part_of_a_split_archive_is_refused(refusal, changed):
    assert "only a part of a split one" in refusal(with_end(GOOD, **changed))


def test_files_that_lie_over_each_other_are_refused(refusal):
    """One file's bytes hold another file, so that few bytes unpack to many (as in the best known bombs)."""
    inside = raw_zip(RawEntry(b"b.html", data=b"x", method=STORED))
    inside_start = inside.index(b"PK\x01\x02")
    outside = raw_zip(RawEntry(b"a.html", data=inside[:inside_start], method=STORED))
    start = outside.index(b"PK\x01\x02")
    second = bytearray(inside[inside_start : inside.index(b"PK\x05\x06")])
    struct.pack_into("<L", second, 42, 30 + len(b"a.html"))
    directory = outside[start : outside.rindex(b"PK\x05\x06")] + bytes(second)
    archive = (
        outside[:start]
        + directory
        + b"PK\x05\x06"
        + struct.pack("<4H2LH", 0, 0, 2, 2, len(directory), start, 0)
    )
    assert DAMAGED in refusal(archive)


@pytest.mark.parametrize(
    "entry",
    [
        RawEntry(b"a.html", data=b"x" * 100, claimed_size=10),
        RawEntry(b"a.html", data=b"x" * 100, claimed_size=1000),
        RawEntry(b"a.html", data=b"x" * 100, claimed_packed_size=3),
        RawEntry(b"a.html", data=b"x" * 100, method=STORED, claimed_size=99),
        RawEntry(b"a.html", data=b"x", packed=b"\x4b\x04\x00more than the stream"),
        RawEntry(b"a.html", data=b"x" * 100, claimed_packed_size=0),
    ],
    ids=["smaller", "larger", "packed smaller", "stored", "more than the stream", "packed to nothing"],
)
def test_sizes_that_lie_are_refused(refusal, entry):
    assert DAMAGED in refusal(raw_zip(RawEntry(b"good.html"), entry))


def test_a_file_called_otherwise_in_the_list_is_refused(refusal):
    archive = GOOD.replace(b"index.html", b"other.html", 1)
    assert DAMAGED in refusal(archive)


def test_what_claims_too_much_is_refused_before_anything_is_written(refusal, monkeypatch):
    def never(*_args: object) -> None:
        raise AssertionError

    monkeypatch.setattr("courses.packaging.opening.unpacked", never)
    archive = raw_zip(RawEntry(b"a.bin", claimed_size=0xFFFFFFFE))
    assert "larger than 1024 MB" in refusal(archive)
    assert "far more than a lesson needs" in refusal(
        raw_zip(*(RawEntry(b"%d" % number, claimed_size=10**9) for number in range(3)))
    )


def test_a_zip_inside_is_a_file_like_others_and_counts_as_one(tmp_path, refusal):
    bomb = zipped({"zeros": bytes(10_000_000)})
    archive = zipped({"index.html": b"", "inside.zip": bomb})
    (tmp_path / "x.zip").write_bytes(archive)
    opened = open_package(tmp_path / "x.zip", tmp_path / "one")
    assert [file.path for file in opened.files] == ["index.html", "inside.zip"]
    assert opened.size == len(bomb)
    many = zipped({f"{number}.zip": bomb for number in range(4)})
    assert "too many files" in refusal(many, Limits(files=3))


@pytest.mark.parametrize("name", [b"__MACOSX/../../evil", b"/__MACOSX/x", b"C:/.git/x", b"..\\.DS_Store"])
def test_a_leftover_that_climbs_is_refused(refusal, name):
    assert refusal(raw_zip(RawEntry(b"index.html"), RawEntry(name)))


def test_zip64_that_lies_is_refused(refusal):
    whole = zip64({"index.html": b"x"})
    record = whole.index(b"PK\x06\x06")
    for place, value in ((24, 9), (32, 9), (40, 9), (48, 9)):
        lying = bytearray(whole)
        struct.pack_into("<Q", lying, record + place, value)
        assert refusal(bytes(lying))
    assert refusal(b"x" + whole)
    assert refusal(whole.replace(b"PK\x06\x06", b"PK\x06\x05"))
