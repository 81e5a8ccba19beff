"""Attachments over HTTP, in and out (xAPI 1.0.3 part 2, 2.4.11 and 2.6; part 3, 1.5 and 2.1.3)."""

import errno
import hashlib
import io
import re
import resource
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import Mock
from uuid import uuid4

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session
from werkzeug.test import Client as Caller

from lms.app import front_of
from lms.core import drafts as drafts_module
from lms.core.backup import back_up, restore
from lms.core.database import Database
from lms.core.record import store_statements
from lms.core.runtime import Runtime
from lms.core.web.stalled import Stalled
from lms.settings import read_settings
from lms.xapi.express import Express
from lms.xapi.multipart import read_parts
from lms.xapi.sweeping import sweep_files
from tests.lms.conftest import build_tables
from tests.lms.xapi.conftest import ABOUT, statement
from tests.lms.xapi.mixing import (
    BOUNDARY,
    TEXT,
    TYPE,
    body_of,
    file_part,
    files_of,
    header_of,
    json_part,
    mixed,
    parts_of,
)
from tests.tracking.statements.signing import sign
from tracking.record.attachments import Attachment
from tracking.record.models import Statement
from tracking.statements.attachments import attachments_of
from tracking.statements.comparing import SIGNATURE

PATH = "/xapi/statements"
PICTURE = bytes(range(256)) * 700
OTHER = b"here is another simple attachment"
SENT = statement(attachments=[header_of(TEXT)])
JSON = "application/json"


@pytest.fixture
def headers(client_of):
    return client_of("statements/write", "statements/read")


class Store:
    """The record store as one client sees it."""

    def __init__(self, visitor: FlaskClient, headers: dict[str, str]) -> None:
        self.visitor, self.headers = visitor, headers

    def post(self, sent: Any, contents: Any = (), **more: Any):
        return self.send(body_of(sent, contents), **more)

    def send(self, body: bytes, **more: Any):
        return self.visitor.post(PATH, data=body, headers=self.headers | more, content_type=TYPE)

    def get(self, **query: Any):
        return self.visitor.get(PATH, query_string=query, headers=self.headers)

    def files(self, **query: Any) -> dict[str, bytes]:
        answer = self.get(attachments="true", **query)
        assert answer.status_code == 200
        return files_of(answer.content_type, answer.data)


@pytest.fixture
def store(visitor, headers) -> Store:
    return Store(visitor, headers)


def kept_files(runtime: Runtime) -> list[str]:
    return sorted(path.name for path in runtime.files.attachments.rglob("*") if path.is_file())


def drafts(runtime: Runtime) -> list[Path]:
    return list(runtime.files.temporary.iterdir())


def rows(database: Database) -> tuple[int, int]:
    """How many statements and attachments there are."""
    with database.snapshot() as session:
        return tuple(session.scalar(select(func.count()).select_from(one)) for one in (Statement, Attachment))


