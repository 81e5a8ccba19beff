"""Two records of one person: figures, lessons, imports and sign-in while they are one, and afterwards."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select

from lms.accounts.services import add_account
from lms.catalogue.models import Course
from lms.catalogue.queries import current_lesson
from lms.core.audit import Act, AuditEntry
from lms.core.clock import today
from lms.core.database import Database
from lms.core.record import keep, our_authority
from lms.enrolment.queries import mandatory_courses
from lms.enrolment.services import assign
from lms.people.merging import merge_people, part_people
from lms.people.models import Person
from lms.people.queries import Filter, page_of, person_of_code
from lms.player.models import CourseCompletion
from lms.player.queries import courses_progress, open_attempt
from lms.player.services.launching import launch
from lms.rates.queries import explanation, rate_answer
from lms.rates.questions import Question
from tests.factories.learning import Learner, make_course, tell
from tests.factories.people import HOME_PAGE, import_people, the_person
from tests.lms.conftest import PASSWORD, Cast
from tests.profiles.ours import pretended
from tracking.completions.queries import completions_of
from tracking.rebuild import rebuild
from tracking.record.models import Statement

Crowd = dict[str, UUID]
EARLY, LATE = datetime(2025, 11, 1, 2, tzinfo=UTC), datetime(2025, 11, 5, 2, tzinfo=UTC)


@pytest.fixture
def course(database: Database, crowd: Crowd, cast: Cast) -> Course:
    """Two lessons, of which An completed the first (early) and the second (late), Ánh the second (early)."""
    with database.transaction() as session:
        course = make_course(session, lessons=2)
        first, second = (f"{course.iri}/lessons/item-{number}" for number in (0, 1))
        tell(session, the_learner(crowd, "CB2"), first, at=EARLY)
        tell(session, the_learner(crowd, "CB2"), second, at=LATE)
        tell(session, the_learner(crowd, "CB1"), second, at=EARLY)
    return course


def the_learner(crowd: Crowd, code: str) -> Learner:
    return Learner(crowd[code], code, code)


def merge(database: Database, code: str, into: str) -> None:
    with database.transaction() as session:
        person, other = the_person(session, code), the_person(session, into)
        merge_people(session, person, other, home_page=HOME_PAGE, actor=None)


def part(database: Database, code: str) -> None:
    with database.transaction() as session:
        part_people(session, the_person(session, code), home_page=HOME_PAGE, actor=None)


def figures(database: Database, course: Course, cast: Cast) -> list[Any]:
    """Rates and explanations of every unit, the list of people, and that nothing has to be rebuilt."""
    answers: list[Any] = []
    with database.snapshot() as session:
        for unit in (cast.city, cast.commune, cast.village, cast.other):
            for as_of in (today(), date(2025, 11, 3)):
                asked = Question(unit, course, None, as_of)
                answers += [rate_answer(session, asked), explanation(session, asked)]
        answers.append([listed.person.code for listed in page_of(session, Filter(cast.city)).people])
    with database.transaction() as session:
        assert rebuild(session, check=True).differences == 0
    return answers


def rate(database: Database, course: Course, cast: Cast, as_of: date | None = None) -> tuple[int, int]:
    with database.snapshot() as session:
        answer = rate_answer(session, Question(cast.commune, course, None, as_of or today()))
    return answer.completed, answer.members


def test_figures_count_one_person_and_afterwards_are_what_they_were(
    database: Database, course: Course, cast: Cast
):
    before = figures(database, course, cast)
    assert rate(database, course, cast) == (1, 3)
    merge(database, "CB2", "CB1")
    assert rate(database, course, cast) == (1, 2)
    assert figures(database, course, cast) != before
    part(database, "CB2")
    assert figures(database, course, cast) == before


@pytest.mark.parametrize(("code", "into"), [("CB2", "CB1"), ("CB1", "CB2")])
def test_a_course_is_complete_by_the_lessons_of_both_and_the_earliest_counts(
    database: Database, course: Course, cast: Cast, code, into
):
    before = figures(database, course, cast)
    assert rate(database, course, cast, date(2025, 11, 3)) == (0, 3)
    merge(database, code, into)
    assert rate(database, course, cast, date(2025, 11, 3)) == (1, 2)
    part(database, code)
    assert figures(database, course, cast) == before


def test_no_statement_is_changed_and_none_of_a_persons_own_voided(
    database: Database, course: Course, cast: Cast
):
    with database.snapshot() as session:
        before = dict(session.execute(select(Statement.id, Statement.raw)).all())
    merge(database, "CB2", "CB1")
    part(database, "CB2")
    with database.snapshot() as session:
        after = dict(session.execute(select(Statement.id, Statement.raw)).all())
        voided = set(session.scalars(select(Statement.id).where(Statement.voided_at.is_not(None))))
    assert {number: after[number] for number in before} == before
    assert not voided & before.keys()


def test_a_course_that_rested_on_lessons_of_the_other_goes_with_them(
    database: Database, course: Course, cast: Cast, crowd: Crowd
):
    """An's own course statement is void once a lesson is, though Ánh's stood in while they were one."""
    merge(database, "CB2", "CB1")
    with database.transaction() as session:
        second = f"{course.iri}/lessons/item-1"
        wanted = select(CourseCompletion).where(CourseCompletion.learner == crowd["CB2"])
        own = session.scalars(wanted).one()
        void(session, UUID(own.rests_on[second]))
    part(database, "CB2")
    with database.snapshot() as session:
        assert course.iri not in completions_of(session, crowd["CB2"])
        assert session.scalars(wanted).one().voided
    assert rate(database, course, cast) == (0, 3)


def void(session: Any, statement_id: UUID) -> None:
    statement = {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": HOME_PAGE, "name": "lms"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
        "object": {"objectType": "StatementRef", "id": str(statement_id)},
    }
    keep(session, pretended([statement]), home_page=HOME_PAGE, authority=our_authority(HOME_PAGE))


def test_what_is_told_of_the_other_meanwhile_goes_back_to_it(
    database: Database, course: Course, cast: Cast, crowd: Crowd
):
    merge(database, "CB2", "CB1")
    with database.transaction() as session:
        other = make_course(session, "khac")
        tell(session, the_learner(crowd, "CB2"), other.iri)
        assert other.iri in completions_of(session, crowd["CB1"])
    part(database, "CB2")
    with database.snapshot() as session:
        assert other.iri in completions_of(session, crowd["CB2"])
        assert other.iri not in completions_of(session, crowd["CB1"])


def test_attempts_of_both_are_gone_on_with_under_either_name(
    database: Database, course: Course, cast: Cast, crowd: Crowd
):
    with database.transaction() as session:
        lesson = course_lesson(session, course)
        begun = launch(session, lesson, crowd["CB2"], is_guest=False).attempt
        begun.progress = 0.4
        launch(session, lesson, crowd["CB1"], is_guest=False)
    merge(database, "CB2", "CB1")
    with database.transaction() as session:
        lesson = course_lesson(session, course)
        for code in ("CB1", "CB2"):
            found = open_attempt(session, crowd[code], lesson.iri)
            assert found is not None
            assert found.id == begun.id
            [progress] = courses_progress(session, crowd[code], [session.get_one(Course, course.id)])
            assert progress.done == 2
    part(database, "CB2")
    with database.snapshot() as session:
        found = open_attempt(session, crowd["CB1"], lesson.iri)
        assert found is not None
        assert found.learner == crowd["CB1"]


def course_lesson(session: Any, course: Course) -> Any:
    return current_lesson(session, course.slug, "item-0")


def test_an_attempt_is_not_taken_up_again_once_the_lesson_was_completed_under_the_other_name(
    database: Database, course: Course, cast: Cast, crowd: Crowd
):
    with database.transaction() as session:
        lesson = course_lesson(session, course)
        left = launch(session, lesson, crowd["CB2"], is_guest=False).attempt
        left.updated = EARLY
        done = launch(session, lesson, crowd["CB1"], is_guest=False).attempt
        done.completion, done.ended = True, LATE
    merge(database, "CB2", "CB1")
    with database.transaction() as session:
        assert open_attempt(session, crowd["CB1"], lesson.iri) is None
        new = launch(session, course_lesson(session, course), crowd["CB1"], is_guest=False).attempt
        assert (new.learner, new.number) == (crowd["CB1"], 2)
    part(database, "CB2")
    with database.snapshot() as session:
        found = open_attempt(session, crowd["CB2"], lesson.iri)
        assert found is not None
        assert found.id == left.id


def test_what_is_mandatory_and_done_is_the_same_under_either_name(
    database: Database, course: Course, cast: Cast, crowd: Crowd
):
    with database.transaction() as session:
        found = session.get_one(Course, course.id)
        assign(session, found, cast_unit(session, cast), audience="officer", due=today(), actor=None)
    merge(database, "CB2", "CB1")
    with database.snapshot() as session:
        for code in ("CB1", "CB2"):
            [must] = mandatory_courses(session, crowd[code], today())
            assert (must.state.value, must.completed_on) == ("completed", date(2025, 11, 1))


def cast_unit(session: Any, cast: Cast) -> Any:
    return session.get_one(type(cast.commune), cast.commune.id)


def test_both_sign_in_and_codes_lead_to_the_record_that_stands(
    database: Database, cast: Cast, crowd: Crowd, app
):
    with database.transaction() as session:
        add_account(session, username="annv", password=PASSWORD, name="An", person=crowd["CB2"])
    merge(database, "CB2", "CB1")
    client = app.test_client()
    data = {"username": "annv", "password": PASSWORD}
    assert client.post("http://localhost:8000/sign-in", data=data).status_code == 302
    with database.snapshot() as session:
        assert person_of_code(session, "CB2").code == "CB1"
        listed = {each.person.code: each.has_account for each in page_of(session, Filter(cast.city)).people}
        assert listed == {"CB1": True, "CD1": False, "CB9": False}
        assert [each.person.code for each in page_of(session, Filter(cast.city, text="cb2")).people] == [
            "CB1"
        ]


def row(code: str, unit: str = "10549", **more: object) -> dict[str, object]:
    return {"code": code, "name": "Trần Thị Ánh", "unit_code": unit, "audience": "officer", **more}


def test_a_list_that_names_the_other_code_is_taken_for_who_stands_and_says_so(
    database: Database, cast: Cast, crowd: Crowd, tmp_path: Path
):
    merge(database, "CB2", "CB1")
    report = import_people(database, tmp_path, row("CB2", "10549-01", phone="0912345678", since="01/02/2026"))
    assert (report.moved, report.created, len(report.bad)) == (1, 0, 0)
    [note] = report.notes
    assert note.reason == "The code “CB2” was merged into “CB1”; this row was taken for that person."
    with database.snapshot() as session:
        assert the_person(session, "CB1").phone == "0912345678"
        assert [each.unit.code for each in page_of(session, Filter(cast.commune)).people] == ["10549-01"] * 2
    part(database, "CB2")
    with database.snapshot() as session:
        units = {each.person.code: each.unit.code for each in page_of(session, Filter(cast.commune)).people}
    assert units == {"CB1": "10549", "CB2": "10549-01", "CD1": "10549-01"}


@pytest.mark.parametrize("codes", [("CB1", "CB2"), ("CB2", "CB1")])
def test_a_list_that_names_both_codes_keeps_the_one_that_stands(
    database: Database, cast: Cast, crowd: Crowd, tmp_path: Path, codes
):
    merge(database, "CB2", "CB1")
    units = {"CB1": "10549-01", "CB2": "10549"}
    report = import_people(
        database, tmp_path, *(row(code, units[code], since="01/02/2026") for code in codes)
    )
    [bad] = report.bad
    assert "are one person" in bad.faults[0].reason
    with database.snapshot() as session:
        assert [each.unit.code for each in page_of(session, Filter(cast.commune)).people] == ["10549-01"] * 2


def test_of_two_codes_that_were_merged_the_first_row_holds(
    database: Database, cast: Cast, crowd: Crowd, tmp_path: Path
):
    merge(database, "CB2", "CB1")
    merge(database, "CD1", "CB1")
    report = import_people(database, tmp_path, row("CB2"), row("CD1"))
    assert (len(report.notes), len(report.bad)) == (1, 1)


def test_both_directions_are_in_the_audit_log(database: Database, cast: Cast, crowd: Crowd):
    merge(database, "CB2", "CB1")
    part(database, "CB2")
    with database.snapshot() as session:
        acts = select(AuditEntry).where(AuditEntry.act.in_([Act.PEOPLE_MERGED, Act.PEOPLE_PARTED]))
        merged, parted = session.scalars(acts.order_by(AuditEntry.id))
        assert session.scalars(select(Person.code).where(Person.id == crowd["CB2"])).one() == "CB2"
    ids = str(crowd["CB2"]), str(crowd["CB1"])
    assert (merged.subject, merged.detail["into"]) == ids
    assert (parted.subject, parted.detail["standing"]) == ids
