"""States and profiles over HTTP (xAPI 1.0.3 part 3, 2.2, 2.3, 2.6, 2.7 and 3.1; xAPI 2.0)."""

from hashlib import sha1
from io import BytesIO
from uuid import uuid4

import pytest

from tests.lms.xapi.asking import (
    ACTIVITY_PROFILE,
    AGENT_PROFILE,
    DOCUMENTS,
    LESSON,
    NAMES,
    ROOT,
    STATE,
    agent,
    query,
    speaking,
)
from tracking.documents import services
from tracking.documents.places import profile_of_activity
from tracking.documents.queries import document

JSON = "application/json"


@pytest.fixture
def headers(client_of):
    return client_of("state", "profile")


@pytest.fixture
def ask(visitor, headers):
    """Send a request about a document; `more` are headers."""

    def send(method, resource, asked, body=b"", kind=JSON, version="1.0.3", **more):
        given = speaking(headers, version) | {name.replace("_", "-"): value for name, value in more.items()}
        return visitor.open(
            f"{ROOT}/{resource}",
            method=method,
            query_string=asked,
            data=body,
            content_type=kind,
            headers=given,
        )

    return send


def quoted(content: bytes) -> str:
    return f'"{sha1(content).hexdigest()}"'


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_document_is_put_read_merged_and_deleted(ask, version):
    """2.3.s3, 2.6.s3, 2.7.s3: 204 for what changes, 200 and the document for GET."""
    for resource in DOCUMENTS:
        goes_its_way(ask, resource, version)


def goes_its_way(ask, resource, version):
    asked = query(resource)
    assert ask("GET", resource, asked, version=version).status_code == 404
    body = '{"tên": "An", "n": 1.50}'.encode()
    assert ask("PUT", resource, asked, body, version=version, If_None_Match="*").status_code == 204
    found = ask("GET", resource, asked, version=version)
    assert (found.status_code, found.data, found.content_type) == (200, body, JSON)
    assert found.headers["ETag"] == quoted(body)  # 3.1.s4.b1, b2, b4
    assert found.headers["Last-Modified"]  # 2.2.s6.b1
    assert ask("POST", resource, asked, b'{"n": 2}', version=version).status_code == 204
    assert ask("GET", resource, asked, version=version).json == {"tên": "An", "n": 2}
    assert ask("DELETE", resource, asked, version=version).status_code == 204
    assert ask("GET", resource, asked, version=version).status_code == 404
    assert ask("DELETE", resource, asked, version=version).status_code == 204  # as often as one likes


def test_a_head_request_is_a_get_without_the_body(ask):
    """1.1.s3.b1"""
    for resource in DOCUMENTS:
        asked = query(resource)
        assert ask("HEAD", resource, asked).status_code == 404
        ask("POST", resource, asked, b"{}")
        for one in (asked, query(resource, **{NAMES[resource]: None})):
            head, got = ask("HEAD", resource, one), ask("GET", resource, one)
            assert head.status_code == 200
            assert head.data == b""
            for name in (
                "ETag",
                "Last-Modified",
                "Content-Type",
                "Content-Length",
                "X-Experience-API-Version",
            ):
                assert head.headers[name] == got.headers[name]


def test_any_bytes_are_kept_with_their_type(ask):
    """1.5.b1: documents can have any content type; 2.2.s4.b2."""
    for body, kind in (
        (bytes(range(256)), "application/octet-stream"),
        (b"", "text/plain"),
        (b"viewed=1|suspend", "text/plain; charset=utf-8"),
        (b"1", "application/x-www-form-urlencoded"),
        (b"--b\r\n\r\nx\r\n--b--", "multipart/form-data; boundary=b"),
        (b"<script>alert(1)</script>", "text/html"),
    ):
        asked = query(STATE)
        assert ask("POST", STATE, asked, body, kind).status_code == 204
        found = ask("GET", STATE, asked)
        assert (found.data, found.content_type) == (body, kind)