def sha2(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_files_come_back_as_they_were_sent(store, runtime, version):
    """Part 3, 1.5.2.s3.b1, b4; XAPI-00167."""
    store.headers = store.headers | {"X-Experience-API-Version": version}
    sent = statement(
        attachments=[
            header_of(PICTURE, contentType="image/jpeg"),
            header_of(OTHER, "sha512"),
            header_of(TEXT, fileUrl="http://over.there.com/file.txt"),
        ]
    )
    body = mixed(json_part(sent), file_part(PICTURE, Content_Type="image/jpeg"), file_part(OTHER, "sha512"))
    (statement_id,) = store.send(body).json
    answer = store.get(statementId=statement_id, attachments="true")
    assert answer.content_type.startswith("multipart/mixed; boundary=")
    assert int(answer.headers["Content-Length"]) == len(answer.data)
    first, *others = parts_of(answer.content_type, answer.data)
    assert first["Content-Type"] == "application/json"
    kept = orjson.loads(first.get_payload(decode=True))
    assert (kept["id"], kept["attachments"]) == (statement_id, sent["attachments"])
    found = {(part["Content-Type"], part["Content-Transfer-Encoding"]): part for part in others}
    assert set(found) == {("image/jpeg", "binary"), ("text/plain; charset=ascii", "binary")}
    assert files_of(answer.content_type, answer.data) == {
        sha2(PICTURE): PICTURE,
        hashlib.sha512(OTHER).hexdigest(): OTHER,
    }
    assert kept_files(runtime) == sorted([sha2(PICTURE), sha2(OTHER)])
    assert drafts(runtime) == []


def test_the_official_tests_find_in_an_answer_what_they_look_for(store):
    """XAPI-00167 takes answers apart by hand: the boundary as it stands, each hash twice."""
    sent = statement(attachments=[header_of(TEXT), header_of(OTHER)])
    (statement_id,) = store.post(sent, [TEXT, OTHER]).json
    for query in ({"statementId": statement_id}, {}):
        answer = store.get(attachments="true", **query)
        _, boundary = answer.headers["Content-Type"].split("; boundary=")
        assert boundary.isalnum()
        _, first, *others, last = re.split(rb"--*" + boundary.encode(), answer.data)
        assert (len(others), last) == (2, b"--\r\n")
        found = orjson.loads(first.partition(b"\r\n\r\n")[2].removesuffix(b"\r\n"))
        assert found == orjson.loads(first[first.index(b"{") : first.rindex(b"}") + 1])
        assert query == {} or found["id"] == statement_id
        assert [answer.data.count(sha2(content).encode()) for content in (TEXT, OTHER)] == [2, 2]


def test_without_attachments_only_json_is_answered(store):
    """Part 3, 2.1.3.s1, attachments: false is the default; Data 2.4.11."""
    (statement_id,) = store.post(statement(attachments=[header_of(TEXT)]), [TEXT]).json
    for query in ({}, {"attachments": "false"}):
        one, many = store.get(statementId=statement_id, **query), store.get(limit=1, **query)
        assert one.content_type == many.content_type == "application/json"
        assert one.json["attachments"] == many.json["statements"][0]["attachments"] == [header_of(TEXT)]
        assert TEXT not in one.data + many.data


def test_a_page_has_each_file_once_and_statements_without_files_too(store, runtime, database):
    """Part 3, 1.5.2.s2.b2.b5."""
    batch = [
        statement(attachments=[header_of(TEXT), header_of(OTHER)]),
        statement(),
        statement(attachments=[header_of(TEXT, contentType="text/plain")]),
        statement(object={"objectType": "SubStatement"} | statement(attachments=[header_of(PICTURE)])),
    ]
    body = mixed(json_part(batch), file_part(TEXT), file_part(OTHER), file_part(PICTURE))
    assert len(store.send(body).json) == 4
    assert len(store.post(statement(attachments=[header_of(TEXT)]), [TEXT]).json) == 1
    answer = store.get(attachments="true")
    first = parts_of(answer.content_type, answer.data)[0]
    assert len(orjson.loads(first.get_payload(decode=True))["statements"]) == 5
    assert files_of(answer.content_type, answer.data) == {
        sha2(content): content for content in (TEXT, OTHER, PICTURE)
    }
    assert len(kept_files(runtime)) == 3
    assert rows(database) == (5, 5)


def test_attachments_true_is_answered_mixed_whatever_was_found(store):
    store.visitor.post(PATH, json=statement(), headers=store.headers)
    for query in ({}, {"verb": "http://example.org/none"}):
        answer = store.get(attachments="true", **query)
        assert len(parts_of(answer.content_type, answer.data)) == 1


def test_head_answers_like_get_without_a_body(store):
    """Part 3, 1.1.s3.b1."""
    (statement_id,) = store.post(statement(attachments=[header_of(PICTURE)]), [PICTURE]).json
    query = {"statementId": statement_id, "attachments": "true"}
    head = store.visitor.head(PATH, query_string=query, headers=store.headers)
    assert (head.status_code, head.data) == (200, b"")
    assert head.content_type.startswith("multipart/mixed; boundary=")
    assert head.headers["Content-Length"] == store.get(**query).headers["Content-Length"]


def test_a_statement_with_files_may_be_put(store):
    """Part 3, 1.5.2.s2.b2.b2."""
    statement_id, other_id = str(uuid4()), str(uuid4())
    body = body_of(statement(attachments=[header_of(TEXT)]), [TEXT])

    def put(body: bytes, statement_id: str):
        return store.visitor.put(
            PATH,
            query_string={"statementId": statement_id},
            data=body,
            headers=store.headers,
            content_type=TYPE,
        )

    assert put(body, statement_id).status_code == 204
    assert store.files(statementId=statement_id) == {sha2(TEXT): TEXT}
    refused = put(body_of(statement(id=statement_id)), other_id)
    assert (refused.status_code, refused.json["error"]) == (400, "id: not the statementId of the request")
    assert put(body_of([statement()]), other_id).status_code == 400


def test_sending_the_same_again_is_accepted_and_other_files_are_a_conflict(store, runtime, database):
    """Part 3, 2.1.2.s2.b4, b5; Data 2.3.1.s9: what a statement says of its attachments is part of it."""
    sent = statement(id=str(uuid4()), attachments=[header_of(TEXT)])
    for _ in range(2):
        assert store.post(sent, [TEXT]).json == [sent["id"]]
    other = store.post(sent | {"attachments": [header_of(OTHER)]}, [OTHER])
    assert other.status_code == 409
    assert store.post(sent | {"attachments": []}).status_code == 409
    assert store.files(statementId=sent["id"]) == {sha2(TEXT): TEXT}
    assert (rows(database), kept_files(runtime)) == ((1, 1), [sha2(TEXT)])


def test_a_batch_with_a_conflict_keeps_none_of_its_files(store, runtime, database):
    kept = statement(id=str(uuid4()))
    store.visitor.post(PATH, json=kept, headers=store.headers)
    batch = [statement(attachments=[header_of(TEXT)]), kept | {"result": {"success": True}}]
    assert store.post(batch, [TEXT]).status_code == 409
    assert (rows(database), kept_files(runtime), drafts(runtime)) == ((1, 0), [], [])


def test_a_statement_that_comes_twice_in_a_batch_has_the_files_of_the_first(store, database):
    """1.0.3 has no rule against it; signatures, which may differ, are those of the first."""
    sent = statement(id=str(uuid4()))
    tokens = [sign(orjson.dumps(sent)), sign(orjson.dumps(sent), alg="RS512")]
    octets = {"usageType": SIGNATURE, "contentType": "application/octet-stream"}
    batch = [sent | {"attachments": [header_of(token, **octets)]} for token in tokens]
    parts = [file_part(token, Content_Type=None) for token in tokens]
    assert store.send(mixed(json_part(batch), *parts)).json == [sent["id"]] * 2
    assert store.files(statementId=sent["id"]) == {sha2(tokens[0]): tokens[0]}
    assert rows(database) == (1, 1)


def test_a_signed_statement_comes_back_with_its_signature(store):
    """Data 2.6; signatures do not count when statements are compared, being made before they are attached."""
    sent = statement(id=str(uuid4()))
    octets = {"usageType": SIGNATURE, "contentType": "application/octet-stream"}
    tokens = [sign(orjson.dumps(sent), alg=alg) for alg in ("RS256", "RS384")]
    for token in tokens:
        signed = sent | {"attachments": [header_of(token, **octets)]}
        body = mixed(json_part(signed), file_part(token, Content_Type="application/octet-stream"))
        assert store.send(body).status_code == 200
    assert store.files(statementId=sent["id"]) == {sha2(tokens[0]): tokens[0]}
    assert store.visitor.post(PATH, json=sent, headers=store.headers).status_code == 200


REFUSED = [
    (body_of(statement(attachments=[header_of(TEXT)])), TYPE, "attachments[0]: has no fileUrl"),
    (body_of(statement(), [TEXT]), TYPE, "part 2: no attachment of a statement"),
    (b"", TYPE, "body: broken off"),
    (body_of(statement()), "multipart/mixed;", "Content-Type: multipart/mixed needs a boundary"),
    (body_of(statement()), f"multipart/form-data; boundary={BOUNDARY}", "Content-Type: must be"),
    (orjson.dumps(statement()), "text/plain", "Content-Type: must be"),
    (orjson.dumps(statement()), None, "Content-Type: must be"),
    (
        orjson.dumps(statement(attachments=[header_of(TEXT)])),
        "application/json",
        "attachments[0]: has no fileUrl, so its file must come as well",
    ),
]


def test_a_refusal_is_answered_in_a_sentence_and_leaves_nothing(store, runtime, database):
    """Part 3, 1.5.1 and 1.5.2; the rules one by one are in test_receiving."""
    for method in ("post", "put"):
        query = {"statementId": str(uuid4())} if method == "put" else {}
        for body, content_type, complaint in REFUSED:
            answer = getattr(store.visitor, method)(
                PATH, query_string=query, data=body, headers=store.headers, content_type=content_type
            )
            assert answer.status_code == 400
            assert answer.json["error"].startswith(complaint)
    assert (rows(database), kept_files(runtime), drafts(runtime)) == ((0, 0), [], [])


def test_statements_alone_must_not_need_files_either_way_they_take(store, runtime, database):
    """The plain way and the quick one refuse alike, sub-statements too (part 3, 1.5.1.s1.b2)."""
    within = statement(object={"objectType": "SubStatement"} | statement(attachments=[header_of(TEXT)]))
    ordinary = store.visitor.application
    with closing(Express(front_of(ordinary, runtime, Stalled(8000)), runtime)) as quick:
        for sent in (within, [statement(), within], [SENT]):
            plain = orjson.dumps(sent)
            for body in (plain, plain.replace(b'"attachments"', b'"\\u0061ttachments"')):
                for way in (ordinary, quick):
                    answer = Caller(way).post(PATH, data=body, headers=store.headers, content_type=JSON)
                    assert answer.status_code == 400
                    assert answer.json["error"].endswith("so its file must come as well, as multipart/mixed")
    assert rows(database) == (0, 0)


def test_statements_alone_are_bounded(store, database, monkeypatch):
    monkeypatch.setattr("lms.xapi.limits.LARGEST_JSON", 1 << 20)
    sent = statement(result={"response": (1 << 20) * "x"})
    answer = store.visitor.post(PATH, json=sent, headers=store.headers)
    assert (answer.status_code, answer.json["error"]) == (
        413,
        "The statements of one request may have 1 MB at most. Send them in several requests.",
    )
    chunked = {
        "input_stream": io.BytesIO(orjson.dumps(sent)),
        "environ_base": {"wsgi.input_terminated": True},
    }
    told = store.headers | {"Transfer-Encoding": "chunked"}
    answer = store.visitor.post(PATH, headers=told, content_type="application/json", **chunked)
    assert answer.status_code == 413
    assert rows(database) == (0, 0)


def test_files_that_are_too_large_are_refused_with_413(store, runtime, database, monkeypatch):
    object.__setattr__(runtime.settings, "max_attachment_mb", 1)
    content = bytes(1024 * 1024 + 1)
    answer = store.post(statement(attachments=[header_of(content)]), [content])
    assert (answer.status_code, answer.json["error"]) == (413, "A file may have 1 MB at most.")
    monkeypatch.setitem(store.visitor.application.config, "MAX_CONTENT_LENGTH", 1000)
    assert store.post(statement(attachments=[header_of(content)]), [content]).status_code == 413
    assert (rows(database), kept_files(runtime), drafts(runtime)) == ((0, 0), [], [])


@contextmanager
def files_no_longer_than(size: int) -> Iterator[None]:
    """What a full disk does: the system lets no file of this process become longer."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_full_disk_is_answered_in_a_sentence_and_leaves_nothing(store, runtime, database):
    """The database has room here; tests/functional/test_full_disk.py fills a real disk."""
    content = bytes(5_000_000)
    sent = statement(id=str(uuid4()), attachments=[header_of(content)])
    with files_no_longer_than(4_000_000):
        answer = store.post(sent, [content])
    assert answer.status_code == 507
    assert answer.json["error"].startswith("The server has no room left on its disk.")
    assert (rows(database), kept_files(runtime), drafts(runtime)) == ((0, 0), [], [])
    assert store.post(sent, [content]).json == [sent["id"]]


def test_a_disk_that_fills_up_before_the_commit_keeps_nothing(store, runtime, database, monkeypatch):
    def full(*_given: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    sent = statement(id=str(uuid4()), attachments=[header_of(TEXT)])
    for function in ("replace", "fsync"):
        with monkeypatch.context() as patched:
            patched.setattr(drafts_module.Path if function == "replace" else drafts_module.os, function, full)
            assert store.post(sent, [TEXT]).status_code == 507
        assert (rows(database), kept_files(runtime), drafts(runtime)) == ((0, 0), [], [])
    assert store.post(sent, [TEXT]).json == [sent["id"]]


def test_a_commit_that_fails_is_no_defect_and_is_answered_503(store, runtime, database, monkeypatch):
    """The file has its name by then; no statement names it, and the sweep takes it."""

    def away(_session: Session) -> None:
        raise OperationalError("COMMIT", {}, Exception("the database is away"))

    sent = statement(id=str(uuid4()), attachments=[header_of(TEXT)])
    with monkeypatch.context() as patched:
        patched.setattr(Session, "commit", away)
        answer = store.post(sent, [TEXT])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.headers["X-Experience-API-Version"]
    assert answer.json["error"]
    assert (rows(database), kept_files(runtime)) == ((0, 0), [sha2(TEXT)])
    assert sweep_files(runtime, old=timedelta(days=-1)) == 1
    assert store.post(sent, [TEXT]).json == [sent["id"]]
    assert store.files(statementId=sent["id"]) == {sha2(TEXT): TEXT}


def test_what_collided_with_another_request_is_tried_again(store, runtime, monkeypatch):
    """The files have come and lie there: the sender need not send them once more."""
    collision = OperationalError("UPDATE", {}, Exception("deadlock detected"))
    collision.orig.sqlstate = "40P01"
    stored = []

    def collide_once(*given: object, **more: object):
        stored.append(True)
        if len(stored) == 1:
            raise collision
        return store_statements(*given, **more)

    monkeypatch.setattr("lms.xapi.attaching.store_statements", collide_once)
    (statement_id,) = store.post(SENT, [TEXT]).json
    assert len(stored) == 2
    assert store.files(statementId=statement_id) == {sha2(TEXT): TEXT}
    monkeypatch.setattr("lms.xapi.attaching.store_statements", Mock(side_effect=collision))
    answer = store.post(SENT, [TEXT])
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert (kept_files(runtime), drafts(runtime)) == ([sha2(TEXT)], [])


def test_who_may_not_write_is_refused_before_anything_is_read(visitor, client_of, runtime):
    reader = Store(visitor, client_of("statements/read"))
    assert reader.send(b"no body of this kind").status_code == 403
    assert Store(visitor, ABOUT).send(b"no body of this kind").status_code == 401


def test_files_are_seen_by_those_who_see_the_statement_and_under_no_other(visitor, client_of):
    """Knowing a hash is not having sent the file: it does not come with somebody else's statement."""
    one, two = (Store(visitor, client_of("statements/write", "statements/read/mine")) for _ in range(2))
    (statement_id,) = one.post(statement(attachments=[header_of(TEXT)]), [TEXT]).json
    assert two.get(statementId=statement_id, attachments="true").status_code == 404
    curious = statement(attachments=[header_of(TEXT, fileUrl="http://example.org/mine")])
    (other_id,) = two.visitor.post(PATH, json=curious, headers=two.headers).json
    assert two.files(statementId=other_id) == {}
    assert two.files() == {}
    assert one.files() == {sha2(TEXT): TEXT}


def test_the_file_of_a_voided_statement_comes_with_it(store):
    """Data 2.3.2; part 3, 2.1.3.s2.b1."""
    (statement_id,) = store.post(statement(attachments=[header_of(TEXT)]), [TEXT]).json
    voiding = statement(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": statement_id},
        attachments=[header_of(OTHER)],
    )
    assert store.post(voiding, [OTHER]).status_code == 200
    assert store.get(statementId=statement_id, attachments="true").status_code == 404
    assert store.files(voidedStatementId=statement_id) == {sha2(TEXT): TEXT}
    assert store.files() == {sha2(OTHER): OTHER}


def test_a_file_that_is_lost_does_not_keep_the_rest_back(store, runtime):
    (statement_id,) = store.post(
        statement(attachments=[header_of(TEXT), header_of(OTHER)]), [TEXT, OTHER]
    ).json
    runtime.files.attachment(sha2(TEXT)).unlink()
    assert store.files(statementId=statement_id) == {sha2(OTHER): OTHER}


def test_a_backup_brings_the_files_back(store, runtime, databases, tmp_path):
    (statement_id,) = store.post(statement(attachments=[header_of(TEXT)]), [TEXT]).json
    counts = back_up(runtime, tmp_path / "backup")
    assert (counts["statement"], counts["attachment"]) == (1, 1)
    given = {
        "LMS_DATA": str(tmp_path / "other"),
        "LMS_DATABASE_URL": databases.fresh(databases.template(build_tables)),
    }
    other = Runtime(read_settings(given, dotenv=None))
    restore(other, tmp_path / "backup")
    with other.database.snapshot() as session:
        raw = session.scalar(select(Statement.raw))
        (kept,) = attachments_of(session, [raw])
    assert orjson.loads(raw)["id"] == statement_id
    assert other.files.attachment(kept.file).read_bytes() == TEXT
    other.close()


def test_a_file_cannot_begin_a_header_by_its_type(store):
    header = header_of(TEXT, contentType="text/plain\r\n;\r\n x=1")
    (statement_id,) = store.send(mixed(json_part(statement(attachments=[header])), file_part(TEXT))).json
    answer = store.get(statementId=statement_id, attachments="true")
    assert parts_of(answer.content_type, answer.data)[1].items()[0] == ("Content-Type", "text/plain ; x=1")


def test_nothing_is_held_while_a_body_arrives(store, database, monkeypatch):
    """A slow sender must not keep others from writing: the transaction of the credential has ended."""
    written = []

    def while_it_arrives(*given):
        with database.transaction() as session:
            written.append(session.scalar(select(func.count()).select_from(Statement)))
        return read_parts(*given)

    monkeypatch.setattr("lms.xapi.attaching.read_parts", while_it_arrives)
    assert store.post(statement(attachments=[header_of(TEXT)]), [TEXT]).status_code == 200
    assert written == [0]
