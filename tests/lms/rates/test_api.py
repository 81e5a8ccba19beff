"""`/api/v1/`."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

from lms.core.clock import today
from lms.core.database import Database
from lms.rates import api
from tests.lms.conftest import Cast
from tests.lms.rates.conftest import Scene

Enter = Callable[[str], FlaskClient]
Credentials = Callable[..., dict[str, str]]


def test_a_rate_as_the_contract_has_it(visitor: FlaskClient, scene: Scene, credentials: Credentials):
    answer = visitor.get(
        "/api/v1/rates?course=qr&unit=10549&audience=officer", headers=credentials("rates/read")
    )
    assert answer.status_code == 200
    document = dict(answer.json)
    assert document.pop("definition").endswith("out of all its officers")
    assert document == {
        "course": "qr",
        "unit": "10549",
        "audience": "officer",
        "as_of": today().isoformat(),
        "known_on": None,
        "completed": 56,
        "members": 57,
        "percent": 98.2,
        "children": [],
    }


def test_by_unit_lists_the_units_below(visitor: FlaskClient, scene: Scene, credentials: Credentials):
    answer = visitor.get("/api/v1/rates?course=qr&by=unit", headers=credentials("all")).json
    assert (answer["unit"], answer["completed"], answer["members"]) == ("31", 57, 59)
    assert answer["children"][1] == {
        "code": "10549",
        "name": "Phường Chu Văn An",
        "kind": "commune",
        "completed": 56,
        "members": 57,
        "percent": 98.2,
    }


def test_an_earlier_day_and_what_was_known(visitor: FlaskClient, scene: Scene, credentials: Credentials):
    headers = credentials("rates/read")
    earlier = visitor.get("/api/v1/rates?course=qr&unit=10549&as_of=2025-11-01", headers=headers).json
    assert (earlier["as_of"], earlier["completed"]) == ("2025-11-01", 16)
    yesterday = today() - timedelta(days=1)
    known = visitor.get(f"/api/v1/rates?course=qr&unit=10549&known_on={yesterday}", headers=headers).json
    assert (known["known_on"], known["members"], known["percent"]) == (yesterday.isoformat(), 0, None)


def test_the_explanation_names_members_and_statements(signed_in: Enter, scene: Scene):
    answer = signed_in("manager").get("/api/v1/explain?course=qr&unit=10549").json
    assert (answer["completed"], answer["members"], len(answer["people"])) == (56, 57, 57)
    people = {person["code"]: person for person in answer["people"]}
    assert people["CVA-001"] == {
        "code": "CVA-001",
        "name": "Nguyễn Thị Bình",
        "unit": "10549",
        "completed_at": "2025-11-01T01:00:00Z",
        "statement": str(scene.statements[0]),
    }
    assert people["CVA-057"]["statement"] is None


def test_a_long_explanation_is_asked_for_in_parts(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    first = client.get("/api/v1/explain?course=qr&unit=10549&limit=50").json
    rest = client.get(f"/api/v1/explain?course=qr&unit=10549&limit=50&offset={first['next']}").json
    assert [len(first["people"]), len(rest["people"]), rest["next"]] == [50, 7, None]


def test_somebody_signed_in_is_asked_about_their_own_unit_unless_they_say(signed_in: Enter, scene: Scene):
    assert signed_in("manager").get("/api/v1/rates?course=qr").json["unit"] == "10549"
    assert signed_in("reporter").get("/api/v1/rates?course=qr").json["unit"] == "31"


def test_units_are_those_within_reach(
    signed_in: Enter, visitor: FlaskClient, scene: Scene, credentials: Credentials
):
    own = signed_in("manager").get("/api/v1/units").json
    assert [(unit["code"], unit["parent"]) for unit in own] == [("10549", None), ("10549-01", "10549")]
    everything = visitor.get("/api/v1/units", headers=credentials("all")).json
    assert [unit["code"] for unit in everything] == ["31", "10660", "10549", "10549-01"]


def test_courses_are_listed_as_by_the_command(visitor: FlaskClient, scene: Scene, credentials: Credentials):
    (course,) = visitor.get("/api/v1/courses", headers=credentials("rates/read")).json
    assert course == {
        "slug": "qr",
        "iri": scene.course.iri,
        "title": "Quét mã QR an toàn",
        "standard": "scorm12",
        "topic": 2,
        "audience": "officer",
        "minutes": 6,
        "lessons": 1,
    }


def test_wrong_credentials_and_missing_scopes_are_refused(
    visitor: FlaskClient, scene: Scene, credentials: Credentials
):
    wrong = {"Authorization": "Basic bm9ib2R5Ondyb25n"}
    assert visitor.get("/api/v1/rates?course=qr", headers=wrong).status_code == 401
    answer = visitor.get("/api/v1/rates?course=qr", headers=credentials("statements/write"))
    assert answer.status_code == 403
    assert "rates/read" in answer.json["error"]


def test_wrong_credentials_are_not_made_good_by_being_signed_in(signed_in: Enter, scene: Scene):
    wrong = {"Authorization": "Basic bm9ib2R5Ondyb25n"}
    assert signed_in("manager").get("/api/v1/rates?course=qr", headers=wrong).status_code == 401


def test_a_wrong_parameter_is_named_in_a_sentence(
    visitor: FlaskClient, scene: Scene, credentials: Credentials
):
    headers = credentials("all")
    for query, parameter in (
        ("", "course"),
        ("course=qr&as_of=yesterday", "as_of"),
        ("course=qr&as_of=2999-01-01", "as_of"),
        ("course=qr&known_on=31-13-2025", "known_on"),
        ("course=qr&audience=robots", "audience"),
        ("course=qr&by=colour", "by"),
        ("course=qr&as-of=2025-11-01", "as-of"),
        ("course=qr&course=ai", "course"),
    ):
        answer = visitor.get(f"/api/v1/rates?{query}", headers=headers)
        assert (answer.status_code, answer.json["parameter"]) == (400, parameter)
        assert answer.json["error"].endswith(".")


def test_a_wrong_part_is_refused(signed_in: Enter, scene: Scene):
    client = signed_in("manager")
    for query in ("limit=0", "limit=many", "offset=-1", "limit=10001", "limit=²"):
        answer = client.get(f"/api/v1/explain?course=qr&{query}")
        assert (answer.status_code, answer.json["parameter"]) == (400, query.partition("=")[0])


def test_unknown_units_and_courses_are_404(visitor: FlaskClient, scene: Scene, credentials: Credentials):
    headers = credentials("all")
    assert visitor.get("/api/v1/rates?course=none", headers=headers).status_code == 404
    assert visitor.get("/api/v1/rates?course=qr&unit=none", headers=headers).status_code == 404


def test_without_units_there_is_nothing_to_ask_about(
    visitor: FlaskClient, database: Database, credentials: Credentials
):
    headers = credentials("all")
    assert visitor.get("/api/v1/units", headers=headers).json == []
    assert visitor.get("/api/v1/rates?course=qr", headers=headers).status_code == 404


def test_the_description_has_a_schema_for_every_answer(visitor: FlaskClient, cast: Cast):
    document = visitor.get("/api/v1/openapi.json").json
    assert document["openapi"] == "3.1.0"
    schemas = document["components"]["schemas"]
    assert set(schemas["RateAnswer"]["properties"]) >= {"completed", "members", "percent", "definition"}
    for path, operations in document["paths"].items():
        answers = operations["get"]["responses"]
        assert "200" in answers, path
        reference = answers["200"]["content"]["application/json"]["schema"].get("$ref")
        assert reference is None or reference.rsplit("/", 1)[1] in schemas


def test_the_people_of_a_unit_too_large_to_put_in_order_are_refused(
    signed_in: Enter, scene: Scene, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(api, "MOST_MEMBERS", 56)
    answer = signed_in("manager").get("/api/v1/explain?course=qr")
    assert (answer.status_code, answer.json["parameter"]) == (400, "unit")
    assert "Choose one of the units below it." in answer.json["error"]
