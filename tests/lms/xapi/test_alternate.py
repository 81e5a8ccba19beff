"""The alternate request syntax (xAPI 1.0.3 part 3, 1.3), as WSGI and through the whole application."""

import json
from io import BytesIO
from urllib.parse import parse_qs, urlencode
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lms.xapi.alternate import REFUSED, AlternateSyntax
from tests.lms.xapi.asking import DOCUMENTS, LESSON, ROOT, STATE, VERSION, agent, query
from tests.lms.xapi.conftest import statement

FORM = "application/x-www-form-urlencoded"
LARGEST = 10_000


class Behind:
    """An application that remembers what reached it."""

    def __init__(self) -> None:
        self.seen: dict = {}

    def __call__(self, environ, start_response) -> list[bytes]:
        self.seen = environ
        self.body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        start_response("200 OK", [("Content-Length", "7"), ("ETag", '"x"')])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [b"1234567"]


def through(body, asked="method=PUT", path="/xapi/activities/state", method="POST", **environ):
    """What reaches the application behind; the headers of its answer too."""
    sent = body if isinstance(body, bytes) else urlencode(body).encode()
    behind, answered = Behind(), []
    given = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": asked,
        "CONTENT_TYPE": FORM,
        "CONTENT_LENGTH": str(len(sent)),
        "wsgi.input": BytesIO(sent),
        "HTTP_X_EXPERIENCE_API_VERSION": "1.0.3",
        "HTTP_ACCEPT_LANGUAGE": "vi",
    } | environ
    list(AlternateSyntax(behind, largest=LARGEST)(given, lambda *start: answered.extend(start)))
    behind.headers = dict(answered[1])
    return behind


def refusal(*args, **more):
    return str(through(*args, **more).seen[REFUSED])


def test_a_form_becomes_the_request_that_it_stands_for():
    """1.3.s3.b2, b4, b7, b13, b14"""
    behind = through(
        {
            "activityId": LESSON,
            "stateId": "a&b=c",
            "Authorization": "Basic eDp5",
            "X-Experience-API-Version": "1.0.1",
            "Content-Type": "text/plain",
            "Content-Length": "3",
            "If-Match": '"x"',
            "If-None-Match": "*",
            "content": "đọc & học",
        },
        HTTP_AUTHORIZATION="Basic ignored",
    )
    seen = behind.seen
    assert REFUSED not in seen
    assert seen["REQUEST_METHOD"] == "PUT"
    assert parse_qs(seen["QUERY_STRING"]) == {"activityId": [LESSON], "stateId": ["a&b=c"]}
    assert behind.body == "đọc & học".encode()
    assert seen["CONTENT_LENGTH"] == str(len(behind.body))
    assert seen["CONTENT_TYPE"] == "text/plain"
    assert seen["HTTP_AUTHORIZATION"] == "Basic eDp5"
    assert seen["HTTP_X_EXPERIENCE_API_VERSION"] == "1.0.1"
    assert (seen["HTTP_IF_MATCH"], seen["HTTP_IF_NONE_MATCH"]) == ('"x"', "*")
    assert seen["HTTP_ACCEPT_LANGUAGE"] == "vi"  # 1.3.s3.b8


def test_headers_that_the_form_leaves_out_are_those_of_the_request():
    seen = through({"content": ""}, HTTP_AUTHORIZATION="Basic eDp5", HTTP_IF_MATCH='"x"').seen
    assert (seen["HTTP_AUTHORIZATION"], seen["HTTP_IF_MATCH"]) == ("Basic eDp5", '"x"')


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/xapi/statements", "application/json"), ("/xapi/agents/profile", "application/octet-stream")],
)
def test_content_without_a_type_is_what_the_resource_takes(path, expected):
    assert through({"content": "{}"}, path=path).seen["CONTENT_TYPE"] == expected


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "POST", "DELETE"])
def test_every_method_is_understood(method):
    behind = through({"content": "{}", "x": "1"}, f"method={method}")
    assert behind.seen["REQUEST_METHOD"] == method
    assert behind.seen["QUERY_STRING"] == "x=1"
    assert behind.body == (b"{}" if method in ("PUT", "POST") else b"")
    # A client that sent a POST waits for as many bytes as it is told.
    assert ("Content-Length" in behind.headers) == (method != "HEAD")


