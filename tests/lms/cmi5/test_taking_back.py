"""Statements about units that are taken back: the unit, its blocks and the course fall back (9.3.9)."""

from uuid import UUID

import pytest
from sqlalchemy import select

from lms.cmi5.models import Reached, Waiver
from lms.cmi5.services.waiving import Reason, waive
from lms.core.vocabulary import iris
from lms.explorer.services import take_back
from lms.player.models import Attempt
from tests.factories.cmi5 import titled, unit
from tests.lms.player.playing import statements, verbs
from tracking.completions.queries import completions_of
from tracking.rebuild import rebuild
from tracking.record.models import Statement, Verb

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONE, TWO = "https-example-org-cmi5-au-one", "https-example-org-cmi5-au-two"
COURSE = "http://localhost:8000/courses/cours"


@pytest.fixture
def withdraw(database, settings):
    """`withdraw("passed")` takes back the newest statement with this verb (its last word)."""

    def take(verb: str) -> None:
        with database.transaction() as session:
            said = [one for one in statements(session) if one["verb"]["id"].endswith(f"/{verb}")]
            take_back(session, UUID(said[-1]["id"]), "Nhầm người", settings=settings, actor=None)

    return take


@pytest.fixture
def done(database, learner_id):
    """Whether the course counts; what was reached in the unit; what the learner's pages know of it."""

    def look() -> tuple[bool, set[str], Attempt]:
        with database.snapshot() as session:
            reached = session.query(Reached).one()
            names = ("completed", "passed", "failed", "waived")
            return (
                COURSE in completions_of(session, learner_id),
                {name for name in names if getattr(reached, name)},
                session.query(Attempt).one(),
            )

    return look


def voided(session) -> list[str]:
    """The verbs of what is void."""
    found = select(Verb.iri).join(Statement, Statement.verb_id == Verb.id)
    void = session.scalars(found.where(Statement.voided_at.is_not(None)).order_by(Statement.seq))
    return [iri.rsplit("/", 1)[1] for iri in void]


def test_what_is_taken_back_takes_block_and_course_with_it(
    speaker, officer, open_unit, withdraw, done, database
):
    speaker.say("initialized", "passed", "completed", "terminated")
    withdraw("passed")
    counts, reached, attempt = done()
    assert (counts, reached) == (False, {"completed"})
    assert (attempt.completion, attempt.success, attempt.progress) == (False, None, 1.0)
    with database.snapshot() as session:
        assert voided(session) == ["passed", "satisfied", "satisfied"]
    again = open_unit(officer).start()
    assert (again.data["launchMode"], again.registration) == ("Normal", speaker.registration)
    again.say("initialized", "passed")
    assert again.send(again.statement("completed")).status_code == 403, "that still stands"
    counts, reached, attempt = done()
    assert (counts, reached, attempt.completion) == (True, {"completed", "passed"}, True)
    with database.snapshot() as session:
        assert verbs(session).count("satisfied") == 2, "said anew"
        assert rebuild(session, check=True).differences == 0


@on_sqlite
def test_what_does_not_matter_takes_nothing_with_it(officer, import_course, open_unit, withdraw, done):
    import_course(unit(moveOn="CompletedOrPassed"))
    speaker = open_unit(officer).start()
    speaker.say("initialized", "completed")
    first = done()[2].completed_at
    speaker.say("passed", "terminated")
    withdraw("completed")
    counts, reached, attempt = done()
    assert (counts, reached, attempt.completion) == (True, {"passed"}, True)
    assert attempt.completed_at > first
    withdraw("passed")
    assert done()[:2] == (False, set())


@on_sqlite
def test_of_several_units_those_are_left_of_which_nothing_was_taken(
    officer, import_course, open_unit, withdraw, database
):
    inner = titled("block", "inner", unit("one", moveOn="Completed"))
    import_course(titled("block", "outer", inner + unit("two", moveOn="Passed")))
    open_unit(officer, ONE).start().say("initialized", "completed", "terminated")
    open_unit(officer, TWO).start().say("initialized", "passed", "terminated")
    withdraw("passed")
    with database.snapshot() as session:
        assert voided(session) == ["passed", "satisfied", "satisfied"]
        standing = [one["object"]["id"] for one in statements(session) if one["verb"]["id"] == iris.SATISFIED]
        assert "inner" in standing[0], "the first of three, which still stands"


@on_sqlite
def test_a_score_that_is_taken_back_leaves_the_one_before(speaker, officer, open_unit, withdraw, done):
    speaker.say("initialized")
    assert speaker.send(speaker.scored("failed", 0.4)).status_code == 200
    speaker.say("terminated")
    again = open_unit(officer).start()
    again.say("initialized")
    assert again.send(again.scored("passed", 0.95)).status_code == 200
    withdraw("passed")
    _counts, reached, attempt = done()
    assert (reached, attempt.success, attempt.score_scaled) == ({"failed"}, False, 0.4)


@on_sqlite
def test_a_waiver_that_is_taken_back_may_be_given_again(speaker, person, withdraw, done, database, settings):
    def waive_it() -> None:
        with database.transaction() as session:
            lesson = session.query(Attempt).one().lesson
            waive(session, lesson, person.id, Reason.ADMINISTRATIVE, settings=settings, actor=None)

    waive_it()
    assert done()[:2] == (True, {"waived"})
    withdraw("waived")
    counts, reached, attempt = done()
    assert (counts, reached, attempt.completion) == (False, set(), False)
    with database.snapshot() as session:
        assert session.scalars(select(Waiver)).all() == []
    waive_it()
    assert done()[0]


@on_sqlite
def test_satisfied_that_was_taken_back_by_hand_is_not_said_again_by_itself(speaker, withdraw, done, database):
    speaker.say("initialized", "passed", "completed")
    withdraw("satisfied")
    assert done()[:2] == (False, {"completed", "passed"})
    withdraw("completed")
    with database.snapshot() as session:
        assert voided(session).count("satisfied") == 2, "none of them twice"


@on_sqlite
def test_who_only_has_to_be_there_stays_done(officer, import_course, open_unit, withdraw, done):
    import_course(unit(moveOn="NotApplicable"))
    speaker = open_unit(officer).start()
    speaker.say("initialized", "completed", "terminated")
    withdraw("completed")
    counts, reached, attempt = done()
    assert (counts, reached, attempt.completion) == (True, set(), True)
