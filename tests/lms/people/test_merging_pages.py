"""Finding two records of one person, comparing and merging them, and taking that back."""

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path
from uuid import UUID, uuid4

from flask.testing import FlaskClient

from lms.core.audit import Act
from lms.core.database import Database
from lms.people.duplicates import probable_duplicates
from lms.people.merging import merge_people
from lms.people.services import move_person
from lms.units.models import Unit
from tests.factories.people import HOME_PAGE, import_people, the_person
from tests.lms.conftest import Cast
from tests.lms.people.test_unmatched_pages import acts
from tracking.record.mergers import who_stands_for

SignedIn = Callable[[str], FlaskClient]
Crowd = dict[str, UUID]


def stands(database: Database, person: UUID) -> UUID:
    with database.snapshot() as session:
        return who_stands_for(session, person)


def compare(crowd: Crowd, one: str, other: str) -> str:
    return f"/people/{crowd[one]}/same/{crowd[other]}"


def merge(client: FlaskClient, crowd: Crowd, gone: str, kept: str):
    return client.post(compare(crowd, gone, kept), data={"keep": str(crowd[kept])}, follow_redirects=True)


def test_the_other_record_is_searched_within_reach(signed_in: SignedIn, crowd: Crowd):
    client = signed_in("manager")
    assert "Same person as…" in client.get(f"/people/{crowd['CB2']}/").text
    page = client.get(f"/people/{crowd['CB2']}/same/?q=anh").text
    assert "Trần Thị Ánh" in page
    assert "Nobody else was found" in client.get(f"/people/{crowd['CB2']}/same/?q=cuc").text
    assert "Nobody else was found" in client.get(f"/people/{crowd['CB2']}/same/?q=CB9").text
    assert "Lê Thị Cúc" in signed_in("administrator").get(f"/people/{crowd['CB2']}/same/?q=cuc").text


def test_the_two_stand_side_by_side_with_where_they_would_be_counted(signed_in: SignedIn, crowd: Crowd):
    page = signed_in("manager").get(compare(crowd, "CB2", "CD1")).text
    for words in ("Nguyễn Văn An", "Đỗ Thành Đạt", "CB2", "CD1", "Tổ dân phố 1", "if this record stays"):
        assert words in page


def test_merging_and_taking_it_back(signed_in: SignedIn, database: Database, crowd: Crowd):
    client = signed_in("manager")
    answer = merge(client, crowd, "CB2", "CB1")
    assert "The two records are one now." in answer.text
    assert "Nguyễn Văn An (CB2)" in answer.text
    assert stands(database, crowd["CB2"]) == crowd["CB1"]
    assert "Nguyễn Văn An" not in client.get("/people/").text
    followed = client.get(f"/people/{crowd['CB2']}/", follow_redirects=True)
    assert "This record was merged into the one that you see here." in followed.text
    assert "two people after all?" in client.get(f"/people/{crowd['CB2']}/part").text
    answer = client.post(f"/people/{crowd['CB2']}/part", follow_redirects=True)
    assert "The two records are counted apart again." in answer.text
    assert stands(database, crowd["CB2"]) == crowd["CB2"]
    merged, parted = acts(database, Act.PEOPLE_MERGED), acts(database, Act.PEOPLE_PARTED)
    assert merged[0].actor == parted[0].actor is not None


def test_which_one_stays_must_be_chosen(signed_in: SignedIn, database: Database, crowd: Crowd):
    client = signed_in("manager")
    for keep in ("", str(uuid4())):
        answer = client.post(compare(crowd, "CB2", "CB1"), data={"keep": keep})
        assert answer.status_code == 400
        assert "Choose which of the two records stays." in answer.text
    assert stands(database, crowd["CB2"]) == crowd["CB2"]


def test_chains_are_shown_and_what_is_one_already_is_refused(
    signed_in: SignedIn, database: Database, crowd: Crowd
):
    client = signed_in("manager")
    merge(client, crowd, "CD1", "CB2")
    page = merge(client, crowd, "CB2", "CB1").text
    assert "Đỗ Thành Đạt (CD1)" in page
    assert "by way of CB2" in page
    assert client.get(compare(crowd, "CD1", "CB1")).status_code == 400
    assert stands(database, crowd["CD1"]) == crowd["CB1"]


def test_nobody_merges_beyond_their_reach(signed_in: SignedIn, database: Database, crowd: Crowd):
    clients = [signed_in(who) for who in ("manager", "outsider", "reporter")]
    for client, (one, other) in product(clients, [("CB2", "CB9"), ("CB9", "CB2")]):
        assert client.get(compare(crowd, one, other)).status_code == 403
        answer = client.post(compare(crowd, one, other), data={"keep": str(crowd[one])})
        assert answer.status_code == 403
    assert [stands(database, crowd[code]) for code in ("CB2", "CB9")] == [crowd["CB2"], crowd["CB9"]]


def test_what_the_city_merged_across_communes_only_the_city_takes_back(
    signed_in: SignedIn, database: Database, crowd: Crowd
):
    merge(signed_in("administrator"), crowd, "CB9", "CB2")
    for who in ("manager", "outsider"):
        assert signed_in(who).get(f"/people/{crowd['CB9']}/part").status_code == 403
        assert signed_in(who).post(f"/people/{crowd['CB9']}/part").status_code == 403
    assert stands(database, crowd["CB9"]) == crowd["CB2"]
    assert signed_in("administrator").post(f"/people/{crowd['CB9']}/part").status_code == 302
    assert stands(database, crowd["CB9"]) == crowd["CB9"]


