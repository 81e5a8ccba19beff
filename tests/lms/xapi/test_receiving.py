"""What may come as multipart/mixed, and what is refused while it comes (xAPI 1.0.3 part 3, 1.5.2).

None of this needs a database; XAPI-numbers are those of the official conformance requirements.
"""

import hashlib
import io
from pathlib import Path
from typing import Any

import orjson
import pytest

from lms.core.files import Files
from lms.xapi import attaching, limits
from lms.xapi.attaching import is_mixed, receive, refuse_unsent
from lms.xapi.limits import TooLarge
from tests.lms.xapi.conftest import statement
from tests.lms.xapi.mixing import BOUNDARY, TEXT, TYPE, body_of, file_part, header_of, json_part, mixed
from tests.tracking.statements.signing import sign
from tracking.statements.comparing import SIGNATURE
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import Invalid, Version

OTHER = b"here is another simple attachment"
SENT = statement(attachments=[header_of(TEXT)])
URL = {"fileUrl": "http://over.there.com/file.txt"}


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path)


def take(
    files: Files,
    body: bytes,
    content_type: str = TYPE,
    *,
    version: Version = "1.0.3",
    largest: int = 1 << 20,
) -> dict[str, bytes]:
    """Receive a body and let go of it again; the files that came, by hash."""
    with receive(
        io.BytesIO(body), content_type, files, parse=parse_statements, version=version, largest=largest
    ) as received:
        found = {sha2: draft.path.read_bytes() for sha2, draft in received.files.items()}
    assert_nothing_is_left(files)
    return found


def assert_nothing_is_left(files: Files) -> None:
    assert list(files.temporary.iterdir()) == []
    assert [path for path in files.attachments.rglob("*") if path.is_file()] == []


def refusal(files: Files, body: bytes, content_type: str = TYPE, **more: Any) -> str:
    with pytest.raises(Invalid) as caught:
        take(files, body, content_type, **more)
    assert_nothing_is_left(files)
    return str(caught.value)


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
@pytest.mark.parametrize("algorithm", ["sha224", "sha256", "sha384", "sha512"])
def test_a_file_is_found_by_its_hash_of_any_length(files: Files, algorithm: str, version: Version) -> None:
    """s1.b4; Data 2.4.11, sha2."""
    header = header_of(TEXT, algorithm)
    body = mixed(json_part(statement(attachments=[header])), file_part(TEXT, algorithm))
    assert take(files, body, version=version) == {header["sha2"]: TEXT}


def test_upper_case_in_hashes_means_nothing(files: Files) -> None:
    header = header_of(TEXT)
    upper = header["sha2"].upper()
    for one, other in ((upper, header["sha2"]), (header["sha2"], upper)):
        body = mixed(
            json_part(statement(attachments=[header | {"sha2": one}])),
            file_part(TEXT, X_Experience_API_Hash=other),
        )
        assert list(take(files, body)) == [header["sha2"]]


def test_one_file_may_serve_several_statements_and_come_twice(files: Files) -> None:
    """s2.b2.b5."""
    both = [SENT, statement(attachments=[header_of(TEXT), header_of(OTHER)])]
    assert len(take(files, body_of(both, [TEXT, OTHER]))) == 2
    assert len(take(files, body_of(both, [TEXT, OTHER, TEXT]))) == 2


def test_files_need_not_come_where_there_is_an_address(files: Files) -> None:
    """s3.b9; one that comes all the same is kept."""
    addressed = statement(attachments=[header_of(TEXT, **URL), header_of(OTHER, **URL)])
    assert take(files, body_of(addressed)) == {}
    assert list(take(files, body_of(addressed, [OTHER])).values()) == [OTHER]


def test_statements_need_no_attachments_at_all(files: Files) -> None:
    """s3.b8."""
    assert take(files, body_of(statement())) == {}
    assert take(files, body_of([statement(attachments=[]), statement()])) == {}


def test_attachments_of_a_sub_statement_come_too(files: Files) -> None:
    """Data 2.4.11, at its end."""
    within = statement(object={"objectType": "SubStatement"} | SENT)
    assert list(take(files, body_of(within, [TEXT])).values()) == [TEXT]
    assert refusal(files, body_of(within)).startswith("object.attachments[0]: has no fileUrl")


