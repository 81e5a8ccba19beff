"""What an import does to the people that are there."""

from datetime import date
from hashlib import sha1
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lms.accounts.models import Account
from lms.accounts.services import add_account
from lms.core.database import Database
from lms.people.importing import Report, write_bad_rows
from lms.people.models import Person
from lms.people.queries import timelines
from lms.people.reading import BadRow, open_roster
from tests.factories.people import (
    HEADINGS,
    TODAY,
    an_officer,
    import_file,
    import_people,
    importer_of,
    roster_csv,
    sheet_csv,
    sheet_xlsx,
    the_person,
)
from tests.lms.conftest import PASSWORD, Cast
from tracking.identities.keys import hashed_mail_key
from tracking.identities.queries import claimed_keys
from tracking.rates.members import member_counts
from tracking.rates.timeline import Stay

pytestmark = pytest.mark.usefixtures("cast")


def counts(report: Report) -> tuple[int, int, int, int, int]:
    """Created, changed, moved, unchanged, bad."""
    return report.created, report.changed, report.moved, report.unchanged, len(report.bad)


def reasons(report: Report) -> list[tuple[int, str, str]]:
    return [(fault.row, fault.column, fault.reason) for fault in report.faults]


def stays_of(database: Database, code: str) -> tuple[Stay, ...]:
    with database.snapshot() as session:
        person = the_person(session, code)
        return timelines(session, [person.id])[person.id]


def test_new_people_are_created_and_counted(database: Database, cast: Cast, tmp_path: Path) -> None:
    who = an_officer(email="An@example.com", phone="+84912345678", birth_year="1985", gender="Nam")
    report = import_people(database, tmp_path, who, an_officer(2, audience="citizen", unit_code="10549-01"))
    assert counts(report) == (2, 0, 0, 0, 0)
    with database.snapshot() as session:
        person = the_person(session, "CB001")
        assert (person.name, person.email, person.phone) == (
            "Nguyễn Văn Bình",
            "an@example.com",
            "0912345678",
        )
        assert (person.birth_year, person.gender, person.position) == (1985, "male", None)
        assert member_counts(session, as_of=TODAY) == {
            (cast.commune.id, "officer"): 1,
            (cast.village.id, "citizen"): 1,
        }


def test_the_record_finds_a_person_by_id_code_and_address(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(email="an@example.com"))
    with database.snapshot() as session:
        person = the_person(session, "CB001")
        assert claimed_keys(session, [person.id]) == {
            person.id: {
                f"local:{person.id}",
                "local:CB001",
                "mbox:an@example.com",
                f"mbox_sha1sum:{sha1(b'mailto:an@example.com').hexdigest()}",
            }
        }
        assert (person.name_key, person.email_key) == ("binh nguyen van", "an@example.com")


def test_another_address_takes_the_place_of_the_first(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(email="old@example.com"))
    report = import_people(database, tmp_path, an_officer(email="new@example.com"))
    assert counts(report) == (0, 1, 0, 0, 0)
    with database.snapshot() as session:
        person = the_person(session, "CB001")
        keys = claimed_keys(session, [person.id])[person.id]
        assert keys >= {"mbox:new@example.com", hashed_mail_key("new@example.com")}
        assert not keys & {"mbox:old@example.com", hashed_mail_key("old@example.com")}
        assert person.email_key == "new@example.com"


def test_the_same_file_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    people = [an_officer(number, since="01/07/2025", phone=f"09123456{number:02}") for number in range(20)]
    import_people(database, tmp_path, *people)
    with database.snapshot() as session:
        before = session.execute(select(Person.id, Person.updated).order_by(Person.code)).all()
    report = import_people(database, tmp_path, *people, day=date(2026, 4, 30))
    assert counts(report) == (0, 0, 0, 20, 0)
    with database.snapshot() as session:
        assert session.execute(select(Person.id, Person.updated).order_by(Person.code)).all() == before


def test_a_file_without_dates_twice_changes_nothing(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer())
    assert counts(import_people(database, tmp_path, an_officer(), day=date(2027, 1, 1))) == (0, 0, 0, 1, 0)


def test_another_unit_is_a_move_from_the_date_in_the_file(
    database: Database, cast: Cast, tmp_path: Path
) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    report = import_people(database, tmp_path, an_officer(unit_code="10660", since="01/03/2026"))
    assert counts(report) == (0, 0, 1, 0, 0)
    assert stays_of(database, "CB001") == (
        Stay(date(2025, 7, 1), cast.commune.id, "officer", date(2026, 3, 1)),
        Stay(date(2026, 3, 1), cast.other.id, "officer"),
    )


