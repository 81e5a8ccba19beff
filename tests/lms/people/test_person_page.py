"""One person: seeing, correcting, moving, letting go."""

import re
from collections.abc import Callable
from datetime import date
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient

from lms.accounts.models import Role
from lms.accounts.queries import open_code
from lms.accounts.services import add_account, grant
from lms.core.clock import today
from lms.core.database import Database
from lms.people.models import Person
from lms.people.queries import timelines
from lms.settings import Settings
from lms.units.models import Unit
from tests.lms.conftest import PASSWORD, Cast
from tracking.rates.timeline import Stay

SignedIn = Callable[[str], FlaskClient]
Crowd = dict[str, UUID]

DATA = {
    "name": "Nguyễn Văn An",
    "phone": "+84 912 345 678",
    "email": "An@Example.com",
    "position": "Chuyên viên",
    "birth_year": "1985",
    "gender": "male",
}


def stays(database: Database, person: UUID) -> tuple[Stay, ...]:
    with database.snapshot() as session:
        return timelines(session, [person])[person]


def test_a_manager_sees_data_history_and_account(signed_in: SignedIn, crowd: Crowd) -> None:
    page = signed_in("manager").get(f"/people/{crowd['CB2']}/").get_data(as_text=True)
    for words in ("Nguyễn Văn An", "CB2", "Phường Chu Văn An", "01/07/2025", "No account yet"):
        assert words in page


def test_contact_data_are_corrected_and_kept_in_one_form(
    signed_in: SignedIn, crowd: Crowd, database: Database
) -> None:
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/edit", data=DATA)
    assert answer.status_code == 302
    with database.snapshot() as session:
        person = session.get_one(Person, crowd["CB2"])
        assert (person.phone, person.email, person.birth_year) == ("0912345678", "an@example.com", 1985)


def test_what_is_emptied_is_empty(signed_in: SignedIn, crowd: Crowd, database: Database) -> None:
    client = signed_in("manager")
    client.post(f"/people/{crowd['CB2']}/edit", data=DATA)
    client.post(f"/people/{crowd['CB2']}/edit", data={**DATA, "phone": "", "email": " ", "gender": ""})
    with database.snapshot() as session:
        person = session.get_one(Person, crowd["CB2"])
        assert (person.phone, person.email, person.gender) == (None, None, None)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("name", "", "Type the name."),
        ("name", "123", "is not a name"),
        ("phone", "123", "is not a telephone number"),
        ("email", "an@", "is not an e-mail address"),
        ("birth_year", "1700", "must lie between"),
    ],
)
def test_what_cannot_be_is_refused_beside_its_field(
    signed_in: SignedIn, crowd: Crowd, database: Database, field, value, told
) -> None:
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/edit", data={**DATA, field: value})
    assert answer.status_code == 200
    assert told in answer.get_data(as_text=True)
    with database.snapshot() as session:
        assert session.get_one(Person, crowd["CB2"]).phone is None


def test_a_move_keeps_the_history(signed_in: SignedIn, crowd: Crowd, database: Database, cast: Cast) -> None:
    data = {"unit": "10549-01 – Tổ dân phố 1", "audience": "officer", "since": "01/03/2026"}
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/move", data=data)
    assert answer.status_code == 302
    assert stays(database, crowd["CB2"]) == (
        Stay(date(2025, 7, 1), cast.commune.id, "officer", date(2026, 3, 1)),
        Stay(date(2026, 3, 1), cast.village.id, "officer"),
    )


@pytest.mark.parametrize(
    ("data", "status", "told"),
    [
        ({"unit": "nowhere"}, 200, "There is no unit with the code"),
        ({"unit": ""}, 200, "Name the unit."),
        ({"since": "31/02/2026"}, 200, "is not a date"),
        ({"unit": "10660"}, 403, "do not reach"),
    ],
)
def test_a_move_that_cannot_be_changes_nothing(
    signed_in: SignedIn, crowd: Crowd, database: Database, data, status, told
) -> None:
    good = {"unit": "10549-01", "audience": "officer", "since": "01/03/2026"}
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/move", data={**good, **data})
    assert (answer.status_code, told in answer.get_data(as_text=True)) == (status, True)
    assert len(stays(database, crowd["CB2"])) == 1


def test_a_move_before_an_earlier_membership_is_told_beside_the_date(
    signed_in: SignedIn, crowd: Crowd
) -> None:
    client = signed_in("manager")
    address = f"/people/{crowd['CB2']}/move"
    client.post(address, data={"unit": "10549-01", "audience": "officer", "since": "01/03/2026"})
    answer = client.post(address, data={"unit": "10549", "audience": "citizen", "since": "01/06/2025"})
    assert "01/06/2025 is not after 01/07/2025" in answer.get_data(as_text=True)


def test_whoever_leaves_no_longer_counts_and_keeps_the_past(
    signed_in: SignedIn, crowd: Crowd, database: Database, cast: Cast
) -> None:
    client = signed_in("manager")
    answer = client.post(f"/people/{crowd['CB2']}/leave", data={"until": "01/10/2025"})
    assert answer.status_code == 302
    assert stays(database, crowd["CB2"]) == (
        Stay(date(2025, 7, 1), cast.commune.id, "officer", date(2025, 10, 1)),
    )
    client.get("/people/")  # shows what was done, once
    assert "Nguyễn Văn An" not in client.get("/people/").get_data(as_text=True)
    assert client.get(f"/people/{crowd['CB2']}/").status_code == 200


