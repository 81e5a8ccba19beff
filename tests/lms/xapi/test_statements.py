"""Statements over HTTP (xAPI 1.0.3 part 3, 2.1)."""

from uuid import UUID, uuid4

import orjson
import pytest

from tests.lms.xapi.conftest import statement

PATH = "/xapi/statements"


@pytest.fixture
def headers(client_of):
    return client_of("statements/write", "statements/read")


def test_a_posted_statement_comes_back_with_what_the_store_sets(visitor, headers):
    sent = statement(result={"score": {"scaled": 0.8}, "duration": "PT5M"})
    answer = visitor.post(PATH, json=sent, headers=headers)
    assert answer.status_code == 200
    (statement_id,) = answer.json
    kept = visitor.get(PATH, query_string={"statementId": statement_id}, headers=headers).json
    assert {name: kept[name] for name in ("verb", "object", "result")} == {
        name: sent[name] for name in ("verb", "object", "result")
    }
    assert kept["id"] == statement_id
    assert kept["stored"] == kept["timestamp"]
    assert kept["authority"]["account"]["name"].startswith("client:")
    assert kept["version"] == "1.0.0"


def test_a_put_statement_has_the_id_of_the_address(visitor, headers):
    statement_id = str(uuid4())
    path = f"{PATH}?statementId={statement_id}"
    assert visitor.put(path, json=statement(), headers=headers).status_code == 204
    assert visitor.get(path, headers=headers).json["id"] == statement_id


def test_putting_the_same_again_is_accepted_and_another_is_refused(visitor, headers):
    path = f"{PATH}?statementId={uuid4()}"
    for expected, sent in (
        (204, statement()),
        (204, statement()),
        (409, statement(result={"success": True})),
    ):
        assert visitor.put(path, json=sent, headers=headers).status_code == expected
    assert "result" not in visitor.get(path, headers=headers).json


def test_a_batch_is_kept_whole_or_not_at_all(visitor, headers):
    good, bad = statement(id=str(uuid4())), statement(verb={"id": "no iri"})
    answer = visitor.post(PATH, json=[good, bad], headers=headers)
    assert answer.status_code == 400
    assert answer.json["error"].startswith("[1].verb.id: ")
    assert visitor.get(f"{PATH}?statementId={good['id']}", headers=headers).status_code == 404


def test_the_ids_of_a_batch_are_answered_in_its_order(visitor, headers):
    sent = [statement(id=str(uuid4())) for _ in range(20)]
    assert visitor.post(PATH, json=sent, headers=headers).json == [one["id"] for one in sent]


@pytest.mark.parametrize("body", [b"{", b"[1]", b'"text"', b"\xff", b'{"actor":1,"actor":2}'])
def test_what_is_not_a_statement_is_refused_with_a_sentence(visitor, headers, body):
    answer = visitor.post(PATH, data=body, headers=headers, content_type="application/json")
    assert answer.status_code == 400
    assert answer.json["error"]


@pytest.mark.parametrize(
    "query",
    ["statementid=x", "Limit=1", "limit=-1", "limit=x", "since=yesterday", "agent={}", "ascending=maybe",
     "statementId=x", "registration=1", "verb=a&verb=b", "statementId=7f3c5b1e-0f0a-4b52-9d2c-3a5a5e3f8c11&verb=http://a.b/c"],
)  # fmt: skip
def test_a_query_that_is_not_understood_is_refused(visitor, headers, query):
    answer = visitor.get(f"{PATH}?{query}", headers=headers)
    assert answer.status_code == 400
    assert query.split("=")[0].split("&")[0] in answer.json["error"] or "statementId" in answer.json["error"]


def test_filters_find_what_fits_newest_first_page_by_page(visitor, headers):
    registration = str(uuid4())
    mine = [statement(id=str(uuid4()), context={"registration": registration}) for _ in range(5)]
    others = [statement(id=str(uuid4()), verb={"id": "http://adlnet.gov/expapi/verbs/initialized"})]
    visitor.post(PATH, json=mine + others, headers=headers)
    found, address = [], f"{PATH}?registration={registration}&limit=2"
    while address:
        page = visitor.get(address, headers=headers).json
        assert len(page["statements"]) <= 2
        found += [one["id"] for one in page["statements"]]
        address = page["more"]
    assert found == [one["id"] for one in reversed(mine)]


