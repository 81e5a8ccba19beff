"""What everybody is told while the database is away: 503, in words, and when to come again."""

import pytest
from flask import Flask

from lms.core.database import Database
from tests.lms.conftest import browser
from tests.servers import free_port

PAGES = ("/", "/lessons", "/rates", "/people/", "/units/", "/record/", "/clients/")


@pytest.fixture
def away(runtime):
    """Take the database away, for those who hold the runtime; nobody listens at this port."""

    def take_away() -> None:
        runtime.database.close()
        runtime.__dict__["database"] = Database(f"postgresql+psycopg://nobody@127.0.0.1:{free_port()}/none")

    return take_away


@pytest.mark.parametrize("who", ["administrator", "learner"])
def test_people_who_are_signed_in_see_a_page_that_says_so_and_stay_signed_in(signed_in, runtime, away, who):
    client = signed_in(who)
    database = runtime.database
    assert client.get("/lessons").status_code == 200
    away()
    for page in PAGES:
        answer = client.get(page)
        assert answer.status_code == 503, page
        assert answer.headers["Retry-After"] == "5", page
        assert "We will be back in a moment" in answer.text, page
    assert client.get("/nowhere").status_code == 404
    assert client.post("/sign-out").status_code == 503
    runtime.__dict__["database"] = database
    assert "Sign out" in client.get("/lessons").text


def test_visitors_and_programs_are_told_too(app: Flask, away):
    visitor = browser(app)
    away()
    assert visitor.get("/lessons").status_code == 503
    answer = visitor.post("/sign-in", data={"username": "a", "password": "b"})
    assert answer.status_code == 503
    assert "We will be back in a moment" in answer.text
    answer = visitor.get("/api/v1/courses", headers={"Authorization": "Basic YTpi"})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert answer.json["error"] == "The database is away for a moment. Send it again later."
    assert visitor.get("/healthz").status_code == 200
    answer = visitor.get("/readyz")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "5")
    assert "lms_database_up 0" in visitor.get("/metrics").text


def test_what_is_refused_without_the_database_is_still_refused(app: Flask, away):
    visitor = browser(app)
    away()
    assert visitor.get("/nowhere").status_code == 404
    assert visitor.get("/xapi/nowhere").status_code == 404
    assert visitor.get("/xapi/about").status_code == 200
