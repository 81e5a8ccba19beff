"""What an error leaves in the log: enough to find it, nothing about anybody."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError, OperationalError
from structlog.testing import capture_logs

from lms.accounts import queries
from lms.core.database import Database
from lms.units.models import Unit

NAME = "Nguyễn Thị Bí Mật"


def test_an_unexpected_error_is_logged_by_its_route_and_its_number(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise ValueError

    monkeypatch.setattr(queries, "open_code", broken)
    with capture_logs() as lines:
        answer = visitor.get("/first-sign-in/K7QMX-2XPDH")
    assert answer.status_code == 500
    (line,) = lines
    assert line["event"] == "unexpected_error"
    assert line["route"] == "/first-sign-in/<code>"
    assert line["number"] in answer.get_data(as_text=True)
    assert "K7QMX" not in str(lines)


def test_a_database_that_is_away_is_logged_by_its_route(
    visitor: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: object) -> None:
        raise OperationalError("SELECT 1", {}, OSError())

    monkeypatch.setattr(queries, "open_code", away)
    with capture_logs() as lines:
        answer = visitor.get("/first-sign-in/K7QMX-2XPDH")
    assert answer.status_code == 503
    assert lines[0]["route"] == "/first-sign-in/<code>"
    assert "K7QMX" not in str(lines)


def test_errors_of_the_database_hold_no_values(database: Database) -> None:
    row = {"code": "A", "name": NAME, "kind": "city", "path": "/1/", "order_key": "", "search_key": ""}
    with pytest.raises(IntegrityError) as caught, database.transaction() as session:
        session.execute(insert(Unit), [row, row])
    assert NAME not in str(caught.value)
