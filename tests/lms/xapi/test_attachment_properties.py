"""Whatever statements come with whatever files: all of it comes back, or nothing of it stays.

xAPI 1.0.3 part 3, 1.5.2; part 2, 2.4.11.
"""

import hashlib
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import orjson
import pytest
from hypothesis import HealthCheck, Phase, assume, given, settings
from hypothesis import strategies as st

from lms.core.files import Files
from lms.xapi.attaching import receive
from lms.xapi.limits import TooLarge
from tests.lms.xapi.conftest import statement
from tests.lms.xapi.mixing import TYPE, file_part, files_of, header_of, json_part, mixed, parts_of
from tests.tracking.statements.strategies import statements
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import Invalid

UNSHRUNK = (Phase.explicit, Phase.reuse, Phase.generate)  # each try stores and reads a batch
ALGORITHMS = ["sha224", "sha256", "sha384", "sha512"]
Json = dict[str, Any]

CONTENTS = st.one_of(
    st.binary(max_size=200),
    st.sampled_from(
        [b"\r\n", b"\n", b"--", b"\r\n--", b"-------314159265358979323846", b"\r\n\r\n", b"\x00"]
    ),
    st.integers(1, 4).map(lambda size: bytes(range(256)) * 300 * size),
)


@st.composite
def with_files(draw: st.DrawFn) -> tuple[Json, dict[str, tuple[str, bytes]]]:
    """A statement with attachments, in its sub-statement too; and the files to send with it, by hash."""
    statement = draw(statements("1.0.3"))
    # The one character that identifiers must not have (docs/record-store.md).
    assume(b"\\u0000" not in orjson.dumps(statement))
    files: dict[str, tuple[str, bytes]] = {}

    def headers() -> list[Json]:
        found = []
        for content in draw(st.lists(CONTENTS, max_size=3)):
            algorithm = draw(st.sampled_from(ALGORITHMS))
            header = header_of(content, algorithm)
            where = draw(st.sampled_from(["here", "there", "both"]))
            if where != "here":
                header["fileUrl"] = "https://example.org/file"
            if where != "there":
                files[header["sha2"]] = (algorithm, content)
            if draw(st.booleans()):
                header["sha2"] = header["sha2"].upper()
            found.append(header)
        return found

    about = {name: value for name, value in statement["object"].items() if name != "attachments"}
    if about.get("objectType") == "SubStatement":
        about["attachments"] = headers()
    return statement | {"id": str(uuid4()), "object": about, "attachments": headers()}, files


@pytest.fixture
def headers(client_of):
    return client_of("statements/write", "statements/read")


def test_what_was_sent_comes_back(visitor, headers, runtime):
    @settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck), phases=UNSHRUNK)
    @given(batch=st.lists(with_files(), min_size=1, max_size=3), order=st.randoms(use_true_random=False))
    def check(batch, order) -> None:
        files = {sha2: file for _, files in batch for sha2, file in files.items()}
        parts = [file_part(content, algorithm) for algorithm, content in files.values()]
        order.shuffle(parts)
        body = mixed(json_part([sent for sent, _ in batch]), *parts)
        answer = visitor.post("/xapi/statements", data=body, headers=headers, content_type=TYPE)
        assert answer.status_code == 200, answer.json
        for sent, _ in batch:
            query = {"statementId": sent["id"], "attachments": "true"}
            found = visitor.get("/xapi/statements", query_string=query, headers=headers)
            kept = orjson.loads(parts_of(found.content_type, found.data)[0].get_payload(decode=True))
            assert kept["attachments"] == sent["attachments"]
            named = {
                one["sha2"].lower() for one in [*sent["attachments"], *sent["object"].get("attachments", ())]
            }
            # A file that came for one statement of the batch came for all that name it.
            expected = {sha2: content for sha2, (_, content) in files.items() if sha2 in named}
            assert files_of(found.content_type, found.data) == expected
            for content in expected.values():
                assert runtime.files.attachment(hashlib.sha256(content).hexdigest()).read_bytes() == content

    check()


SENT = statement(attachments=[header_of(b"one"), header_of(b"two", "sha512"), header_of(b"two")])
PARTS = [json_part(SENT), file_part(b"one"), file_part(b"two", "sha512"), file_part(b"two")]