def test_a_document_without_a_type_is_bytes(visitor, headers):
    asked = query(STATE)
    sent = visitor.put(f"{ROOT}/{STATE}", query_string=asked, data=b"x", headers=headers)
    assert sent.status_code == 204
    found = visitor.get(f"{ROOT}/{STATE}", query_string=asked, headers=headers)
    assert found.content_type == "application/octet-stream"


def test_a_document_that_calls_itself_a_page_is_nothing_to_a_browser(ask):
    asked = query(STATE)
    ask("PUT", STATE, asked, b"<script>alert(1)</script>", "text/html")
    found = ask("GET", STATE, asked)
    assert "sandbox" in found.headers["Content-Security-Policy"]
    assert "default-src 'none'" in found.headers["Content-Security-Policy"]
    assert found.headers["X-Content-Type-Options"] == "nosniff"


def test_a_document_is_not_compressed_so_that_its_tag_is_that_of_its_bytes(ask):
    asked, body = query(STATE), b'{"long": "%s"}' % (b"x" * 5000)
    ask("PUT", STATE, asked, body)
    found = ask("GET", STATE, asked, Accept_Encoding="gzip, br")
    assert (found.data, found.headers["ETag"]) == (body, quoted(body))
    assert "Content-Encoding" not in found.headers
    assert "no-transform" in found.headers["Cache-Control"]


@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_writer_must_mean_the_document_that_is_there(ask, version):
    """3.1.s4.b5 to b12: 412 and nothing changed, for PUT, POST and DELETE."""
    for resource in DOCUMENTS:
        must_be_meant(ask, resource, version)


def must_be_meant(ask, resource, version):
    asked, body = query(resource), b'{"n":1}'
    assert ask("PUT", resource, asked, body, version=version, If_Match=quoted(body)).status_code == 412
    ask("PUT", resource, asked, body, version=version, If_None_Match="*")
    wrong = quoted(b"something else")
    for method in ("PUT", "POST", "DELETE"):
        refused = ask(method, resource, asked, b'{"n":2}', version=version, If_Match=wrong)
        assert refused.status_code == 412
        assert refused.json["error"]
    for method in ("PUT", "POST"):
        refused = ask(method, resource, asked, b'{"n":2}', version=version, If_None_Match="*")
        assert refused.status_code == 412
    assert ask("GET", resource, asked, version=version).data == body
    named = f'{wrong}, {quoted(body)}, W/"x"'
    answer = ask("PUT", resource, asked, b'{"n":3}', version=version, If_Match=named)
    assert (answer.status_code, answer.headers["ETag"]) == (204, quoted(b'{"n":3}'))
    answer = ask("POST", resource, asked, b'{"m":4}', version=version, If_Match=quoted(b'{"n":3}'))
    assert (answer.status_code, answer.headers["ETag"]) == (204, quoted(b'{"n":3,"m":4}'))
    answer = ask("DELETE", resource, asked, version=version, If_Match=quoted(b'{"n":3,"m":4}'))
    assert answer.status_code == 204


REPLACING = [
    (STATE, "1.0.3", 204),
    (STATE, "2.0.0", 409),
    *(
        (profile, version, 409)
        for profile in (ACTIVITY_PROFILE, AGENT_PROFILE)
        for version in ("1.0.3", "2.0.0")
    ),
]


def test_who_replaces_a_document_must_say_which(ask):
    """3.1.s4.b13 to b15; in 1.0.3 states need no such headers (3.1.s3), in 2.0 they do."""
    for resource, version, status in REPLACING:
        asked = query(resource)
        ask("PUT", resource, asked, b"{}", version=version, If_None_Match="*")
        answer = ask("PUT", resource, asked, b"{}", version=version)
        assert answer.status_code == status, (resource, version)
        if status == 409:
            assert "If-Match" in answer.json["error"]
            assert "present state" in answer.json["error"]
        assert ask("POST", resource, asked, b"{}", version=version).status_code == 204
        assert ask("DELETE", resource, asked, version=version).status_code == 204


PLACING = [
    *((profile, "1.0.3", 400) for profile in (ACTIVITY_PROFILE, AGENT_PROFILE)),
    *((profile, "2.0.0", 204) for profile in (ACTIVITY_PROFILE, AGENT_PROFILE)),
    (STATE, "1.0.3", 204),
    (STATE, "2.0.0", 204),
]


