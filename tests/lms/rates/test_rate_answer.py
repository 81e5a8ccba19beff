"""The number: completed / members of a unit, an audience and a day."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from lms.core.clock import today
from lms.core.database import Database
from lms.rates.answers import percent_of
from lms.rates.queries import explanation, rate_answer
from lms.rates.questions import Question
from tests.factories.learning import make_person, tell
from tests.lms.conftest import Cast
from tests.lms.rates.conftest import FIRST, Scene


@pytest.fixture
def question(scene: Scene, cast: Cast) -> Question:
    return Question(cast.commune, scene.course, "officer", today())


def test_56_of_57_is_98_2_percent_and_the_last_one_makes_it_100(
    database: Database, scene: Scene, question: Question
):
    with database.transaction() as session:
        before = rate_answer(session, question)
        tell(session, scene.missing, scene.course.iri)
        after = rate_answer(session, question)
    assert (before.completed, before.members, before.percent) == (56, 57, 98.2)
    assert (after.completed, after.members, after.percent) == (57, 57, 100.0)


def test_the_answer_says_what_it_counts_and_of_which_day(
    database: Database, scene: Scene, question: Question
):
    with database.snapshot() as session:
        answer = rate_answer(session, question)
    assert answer.definition == (
        "Officers of Phường Chu Văn An who have completed “Quét mã QR an toàn”, out of all its officers"
    )
    assert (answer.course, answer.unit, answer.audience) == ("qr", "10549", "officer")
    assert (answer.as_of, answer.known_on, answer.children) == (today(), None, [])


def test_as_of_an_earlier_day_counts_what_had_happened_by_its_end(
    database: Database, scene: Scene, question: Question
):
    # From 08:00 on the first day, one an hour: 16 by midnight in Hải Phòng.
    with database.snapshot() as session:
        answer = rate_answer(session, replace(question, as_of=date(2025, 11, 1)))
    assert (answer.completed, answer.members) == (16, 57)


def test_as_known_before_anything_was_recorded_there_was_nothing(
    database: Database, scene: Scene, question: Question
):
    with database.snapshot() as session:
        answer = rate_answer(session, replace(question, known_on=today() - timedelta(days=1)))
    assert (answer.completed, answer.members, answer.percent) == (0, 0, None)
    assert answer.definition.endswith(f"by what was recorded until {today() - timedelta(days=1):%d/%m/%Y}")


def test_the_whole_city_is_the_sum_of_what_is_below_it(
    database: Database, cast: Cast, scene: Scene, question: Question
):
    with database.transaction() as session:
        make_person(session, cast.village)
        answer = rate_answer(session, replace(question, unit=cast.city, audience=None), by_unit=True)
    assert (answer.completed, answer.members) == (57, 60)
    assert [(child.code, child.completed, child.members) for child in answer.children] == [
        ("10660", 1, 2),
        ("10549", 56, 58),
    ]


def test_a_unit_without_members_has_no_percent(database: Database, cast: Cast, question: Question):
    with database.snapshot() as session:
        answer = rate_answer(session, replace(question, unit=cast.village))
        people = explanation(session, replace(question, unit=cast.village)).people
    assert (answer.completed, answer.members, answer.percent) == (0, 0, None)
    assert people == []


def test_the_explanation_names_every_member_and_every_proof(
    database: Database, scene: Scene, question: Question
):
    with database.snapshot() as session:
        found = explanation(session, question)
    by_code = {person.code: person for person in found.people}
    assert (found.completed, found.members, len(by_code)) == (56, 57, 57)
    first, last = scene.officers[0], scene.missing
    assert by_code[first.code].statement == scene.statements[0]
    assert by_code[first.code].completed_at == FIRST
    assert (by_code[last.code].statement, by_code[last.code].completed_at) == (None, None)
    assert found.next is None


def test_the_explanation_is_in_the_vietnamese_order_of_given_names(
    database: Database, scene: Scene, question: Question
):
    with database.snapshot() as session:
        names = [person.name for person in explanation(session, question).people]
    given = [name.rsplit(" ", 1)[1] for name in names if name]
    assert list(dict.fromkeys(given)) == ["An", "Bình", "Chi", "Dũng", "Đào", "Hoà", "Yến"]


def test_a_long_explanation_comes_in_parts(database: Database, question: Question):
    with database.snapshot() as session:
        whole = explanation(session, question)
        first = explanation(session, question, limit=50)
        rest = explanation(session, question, limit=50, offset=first.next or 0)
    assert [*first.people, *rest.people] == whole.people
    assert (first.next, rest.next, rest.completed) == (50, None, 56)


def test_repeated_and_late_statements_count_once_and_the_earliest_proves(
    database: Database, scene: Scene, question: Question
):
    early = datetime(2025, 10, 1, tzinfo=UTC)
    with database.transaction() as session:
        tell(session, scene.officers[0], scene.course.iri, at=FIRST + timedelta(days=5))
        proof = tell(session, scene.officers[0], scene.course.iri, at=early)
        found = explanation(session, question)
    person = next(person for person in found.people if person.code == scene.officers[0].code)
    assert (found.completed, person.statement, person.completed_at) == (56, proof, early)


@pytest.mark.parametrize(
    ("completed", "members", "percent"),
    [
        (57, 57, 100.0),
        (56, 57, 98.2),
        (12_234, 29_850, 41.0),
        (5_066, 18_786, 27.0),
        (4_762, 18_786, 25.3),
        (1_818, 2_612, 69.6),
        (999_999, 1_000_000, 99.9),
        (1, 1_000_000, 0.1),
        (1, 800, 0.1),
        (0, 57, 0.0),
        (0, 0, None),
        (49, 400, 12.3),
    ],
)
def test_percent_has_one_decimal_and_is_never_whole_before_the_last_has_completed(
    completed: int, members: int, percent: float | None
):
    assert percent_of(completed, members) == percent