def _without(place: int) -> list[bytes]:
    return PARTS[:place] + PARTS[place + 1 :]


def _changed(place: int, old: bytes, new: bytes) -> list[bytes]:
    assert old in PARTS[place]
    return [*PARTS[:place], PARTS[place].replace(old, new, 1), *PARTS[place + 1 :]]


def _flipped(place: int, at: int, bit: int) -> list[bytes]:
    """One bit of the content of a part turned over."""
    content = len(PARTS[place]) - 3 + at % 3
    spoilt = bytearray(PARTS[place])
    spoilt[content] ^= 1 << bit
    return [*PARTS[:place], bytes(spoilt), *PARTS[place + 1 :]]


PLACES = st.integers(1, 3)
MUTATIONS: st.SearchStrategy[list[bytes]] = st.one_of(
    st.integers(0, 3).map(_without),
    st.tuples(PLACES, CONTENTS.filter(lambda content: content not in (b"one", b"two"))).map(
        lambda drawn: [*PARTS[: drawn[0]], file_part(drawn[1]), *PARTS[drawn[0] :]]
    ),
    st.builds(_flipped, PLACES, st.integers(0, 2), st.integers(0, 7)),
    PLACES.map(lambda place: _changed(place, b"X-Experience-API-Hash", b"X-Experience-API-Hush")),
    PLACES.map(lambda place: _changed(place, b"binary", b"base64")),
    PLACES.map(lambda place: _changed(place, b"Content-Transfer-Encoding: binary\r\n", b"")),
    PLACES.map(lambda place: _changed(place, b"text/plain", b"text/html")),
    PLACES.map(lambda place: _changed(place, b"\r\n\r\n", b"\r\n")),
    PLACES.map(lambda place: [PARTS[place], *_without(place)]),
    st.just(_changed(0, b"application/json", b"application/xml")),
    st.sampled_from(SENT["attachments"]).map(
        lambda header: _changed(0, header["sha2"].encode(), header["sha2"][::-1].encode())
    ),
    st.just([PARTS[0], *PARTS]),
)


def receive_all(files: Files, body: bytes) -> dict[str, bytes]:
    with receive(
        io.BytesIO(body), TYPE, files, parse=parse_statements, version="1.0.3", largest=1 << 20
    ) as received:
        return {sha2: draft.path.read_bytes() for sha2, draft in received.files.items()}


@pytest.fixture
def left(tmp_path: Path) -> tuple[Files, Callable[[], list[Path]]]:
    files = Files(tmp_path)
    return files, lambda: [
        path for path in tmp_path.rglob("*") if path.is_file() or path.parent == files.temporary
    ]


def test_a_single_change_is_refused_and_leaves_nothing(left):
    files, remains = left
    assert len(receive_all(files, mixed(*PARTS))) == 3

    @settings(max_examples=150, deadline=None)
    @given(parts=MUTATIONS)
    def check(parts: list[bytes]) -> None:
        with pytest.raises(Invalid) as caught:
            receive_all(files, mixed(*parts))
        assert ": " in str(caught.value)
        assert remains() == []

    check()


def test_a_body_broken_off_anywhere_is_refused_and_leaves_nothing(left):
    files, remains = left
    body = mixed(*PARTS)
    # The last two bytes end a line that is complete without them.
    for end in (*range(0, len(body) - 60, 7), *range(len(body) - 60, len(body) - 2)):
        with pytest.raises(Invalid):
            receive_all(files, body[:end])
    assert remains() == []
    assert len(receive_all(files, body[:-2])) == 3


def test_a_changed_byte_anywhere_spoils_no_file(left):
    """It is refused, or stands where it does not matter; a file has the hash that it was announced by."""
    files, remains = left
    body = mixed(*PARTS)

    @settings(max_examples=400, deadline=None)
    @given(place=st.integers(0, len(body) - 1), byte=st.integers(0, 255))
    def check(place: int, byte: int) -> None:
        try:
            found = receive_all(files, body[:place] + bytes([byte]) + body[place + 1 :])
        except (Invalid, TooLarge):
            found = {}
        assert set(found.values()) <= {b"one", b"two"}
        assert remains() == []

    check()