def test_each_filter_narrows(visitor, headers):
    one = statement(
        id=str(uuid4()),
        actor={"mbox": "mailto:a@example.vn"},
        verb={"id": "http://adlnet.gov/expapi/verbs/passed"},
        object={"id": "http://localhost:8000/courses/ai"},
    )
    visitor.post(PATH, json=[one, statement()], headers=headers)
    for query in (
        {"agent": orjson.dumps(one["actor"]).decode()},
        {"verb": one["verb"]["id"]},
        {"activity": one["object"]["id"]},
    ):
        answer = visitor.get(PATH, query_string=query, headers=headers)
        assert [found["id"] for found in answer.json["statements"]] == [one["id"]]
        assert answer.json["more"] == ""
        assert answer.headers["X-Experience-API-Consistent-Through"]


def test_a_client_with_the_narrow_scope_sees_only_its_own(visitor, client_of):
    one, two = client_of(), client_of()
    (statement_id,) = visitor.post(PATH, json=statement(), headers=one).json
    assert len(visitor.get(PATH, headers=one).json["statements"]) == 1
    assert visitor.get(PATH, headers=two).json["statements"] == []
    assert visitor.get(f"{PATH}?statementId={statement_id}", headers=two).status_code == 404


@pytest.mark.parametrize(("scope", "may_write", "may_read"), [
    ("statements/write", 200, 403), ("statements/read", 403, 200), ("state", 403, 403), ("all", 200, 200),
])  # fmt: skip
def test_a_client_does_what_its_scopes_say_and_no_more(visitor, client_of, scope, may_write, may_read):
    headers = client_of(scope)
    assert visitor.post(PATH, json=statement(), headers=headers).status_code == may_write
    assert visitor.get(PATH, headers=headers).status_code == may_read


def test_a_voided_statement_is_found_only_as_voided(visitor, headers):
    (statement_id,) = visitor.post(PATH, json=statement(), headers=headers).json
    voiding = statement(
        verb={"id": "http://adlnet.gov/expapi/verbs/voided"},
        object={"objectType": "StatementRef", "id": statement_id},
    )
    (voider,) = visitor.post(PATH, json=voiding, headers=headers).json
    assert visitor.get(f"{PATH}?statementId={statement_id}", headers=headers).status_code == 404
    assert visitor.get(f"{PATH}?voidedStatementId={statement_id}", headers=headers).status_code == 200
    assert visitor.get(f"{PATH}?statementId={voider}", headers=headers).status_code == 200


@pytest.mark.parametrize(("asked", "status", "answered"), [
    ("1.0.3", 200, "1.0.3"), ("1.0", 200, "1.0.3"), ("2.0.0", 200, "2.0.0"), ("0.95", 400, "1.0.3"),
    ("1.1.0", 400, "1.0.3"), (None, 400, "1.0.3"),
])  # fmt: skip
def test_the_version_is_chosen_by_the_header(visitor, headers, asked, status, answered):
    given = {name: value for name, value in headers.items() if name != "X-Experience-API-Version"}
    if asked:
        given["X-Experience-API-Version"] = asked
    answer = visitor.get(PATH, headers=given)
    assert (answer.status_code, answer.headers["X-Experience-API-Version"]) == (status, answered)


def test_the_store_answers_on_both_hosts(visitor, headers):
    for host in ("localhost:8000", "127.0.0.1:8000"):
        assert visitor.get(PATH, headers=headers, base_url=f"http://{host}").status_code == 200


def test_ids_that_the_store_makes_are_uuids_of_their_own(visitor, headers):
    ids = {UUID(one) for one in visitor.post(PATH, json=[statement(), statement()], headers=headers).json}
    assert len(ids) == 2