@pytest.mark.parametrize(
    "kind", [FORM, f"{FORM}; charset=UTF-8", "text/plain", "", "Application/X-WWW-Form-URLEncoded"]
)
def test_a_browser_of_old_need_not_say_that_it_is_a_form(kind):
    """1.3.s3.b9 is a recommendation: Internet Explorer's XDomainRequest could not set it."""
    assert through({"content": "x"}, CONTENT_TYPE=kind).body == b"x"


@pytest.mark.parametrize("asked", [
    "method=PUT&stateId=x", "stateId=x&method=PUT", "method=PUT&method=PUT", "method=", "method=put",
    "method=PATCH", "method=OPTIONS", "method=GET%0d%0aX:y",
])  # fmt: skip
def test_the_address_names_one_known_method_and_nothing_else(asked):
    """1.3.s3.b3"""
    assert refusal({"content": "x"}, asked).startswith("method: ")


@pytest.mark.parametrize(
    ("body", "what"),
    [
        (b"", "content"),
        ({"stateId": "x"}, "content"),
        ([("content", "a"), ("content", "b")], "content"),
        (json.dumps({"content": json.dumps(statement())}).encode(), "content"),
        (b"content=%FF", "content"),
        (b"content=\xff\xfe", "content"),
        ({"content": "x", "If-Match": "a\r\nX-Other: b"}, "If-Match"),
        ({"content": "x", "Authorization": "Basic \x00"}, "Authorization"),
        ({"content": "x", "Content-Type": "văn/bản"}, "Content-Type"),
        ({"content": "x", "Content-Type": "multipart/mixed; boundary=b"}, "Content-Type"),
        ([("content", "x"), ("If-Match", "a"), ("if-match", "b")], "if-match"),
        ([("content", "x"), *((f"a{number}", "") for number in range(50))], "form"),
    ],
)
def test_a_form_that_stands_for_no_request_is_refused(body, what):
    """1.3.s3.b4, b5; nothing may be smuggled into a header."""
    assert refusal(body).startswith(f"{what}: ")


@pytest.mark.parametrize(
    "kind", ["application/json", "multipart/form-data; boundary=b", "application/octet-stream"]
)
def test_another_body_than_a_form_is_refused(kind):
    assert refusal({"content": "x"}, CONTENT_TYPE=kind).startswith("Content-Type: ")


def test_a_form_is_bounded_and_must_be_whole():
    assert through({"content": "x" * (LARGEST - 8)}).body
    assert "at most" in refusal({"content": "x" * LARGEST})
    assert "at most" in refusal(b"", CONTENT_LENGTH=str(LARGEST + 1))
    assert "broke off" in refusal({"content": "x"}, CONTENT_LENGTH="50")


