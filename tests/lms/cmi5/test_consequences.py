"""What follows from what a unit says: satisfied, completed, abandoned, reviewed (sections 9.3.6, 9.3.9)."""

from datetime import timedelta
from uuid import UUID

import pytest

from lms.cmi5.models import Launch
from lms.cmi5.tasks import abandon_overdue, sweep_previews
from lms.core.clock import utc_now
from lms.core.vocabulary import iris
from lms.player.holding import forget_previews
from lms.player.models import Attempt
from tests.factories.cmi5 import PUBLISHER, Speaker, titled, unit
from tests.lms.player.playing import statements, verbs
from tracking.completions.queries import completions_of

on_sqlite = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)
ONE, TWO = "https-example-org-cmi5-au-one", "https-example-org-cmi5-au-two"
COURSE = "http://localhost:8000/courses/cours"
TREE = titled(
    "block", "outer", unit("one", moveOn="Completed") + titled("block", "inner", unit("two", moveOn="Passed"))
)


def satisfied(database) -> list[dict]:
    with database.snapshot() as session:
        return [one for one in statements(session) if one["verb"]["id"] == iris.SATISFIED]


def test_blocks_and_course_are_satisfied_once_in_their_order(officer, import_course, open_unit, database):
    import_course(TREE)
    first = open_unit(officer, ONE).start()
    first.say("initialized", "completed", "terminated")
    assert satisfied(database) == []
    second = open_unit(officer, TWO).start()
    second.say("initialized", "passed")
    found = satisfied(database)
    assert [one["object"]["definition"]["type"] for one in found] == [
        iris.CMI5_BLOCK, iris.CMI5_BLOCK, iris.CMI5_COURSE,
    ]  # fmt: skip
    published = [one["context"]["contextActivities"]["grouping"][0]["id"] for one in found]
    assert published == [f"{PUBLISHER}/block/inner", f"{PUBLISHER}/block/outer", f"{PUBLISHER}/course/course"]
    ours = [one["object"]["id"] for one in found]
    assert ours[-1] == COURSE
    assert not set(ours) & set(published)  # 9.3.9: ids of our own
    for one in found:
        assert one["actor"] == second.actor
        assert one["context"]["extensions"][iris.SESSION_ID] == second.session
        assert one["context"]["registration"] == second.registration
        assert {"id": iris.CMI5} in one["context"]["contextActivities"]["category"]
    second.say("completed", "terminated")
    again = open_unit(officer, TWO).start()
    again.say("initialized", "terminated")
    assert len(satisfied(database)) == 3


def test_a_course_that_demands_nothing_is_satisfied_at_registration(
    officer, import_course, open_unit, database
):
    import_course(titled("block", "block", unit(moveOn="NotApplicable")))
    speaker = open_unit(officer).start()
    with database.snapshot() as session:
        assert verbs(session) == ["satisfied", "satisfied", "launched"]  # 9.6.1
    of_none = {one["context"]["extensions"][iris.SESSION_ID] for one in satisfied(database)}
    assert len(of_none) == 1
    assert speaker.session not in of_none
    assert speaker.data["launchMode"] == "Normal", "nothing was reached yet"
    speaker.say("initialized", "terminated")
    assert "Lesson completed" in officer.get(f"/learn/cours/{ONE}/result").get_data(as_text=True)


@on_sqlite
@pytest.mark.parametrize(
    ("move_on", "said"),
    [
        ("Completed", "completed"),
        ("Passed", "passed"),
        ("CompletedOrPassed", "completed"),
        ("CompletedOrPassed", "passed"),
    ],
)
def test_the_course_counts_once_the_unit_does(
    officer, import_course, open_unit, database, learner_id, move_on, said
):
    import_course(unit(moveOn=move_on))
    speaker = open_unit(officer).start()
    speaker.say("initialized", said)
    with database.snapshot() as session:
        assert {speaker.activity, COURSE} <= set(completions_of(session, learner_id))
        attempt = session.query(Attempt).one()
        assert attempt.completion
        assert attempt.registration == UUID(speaker.registration)


@on_sqlite
def test_the_course_does_not_count_while_something_is_missing(speaker, database, learner_id, officer):
    speaker.say("initialized", "completed", "terminated")  # the unit demands passing as well
    with database.snapshot() as session:
        assert COURSE not in completions_of(session, learner_id)


