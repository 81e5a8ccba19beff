"""Assigning a course to a unit."""

from datetime import date

import pytest
from sqlalchemy import func, select

from lms.core.audit import Act, AuditEntry
from lms.core.database import Database
from lms.core.errors import Conflict
from lms.enrolment.models import Assignment
from lms.enrolment.services import assign, withdraw
from tests.factories.learning import make_course
from tests.lms.conftest import Cast

DUE = date(2026, 3, 31)


def test_a_course_becomes_mandatory_and_the_log_says_who_made_it_so(database: Database, cast: Cast):
    with database.transaction() as session:
        course = make_course(session)
        made, outcome = assign(
            session, course, cast.commune, audience="officer", due=DUE, actor=cast.manager.id
        )
    assert (outcome, made.due, made.created_by) == ("created", DUE, cast.manager.id)
    with database.snapshot() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.COURSE_ASSIGNED)).one()
    assert entry.actor == cast.manager.id
    assert entry.detail["unit"] == cast.commune.code


def test_the_same_again_changes_nothing(database: Database, cast: Cast):
    with database.transaction() as session:
        course = make_course(session)
        first, _ = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        second, outcome = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        assert (second.id, outcome) == (first.id, "unchanged")
        assert session.scalar(select(func.count()).select_from(Assignment)) == 1


def test_another_date_moves_the_last_day_of_the_same_assignment(database: Database, cast: Cast):
    later = date(2026, 6, 30)
    with database.transaction() as session:
        course = make_course(session)
        first, _ = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        second, outcome = assign(session, course, cast.commune, audience="officer", due=later, actor=None)
    assert (second.id, outcome, second.due) == (first.id, "changed", later)


def test_another_audience_is_another_assignment(database: Database, cast: Cast):
    with database.transaction() as session:
        course = make_course(session)
        first, _ = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        second, outcome = assign(session, course, cast.commune, audience="citizen", due=DUE, actor=None)
    assert first.id != second.id
    assert outcome == "created"


def test_what_was_withdrawn_stays_on_record_and_can_be_assigned_again(database: Database, cast: Cast):
    with database.transaction() as session:
        course = make_course(session)
        first, _ = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        withdraw(session, first, actor=cast.manager.id)
        second, outcome = assign(session, course, cast.commune, audience="officer", due=DUE, actor=None)
        assert (outcome, second.id != first.id) == ("created", True)
        assert first.withdrawn is not None
        assert first.withdrawn_by == cast.manager.id


def test_withdrawing_twice_is_refused(database: Database, cast: Cast):
    with database.transaction() as session:
        made, _ = assign(session, make_course(session), cast.commune, audience="officer", due=DUE, actor=None)
        withdraw(session, made, actor=None)
        with pytest.raises(Conflict, match="withdrawn already"):
            withdraw(session, made, actor=None)
