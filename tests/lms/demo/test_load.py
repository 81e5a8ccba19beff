"""Loading the city that the first reports came from."""

from collections import Counter
from random import Random
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import func, select

from lms.accounts.models import Account, Role
from lms.accounts.queries import account_named
from lms.accounts.services import sign_in
from lms.catalogue.models import Course
from lms.catalogue.queries import the_course
from lms.core.clock import today
from lms.core.database import Database
from lms.core.runtime import Runtime
from lms.demo.cli import demo
from lms.demo.learning import MANDATORY
from lms.demo.names import invented_name
from lms.demo.queries import CAST, UNFINISHED, sign_ins
from lms.demo.services import all_units, load
from lms.enrolment.models import Assignment
from lms.enrolment.queries import mandatory_courses
from lms.people.models import Person
from lms.units.models import Unit
from lms.units.queries import subtree_ids, unit_of_code
from tests.factories.people import the_person
from tracking.rates.members import Question, missing_members
from tracking.rates.queries import Rate, rates
from tracking.record.models import Statement

# Enough of the city for its figures, and not so much that tests take minutes.
SMALL = [
    row for row in all_units() if row.code in ("31", "10549", "10549-TDP01", "11086", "10660", "31-SKHCN")
]


def load_small(runtime: Runtime) -> list[str]:
    told: list[str] = []
    load(runtime, SMALL, told.append)
    return told


def rows_of(database: Database) -> dict[str, Any]:
    with database.snapshot() as session:
        return {
            table.__tablename__: session.scalar(select(func.count()).select_from(table))
            for table in (Unit, Person, Account, Course, Assignment, Statement)
        }


def rate_of(database: Database, code: str) -> Rate:
    with database.snapshot() as session:
        units = {code: subtree_ids(session, unit_of_code(session, code))}
        iri = the_course(session, MANDATORY).iri
        return rates(session, activity=iri, units=units, audience="officer", as_of=today())[code]


def test_the_city_has_its_114_communes_and_14_departments() -> None:
    units = all_units()
    kinds = Counter(row.kind for row in units)
    assert (kinds["city"], kinds["commune"], kinds["department"]) == (1, 114, 14)
    communes = {row.code: row.name for row in units if row.kind == "commune"}
    assert communes["10549"] == "Phường Chu Văn An"
    assert communes["11948"] == "Đặc khu Bạch Long Vĩ"
    assert all(len(code) == 5 and code.isdigit() for code in communes)
    below = Counter(row.parent_code for row in units if row.kind == "village")
    assert (below["10549"], below["11086"]) == (30, 11)


def test_invented_names_are_the_same_on_every_machine() -> None:
    assert [invented_name(Random(f"test {number}")) for number in range(3)] == [
        ("Lương Ngọc Bình", "male"),
        ("Vũ Thị Thu Thoa", "female"),
        ("Vũ Văn Thắng", "male"),
    ]


def test_a_city_is_loaded_once_with_its_figures_and_its_cast(runtime: Runtime, database: Database) -> None:
    """One city for all of it: loading it takes longer than what is asked of it."""
    assert sign_ins(runtime.settings) is None
    first = load_small(runtime)
    there = rows_of(database)
    chu_van_an_lacks_one_officer_who_knows_what_is_due(database)
    other_communes_stand_in_between(database)
    everybody_of_the_cast_can_sign_in(runtime)
    assert load_small(runtime) == first
    assert rows_of(database) == there
    the_passwords_are_for_the_owner_of_the_data_alone_and_can_be_made_anew(runtime)


def chu_van_an_lacks_one_officer_who_knows_what_is_due(database: Database) -> None:
    assert rate_of(database, "10549") == Rate(56, 57)
    with database.snapshot() as session:
        units = subtree_ids(session, unit_of_code(session, "10549"))
        iri = the_course(session, MANDATORY).iri
        asked = Question(activity=iri, units=units, audience="officer", as_of=today())
        (missing,) = missing_members(session, asked)
        assert missing.learner == the_person(session, UNFINISHED).id
        (due,) = mandatory_courses(session, missing.learner, today())
        assert due.course.slug == MANDATORY


def other_communes_stand_in_between(database: Database) -> None:
    for code in ("31", "11086"):
        found = rate_of(database, code)
        assert 0 < found.completed < found.members


def everybody_of_the_cast_can_sign_in(runtime: Runtime) -> None:
    found = sign_ins(runtime.settings)
    assert found is not None
    assert [one.username for one in found] == [one.username for one in CAST]
    with runtime.database.transaction() as session:
        assert all(sign_in(session, one.username, one.password) for one in found)
        administrator = account_named(session, "quantri")
        assert administrator is not None
        assert [(grant.role, grant.unit.code) for grant in administrator.grants] == [
            (Role.ADMINISTRATOR, "31")
        ]


def the_passwords_are_for_the_owner_of_the_data_alone_and_can_be_made_anew(runtime: Runtime) -> None:
    file = runtime.settings.data / "demo-sign-ins.txt"
    assert file.stat().st_mode & 0o077 == 0
    file.unlink()
    load_small(runtime)
    found = sign_ins(runtime.settings)
    assert found is not None
    with runtime.database.transaction() as session:
        assert all(sign_in(session, one.username, one.password) for one in found)


@pytest.mark.slow
@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # on PostgreSQL axe looks at it
def test_the_command_loads_the_whole_city_and_says_how_to_sign_in(
    runtime: Runtime, database: Database
) -> None:
    ran = CliRunner().invoke(demo, ["load"], obj=runtime)
    assert ran.exit_code == 0, (ran.output, ran.exception)
    for one in sign_ins(runtime.settings) or []:
        assert f"{one.username} " in ran.output
        assert one.password in ran.output
    assert rate_of(database, "10549") == Rate(56, 57)
    assert 0.5 < rate_of(database, "31").completed / rate_of(database, "31").members < 0.9
    there = rows_of(database)
    assert (there["unit"], there["course"]) == (len(all_units()), 4)