def test_who_puts_a_profile_in_1_0_3_must_say_that_there_is_none(ask):
    """3.1.s3.b1; conformance XAPI-00273, XAPI-00287: 400, not 409, where nothing is there."""
    for resource, version, status in PLACING:
        asked = query(resource)
        answer = ask("PUT", resource, asked, b"{}", version=version)
        assert answer.status_code == status, (resource, version)
        if status == 400:
            assert answer.json["error"].startswith("If-None-Match: is missing")
            assert ask("GET", resource, asked, version=version).status_code == 404
            assert ask("POST", resource, asked, b"{}", version=version).status_code == 204


def test_what_a_reader_has_already_is_not_sent_again(ask):
    """RFC 9110, 13.1.2 and 13.1.1"""
    asked = query(STATE)
    ask("PUT", STATE, asked, b"{}")
    same = ask("GET", STATE, asked, If_None_Match=quoted(b"{}"))
    assert (same.status_code, same.data, same.headers["ETag"]) == (304, b"", quoted(b"{}"))
    assert ask("GET", STATE, asked, If_None_Match=quoted(b"other")).status_code == 200
    assert ask("GET", STATE, asked, If_Match=quoted(b"other")).status_code == 412


def test_what_cannot_be_merged_is_refused(ask):
    """2.2.s8.b1"""
    for resource in DOCUMENTS:
        asked = query(resource)
        ask("POST", resource, asked, b'{"n":1}')
        for body, kind in (
            (b"abc", "not/json"),
            (b'{"n":2}', "text/plain"),
            (b'{"n":2}{', JSON),
            (b"[1]", JSON),
        ):
            refused = ask("POST", resource, asked, body, kind)
            assert refused.status_code == 400
            assert refused.json["error"]
        assert ask("GET", resource, asked).json == {"n": 1}
        other = query(resource)
        ask("PUT", resource, other, b"/ asdf / undefined", "application/octet-stream", If_None_Match="*")
        assert ask("POST", resource, other, b"{}").status_code == 400
        assert ask("GET", resource, other).data == b"/ asdf / undefined"
        for method in ("POST", "PUT"):  # 3.2.s3.b6
            refused = ask(method, resource, query(resource), b'{"n":1}[', If_None_Match="*")
            assert refused.status_code == 400
            assert refused.json["error"].startswith("content")


def test_states_differ_by_registration_and_are_listed_and_deleted_with_or_without(ask):
    """2.3.s3 to s5"""
    one, two = str(uuid4()), str(uuid4()).upper()
    for registration in (None, one, two):
        asked = query(STATE, stateId="bookmark", registration=registration)
        assert ask("PUT", STATE, asked, b'"%s"' % str(registration).encode()).status_code == 204
    ask(
        "PUT",
        STATE,
        query(STATE, stateId="of somebody else", agent=agent(account={"homePage": "a:b", "name": "c"})),
        b"1",
    )
    assert ask("GET", STATE, query(STATE, stateId="bookmark", registration=two.lower())).json == two
    ask("PUT", STATE, query(STATE, stateId="score", registration=one), b"2")
    assert ask("GET", STATE, query(STATE, stateId=None)).json == ["bookmark", "score"]
    assert ask("GET", STATE, query(STATE, stateId=None, registration=one)).json == ["bookmark", "score"]
    assert ask("GET", STATE, query(STATE, stateId=None, registration=two)).json == ["bookmark"]
    assert ask("DELETE", STATE, query(STATE, stateId=None, registration=one)).status_code == 204
    assert ask("GET", STATE, query(STATE, stateId=None)).json == ["bookmark"]
    assert ask("DELETE", STATE, query(STATE, stateId=None)).status_code == 204
    assert ask("GET", STATE, query(STATE, stateId=None)).json == []
    assert ask("GET", STATE, query(STATE, stateId="bookmark", registration=two)).status_code == 404


