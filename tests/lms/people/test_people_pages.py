"""Finding people, and taking them along."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html
from python_calamine import CalamineWorkbook

from lms.accounts.services import add_account
from lms.core.database import Database
from tests.factories.people import an_officer, import_people
from tests.lms.conftest import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("crowd")
SignedIn = Callable[[str], FlaskClient]


def names(client: FlaskClient, address: str) -> list[str]:
    answer = client.get(address)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    page = html.fromstring(answer.get_data(as_text=True))
    return [" ".join(cell.text_content().split()) for cell in page.xpath("//tbody//th")]


def test_a_manager_sees_the_people_of_the_whole_subtree_in_vietnamese_order(signed_in: SignedIn) -> None:
    assert names(signed_in("manager"), "/people/") == ["Nguyễn Văn An", "Trần Thị Ánh", "Đỗ Thành Đạt"]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=anh", ["Trần Thị Ánh", "Đỗ Thành Đạt"]),
        ("q=Ánh", ["Trần Thị Ánh", "Đỗ Thành Đạt"]),
        ("q=DO+THANH", ["Đỗ Thành Đạt"]),
        ("q=cb2", ["Nguyễn Văn An"]),
        ("q=%25", []),
        ("audience=citizen", ["Đỗ Thành Đạt"]),
        ("unit=10549-01", ["Đỗ Thành Đạt"]),
        ("audience=king", ["Nguyễn Văn An", "Trần Thị Ánh", "Đỗ Thành Đạt"]),
    ],
)
def test_people_are_found_without_accents_and_by_filters(signed_in: SignedIn, query, found) -> None:
    assert names(signed_in("manager"), f"/people/?{query}") == found


def test_people_without_an_account_can_be_listed(signed_in: SignedIn, database: Database, crowd) -> None:
    with database.transaction() as session:
        add_account(session, username="anh", password=PASSWORD, name="Ánh", person=crowd["CB1"])
    assert names(signed_in("manager"), "/people/?account=none") == ["Nguyễn Văn An", "Đỗ Thành Đạt"]


def test_long_lists_have_pages(signed_in: SignedIn, database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, *(an_officer(number) for number in range(60)))
    client = signed_in("manager")
    assert len(names(client, "/people/")) == 50
    assert len(names(client, "/people/?page=2")) == 13
    assert len(names(client, "/people/?page=99")) == 13


@pytest.mark.parametrize(
    ("who", "address", "status"),
    [
        ("manager", "/people/?unit=10660", 403),
        ("manager", "/people/?unit=31", 403),
        ("manager", "/people/?unit=nowhere", 404),
        ("manager", "/people/export.xlsx?unit=10660", 403),
        ("manager", "/people/export.pdf", 404),
        ("outsider", "/people/?unit=10549-01", 403),
        ("reporter", "/people/", 403),
        ("reporter", "/people/export.csv", 403),
        ("learner", "/people/", 403),
        ("administrator", "/people/?unit=10660", 200),
    ],
)
def test_only_those_whose_roles_reach_the_unit_see_its_people(
    signed_in: SignedIn, who, address, status
) -> None:
    assert signed_in(who).get(address).status_code == status


@pytest.mark.parametrize("address", ["/people/", "/people/export.xlsx", "/people/imports/", "/people/slips/"])
def test_whoever_is_signed_out_is_asked_to_sign_in(visitor: FlaskClient, address) -> None:
    answer = visitor.get(address)
    assert answer.status_code == 302
    assert "/sign-in" in answer.headers["Location"]


def test_the_list_can_be_taken_along_as_a_workbook(signed_in: SignedIn) -> None:
    answer = signed_in("manager").get("/people/export.xlsx?audience=officer")
    assert answer.headers["Content-Disposition"] == ('attachment; filename="phuong-chu-van-an-10549.xlsx"')
    rows = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert [row[0] for row in rows] == ["code", "CB2", "CB1"]


def test_the_list_can_be_taken_along_as_csv(signed_in: SignedIn) -> None:
    answer = signed_in("manager").get("/people/export.csv?q=dat")
    text = answer.data.decode("utf-8-sig")
    assert text.splitlines()[1].startswith("CD1,Đỗ Thành Đạt,10549-01,Citizen,")


def test_an_empty_unit_says_what_to_do(signed_in: SignedIn, cast: Cast) -> None:
    page = signed_in("administrator").get("/people/?unit=10660&q=nobody").get_data(as_text=True)
    assert "Nobody found" in page
