"""The statements that an LMS makes of cmi5 lessons (cmi5 section 9.3).

They also follow our profile (`lms.core.vocabulary`), and say so in their category.
"""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from lms.catalogue.documents import lesson_definition
from lms.catalogue.models import Lesson
from lms.cmi5.models import Launch, Registration
from lms.cmi5.rules.moving import Group
from lms.core.vocabulary import iris

Json = dict[str, Any]
PLATFORM = "Bình dân học vụ số"
LANGUAGE = "vi"
_SHOWN = {
    iris.LAUNCHED: {"vi": "được mở", "en": "launched"},
    iris.ABANDONED: {"vi": "đã bỏ dở", "en": "abandoned"},
    iris.WAIVED: {"vi": "được miễn", "en": "waived"},
    iris.SATISFIED: {"vi": "đã đạt yêu cầu", "en": "satisfied"},
}


def agent_of(registration: Registration, home_page: str) -> Json:
    """The learner as units and statements name them: one and the same in all launches (section 8.1)."""
    account = {"homePage": home_page, "name": str(registration.actor)}
    return {"objectType": "Agent", "account": account}


def launched(launch: Launch, home_page: str) -> Json:
    """That the unit was opened (section 9.3.1)."""
    lesson = launch.lesson
    extensions: Json = {
        iris.LAUNCH_MODE: launch.mode,
        iris.LAUNCH_URL: launch.address,
        iris.MOVE_ON: lesson.move_on,
    }
    if lesson.mastery_score is not None:
        extensions[iris.MASTERY_SCORE] = round(lesson.mastery_score, 4)
    if lesson.launch_parameters:
        extensions[iris.LAUNCH_PARAMETERS] = lesson.launch_parameters
    return _statement(
        launch.registration,
        iris.LAUNCHED,
        _unit(lesson),
        launch.started,
        home_page,
        session_id=launch.id,
        publisher=lesson.identifier,
        extensions=extensions,
    )


def abandoned(launch: Launch, at: datetime, home_page: str) -> Json:
    """That the unit was left without a word (section 9.3.6); its time lasts to the last that was heard."""
    return _statement(
        launch.registration,
        iris.ABANDONED,
        _unit(launch.lesson),
        at,
        home_page,
        session_id=launch.id,
        publisher=launch.lesson.identifier,
        result={"duration": f"PT{launch.seconds:.2f}S"},
    )


def waived(registration: Registration, lesson: Lesson, reason: str, at: datetime, home_page: str) -> Json:
    """That the learner is let off the unit (section 9.3.7), in a session of its own."""
    return _statement(
        registration,
        iris.WAIVED,
        _unit(lesson),
        at,
        home_page,
        session_id=uuid4(),
        publisher=lesson.identifier,
        result={"success": True, "completion": True, "extensions": {iris.WHY_WAIVED: reason}},
    )


def satisfied(
    registration: Registration, group: Group, at: datetime, home_page: str, *, session_id: UUID
) -> Json:
    """That all units of a block, or of the course, count (section 9.3.9)."""
    course = registration.version.course
    kind = iris.CMI5_COURSE if group.iri == course.iri else iris.CMI5_BLOCK
    definition = {"type": kind, "name": {LANGUAGE: group.title}}
    return _statement(
        registration,
        iris.SATISFIED,
        {"id": group.iri, "objectType": "Activity", "definition": definition},
        at,
        home_page,
        session_id=session_id,
        publisher=group.publisher,
    )


def _statement(
    registration: Registration,
    verb: str,
    about: Json,
    at: datetime,
    home_page: str,
    *,
    session_id: UUID,
    publisher: str,
    result: Json | None = None,
    extensions: Json | None = None,
) -> Json:
    version = registration.version
    categories = [iris.CMI5, iris.VERSION]
    if result and "success" in result:
        categories.append(iris.MOVE_ON_CATEGORY)
    statement = {
        "id": str(uuid4()),
        "actor": agent_of(registration, home_page),
        "verb": {"id": verb, "display": _SHOWN[verb]},
        "object": about,
        "context": {
            "registration": str(registration.id),
            "platform": PLATFORM,
            "language": LANGUAGE,
            "contextActivities": {
                "category": [{"id": category} for category in categories],
                "grouping": [
                    {"id": publisher},
                    {"id": f"{version.course.iri}/versions/{version.number}"},
                ],
            },
            "extensions": {iris.SESSION_ID: str(session_id), **(extensions or {})},
        },
        "timestamp": at.isoformat(timespec="milliseconds").replace("+00:00", "Z"),
    }
    return statement | ({"result": result} if result else {})


def _unit(lesson: Lesson) -> Json:
    return {"id": lesson.iri, "objectType": "Activity", "definition": lesson_definition(lesson)}