@on_sqlite
def test_failing_counts_for_nothing_and_may_be_mended(speaker, officer, open_unit, database, learner_id):
    speaker.say("initialized")
    assert speaker.send(speaker.scored("failed", 0.4)).status_code == 200
    speaker.say("completed", "terminated")
    page = officer.get(f"/learn/cours/{ONE}/result").get_data(as_text=True)
    assert "40" in page
    again = open_unit(officer).start()
    assert again.data["launchMode"] == "Normal"
    again.say("initialized")
    assert again.send(again.scored("passed", 0.95)).status_code == 200
    with database.snapshot() as session:
        assert COURSE in completions_of(session, learner_id)
        attempt = session.query(Attempt).one()
        assert (attempt.success, attempt.score_scaled) == (True, 0.95)


@on_sqlite
def test_the_learner_comes_back_to_the_result(speaker, officer):
    speaker.say("initialized", "passed", "completed", "terminated")
    page = officer.get(speaker.data["returnURL"].removeprefix("http://localhost:8000"))
    assert page.status_code == 200
    assert "Lesson completed" in page.get_data(as_text=True)


@on_sqlite
def test_a_unit_that_is_done_is_opened_to_be_looked_at(speaker, officer, open_unit):
    speaker.say("initialized", "passed", "completed", "terminated")
    again = open_unit(officer).start()
    assert again.registration == speaker.registration
    assert again.data["launchMode"] == "Review"
    again.say("initialized")
    for verb in ("completed", "passed", "failed"):
        assert again.send(again.statement(verb)).status_code == 403  # 10
    again.say("experienced", "terminated")


def test_a_session_that_was_left_is_abandoned_when_another_begins(speaker, officer, open_unit, database):
    speaker.say("initialized", "experienced")
    again = open_unit(officer).start()
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "experienced", "abandoned", "launched"]
        told = statements(session)[3]
    assert told["context"]["extensions"][iris.SESSION_ID] == speaker.session
    assert (told["actor"], told["object"]["id"]) == (speaker.actor, speaker.activity)
    assert told["result"]["duration"].startswith("PT")  # 9.5.4.2
    assert {"id": iris.CMI5} in told["context"]["contextActivities"]["category"]
    again.say("initialized", "passed")


@on_sqlite
def test_another_unit_of_the_course_abandons_it_too(officer, import_course, open_unit, database):
    import_course(TREE)
    open_unit(officer, ONE).start().say("initialized")
    open_unit(officer, TWO)
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "abandoned", "launched"]


def test_a_session_whose_time_ran_out_is_abandoned_once(speaker, runtime, database):
    speaker.say("initialized")
    assert abandon_overdue(runtime) == {"abandoned": 0}
    with database.transaction() as session:
        session.query(Launch).one().expires = utc_now() - timedelta(minutes=1)
    assert abandon_overdue(runtime) == {"abandoned": 1}
    assert abandon_overdue(runtime) == {"abandoned": 0}
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "abandoned"]
    assert speaker.send(speaker.statement("experienced")).status_code == 401


@on_sqlite
def test_progress_shows_on_the_way(speaker, database):
    speaker.say("initialized")
    said = speaker.statement("experienced", result={"extensions": {iris.PROGRESS: 40}})
    assert speaker.send(said).status_code == 200
    with database.snapshot() as session:
        assert session.query(Attempt).one().progress == 0.4


@on_sqlite
def test_the_time_of_a_session_is_added_up(speaker, officer, open_unit, database):
    with database.transaction() as session:
        session.query(Launch).one().started -= timedelta(minutes=5)
    speaker.say("initialized", "terminated")
    with database.snapshot() as session:
        assert session.query(Attempt).one().seconds == 12.0


@on_sqlite
def test_an_author_looks_around_and_nothing_counts(signed_in, import_course, app, runtime, database):
    import_course(unit(moveOn="Completed"))
    answer = signed_in("administrator").post(f"/manage/courses/cours/versions/1/preview/{ONE}")
    speaker = Speaker(app.test_client(), answer.headers["Location"]).start()
    assert speaker.data["launchMode"] == "Browse"
    assert speaker.data["returnURL"].startswith("http://localhost:8000/manage/courses/cours")
    speaker.say("initialized")
    assert speaker.send(speaker.statement("completed")).status_code == 403
    speaker.say("terminated")
    with database.snapshot() as session:
        assert verbs(session) == ["launched", "initialized", "terminated"]
        attempt = session.query(Attempt).one()
    assert (attempt.preview, attempt.completion) == (True, False)
    assert sweep_previews(runtime, old=timedelta(0)) == {"previews": 0}, "somebody may look at it"
    with database.transaction() as session:
        forget_previews(session, life=timedelta(0))
    assert sweep_previews(runtime, old=timedelta(0)) == {"previews": 1}