def test_nobody_leaves_before_they_came(signed_in: SignedIn, crowd: Crowd, database: Database) -> None:
    answer = signed_in("manager").post(f"/people/{crowd['CB2']}/leave", data={"until": "01/07/2025"})
    assert "cannot end on 01/07/2025" in answer.get_data(as_text=True)
    assert stays(database, crowd["CB2"])[0].until is None


def test_somebody_who_is_yet_to_come_is_in_the_list(
    signed_in: SignedIn, crowd: Crowd, database: Database
) -> None:
    soon = today().replace(year=today().year + 1)
    data = {"unit": "10549-01", "audience": "officer", "since": f"{soon:%d/%m/%Y}"}
    client = signed_in("manager")
    client.post(f"/people/{crowd['CB2']}/move", data=data)
    client.get("/people/")  # shows what was done, once
    assert "Nguyễn Văn An" in client.get("/people/?unit=10549").get_data(as_text=True)
    assert "Nguyễn Văn An" not in client.get("/people/?unit=10549-01").get_data(as_text=True)


PAGES = ["", "edit", "move", "leave"]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    ("who", "status"), [("manager", 200), ("administrator", 200), ("outsider", 403), ("reporter", 403)]
)
def test_pages_of_a_person_are_for_those_whose_roles_reach_the_unit(
    signed_in: SignedIn, crowd: Crowd, page, who, status
) -> None:
    assert signed_in(who).get(f"/people/{crowd['CB2']}/{page}").status_code == status


@pytest.mark.parametrize("page", [*PAGES[1:], "code"])
def test_an_outsider_changes_nothing(signed_in: SignedIn, crowd: Crowd, database: Database, page) -> None:
    data = {**DATA, "unit": "10660", "audience": "officer", "since": "01/03/2026", "until": "01/03/2026"}
    assert signed_in("outsider").post(f"/people/{crowd['CB2']}/{page}", data=data).status_code == 403
    with database.snapshot() as session:
        assert session.get_one(Person, crowd["CB2"]).phone is None
    assert len(stays(database, crowd["CB2"])) == 1


def test_who_does_not_exist_is_not_found(signed_in: SignedIn, cast: Cast) -> None:
    assert signed_in("manager").get(f"/people/{uuid4()}/").status_code == 404


@pytest.mark.parametrize("page", PAGES)
def test_whoever_is_signed_out_is_asked_to_sign_in(visitor: FlaskClient, crowd: Crowd, page) -> None:
    assert visitor.get(f"/people/{crowd['CB2']}/{page}").status_code == 302


def test_a_code_for_the_first_sign_in_is_shown_once(
    signed_in: SignedIn, crowd: Crowd, database: Database, settings: Settings
) -> None:
    client = signed_in("manager")
    page = client.post(f"/people/{crowd['CB2']}/code").get_data(as_text=True)
    (code,) = re.findall(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", page)
    with database.snapshot() as session:
        found = open_code(session, code, settings.secret_key)
        assert found is not None
        assert (found.person, found.suggestion) == (crowd["CB2"], "annv")
    assert code not in client.get(f"/people/{crowd['CB2']}/").get_data(as_text=True)


def test_whoever_forgot_the_password_gets_a_new_code(
    signed_in: SignedIn, crowd: Crowd, database: Database, settings: Settings
) -> None:
    with database.transaction() as session:
        account = add_account(
            session, username="annv", password=PASSWORD, name="Nguyễn Văn An", person=crowd["CB2"]
        )
    client = signed_in("manager")
    assert "Forgot the password" in client.get(f"/people/{crowd['CB2']}/").get_data(as_text=True)
    page = client.post(f"/people/{crowd['CB2']}/password/{account.id}").get_data(as_text=True)
    assert "annv" in page
    (code,) = re.findall(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", page)
    with database.snapshot() as session:
        found = open_code(session, code, settings.secret_key)
        assert found is not None
        assert found.account_id == account.id


def test_a_new_password_is_for_accounts_of_the_person_and_of_no_higher_role(
    signed_in: SignedIn, crowd: Crowd, database: Database, cast: Cast
) -> None:
    with database.transaction() as session:
        account = add_account(
            session, username="annv", password=PASSWORD, name="Nguyễn Văn An", person=crowd["CB2"]
        )
        grant(session, account, Role.MANAGER, session.get_one(Unit, cast.commune.id), actor=None)
    client = signed_in("manager")
    page = client.get(f"/people/{crowd['CB2']}/").get_data(as_text=True)
    assert "Forgot the password" not in page
    assert "An administrator can." in page
    assert client.post(f"/people/{crowd['CB2']}/password/{account.id}").status_code == 403
    assert client.post(f"/people/{crowd['CB1']}/password/{account.id}").status_code == 404
    outsider = signed_in("outsider")
    assert outsider.post(f"/people/{crowd['CB2']}/password/{account.id}").status_code == 403
    assert signed_in("administrator").post(f"/people/{crowd['CB2']}/password/{account.id}").status_code == 200
