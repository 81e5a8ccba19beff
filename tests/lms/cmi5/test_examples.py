"""What units of the public examples say beside cmi5's own statements: slides, films, questions, a mark."""

import pytest

from lms.core.vocabulary import iris
from lms.player.models import Attempt
from tests.factories.cmi5 import unit

pytestmark = pytest.mark.parametrize("databases", ["sqlite"], indirect=True)

VIDEO = "https://w3id.org/xapi/video"
QUESTION = "http://adlnet.gov/expapi/activities/cmi.interaction"


@pytest.fixture
def begun(officer, import_course, open_unit):
    import_course(unit(moveOn="CompletedOrPassed", masteryScore="0.3", launchMethod="OwnWindow"))
    speaker = open_unit(officer).start()
    speaker.say("initialized")
    return speaker


def within(begun, path: str, **definition):
    return {"objectType": "Activity", "id": f"{begun.activity}/{path}", "definition": definition}


def seen(begun, slide: int, percent: int):
    about = within(begun, f"slide/{slide}", name={"en-US": "Geologic Materials"})
    return begun.statement("experienced", object=about, result={"extensions": {iris.PROGRESS: percent}})


def watched(begun):
    """A film of its own that was seen to its end: completed, and not the unit."""
    film = {"id": "https://example.com/vid/1", "definition": {"type": f"{VIDEO}/activity-type/video"}}
    result = {
        "completion": True,
        "duration": "PT12.345678S",
        "extensions": {f"{VIDEO}/extensions/time": None},
    }
    said = begun.statement("completed", object=film, result=result)
    said["context"]["contextActivities"]["category"] = [{"id": VIDEO}]
    return said


def answered(begun, **asked):
    """A question of which the unit tells nothing but whether it was right."""
    about = within(begun, "test/quiz1/question/q1", type=QUESTION, correctResponsesPattern=["crust"], **asked)
    return begun.statement("answered", object=about, result={"response": "", "success": False})


def test_what_happens_within_the_unit_is_taken_and_decides_nothing(begun, database):
    assert begun.send(seen(begun, 0, 14)).status_code == 200
    # An option without a text gives a description without a language.
    options = [{"id": "crust", "description": {"en-US": "Crust"}}, {"id": "core", "description": {}}]
    chosen = answered(begun, interactionType="choice", choices=options)
    written = answered(begun, interactionType="fill-in")
    assert begun.send(watched(begun), chosen, written).status_code == 200
    with database.snapshot() as session:
        attempt = session.query(Attempt).one()
    assert (attempt.completion, attempt.success) == (False, None)


def test_a_third_of_the_points_passes_where_the_mark_is_lower(begun, database):
    assert begun.send(begun.scored("passed", 1 / 3)).status_code == 200
    begun.say("completed", "terminated")
    with database.snapshot() as session:
        attempt = session.query(Attempt).one()
    assert (attempt.completion, attempt.score_raw, attempt.score_scaled) == (True, 33, 1 / 3)
