"""Reading and writing multipart/mixed (RFC 2046, 5.1; xAPI 1.0.3 part 3, 1.5.2)."""

import hashlib
import io
import time
from email import message_from_bytes
from email.policy import HTTP
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lms.xapi import multipart
from lms.xapi.multipart import Enclosed, boundary_of, read_parts, write_mixed
from tracking.statements.validation import Invalid

LINES = (b"\r\n", b"\n")


class Dribble:
    """A stream that gives a few bytes at a time."""

    def __init__(self, body: bytes, size: int) -> None:
        self._body = io.BytesIO(body)
        self._size = size

    def read(self, size: int, /) -> bytes:
        return self._body.read(min(size, self._size))


def read(body: bytes, boundary: str = "b", size: int = 1 << 20) -> list[tuple[dict[str, str], bytes]]:
    return [
        (dict(part.headers), b"".join(part.content)) for part in read_parts(Dribble(body, size), boundary)
    ]


def lines(*given: bytes, end: bytes = b"\r\n") -> bytes:
    return end.join(given)


@pytest.mark.parametrize(
    ("content_type", "boundary"),
    [
        ("""multipart/mixed; boundary="abcABC0123'()+_,-./:=?\"""", "abcABC0123'()+_,-./:=?"),  # 1.5.2.s6
        ("multipart/mixed; boundary=-------314159265358979323846", "-------314159265358979323846"),
        ("Multipart/Mixed;charset=utf-8;BOUNDARY=x", "x"),
        ("multipart/mixed; boundary=a:b=c?d", "a:b=c?d"),
        ('multipart/mixed; x="; boundary=no"; boundary="y e\\"s "', 'y e"s'),
        ("multipart/mixed; x; boundary = z ; y=1", "z"),
    ],
)
def test_a_boundary_is_read_bare_or_quoted(content_type: str, boundary: str) -> None:
    assert boundary_of(content_type) == boundary


@pytest.mark.parametrize(
    "content_type",
    ["multipart/mixed", "multipart/mixed;", "multipart/mixed; boundary=", 'multipart/mixed; boundary=""',
     "multipart/mixed; boundary=" + 71 * "x", "multipart/mixed; boundary=é", "multipart/mixed; boundary=a\tb",
     'multipart/mixed; boundary="a', "multipart/mixed; notboundary=b"],
)  # fmt: skip
def test_a_body_needs_a_boundary_of_1_to_70_characters(content_type: str) -> None:
    with pytest.raises(Invalid, match=r"^Content-Type: .*(boundary|quotation mark)"):
        boundary_of(content_type)


@pytest.mark.parametrize("end", LINES)
@pytest.mark.parametrize("size", [1, 2, 5, 1 << 20])
def test_parts_are_read_whatever_surrounds_them(end: bytes, size: int) -> None:
    body = lines(
        b"left out", b"--bound is more than the boundary", b"--b \t ", b"Content-TYPE :  text/plain ; a=b ",
        b"X: 1", b"  2", b"", b"one", b"--bx", b"", b"--b", b"", b"two", b"--b", b"A: empty",
        b"", b"", b"--b--",
        b"left out too", b"--b", end=end,
    )  # fmt: skip
    assert read(body, size=size) == [
        ({"content-type": "text/plain ; a=b", "x": "1 2"}, lines(b"one", b"--bx", b"", end=end)),
        ({}, b"two"),
        ({"a": "empty"}, b""),
    ]


def test_an_empty_part_needs_no_line_of_its_own() -> None:
    assert read(b"--b\r\nA: 1\r\n\r\n--b--") == [({"a": "1"}, b"")]


def test_a_line_end_of_the_other_kind_belongs_to_the_content() -> None:
    assert read(b"--b\r\n\r\none\n--b\n\r\n--b--") == [({}, b"one\n--b\n")]
    assert read(b"--b\n\none\r\n--b--") == [({}, b"one\r")]


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"", "body: broken off"),
        (b"no boundary at all", "body: broken off"),
        (b"--b\r\nA: 1", "body: broken off"),
        (b"--b\r\nA: 1\r\n\r\nhalf a part", "body: broken off"),
        (b"--b\r\nA: 1\r\n\r\nhalf\r\n--b", "body: broken off"),
        (b"--b\r\nA: 1\r\n\r\nhalf\r\n--b-", "body: broken off"),
        (b"--b\r\nA\r\n\r\n--b--", "part 1: has a line among its headers"),
        (b"--b\r\n\r\none\r\n--b\r\n7063d0a4\r\n\r\n--b--", "part 2: has a line among its headers"),
        (b"--b\r\n A: 1\r\n\r\n--b--", "part 1: has a line among its headers"),
        (b"--b\r\nA b: 1\r\n\r\n--b--", "part 1: has a line among its headers"),
        (b"--b\r\nA: 1\r\na: 1\r\n\r\n--b--", "part 1: the header a comes twice"),
        (b"--b\r\nA: " + 9000 * b"x" + b"\r\n\r\n--b--", "part 1: its headers are too long"),
        (b"--b\r\n" + 900 * b"A: 1234567\r\n" + b"\r\n--b--", "part 1: the header a comes twice"),
    ],
)
@pytest.mark.parametrize("size", [1, 1 << 20])
def test_a_body_that_is_not_of_the_form_is_refused_with_its_place(
    body: bytes, complaint: str, size: int
) -> None:
    with pytest.raises(Invalid) as caught:
        read(body, size=size)
    assert str(caught.value).startswith(complaint)