def test_an_empty_file_is_a_file(files: Files) -> None:
    assert list(take(files, body_of(statement(attachments=[header_of(b"")]), [b""])).values()) == [b""]


def test_the_example_of_the_specification_is_accepted(files: Files) -> None:
    """1.5.2.s6: lines end with LF as it is printed, no blank stands behind a colon, a line comes before."""
    boundary = "abcABC0123'()+_,-./:=?"
    body = (
        f"\n--{boundary}\nContent-Type:application/json\n\n{orjson.dumps(SENT).decode()}\n"
        f"--{boundary}\nContent-Type:text/plain\nContent-Transfer-Encoding:binary\n"
        f"X-Experience-API-Hash:495395e777cd98da653df9615d09c0fd6bb2f8d4788394cd53c56a3bfdcd848a\n\n"
        f"{TEXT.decode()}\n--{boundary}--\n"
    )
    for written in (body, body.replace("\n", "\r\n")):
        assert len(take(files, written.encode(), f'multipart/mixed; boundary="{boundary}"')) == 1


def test_that_length_is_another_does_not_matter_by_itself(files: Files) -> None:
    """The official tests send the length of a picture with its bytes in hexadecimal (XAPI-00127).

    The specification has the hash alone decide (s1.b4).
    """
    short = statement(attachments=[header_of(TEXT, length=3)])
    assert len(take(files, body_of(short, [TEXT]))) == 1


@pytest.mark.parametrize(
    ("told", "length", "good"), [("27", 27, True), ("27", 3, False), ("3", 3, False), ("x", 27, False)]
)
def test_a_content_length_must_be_right_and_agree(files: Files, told: str, length: int, good: bool) -> None:  # noqa: FBT001
    """s2.b2.b7."""
    sent = statement(attachments=[header_of(TEXT, length=length)])
    body = mixed(json_part(sent), file_part(TEXT, Content_Length=told))
    if good:
        assert take(files, body)
    else:
        assert refusal(files, body).startswith("part 2: its Content-Length")


def part(**headers: str | None) -> bytes:
    return file_part(TEXT, **headers)


