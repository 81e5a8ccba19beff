"""GET and HEAD of statements over HTTP (xAPI 1.0.3 part 3, 1.1, 2.1.3, 2.1.4; xAPI 2.0, 4.1.6.1)."""

import json
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from werkzeug.http import parse_date

from lms.core.database import Database
from lms.xapi.reading import THROUGH
from tests.lms.xapi.conftest import ABOUT, statement
from tests.lms.xapi.mixing import TEXT, TYPE, body_of, header_of
from tracking.statements.consistency import horizon

PATH = "/xapi/statements"
INSTRUCTOR = {"objectType": "Agent", "name": "Cô Hà", "mbox": "mailto:ha@example.vn"}
CATEGORY = "https://example.org/categories/qr"
NAMES = {"en-US": "QR codes", "vi": "Mã QR"}
ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def headers(client_of):
    return client_of("statements/write", "statements/read")


@pytest.fixture
def ask(visitor, headers):
    """GET with these parameters."""

    def get(method="GET", extra=(), **query):
        return visitor.open(PATH, method=method, query_string=query, headers=headers | dict(extra))

    return get


@pytest.fixture
def told(visitor, headers):
    """A statement about the category, and one that refers to it."""
    context = {
        "instructor": INSTRUCTOR,
        "contextActivities": {"category": {"id": CATEGORY, "definition": {"name": NAMES}}},
    }
    first = statement(id=str(uuid4()), context=context)
    second = statement(id=str(uuid4()), verb={"id": "https://example.org/verbs/confirmed"},
                       object={"objectType": "StatementRef", "id": first["id"]})  # fmt: skip
    for one in (first, second):
        assert visitor.post(PATH, json=one, headers=headers).status_code == 200
    return first, second


def ids(answer):
    return [one["id"] for one in answer.json["statements"]]


def test_related_filters_look_at_everything_that_a_statement_names(ask, told):
    first, second = told
    both = [second["id"], first["id"]]
    whom, what = json.dumps(INSTRUCTOR), CATEGORY
    assert ids(ask(agent=whom)) == []
    assert ids(ask(agent=whom, related_agents="true")) == both
    assert ids(ask(activity=what)) == []
    assert ids(ask(activity=what, related_activities="true")) == both
    assert ids(ask(agent=whom, related_agents="True", activity=what, related_activities="TRUE")) == both
    # Beside nothing that they could widen, they are no fault (the official suite sends them so).
    assert ids(ask(related_agents="true")) == ids(ask(related_activities="false")) == both


NOT_UNDERSTOOD = [
    ("agent", "{"), ("agent", '"mailto:a@b.vn"'), ("agent", '{"mbox":"a@b.vn"}'), ("agent", '{"name":"An"}'),
    ("agent", '{"objectType":"Group","member":[{"mbox":"mailto:a@b.vn"}]}'), ("verb", "completed"),
    ("activity", "no iri"), ("registration", "1"), ("since", "yesterday"), ("until", "2026-13-01T00:00:00Z"),
    ("limit", "-1"), ("limit", "ten"), ("limit", "1.5"), ("ascending", "yes"), ("related_agents", "1"),
    ("related_activities", ""), ("format", "Exact"), ("format", ""), ("attachments", "maybe"),
    ("statementId", "x"), ("voidedStatementId", "{8f87ccde-bb56-4c2e-ab83-44982ef22df0}"),
    ("Limit", "1"), ("StatementId", str(uuid4())), ("foo", "bar"),
]  # fmt: skip


def test_what_is_not_understood_is_400_and_named(ask):
    # 1.0.3 part 3, 1.2 and 2.1.3; the header stands on refusals too (2.1.3.s2.b5)
    for name, value in NOT_UNDERSTOOD:
        answer = ask(**{name: value})
        assert answer.status_code == 400, (name, value)
        assert name in answer.json["error"]
        assert ISO.fullmatch(answer.headers[THROUGH])


NOT_BESIDE = [
    ("agent", '{"mbox":"mailto:a@b.vn"}'), ("verb", "http://a.b/c"), ("activity", "http://a.b/c"),
    ("registration", str(uuid4())), ("related_activities", "true"), ("related_agents", "true"),
    ("since", "2012-06-01T19:09:13.245Z"), ("until", "2012-06-01T19:09:13.245Z"), ("limit", "1"),
    ("ascending", "true"), ("more", "1"),
]  # fmt: skip


def test_beside_the_id_of_one_statement_go_only_format_and_attachments(ask):
    # 2.1.3.s2.b2
    for single in ("statementId", "voidedStatementId"):
        for name, value in NOT_BESIDE:
            assert ask(**{single: str(uuid4()), name: value}).status_code == 400, name