def test_a_form_must_say_how_long_it_is():
    """Else half of one could not be told from the whole."""
    without = {"CONTENT_LENGTH": "", "HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert "Content-Length" in refusal({"content": "x"}, **without)
    assert "at most" in refusal({"content": "x" * LARGEST}, **without)
    assert refusal({"content": "x"}, CONTENT_LENGTH="").startswith("content: ")


@pytest.mark.parametrize("environ", [
    {"method": "PUT"}, {"method": "GET"}, {"path": "/api/v1/rates"}, {"path": "/xapi"}, {"asked": ""},
    {"asked": "statementId=x"}, {"asked": "xmethod=PUT"}, {"HTTP_X_EXPERIENCE_API_VERSION": "2.0.0"},
    {"HTTP_X_EXPERIENCE_API_VERSION": "2.0"},
])  # fmt: skip
def test_other_requests_pass_as_they_are(environ):
    behind = through({"content": "x"}, **environ)
    assert behind.body == b"content=x"
    assert REFUSED not in behind.seen


texts = st.text(st.characters(codec="utf-8"))
names = st.from_regex(r"[a-z]{1,8}", fullmatch=True).filter(lambda name: name != "content")


@given(parameters=st.dictionaries(names, texts, max_size=5), content=texts)
def test_parameters_and_content_come_through_unchanged(parameters, content):
    behind = through(parameters | {"content": content})
    found = {
        name: values[0]
        for name, values in parse_qs(behind.seen["QUERY_STRING"], keep_blank_values=True).items()
    }
    assert found == parameters
    assert behind.body == content.encode()


@pytest.fixture
def post(visitor, client_of):
    """Post a form; credentials and version are fields of it, as where no header can be set."""
    headers = client_of("all")
    fields = {name: headers[name] for name in ("Authorization", VERSION)}

    def send(resource, method, form=None, query="", **more):
        return visitor.post(
            f"{ROOT}/{resource}?method={method}{query}", data=fields | (form or {}) | more, content_type=FORM
        )

    return send


def test_statements_are_put_posted_and_read(post):
    """Conformance XAPI-00148, XAPI-00336"""
    statement_id = str(uuid4())
    answer = post("statements", "PUT", {"statementId": statement_id, "content": json.dumps(statement())})
    assert answer.status_code == 204
    answer = post(
        "statements", "POST", {"content": json.dumps([statement()]), "Content-Type": "application/json"}
    )
    assert len(answer.json) == 1
    assert post("statements", "GET", {"statementId": statement_id}).json["id"] == statement_id
    page = post("statements", "GET", {"limit": "1", "verb": statement()["verb"]["id"]}).json
    assert len(page["statements"]) == 1
    assert page["more"].startswith("/xapi/statements?")
    assert "method" not in page["more"]
    assert "Authorization" not in page["more"]


def test_documents_are_kept_merged_read_and_deleted(post):
    for resource in DOCUMENTS:
        asked = query(resource)
        json_type = {"Content-Type": "application/json"}
        content = asked | json_type | {"content": '{"tên":"An"}'}
        assert post(resource, "PUT", content | {"If-None-Match": "*"}).status_code == 204
        assert post(resource, "PUT", content | {"If-None-Match": "*"}).status_code == 412
        assert post(resource, "POST", asked | json_type | {"content": '{"n":1}'}).status_code == 204
        found = post(resource, "GET", asked)
        assert found.json == {"tên": "An", "n": 1}
        head = post(resource, "HEAD", asked)
        assert (head.status_code, head.data) == (200, b"")
        assert head.headers["ETag"] == found.headers["ETag"]
        assert post(resource, "DELETE", asked).status_code == 204
        assert post(resource, "GET", asked).status_code == 404


def test_agents_activities_and_about_are_read(post):
    assert post("agents", "GET", {"agent": agent()}).json["objectType"] == "Person"
    assert post("activities", "GET", {"activityId": LESSON}).json["id"] == LESSON
    assert post("about", "GET").status_code == 200
    assert post("agents", "PUT", {"agent": agent(), "content": "x"}).status_code == 405


def test_refusals_are_those_of_ordinary_requests(post, visitor):
    for status, answer in (
        (400, post("statements", "PUT", {VERSION: "0.8", "content": "{}"})),
        (
            400,
            post("statements", "PUT", {"content": json.dumps(statement())}, query=f"&statementId={uuid4()}"),
        ),
        (400, post("statements", "PUT")),
        (400, post("statements", "BREW", {"content": "{}"})),
        (400, post("statements", "GET", {"foo": "bar"})),
        (401, post("statements", "GET", {"Authorization": "Basic eDp5"})),
        (400, visitor.post(f"{ROOT}/statements?method=GET", data={"limit": "1"})),
    ):
        assert answer.status_code == status
        assert answer.json["error"]
        assert answer.headers[VERSION] == "1.0.3"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


def test_it_is_a_post_of_a_form_and_of_nothing_else(client_of, visitor):
    headers = client_of("all")
    form = urlencode({"content": json.dumps(statement()), "statementId": str(uuid4())})
    answer = visitor.put(f"{ROOT}/statements?method=POST", data=form, content_type=FORM, headers=headers)
    assert answer.status_code == 400
    answer = visitor.post(f"{ROOT}/statements?method=PUT", json=statement(), headers=headers)
    assert answer.status_code == 400


@pytest.mark.parametrize("where", ["header", "form"])
def test_there_is_no_such_syntax_in_2_0(client_of, visitor, where):
    headers = client_of("all") | {VERSION: "2.0.0"}
    fields = {"Authorization": headers["Authorization"], VERSION: "2.0.0"} if where == "form" else {}
    given = {} if where == "form" else headers
    for resource, asked in (("statements", {}), (STATE, query(STATE)), ("agents", {"agent": agent()})):
        for method in ("GET", "PUT", "POST", "DELETE"):
            answer = visitor.post(
                f"{ROOT}/{resource}?method={method}", data=fields | asked | {"content": "{}"}, headers=given
            )
            assert 400 <= answer.status_code < 500
            assert answer.json["error"]
    kept = visitor.get(f"{ROOT}/{STATE}", query_string=query(STATE, stateId=None), headers=headers)
    assert kept.json == []
