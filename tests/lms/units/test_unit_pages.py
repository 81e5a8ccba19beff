"""Looking through the tree, and importing it on a page."""

import io
from collections.abc import Callable

import pytest
from flask.testing import FlaskClient
from lxml import html
from sqlalchemy import select

from lms.core.database import Database
from lms.units.models import Unit
from lms.units.services import read_units
from tests.lms.conftest import Cast

SignedIn = Callable[[str], FlaskClient]
FILE = "code,name,kind,parent_code\n10549-02,Tổ dân phố 2,village,10549\n"


def cells(page: str) -> list[list[str]]:
    rows = html.fromstring(page).xpath("//tbody/tr")
    return [[" ".join(cell.text_content().split()) for cell in row] for row in rows]


def send(client: FlaskClient, text: str):
    return client.post("/units/imports/", data={"file": (io.BytesIO(text.encode()), "units.csv")})


def codes(database: Database) -> set[str]:
    with database.snapshot() as session:
        return set(session.scalars(select(Unit.code)))


def test_a_unit_is_shown_with_those_below_it_and_who_is_counted(signed_in: SignedIn, crowd) -> None:
    page = signed_in("reporter").get("/units/").text
    assert cells(page) == [
        ["Phường Ái Quốc", "Commune", "10660", "1", "0"],
        ["Phường Chu Văn An", "Commune", "10549", "2", "1"],
    ]
    assert "Counted here and below: 3 officers, 1 citizens." in page


def test_units_are_found_without_accents(signed_in: SignedIn, crowd) -> None:
    assert [row[0] for row in cells(signed_in("reporter").get("/units/?q=ai+quoc").text)] == [
        "Phường Ái Quốc"
    ]
    assert "No unit found" in signed_in("reporter").get("/units/?q=nowhere").text


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("manager", "/units/", 200),
        ("manager", "/units/?unit=10660", 403),
        ("manager", "/units/?unit=31", 403),
        ("manager", "/units/export.csv?unit=31", 403),
        ("manager", "/units/?unit=nowhere", 404),
        ("learner", "/units/", 403),
        ("manager", "/units/imports/", 403),
        ("reporter", "/units/imports/", 403),
        ("administrator", "/units/imports/", 200),
    ],
)
def test_only_those_whose_roles_reach_it_see_a_unit(signed_in: SignedIn, who, address, status) -> None:
    assert signed_in(who).get(address).status_code == status


@pytest.mark.parametrize("address", ["/units/", "/units/imports/", "/units/export.csv"])
def test_whoever_is_signed_out_is_asked_to_sign_in(visitor: FlaskClient, cast: Cast, address) -> None:
    assert visitor.get(address).status_code == 302


def test_a_file_is_shown_before_it_changes_anything(signed_in: SignedIn, database: Database) -> None:
    client = signed_in("administrator")
    answer = send(client, FILE)
    assert answer.status_code == 302
    page = client.get(answer.headers["Location"]).text
    assert "Tổ dân phố 2" in page
    assert "10549-02" not in codes(database)
    assert client.post(answer.headers["Location"]).status_code == 302
    assert "10549-02" in codes(database)
    assert "1 units created, 0 changed." in client.get("/units/").text


def test_a_file_with_an_error_is_refused_with_its_line(signed_in: SignedIn, database: Database) -> None:
    answer = send(signed_in("administrator"), FILE + "x,X,kingdom,31\n")
    assert answer.status_code == 400
    assert "Line 3: the kind “kingdom” is not known." in answer.text
    assert "10549-02" not in codes(database)


def test_managers_send_no_units(signed_in: SignedIn, database: Database) -> None:
    assert send(signed_in("manager"), FILE).status_code == 403
    assert "10549-02" not in codes(database)


def test_an_upload_is_for_whoever_sent_it(signed_in: SignedIn) -> None:
    address = send(signed_in("administrator"), FILE).headers["Location"]
    assert signed_in("manager").get(address).status_code == 403
    assert signed_in("administrator").get(f"/units/imports/{'0' * 32}").status_code == 404


def test_what_is_exported_changes_nothing_when_it_is_sent_again(signed_in: SignedIn) -> None:
    client = signed_in("administrator")
    data = client.get("/units/export.csv?unit=10549").data
    assert [row.code for row in read_units(data)] == ["31", "10549", "10549-01"]
    address = send(client, data.decode("utf-8-sig")).headers["Location"]
    assert "this file changes nothing" in client.get(address).text