def test_another_unit_without_a_date_is_a_move_today(database: Database, cast: Cast, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    import_people(database, tmp_path, an_officer(unit_code="10660"))
    assert stays_of(database, "CB001")[-1] == Stay(TODAY, cast.other.id, "officer")


def test_another_audience_is_a_move(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    assert counts(import_people(database, tmp_path, an_officer(audience="citizen"))) == (0, 0, 1, 0, 0)


def test_an_earlier_first_day_is_a_correction(database: Database, cast: Cast, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    report = import_people(database, tmp_path, an_officer(since="01/06/2025"))
    assert counts(report) == (0, 1, 0, 0, 0)
    assert stays_of(database, "CB001") == (Stay(date(2025, 6, 1), cast.commune.id, "officer"),)


def test_a_move_before_an_earlier_membership_is_an_error_of_its_row(
    database: Database, tmp_path: Path
) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    import_people(database, tmp_path, an_officer(unit_code="10660", since="01/03/2026"))
    report = import_people(database, tmp_path, an_officer(unit_code="10549-01", since="01/06/2025"))
    ((row, column, reason),) = reasons(report)
    assert (row, column) == (2, "since")
    assert reason.startswith("01/06/2025 is not after 01/07/2025, when an earlier membership began.")


def test_a_planned_move_is_not_undone_by_a_file_of_today(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(since="01/07/2025"))
    import_people(database, tmp_path, an_officer(unit_code="10660", since="01/06/2026"))
    before = stays_of(database, "CB001")
    for unit in ("10549", "10660"):
        assert counts(import_people(database, tmp_path, an_officer(unit_code=unit))) == (0, 0, 0, 1, 0)
    assert stays_of(database, "CB001") == before


def test_an_empty_cell_deletes_nothing(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(phone="0912345678", position="Chủ tịch"))
    report = import_people(database, tmp_path, an_officer(phone="", position=""))
    assert counts(report) == (0, 0, 0, 1, 0)
    with database.snapshot() as session:
        assert the_person(session, "CB001").phone == "0912345678"


def test_who_is_not_in_the_file_stays(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(1), an_officer(2))
    import_people(database, tmp_path, an_officer(3))
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3


def test_good_rows_go_in_beside_bad_ones(database: Database, tmp_path: Path) -> None:
    report = import_people(
        database, tmp_path, an_officer(1), an_officer(2, unit_code="99999"), an_officer(3, audience="?")
    )
    assert counts(report) == (1, 0, 0, 0, 2)
    assert sorted(reasons(report)) == [
        (3, "unit_code", "There is no unit with the code “99999”."),
        (4, "audience", "“?” is not an audience. Write officer or citizen."),
    ]


def test_a_code_twice_in_a_file_counts_once(database: Database, tmp_path: Path) -> None:
    report = import_people(database, tmp_path, an_officer(1), an_officer(1, name="Người khác"))
    assert counts(report) == (1, 0, 0, 0, 1)
    with database.snapshot() as session:
        assert the_person(session, "CB001").name == "Nguyễn Văn Bình"


def test_codes_in_other_unicode_forms_are_the_same_person(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(code="Mã1"))
    assert counts(import_people(database, tmp_path, an_officer(code="Ma\u03031"))) == (0, 0, 0, 1, 0)


def test_a_new_name_is_also_that_of_the_account(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer())
    with database.transaction() as session:
        person = the_person(session, "CB001")
        add_account(session, username="binh", password=PASSWORD, name=person.name, person=person.id)
    import_people(database, tmp_path, an_officer(name="Nguyễn Thị Bình"))
    with database.snapshot() as session:
        assert session.scalars(select(Account.name).where(Account.username == "binh")).one() == (
            "Nguyễn Thị Bình"
        )


def test_a_check_says_what_the_import_does_and_changes_nothing(database: Database, tmp_path: Path) -> None:
    import_people(database, tmp_path, an_officer(1), an_officer(2), an_officer(3))
    file = roster_csv(
        tmp_path / "next.csv",
        [
            an_officer(1),
            an_officer(2, unit_code="10660"),
            an_officer(3, phone="0912345678"),
            an_officer(4),
            an_officer(5, phone="?"),
        ],
    )
    check = importer_of(file)
    for batch in check.batches():
        with database.snapshot() as session:
            check.check(session, batch)
    assert counts(check.report) == (1, 1, 1, 1, 1)
    with database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 3
    assert counts(import_file(database, file)) == counts(check.report)


def test_bad_rows_can_be_mended_and_sent_again(database: Database, tmp_path: Path) -> None:
    rows = [
        ("Danh sách", "", "", "", ""),
        ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng", "Từ ngày"),
        ("CB001", "Nguyễn Văn An", 10549, "Cán bộ", date(2025, 7, 1)),
        ("CB002", "Trần Thị Bình", 99999, "Cán bộ", date(2025, 7, 1)),
    ]
    importer = importer_of(sheet_xlsx(tmp_path / "list.xlsx", rows))
    for batch in importer.batches():
        with database.transaction() as session:
            importer.take(session, batch)
    target = tmp_path / "bad.xlsx"
    write_bad_rows(target, importer.roster, importer.report.bad)
    bad = open_roster(target)
    assert bad.heading.titles == ["Mã", "Họ và tên", "Mã đơn vị", "Đối tượng", "Từ ngày", "Lỗi"]
    (row,) = bad.rows()
    assert [str(cell) for cell in row.cells[:4]] == ["CB002", "Trần Thị Bình", "99999.0", "Cán bộ"]
    assert "Mã đơn vị: " in str(row.cells[5])
    again = import_file(database, target)
    assert reasons(again)[0][:2] == (2, "Mã đơn vị")


def test_a_mended_file_of_bad_rows_gets_one_column_of_errors(database: Database, tmp_path: Path) -> None:
    importer = importer_of(roster_csv(tmp_path / "a.csv", [an_officer(1, unit_code="9", Error="old")]))
    for batch in importer.batches():
        with database.transaction() as session:
            importer.take(session, batch)
    write_bad_rows(tmp_path / "bad.csv", importer.roster, importer.report.bad)
    assert open_roster(tmp_path / "bad.csv").heading.titles.count("Error") == 1


def test_bad_rows_of_a_csv_keep_its_delimiter(tmp_path: Path) -> None:
    file = sheet_csv(tmp_path / "a.csv", [HEADINGS, ("CB1", "An", "10549", "?")], delimiter=";")
    importer = importer_of(file)
    bad = [row for batch in importer.batches() for row in batch if isinstance(row, BadRow)]
    write_bad_rows(tmp_path / "bad.csv", importer.roster, bad)
    lines = (tmp_path / "bad.csv").read_text(encoding="utf-8-sig").splitlines()
    assert lines[0] == "code;name;unit_code;audience;Error"
