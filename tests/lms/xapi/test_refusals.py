"""What every refusal under /xapi/ has in common, and pages of other origins."""

from io import BytesIO

import pytest
from sqlalchemy.exc import OperationalError

from lms.xapi import resources
from tests.lms.xapi.asking import DOCUMENTS, LESSON, ROOT, STATE, VERSION, agent, query, speaking

ALLOWED = {
    **{resource: {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS"} for resource in DOCUMENTS},
    "statements": {"GET", "HEAD", "PUT", "POST", "OPTIONS"},
    **{resource: {"GET", "HEAD", "OPTIONS"} for resource in ("agents", "activities", "about")},
}
EXPOSED = {"ETag", "Last-Modified", "X-Experience-API-Version", "X-Experience-API-Consistent-Through"}


def is_refusal(answer, status):
    assert answer.status_code == status
    assert answer.content_type == "application/json"
    assert isinstance(answer.json["error"], str)
    assert len(answer.json["error"]) > 10
    assert answer.headers[VERSION] == "1.0.3"
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    return answer.json["error"]


@pytest.mark.parametrize(
    "path", ["", "/", "/nothing", "/activities/nothing", "/statements/x", "/agents/", "/OAuth/token"]
)
def test_what_is_not_there_is_told_as_json(visitor, path):
    assert is_refusal(visitor.get(ROOT + path), 404) == "There is nothing at this address."


def test_a_method_that_a_resource_does_not_know_is_405_with_those_it_knows(visitor):
    """3.2; conformance: also without credentials."""
    for resource, allowed in ALLOWED.items():
        for method in ("GET", "HEAD", "PUT", "POST", "DELETE", "PATCH", "TRACE"):
            answer = visitor.open(f"{ROOT}/{resource}", method=method, headers={VERSION: "1.0.1"})
            if method in allowed:
                assert answer.status_code != 405
            else:
                is_refusal(answer, 405)
                assert set(answer.headers["Allow"].split(", ")) == allowed


def test_refusals_speak_english_whatever_language_the_visitor_reads(visitor, client_of):
    visitor.set_cookie("language", "vi", domain="localhost")
    answer = visitor.get(f"{ROOT}/agents", query_string={"agent": agent()}, headers=client_of("state"))
    assert is_refusal(answer, 403).startswith("This client may not")
    answer = visitor.get(f"{ROOT}/{STATE}", query_string=query(STATE), headers=client_of("state"))
    assert is_refusal(answer, 404) == "There is no such document."


def test_a_request_that_is_too_large_is_413(visitor, client_of):
    """3.2.s3.b11"""
    length = {"CONTENT_LENGTH": str(600 * 1024 * 1024)}
    headers = client_of("all") | {"Content-Type": "application/json"}
    for method, path in (("PUT", STATE), ("POST", "statements")):
        asked = query(STATE) if path == STATE else {}
        answer = visitor.open(
            f"{ROOT}/{path}", method=method, query_string=asked, headers=headers, environ_overrides=length
        )
        is_refusal(answer, 413)


def test_a_document_that_broke_off_on_its_way_is_not_kept(visitor, client_of):
    """The web server hands on what came before the connection broke, with or without a length."""
    asked, headers = query(STATE), client_of("all") | {"Content-Type": "text/plain"}
    for status, environ in (
        (400, {"CONTENT_LENGTH": "400"}),
        (400, {"CONTENT_LENGTH": "400", "wsgi.input_terminated": True}),
        (411, {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}),
    ):
        arrived = environ | {"wsgi.input": BytesIO(b"half of a do")}
        answer = visitor.put(
            f"{ROOT}/{STATE}", query_string=asked, headers=headers, environ_overrides=arrived
        )
        is_refusal(answer, status)
    assert visitor.get(f"{ROOT}/{STATE}", query_string=asked, headers=headers).status_code == 404


@pytest.mark.parametrize(("error", "status"), [
    (OperationalError("SELECT 1", {}, Exception("gone")), 503), (ZeroDivisionError(), 500),
])  # fmt: skip
def test_a_fault_of_ours_is_told_as_json(visitor, client_of, monkeypatch, error, status):
    def fail(*_args):
        raise error

    headers = client_of("all")
    monkeypatch.setattr(resources, "definition", fail)
    answer = visitor.get(f"{ROOT}/activities", query_string={"activityId": LESSON}, headers=headers)
    is_refusal(answer, status)
    if status == 503:
        assert int(answer.headers["Retry-After"]) > 0


def test_any_page_may_ask_beforehand_without_credentials(visitor):
    """The Fetch standard's preflight: no Authorization, no version."""
    for resource, allowed in ALLOWED.items():
        answer = visitor.options(
            f"{ROOT}/{resource}",
            headers={
                "Origin": "https://lesson.example.org",
                "Access-Control-Request-Method": "PUT",
                "Access-Control-Request-Headers": "authorization,if-match,x-experience-api-version",
            },
        )
        assert answer.status_code == 200
        assert answer.data == b""
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert set(answer.headers["Access-Control-Allow-Methods"].split(", ")) == allowed
        taken = {name.lower() for name in answer.headers["Access-Control-Allow-Headers"].split(", ")}
        assert {
            "authorization",
            "content-type",
            "if-match",
            "if-none-match",
            "x-experience-api-version",
        } <= taken
        assert int(answer.headers["Access-Control-Max-Age"]) > 0
        assert answer.headers[VERSION] == "1.0.3"


def test_any_page_may_read_answers_and_refusals_but_never_with_a_browsers_credentials(visitor, client_of):
    headers = client_of("state") | {"Origin": "https://lesson.example.org"}
    for given, status in ((headers, 404), (speaking(headers, "0.9"), 400), ({VERSION: "1.0.3"}, 401)):
        answer = visitor.get(f"{ROOT}/{STATE}", query_string=query(STATE), headers=given)
        assert answer.status_code == status
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert set(answer.headers["Access-Control-Expose-Headers"].split(", ")) >= EXPOSED
        assert "Access-Control-Allow-Credentials" not in answer.headers
        assert "Set-Cookie" not in answer.headers


def test_other_addresses_are_closed_to_other_pages(visitor):
    for path in ("/", "/api/v1/units", "/healthz", "/xapis", "/sign-in"):
        for method in ("GET", "OPTIONS"):
            answer = visitor.open(path, method=method, headers={"Origin": "https://lesson.example.org"})
            assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]