REFUSED: dict[str, tuple[bytes, str]] = {
    "s2.b2.b1, XAPI-00134: the first part is no JSON by its type": (
        mixed(json_part(SENT, "text/plain"), part()),
        "part 1: its Content-Type must be application/json",
    ),
    "s2.b2.b6: the first part has no type": (
        mixed(json_part(SENT).partition(b"\r\n")[2], part()),
        "part 1: its Content-Type must be application/json",
    ),
    "XAPI-00131: no boundary before the first part": (
        mixed(json_part(SENT), part()).partition(b"\r\n")[2],
        "part 1: its Content-Type must be application/json",
    ),
    "XAPI-00130: no boundary before the second part": (
        mixed(json_part(SENT) + b"\r\n" + part()),
        "statement: not JSON",
    ),
    "XAPI-00133: statements in two parts": (
        mixed(json_part(SENT), json_part(SENT), part()),
        "part 2: needs the header Content-Transfer-Encoding",
    ),
    "XAPI-00128: a part too many": (
        mixed(json_part(SENT), part(), file_part(OTHER)),
        "part 3: no attachment of a statement has the hash",
    ),
    "s3.b5, XAPI-00129: a part too few": (
        body_of(statement(attachments=[header_of(TEXT), header_of(OTHER)]), [TEXT]),
        "attachments[1]: has no fileUrl",
    ),
    "s3.b5: no part at all": (body_of([statement(), SENT]), "[1].attachments[0]: has no fileUrl"),
    "s2.b2.b3, XAPI-00132: no hash": (
        mixed(json_part(SENT), part(X_Experience_API_Hash=None)),
        "part 2: needs the header X-Experience-API-Hash",
    ),
    "XAPI-00132: a hash that no statement has": (
        mixed(json_part(SENT), part(X_Experience_API_Hash="b018994f" * 8)),
        "part 2: no attachment of a statement has the hash",
    ),
    "a hash that is none": (
        mixed(json_part(SENT), part(X_Experience_API_Hash="../../secret_key")),
        "part 2: no attachment of a statement has the hash",
    ),
    "s1.b4: bytes with another hash": (
        mixed(json_part(SENT), file_part(OTHER, X_Experience_API_Hash=header_of(TEXT)["sha2"])),
        "part 2: its bytes have another hash",
    ),
    "the same file again, spoilt": (
        mixed(
            json_part(SENT), part(), file_part(TEXT + b"\n", X_Experience_API_Hash=header_of(TEXT)["sha2"])
        ),
        "part 3: its bytes have another hash",
    ),
    "s2.b2.b4, XAPI-00135: no encoding": (
        mixed(json_part(SENT), part(Content_Transfer_Encoding=None)),
        "part 2: needs the header Content-Transfer-Encoding: binary",
    ),
    "XAPI-00135: another encoding": (
        mixed(json_part(SENT), part(Content_Transfer_Encoding="base64")),
        "part 2: needs the header Content-Transfer-Encoding: binary",
    ),
    "s2.b2.b7: another type": (
        mixed(json_part(SENT), part(Content_Type="image/png")),
        "part 2: its Content-Type is not the contentType",
    ),
    "no part": (mixed(), "body: has no parts"),
    "nothing": (b"", "body: broken off"),
    "no statement": (body_of([]), "part 1: holds no statement"),
    "not JSON": (mixed(b"Content-Type: application/json\r\n\r\n{"), "statement: not JSON"),
    "not a statement": (body_of([1]), "[0]: must be an object"),
    "no valid statement": (
        body_of([statement(), statement(verb={"id": "x"}, attachments=[header_of(TEXT)])], [TEXT]),
        "[1].verb.id: ",
    ),
    "no valid attachment": (
        body_of(statement(attachments=[header_of(TEXT, sha2="x")]), [TEXT]),
        "attachments[0].sha2: ",
    ),
    "broken off in a file": (body_of(SENT, [TEXT])[:-20], "body: broken off"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_breaks_a_rule_is_refused_with_its_place_and_leaves_nothing(files: Files, name: str) -> None:
    body, complaint = REFUSED[name]
    said = refusal(files, body)
    assert said.startswith(complaint), said


@pytest.mark.parametrize(
    "content_type", ["multipart/mixed", "multipart/mixed;", "multipart/mixed; boundary="]
)
def test_without_a_boundary_nothing_is_read(files: Files, content_type: str) -> None:
    """XAPI-00130, at its end."""
    assert refusal(files, body_of(SENT, [TEXT]), content_type).startswith("Content-Type: ")


def test_a_wrong_boundary_finds_no_part(files: Files) -> None:
    assert refusal(files, body_of(SENT, [TEXT]), TYPE + "0").startswith("body: broken off")
    assert refusal(files, body_of(SENT, [TEXT]), TYPE[:-1]).startswith("body: broken off")


@pytest.mark.parametrize(
    ("content_type", "found"),
    [("application/json", False), ("Application/JSON; charset=utf-8", False), (TYPE, True)],
)
def test_statements_come_as_json_or_mixed(content_type: str, found: bool) -> None:  # noqa: FBT001
    assert is_mixed(content_type) is found


@pytest.mark.parametrize(
    "content_type",
    [None, "", "text/plain", f"multipart/form-data; boundary={BOUNDARY}", "multipart/related; boundary=x",
     "application/x-www-form-urlencoded", "application/jsonp"],
)  # fmt: skip
def test_other_kinds_of_bodies_are_refused(content_type: str | None) -> None:
    """XAPI-00127."""
    with pytest.raises(Invalid, match=r"^Content-Type: must be application/json or multipart/mixed"):
        is_mixed(content_type)


def test_statements_sent_alone_need_an_address_for_each_file() -> None:
    """1.5.1.s1.b1, b2."""
    signature = header_of(TEXT, usageType=SIGNATURE, contentType="application/octet-stream", **URL)
    within = statement(object={"objectType": "SubStatement"} | SENT)
    refuse_unsent(
        [statement(), statement(attachments=[]), statement(attachments=[header_of(TEXT, **URL)])], "1.0.3"
    )
    for place, sent in (
        ("[1].attachments[0]: has no fileUrl", SENT),
        (
            "[1].attachments[1]: has no fileUrl",
            statement(attachments=[header_of(TEXT, **URL), header_of(OTHER)]),
        ),
        ("[1].object.attachments[0]: has no fileUrl", within),
        ("[1].attachments[0]: a signature must come with its statement", statement(attachments=[signature])),
        ("[1].attachments[0]: must be an object", statement(attachments=[1])),
        ("[1].attachments: must be an array", statement(attachments=1)),
    ):
        with pytest.raises(Invalid) as caught:
            refuse_unsent([statement(), sent], "1.0.3")
        assert str(caught.value).startswith(place)


def signed(**changes: Any) -> tuple[dict[str, Any], bytes]:
    """A statement with its signature, and that signature."""
    sent = statement()
    token = sign(orjson.dumps(sent))
    header = header_of(token, usageType=SIGNATURE, contentType="application/octet-stream") | changes
    return sent | {"attachments": [header]}, token


def signed_body(sent: dict[str, Any], token: bytes) -> bytes:
    kind = sent["attachments"][0]["contentType"]
    return mixed(json_part(sent), file_part(token, Content_Type=kind))


def test_a_signed_statement_is_accepted(files: Files) -> None:
    """Data 2.6.s4; XAPI-00117."""
    assert len(take(files, signed_body(*signed()))) == 1


def test_a_signature_is_octets(files: Files) -> None:
    """Data 2.6.s4.b1; XAPI-00115."""
    said = refusal(files, signed_body(*signed(contentType="text/plain; charset=ascii")))
    assert said.startswith("attachments[0]: the contentType of a signature must be application/octet-stream")


def test_a_signature_must_come_even_where_it_has_an_address(files: Files) -> None:
    sent, _ = signed(**URL)
    assert refusal(files, body_of(sent)).startswith("attachments[0]: a signature must come")


def test_a_signature_is_checked_against_its_own_statement(files: Files) -> None:
    sent, token = signed()
    forged = sent | {"result": {"success": True}}
    said = refusal(files, mixed(json_part([statement(), forged]), file_part(token, Content_Type=None)))
    assert said.startswith("[1].attachments[0]: what was signed is another statement")


def test_a_signature_that_is_none_is_refused_with_its_place(files: Files) -> None:
    for token in (b"no signature", b"a.b", hashlib.sha256(b"").digest()):
        header = header_of(token, usageType=SIGNATURE, contentType="application/octet-stream")
        body = mixed(
            json_part(statement(attachments=[header_of(TEXT, **URL), header])),
            file_part(token, Content_Type=None),
        )
        assert refusal(files, body).startswith("attachments[1]: the signature is not a JWS")


def test_a_signature_is_bounded(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    sent, token = signed()
    monkeypatch.setattr(attaching, "LONGEST", len(token) - 1)
    assert refusal(files, signed_body(sent, token)).startswith("attachments[0]: the signature is too long")


def test_a_file_is_bounded(files: Files) -> None:
    assert take(files, body_of(SENT, [TEXT]), largest=27)
    with pytest.raises(TooLarge, match="A file may have 0 MB at most") as caught:
        take(files, body_of(SENT, [TEXT]), largest=26)
    assert caught.value.status == 413
    assert_nothing_is_left(files)


def test_the_number_of_files_is_bounded(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(attaching, "MOST_FILES", 2)
    contents = [b"1", b"2", b"3"]
    sent = statement(attachments=[header_of(content) for content in contents])
    assert refusal(files, body_of(sent, contents)).startswith("body: more than 2 files at once")


def test_the_statements_are_bounded_by_themselves(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    body = body_of(SENT, [TEXT])
    monkeypatch.setattr(limits, "LARGEST_JSON", len(orjson.dumps(SENT)))
    assert take(files, body)
    monkeypatch.setattr(limits, "LARGEST_JSON", len(orjson.dumps(SENT)) - 1)
    with pytest.raises(TooLarge, match="The statements of one request may have"):
        take(files, body)
    assert_nothing_is_left(files)