def test_of_both_ids_at_once_neither_is_answered(ask):
    assert ask(statementId=str(uuid4()), voidedStatementId=str(uuid4())).status_code == 400


def test_one_statement_comes_in_every_form_with_the_time_it_was_stored(ask, told):
    first, _ = told
    for form in ("exact", "ids", "canonical"):
        answer = ask(statementId=first["id"], format=form, attachments="false")
        assert answer.status_code == 200
        assert answer.headers["Content-Type"] == "application/json"
        # xAPI 2.0: Last-Modified is `stored`, as exactly as HTTP can tell
        stored = datetime.fromisoformat(answer.json["stored"])
        assert parse_date(answer.headers["Last-Modified"]) == stored.replace(microsecond=0)
        assert datetime.fromisoformat(answer.headers[THROUGH]) >= stored - timedelta(milliseconds=1)


def test_canonical_is_in_the_language_of_the_request_and_exact_in_all(ask, told):
    # 2.1.3.s4: of one statement and of many
    first, _ = told
    english = {"Accept-Language": "en-GB, en;q=0.7"}
    for query in ({"statementId": first["id"]}, {"activity": first["object"]["id"], "ascending": "true"}):
        for form, expected in (("canonical", {"en-US": NAMES["en-US"]}), ("exact", NAMES)):
            answer = ask(extra=english, format=form, **query).json
            found = answer["statements"][0] if "statements" in answer else answer
            [category] = found["context"]["contextActivities"]["category"]
            assert category["definition"]["name"] == expected


def test_pages_bear_every_parameter_along(ask, visitor, headers):
    # 2.1.3, table "StatementResult": `more` is relative, and "" on the last page
    registration = str(uuid4())
    sent = [
        statement(id=str(uuid4()), context={"registration": registration, "instructor": INSTRUCTOR})
        for _ in range(5)
    ]
    visitor.post(PATH, json=sent, headers=headers)
    asked = {
        "agent": json.dumps(INSTRUCTOR),
        "related_agents": "true",
        "related_activities": "true",
        "registration": registration,
        "since": "2012-06-01T19:09:13.245Z",
        "until": (datetime.now(UTC) + timedelta(hours=1)).isoformat(),
        "limit": "2",
        "ascending": "true",
        "format": "ids",
        "attachments": "false",
    }
    page, found = ask(**asked).json, []
    while True:
        found += page["statements"]
        if not page["more"]:
            break
        assert page["more"].startswith("/xapi/statements?")
        page = visitor.get(page["more"], headers=headers).json
    assert [one["id"] for one in found] == [one["id"] for one in sent]
    assert all(one["context"]["instructor"] == {"mbox": INSTRUCTOR["mbox"]} for one in found)


def test_a_next_page_that_nobody_gave_out_is_refused(ask):
    for token in ("x", "-1", "9" * 19, "1e3"):
        assert ask(more=token).status_code == 400


def test_since_is_exclusive_and_until_inclusive(ask, visitor, headers):
    # 2.1.3, the table of parameters
    first, second = statement(id=str(uuid4())), statement(id=str(uuid4()))
    stored = []
    for one in (first, second):
        visitor.post(PATH, json=one, headers=headers)
        stored.append(ask(statementId=one["id"]).json["stored"])
    assert ids(ask(since=stored[0])) == [second["id"]]
    assert ids(ask(until=stored[0])) == [first["id"]]
    assert ids(ask(since=stored[1])) == []
    zoned = datetime.fromisoformat(stored[0]).astimezone(datetime.now().astimezone().tzinfo)
    assert ids(ask(since=zoned.isoformat(), ascending="true")) == [second["id"]]
    assert ids(ask(since="0001-01-01T00:00:00Z", until="9999-12-31T23:59:59Z")) == [second["id"], first["id"]]


def test_files_are_sent_along_on_pages_too(ask, visitor, headers):
    one = statement(id=str(uuid4()), attachments=[header_of(TEXT)])
    sent = visitor.post(PATH, data=body_of(one, [TEXT]), headers=headers | {"Content-Type": TYPE})
    assert sent.status_code == 200, sent.json
    answer = ask(attachments="true", limit="1", format="canonical")
    assert answer.mimetype == "multipart/mixed"
    assert TEXT in answer.data
    assert ISO.fullmatch(answer.headers[THROUGH])


