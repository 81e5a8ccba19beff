"""Whatever the product makes of a learner's journey follows the published profile.

Every test of `tests/lms` is held to it (`made_by_us`); here the journeys show that it has all of it.
"""

from datetime import UTC, datetime
from uuid import UUID

import orjson
from sqlalchemy import select

from lms.core.vocabulary.iris import VERSION, own
from lms.core.vocabulary.patterns import OF_UNITS, PATTERNS
from lms.core.vocabulary.templates import TEMPLATES
from lms.explorer.services import take_back
from tests.factories.learning import tell
from tests.lms.player.playing import COMPLETED
from tests.profiles.ours import Made, kinds
from tests.profiles.patterns import follows
from tracking.record.models import Statement
from tracking.statements.queries import Filter, statements

ANSWER = {"id": "q1", "type": "choice", "student_response": "a", "result": "correct", "latency": "00:00:05"}
HALF = {"objectives": {"0": {"id": "a", "status": "completed"}, "1": {"id": "b", "status": "not attempted"}}}


def passes_at_the_second_attempt(launch, browser) -> None:
    page = launch(browser, "L2")
    page.commit(lesson_status="incomplete", cmi=HALF)
    page.commit(lesson_status="failed", score={"raw": 40}, exit="suspend", end="leave")
    page = launch(browser, "L2")
    answered = {"interactions": {"0": ANSWER}}
    page.commit(
        end="finish", lesson_status="passed", score={"raw": 90}, session_time="00:01:00", cmi=answered
    )


def learns_on_two_devices(launch, browser) -> None:
    """The first one has no network meanwhile, and sends what it has when the second is through."""
    first = launch(browser, "L1")
    first.commit(lesson_status="incomplete")
    second = launch(browser, "L1")
    second.commit(lesson_status="incomplete", cmi=HALF)
    second.commit(end="finish", **COMPLETED)
    first.commit(end="finish", **COMPLETED)


def test_all_that_a_learner_brings_about_follows_the_profile_and_nothing_in_it_is_made_up(
    launch, officer, visitor, person, lesson_iris, database, settings, made_by_us: Made
):
    passes_at_the_second_attempt(launch, officer)
    learns_on_two_devices(launch, officer)
    launch(visitor, "L1").commit(end="leave")
    with database.transaction() as session:
        tell(session, person, lesson_iris[0], at=datetime(2025, 11, 1, tzinfo=UTC))  # from elsewhere, earlier
    ours = [each for each in made_by_us.statements.values() if own("lesson-completed") in kinds(each)]
    for statement in ours:
        with database.transaction() as session:
            take_back(session, UUID(statement["id"]), "Nhầm người", settings=settings, actor=None)

    assert made_by_us.faults() == []
    told = set().union(*(kinds(each) for each in made_by_us.statements.values()))
    of_units = {own(name) for name in OF_UNITS}  # cmi5's, which tests/lms/cmi5 makes the product say
    assert told == {template["id"] for template in TEMPLATES} - of_units
    followed = {follows([kinds(each) for each in group], PATTERNS) for group in made_by_us.groups()}
    assert followed == {own("attempt"), own("course"), own("withdrawal")}
    with database.snapshot() as session:
        stored = {str(row.id): row.voided_at for row in session.scalars(select(Statement))}
        marked = statements(session, Filter(activity=VERSION, related_activities=True)).statements
    assert made_by_us.statements.keys() <= stored.keys()
    standing = {each for each in made_by_us.statements if stored[each] is None}
    assert {orjson.loads(raw)["id"] for raw in marked} == standing