def test_a_record_that_would_return_to_another_unit_is_not_ones_own_to_bring_back(
    signed_in: SignedIn, database: Database, crowd: Crowd, cast: Cast
):
    """Moved away while it was one with another: it comes back where it was moved to."""
    with database.transaction() as session:
        one, other = the_person(session, "CB2"), the_person(session, "CB1")
        merge_people(session, one, other, home_page=HOME_PAGE, actor=None)
        unit = session.get_one(Unit, cast.other.id)
        move_person(session, one, unit, since=date(2026, 1, 1), actor=None, audience="officer")
        move_person(
            session, other, session.get_one(Unit, cast.commune.id), since=date(2026, 1, 2), actor=None
        )
    assert signed_in("manager").get(f"/people/{crowd['CB1']}/").status_code == 200
    assert signed_in("manager").post(f"/people/{crowd['CB2']}/part").status_code == 403


def test_what_is_not_merged_cannot_be_taken_back(signed_in: SignedIn, crowd: Crowd):
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/part")
    assert answer.status_code == 400
    assert "nothing to take back" in answer.text


def doubles(database: Database, tmp_path: Path) -> None:
    """In the first commune: one person with a year, one with a telephone, a family with one telephone."""
    people = [
        ("D1", "Phạm Thị Lan", "10549", {"birth_year": 1960}),
        ("D2", "PHAM THI LAN", "10549-01", {"birth_year": 1960}),
        ("D3", "Vũ Văn Hùng", "10549", {"phone": "0912345678"}),
        ("D4", "Vũ Văn Hùng", "10549", {"phone": "0912345678", "birth_year": 1971}),
        ("D5", "Vũ Thị Hoa", "10549", {"phone": "0912345678", "birth_year": 1990}),
        ("D6", "Lê Văn Tám", "10549", {"email": "tam.le+1@gmail.com"}),
        ("D7", "Lê Văn Tám", "10660", {"email": "tamle@gmail.com"}),
    ]
    rows = [
        {"code": code, "name": name, "unit_code": unit, "audience": "citizen", **more}
        for code, name, unit, more in people
    ]
    import_people(database, tmp_path, *rows)


def test_probable_duplicates_of_a_unit_are_listed_with_what_they_share(
    signed_in: SignedIn, database: Database, crowd: Crowd, cast: Cast, tmp_path: Path
):
    doubles(database, tmp_path)
    with database.snapshot() as session:
        commune = {(pair.one.code, pair.other.code) for pair in probable_duplicates(session, cast.commune)}
        city = {(pair.one.code, pair.other.code) for pair in probable_duplicates(session, cast.city)}
    assert {frozenset(pair) for pair in commune} == {frozenset({"D1", "D2"}), frozenset({"D3", "D4"})}
    assert {frozenset(pair) for pair in city - commune} == {frozenset({"D6", "D7"})}
    page = signed_in("manager").get("/people/duplicates/").text
    assert "name, telephone" in page
    assert "name, year of birth" in page
    assert "D7" not in page


def test_in_a_large_unit_only_those_who_share_a_telephone_or_a_mailbox(
    signed_in: SignedIn, database: Database, crowd: Crowd, cast: Cast, tmp_path: Path, monkeypatch
):
    doubles(database, tmp_path)
    monkeypatch.setattr("lms.people.duplicates.MOST_MEMBERS", 2)
    with database.snapshot() as session:
        for unit, expected in ((cast.city, {"D3", "D4", "D6", "D7"}), (cast.commune, {"D3", "D4"})):
            found = probable_duplicates(session, unit)
            assert {person.code for pair in found for person in (pair.one, pair.other)} == expected
    assert "choose a smaller unit" in signed_in("manager").get("/people/duplicates/").text


def test_two_who_are_two_are_not_suggested_again(
    signed_in: SignedIn, database: Database, crowd: Crowd, tmp_path: Path
):
    doubles(database, tmp_path)
    with database.snapshot() as session:
        crowd |= {code: the_person(session, code).id for code in ("D1", "D2", "D3", "D4")}
    client = signed_in("manager")
    answer = client.post(compare(crowd, "D1", "D2"), data={"keep": "both"}, follow_redirects=True)
    assert "they are two people" in answer.text
    assert "D1" not in answer.text
    client.post(compare(crowd, "D2", "D1"), data={"keep": "both"})
    assert len(acts(database, Act.PEOPLE_TOLD_APART)) == 1
    merge(client, crowd, "D3", "D4")
    client.get("/people/")  # shows what was done, once
    assert "Nobody seems to be here twice" in client.get("/people/duplicates/").text


def test_pages_are_for_those_who_manage_people(signed_in: SignedIn, crowd: Crowd):
    reporter, outsider = signed_in("reporter"), signed_in("outsider")
    for page in ("duplicates/", "{person}/same/", "{person}/part"):
        address = f"/people/{page.format(person=crowd['CB2'])}"
        assert reporter.get(address).status_code == 403
        assert outsider.get(address).status_code == (200 if page == "duplicates/" else 403)
    assert "CB2" not in outsider.get("/people/duplicates/?unit=10660").text
    assert outsider.get("/people/duplicates/?unit=10549").status_code == 403