def test_head_is_get_without_the_body(ask, told):
    # 1.1.s3.b1
    first, _ = told
    for query in ({}, {"statementId": first["id"]}, {"statementId": str(uuid4())}, {"Limit": "1"},
                  {"format": "ids", "limit": "1"}, {"attachments": "true"}):  # fmt: skip
        got, head = ask(**query), ask(method="HEAD", **query)
        assert head.status_code == got.status_code
        assert head.data == b""
        # A boundary is drawn anew for each answer, but always as long.
        for name in ("Content-Length", "Last-Modified", "X-Experience-API-Version"):
            assert head.headers.get(name) == got.headers.get(name)
        assert head.mimetype == got.mimetype
        assert ISO.fullmatch(head.headers[THROUGH])


def test_every_answer_says_how_far_the_record_is_complete(ask, visitor, headers, told):
    # 2.1.3.s2.b5: whatever became of the request
    without_version = {name: value for name, value in headers.items() if name not in ABOUT}
    answers = {
        200: ask(),
        404: ask(statementId=str(uuid4())),
        400: visitor.get(PATH, headers=without_version),
        401: visitor.get(PATH, headers=ABOUT),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert ISO.fullmatch(answer.headers[THROUGH])
    through = datetime.fromisoformat(answers[200].headers[THROUGH])
    assert all(datetime.fromisoformat(one["stored"]) <= through for one in answers[200].json["statements"])
    assert abs(datetime.now(UTC) - through) < timedelta(seconds=30)


def test_what_was_acknowledged_is_listed_at_once(ask, visitor, headers):
    for _ in range(10):
        one = statement(id=str(uuid4()))
        visitor.post(PATH, json=one, headers=headers)
        assert ids(ask(limit="1")) == [one["id"]]


def test_the_voider_of_a_statement_is_found_by_what_that_one_said(ask, visitor, headers):
    # 2.1.4.s1.b2, 2.1.3.s3
    verb = f"https://example.org/verbs/{uuid4()}"
    sent = [statement(id=str(uuid4()), verb={"id": verb})]
    reference = {"objectType": "StatementRef", "id": sent[0]["id"]}
    voided = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    sent += [
        statement(id=str(uuid4()), verb=voided, object=reference),
        statement(id=str(uuid4()), verb={"id": verb}, object=reference),
    ]
    for one in sent:
        visitor.post(PATH, json=one, headers=headers)
    assert ids(ask(verb=verb)) == [sent[2]["id"], sent[1]["id"]]
    assert ids(ask(verb=verb, limit="1")) == [sent[2]["id"]]
    assert ask(statementId=sent[0]["id"]).status_code == 404
    assert ask(voidedStatementId=sent[0]["id"]).json["id"] == sent[0]["id"]
    assert ask(voidedStatementId=sent[1]["id"]).status_code == 404


def test_a_client_that_sees_only_its_own_learns_nothing_by_referring_to_others(visitor, client_of):
    writer, other = client_of("statements/write"), client_of("statements/write", "statements/read/mine")
    secret = statement(id=str(uuid4()), actor=INSTRUCTOR)
    visitor.post(PATH, json=secret, headers=writer)
    reference = statement(id=str(uuid4()), object={"objectType": "StatementRef", "id": secret["id"]})
    visitor.post(PATH, json=reference, headers=other)
    asked = {"agent": json.dumps(INSTRUCTOR)}
    assert ids(visitor.get(PATH, query_string=asked, headers=other)) == []
    assert ids(visitor.get(PATH, headers=other)) == [reference["id"]]


def test_values_come_back_as_they_were_sent(ask, visitor, headers):
    # Data 2.2, 4.1; Communication 2.1.3, format exact
    values = [0, -1, 2**63 - 1, 2**64 - 1, -(2**63), 0.1, 1.5e300, 1e-7, 123456789.125]
    values += ["ệ \U0001f600 \u2028 \u0000", "", {"": [None, {}, []]}]
    extensions = {f"https://example.org/extensions/{number}": value for number, value in enumerate(values)}
    one = statement(id=str(uuid4()), result={"extensions": extensions})
    visitor.post(PATH, json=one, headers=headers)
    assert ask(statementId=one["id"]).json["result"]["extensions"] == extensions


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
def test_on_sqlite_a_reader_is_told_of_one_who_is_writing(database: Database, visitor, headers):
    """For PostgreSQL see tests/tracking/statements/test_consistency.py."""
    one = statement(id=str(uuid4()))
    visitor.post(PATH, json=one, headers=headers)
    with database.writing() as writer:
        writer.connection()  # has begun to write
        with database.snapshot() as reader:
            before = horizon(reader).through
        listed = visitor.get(PATH, headers=headers)
        assert ids(listed) == [one["id"]]
        assert listed.headers[THROUGH] == before.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    with database.snapshot() as reader:
        assert horizon(reader).through > before
