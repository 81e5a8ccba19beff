"""Codes for all who have no account."""

import re
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.accounts.models import SignInCode
from lms.accounts.services import add_account
from lms.core.clock import utc_now
from lms.core.database import Database
from lms.people.services import suggestions
from tests.factories.people import an_officer, import_people, the_person
from tests.lms.conftest import PASSWORD, browser

SignedIn = Callable[[str], FlaskClient]
CODE = re.compile(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b")
pytestmark = pytest.mark.usefixtures("crowd")


def test_everybody_of_a_unit_without_an_account_gets_a_slip(
    signed_in: SignedIn, database: Database, crowd
) -> None:
    with database.transaction() as session:
        add_account(session, username="anh", password=PASSWORD, name="Ánh", person=crowd["CB1"])
    client = signed_in("manager")
    assert "2 people of Phường Chu Văn An have no account yet." in client.get("/people/slips/").text
    page = client.post("/people/slips/").text
    assert len(CODE.findall(page)) == 2
    assert "Nguyễn Văn An" in page
    assert "Đỗ Thành Đạt" in page
    assert "Trần Thị Ánh" not in page
    assert "http://localhost:8000/first-sign-in" in page


def test_a_slip_leads_to_an_account(signed_in: SignedIn, app) -> None:
    code = CODE.findall(signed_in("manager").post("/people/slips/?unit=10549-01").text)[0]
    somebody = browser(app)
    page = somebody.get(f"/first-sign-in/{code}").text
    assert 'value="datdt"' in page
    made = somebody.post(f"/first-sign-in/{code}", data={"username": "datdt", "password": PASSWORD})
    assert made.status_code == 302


def test_new_slips_replace_earlier_ones(signed_in: SignedIn, database: Database) -> None:
    client = signed_in("manager")
    client.post("/people/slips/")
    client.post("/people/slips/")
    with database.snapshot() as session:
        still = select(func.count()).where(SignInCode.used.is_(None), SignInCode.expires > utc_now())
        assert session.scalar(still) == 3


def test_slips_can_be_for_one_audience(signed_in: SignedIn) -> None:
    assert len(CODE.findall(signed_in("manager").post("/people/slips/?audience=citizen").text)) == 1


@pytest.mark.parametrize(
    ("who", "unit", "status"),
    [
        ("outsider", "10549", 403),
        ("reporter", "31", 403),
        ("learner", "10549", 403),
        ("manager", "10660", 403),
    ],
)
def test_others_get_no_slips(signed_in: SignedIn, database: Database, who, unit, status) -> None:
    client = signed_in(who)
    assert client.get(f"/people/slips/?unit={unit}").status_code == status
    assert client.post(f"/people/slips/?unit={unit}").status_code == status
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(SignInCode)) == 0


def test_suggested_names_are_free_and_differ(database: Database, tmp_path: Path) -> None:
    people = [an_officer(number, code=f"X{number}", name="Lê Văn Tám") for number in range(3)]
    people.append(an_officer(9, code="P1", name="Lê Văn Tám", phone="0912345678"))
    people.append(an_officer(9, code="P2", name="Lê Văn Tám", phone="0912345678"))
    people.append(an_officer(9, code="P3", name="Ý"))
    import_people(database, tmp_path, *people)
    with database.transaction() as session:
        add_account(session, username="tamlv2", password=PASSWORD, name="x", person=None)
        found = [the_person(session, code) for code in ("X0", "X1", "X2", "P1", "P2", "P3")]
        names = suggestions(session, found)
        assert [names[person.id] for person in found] == [
            "tamlv", "tamlv3", "tamlv4", "0912345678", "tamlv5", "y00",
        ]  # fmt: skip