def test_content_that_nobody_read_is_passed_over() -> None:
    body = b"--b\r\nA: 1\r\n\r\n" + 300_000 * b"x" + b"\r\n--b\r\nA: 2\r\n\r\nend\r\n--b--"
    found = []
    for part in read_parts(io.BytesIO(body), "b"):
        next(part.content)
        found.append(part.headers["a"])
    assert found == ["1", "2"]


def test_no_more_than_a_few_chunks_lie_in_memory() -> None:
    body = b"--b\r\n\r\n" + 3_000_000 * b"\r\n--" + b"\r\n--b--"
    for part in read_parts(io.BytesIO(body), "b"):
        assert max(len(chunk) for chunk in part.content) <= 2 * multipart.CHUNK


def test_reading_takes_time_in_proportion_whatever_stands_there() -> None:
    """Content made of what almost is a boundary: twice as much takes about twice as long."""

    def seconds(count: int) -> float:
        body = b"--" + 70 * b"-" + b"\r\n\r\n" + count * (b"\r\n--" + 69 * b"-" + b"!")
        body += b"\r\n--" + 70 * b"-" + b"--"
        begun = time.process_time()
        ((_, content),) = read(body, "-" * 70)
        assert len(content) == count * 74
        return time.process_time() - begun

    seconds(100)
    taken = [min(seconds(count) for _ in range(3)) for count in (3000, 6000, 12000, 24000)]
    assert all(more < 4 * less + 0.01 for less, more in pairwise(taken)), taken


CONTENT = st.one_of(
    st.binary(max_size=300),
    st.lists(
        st.sampled_from([b"\r", b"\n", b"\r\n", b"-", b"--", b"--b", b"--b--", b"\r\n--b", b"x", b" "])
    ).map(b"".join),
)


@settings(deadline=None)
@given(contents=st.lists(CONTENT, max_size=5), size=st.integers(1, 40), end=st.sampled_from(LINES))
def test_what_was_written_is_read_again(contents: list[bytes], size: int, end: bytes) -> None:
    """The boundary must not stand in the content (RFC 2046, 5.1.1): it is lengthened until it does not."""
    boundary = "b"
    while any(boundary.encode() in content for content in contents):
        boundary += "c"
    mark = b"--" + boundary.encode()
    if end == b"\n":  # CR before the boundary would belong to its line
        contents = [content.rstrip(b"\r") for content in contents]
    body = b"".join(mark + end + b"A: 1" + end + end + content + end for content in contents) + mark + b"--"
    assert [content for _, content in read(body, boundary, size)] == contents


@settings(deadline=None)
@given(contents=st.lists(CONTENT, max_size=4))
def test_what_we_write_others_read(contents: list[bytes], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("enclosed")
    enclosed = []
    for number, content in enumerate(contents):
        path = folder / str(number)
        path.write_bytes(content)
        digest = hashlib.sha512(content).hexdigest()
        enclosed.append(Enclosed(digest, "text/plain;\r\n x=1", len(content), path))
    written = write_mixed(b'{"statements":[]}', enclosed)
    body = b"".join(written.chunks)
    assert len(body) == written.length
    assert '"' not in written.content_type
    whole = message_from_bytes(f"Content-Type: {written.content_type}\r\n\r\n".encode() + body, policy=HTTP)
    parts = whole.get_payload()
    assert parts[0].get_content_type() == "application/json"
    ours = read(body, boundary_of(written.content_type))
    assert [content for _, content in ours] == [b'{"statements":[]}', *contents]
    for part, file in zip(parts[1:], enclosed, strict=True):
        assert part["Content-Transfer-Encoding"] == "binary"
        assert part["X-Experience-API-Hash"] == file.sha2
        assert part.get_content_type() == "text/plain"
