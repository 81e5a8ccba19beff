"""`lms people import`, `lms people move`, `lms accounts add`."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.accounts.queries import account_named
from lms.accounts.services import sign_in
from lms.core.audit import Act, AuditEntry
from lms.core.commands import PlainGroup
from lms.core.runtime import Runtime
from lms.people.cli import accounts, people
from lms.people.models import Person
from lms.people.queries import unit_of
from tests.factories.people import an_officer, roster_csv, sheet_xlsx, the_person
from tests.lms.conftest import PASSWORD, Cast

pytestmark = pytest.mark.usefixtures("cast")


def run(runtime: Runtime, *arguments: object, code: int = 0, stdin: str | None = None) -> Any:
    group = PlainGroup("lms", commands=[people, accounts])
    ran = CliRunner().invoke(group, [str(part) for part in arguments], obj=runtime, input=stdin)
    assert ran.exit_code == code, (ran.output, ran.exception)
    return ran


def test_import_answers_as_the_contract_says(runtime: Runtime, tmp_path: Path) -> None:
    file = roster_csv(tmp_path / "a.csv", [an_officer(1), an_officer(2)])
    ran = run(runtime, "people", "import", file, "--json")
    assert json.loads(ran.stdout) == {
        "created": 2,
        "changed": 0,
        "moved": 0,
        "unchanged": 0,
        "errors": [],
        "errors_file": None,
        "notes": [],
    }
    with runtime.database.snapshot() as session:
        assert session.scalars(select(AuditEntry.act).where(AuditEntry.act == Act.PEOPLE_IMPORTED)).all()


def test_bad_rows_end_with_1_and_a_file_while_good_rows_are_in(runtime: Runtime, tmp_path: Path) -> None:
    rows = [
        ("Mã", "Họ và tên", "Mã đơn vị", "Đối tượng"),
        ("A1", "An", 10549, "Cán bộ"),
        ("A2", "Bình", 1, "x"),
    ]
    file = sheet_xlsx(tmp_path / "a.xlsx", rows)
    ran = run(runtime, "people", "import", file, "--json", code=1)
    answer = json.loads(ran.stdout)
    assert answer["created"] == 1
    assert answer["errors"] == [
        {"row": 3, "column": "Đối tượng", "reason": "“x” is not an audience. Write officer or citizen."}
    ]
    assert answer["errors_file"] == str(tmp_path / "a-errors.xlsx")
    assert Path(answer["errors_file"]).is_file()
    assert ran.stderr == "lms: 1 rows were refused\n"


def test_a_dry_run_changes_nothing_and_writes_no_file(runtime: Runtime, tmp_path: Path) -> None:
    file = roster_csv(tmp_path / "a.csv", [an_officer(1), an_officer(2, audience="x")])
    ran = run(runtime, "people", "import", file, "--dry-run", "--json", code=1)
    answer = json.loads(ran.stdout)
    assert (answer["created"], len(answer["errors"]), answer["errors_file"]) == (1, 1, None)
    assert list(tmp_path.glob("*-errors*")) == []
    with runtime.database.snapshot() as session:
        assert session.scalar(select(func.count()).select_from(Person)) == 0


def test_without_json_the_answer_is_words(runtime: Runtime, tmp_path: Path) -> None:
    ran = run(runtime, "people", "import", roster_csv(tmp_path / "a.csv", [an_officer(1)]))
    assert ran.stdout == "1 created, 0 changed, 0 moved, 0 unchanged\n"


def test_a_file_that_is_no_roster_is_refused(runtime: Runtime, tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("hello\n")
    ran = run(runtime, "people", "import", tmp_path / "a.csv", "--json", code=1)
    assert ran.stdout == ""
    assert ran.stderr.startswith("lms: No row of headings was found.")


def test_a_missing_file_is_wrong_usage(runtime: Runtime, tmp_path: Path) -> None:
    run(runtime, "people", "import", tmp_path / "none.csv", code=2)


@pytest.fixture
def officer(runtime: Runtime, cast: Cast, tmp_path: Path) -> None:
    file = roster_csv(tmp_path / "one.csv", [an_officer(1, since="01/07/2025")])
    run(runtime, "people", "import", file)


@pytest.mark.usefixtures("officer")
def test_move_counts_somebody_elsewhere(runtime: Runtime) -> None:
    ran = run(runtime, "people", "move", "CB001", "--unit", "10660", "--since", "2025-09-01", "--json")
    assert json.loads(ran.stdout) == {"code": "CB001", "unit": "10660", "since": "2025-09-01", "moved": True}
    with runtime.database.snapshot() as session:
        unit = unit_of(session, the_person(session, "CB001").id)
        assert unit is not None
        assert unit.code == "10660"
    again = run(runtime, "people", "move", "CB001", "--unit", "10660", "--since", "2025-09-01")
    assert again.stdout == "nothing to change\n"


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("XX", "--unit", "10660"), "There is no person with the code “XX”."),
        (("CB001", "--unit", "1"), "There is no unit with the code “1”."),
    ],
)
def test_move_refuses_what_is_not_there(runtime: Runtime, arguments, told) -> None:
    assert run(runtime, "people", "move", *arguments, code=1).stderr == f"lms: {told}\n"


@pytest.mark.usefixtures("officer")
def test_move_refuses_a_date_before_an_earlier_membership(runtime: Runtime) -> None:
    run(runtime, "people", "move", "CB001", "--unit", "10660", "--since", str(date(2025, 9, 1)))
    ran = run(runtime, "people", "move", "CB001", "--unit", "10549-01", "--since", "2025-06-01", code=1)
    assert "is not after 2025-07-01" in ran.stderr


@pytest.mark.usefixtures("officer")
def test_accounts_add_reads_the_password_from_stdin(runtime: Runtime) -> None:
    arguments = ("accounts", "add", "binh", "--person", "CB001", "--role", "manager", "--unit", "10549")
    ran = run(runtime, *arguments, "--json", stdin=f"{PASSWORD}\n")
    expected = {"username": "binh", "person": "CB001", "role": "manager", "unit": "10549"}
    assert json.loads(ran.stdout) == expected
    with runtime.database.transaction() as session:
        account = sign_in(session, "binh", PASSWORD)
        assert account is not None
        assert (account.name, account.person) == ("Nguyễn Văn Bình", the_person(session, "CB001").id)
        assert [(grant.role, grant.unit.code) for grant in account.grants] == [("manager", "10549")]


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    ("arguments", "password", "told"),
    [
        (("binh", "--person", "XX"), PASSWORD, "There is no person with the code “XX”."),
        (("binh", "--person", "CB001"), "short", "The password is too short. Use at least 8 characters."),
        (("manager", "--person", "CB001"), PASSWORD, "The user name “manager” is taken. Choose another."),
        (
            ("binh", "--person", "CB001", "--role", "manager", "--unit", "1"),
            PASSWORD,
            "There is no unit with the code “1”.",
        ),
    ],
)
def test_accounts_add_refuses_and_makes_nothing(runtime: Runtime, arguments, password, told) -> None:
    ran = run(runtime, "accounts", "add", *arguments, code=1, stdin=f"{password}\n")
    assert ran.stderr == f"lms: {told}\n"
    with runtime.database.snapshot() as session:
        assert account_named(session, "binh") is None


@pytest.mark.usefixtures("officer")
@pytest.mark.parametrize(
    "half", [("--role", "manager"), ("--unit", "10549"), ("--role", "king", "--unit", "1")]
)
def test_half_a_role_is_wrong_usage(runtime: Runtime, half) -> None:
    run(runtime, "accounts", "add", "binh", "--person", "CB001", *half, code=2, stdin=f"{PASSWORD}\n")