def test_names_are_listed_since_a_moment(ask):
    """2.3.s4, 2.6.s4, 2.7.s4, 2.2.s6.b2"""
    for resource in DOCUMENTS:
        name = NAMES[resource]
        asked = query(resource)
        ask("POST", resource, asked, b"{}")
        everything = {**asked, "since": "2020-01-01T00:00:00+07:00"}
        del everything[name]
        answer = ask("GET", resource, everything)
        assert answer.json == [asked[name]]
        assert answer.headers["Last-Modified"]
        assert answer.headers["ETag"] == quoted(answer.data)
        nothing = ask("GET", resource, {**everything, "since": "2999-01-01T00:00:00Z"})
        assert nothing.json == []
        assert "Last-Modified" not in nothing.headers
        assert ask("GET", resource, everything | {name: asked[name]}).status_code == 200


def test_an_agent_is_the_same_however_it_is_described(ask):
    asked = query(AGENT_PROFILE, agent='{"mbox": "mailto:an@Example.org", "name": "An"}')
    ask("POST", AGENT_PROFILE, asked, b"{}")
    same = asked | {"agent": '{"objectType": "Agent", "mbox": "mailto:an@example.ORG"}'}
    assert ask("GET", AGENT_PROFILE, same).status_code == 200
    assert (
        ask("GET", AGENT_PROFILE, asked | {"agent": '{"mbox": "mailto:An@example.org"}'}).status_code == 404
    )


def test_a_group_has_the_documents_of_the_agent_so_identified(ask):
    """2.6.s3: 1.0.3 knows no groups here, but their identifiers in an agent; 2.0 knows identified groups."""
    asked = query(AGENT_PROFILE, agent='{"mbox": "mailto:team@example.org"}')
    group = asked | {"agent": '{"objectType": "Group", "mbox": "mailto:team@example.org"}'}
    ask("POST", AGENT_PROFILE, asked, b"{}")
    assert ask("GET", AGENT_PROFILE, group).status_code == 400
    assert ask("GET", AGENT_PROFILE, group, version="2.0.0").status_code == 200
    anonymous = asked | {"agent": '{"objectType": "Group", "member": [{"mbox": "mailto:an@example.org"}]}'}
    assert ask("GET", AGENT_PROFILE, anonymous, version="2.0.0").status_code == 400


def test_a_sender_who_takes_long_holds_nobody_up(visitor, headers, database):
    """On SQLite one writer would wait for the other's body."""
    place = profile_of_activity(LESSON).place("written meanwhile")

    class Slow(BytesIO):
        def readinto(self, buffer):
            with database.transaction() as session:
                services.put(session, place, b"x", "text/plain")
            return super().readinto(buffer)

    asked = query(STATE)
    environ = {"wsgi.input": Slow(b"slow"), "CONTENT_LENGTH": "4"}
    sent = visitor.put(f"{ROOT}/{STATE}", query_string=asked, headers=headers, environ_overrides=environ)
    assert sent.status_code == 204
    assert visitor.get(f"{ROOT}/{STATE}", query_string=asked, headers=headers).data == b"slow"
    with database.snapshot() as session:
        assert document(session, place)


def test_a_document_that_is_too_large_is_refused_and_changes_nothing(ask, visitor, headers, settings):
    """3.2.s3.b11"""
    object.__setattr__(settings, "max_document_mb", 1)
    asked, most = query(STATE), 1024 * 1024
    assert ask("PUT", STATE, asked, b'{"a":"%s"}' % (b"x" * (most - 8))).status_code == 204
    for method in ("PUT", "POST"):
        refused = ask(method, STATE, asked, b'{"b":"%s"}' % (b"y" * most))
        assert refused.status_code == 413
        assert refused.json["error"]
    assert ask("POST", STATE, asked, b'{"b":1}').status_code == 413  # what it would become
    without_length = {"wsgi.input": BytesIO(b"x" * 2 * most), "wsgi.input_terminated": True}
    refused = visitor.put(
        f"{ROOT}/{STATE}",
        query_string=asked,
        content_type="text/plain",
        headers=headers | {"Transfer-Encoding": "chunked"},
        environ_overrides=without_length | {"CONTENT_LENGTH": ""},
    )
    assert refused.status_code == 413
    assert list(ask("GET", STATE, asked).json) == ["a"]
