"""The xAPI statements of attempts and courses, built with tincan (xAPI 1.0.3 part 2).

Their ids follow from what they say, so that doing something twice makes the same statement. They follow our
profile (`lms.core.vocabulary`), and say so in their category.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4, uuid5

from tincan import (
    Activity,
    ActivityDefinition,
    Agent,
    AgentAccount,
    Context,
    ContextActivities,
    Extensions,
    LanguageMap,
    Result,
    Score,
    Statement,
    StatementRef,
    Verb,
)

from lms.catalogue.documents import course_named, lesson_named
from lms.catalogue.models import Course, Lesson
from lms.catalogue.queries import CourseOnOffer
from lms.core.vocabulary import iris
from lms.core.vocabulary.iris import PROGRESS, VERSION
from lms.player.known import KnownAttempt, KnownLesson
from lms.player.models import Attempt
from lms.player.rules import snapshot

PLATFORM = "Bình dân học vụ số"
LANGUAGE = "vi"
XAPI = "1.0.3"
LESSON_WENT = "Một bài học của khóa học không còn được tính là hoàn thành."
_VERBS = {
    "initialized": (iris.INITIALIZED, "đã mở"),
    "answered": (iris.ANSWERED, "đã trả lời"),
    "progressed": (iris.PROGRESSED, "đã học thêm"),
    "completed": (iris.COMPLETED, "đã hoàn thành"),
    "passed": (iris.PASSED, "đã đạt"),
    "failed": (iris.FAILED, "chưa đạt"),
    "suspended": (iris.SUSPENDED, "đã lưu và tạm dừng"),
    "terminated": (iris.TERMINATED, "đã đóng"),
    "voided": (iris.VOIDED, "đã thu hồi"),
}


@dataclass(frozen=True)
class Teller:
    """Makes the statements of one attempt."""

    attempt: Attempt | KnownAttempt
    home_page: str

    def tell(
        self, verb: str, at: datetime, *, of: UUID, number: object = "", result: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """One statement; `of` (id of session or attempt) and `number` tell it from others of its verb."""
        attempt = self.attempt
        return lesson_statement(
            attempt.lesson,
            _learner(attempt.learner, self.home_page),
            verb,
            at,
            statement_id=uuid5(of, f"{verb}:{number}"),
            registration=attempt.id,
            result=result,
        )


def lesson_statement(
    lesson: Lesson | KnownLesson,
    actor: Agent | dict[str, Any],
    verb: str,
    at: datetime,
    *,
    statement_id: UUID,
    registration: UUID,
    result: dict[str, Any] | None,
) -> dict[str, Any]:
    """What somebody did in a lesson, in one attempt (`registration`).

    `actor` may be an agent as statements have it, which nobody may change; nor may anybody change `result`.
    """
    course = lesson.course
    frame = _frame(
        verb, lesson.iri, lesson.title, course.iri, course.title, course.description, lesson.version.number
    )
    told = {} if result is None else {"result": result}
    around = frame["context"]
    return {
        "id": str(statement_id),
        **told,
        "version": frame["version"],
        "actor": actor if isinstance(actor, dict) else actor.as_version(XAPI),
        "verb": frame["verb"],
        "object": frame["object"],
        "timestamp": at.isoformat(),
        "context": {
            "registration": str(registration),
            **around,
            "contextActivities": dict(around["contextActivities"]),
        },
    }


@lru_cache(maxsize=1024)
def _frame(
    verb: str, iri: str, title: str, course_iri: str, course_title: str, description: str, version: int
) -> dict[str, Any]:
    """What all statements of a verb about a lesson have in common; nobody may change it.

    Making this takes a hundred times as long as all the rest of a statement.
    """
    course = Activity(
        id=course_iri, definition=_definition(course_named(course_iri, course_title, description))
    )
    return _rendered(
        Statement(
            verb=_verb(verb),
            object=Activity(id=iri, definition=_definition(lesson_named(iri, title))),
            context=Context(
                platform=PLATFORM,
                language=LANGUAGE,
                context_activities=ContextActivities(
                    parent=[course],
                    grouping=[Activity(id=f"{course_iri}/versions/{version}")],
                    category=[Activity(id=VERSION)],
                ),
            ),
        )
    )


@lru_cache(maxsize=1024)
def result(
    *,
    completion: bool | None = None,
    success: bool | None = None,
    score: snapshot.Score | None = None,
    seconds: float | None = None,
    progress: int | None = None,
) -> dict[str, Any]:
    """A result of what is known, which nobody may change; `progress` in percent."""
    parts: dict[str, Any] = {"completion": completion, "success": success}
    if score is not None and (score.raw is not None or score.scaled is not None):
        parts["score"] = _score(score)
    if seconds is not None:
        parts["duration"] = timedelta(seconds=round(seconds, 2))
    if progress is not None:
        parts["extensions"] = Extensions({PROGRESS: progress})
    found = Result(**{name: value for name, value in parts.items() if value is not None})
    rendered: dict[str, Any] = found.as_version(XAPI)
    return rendered


def course_completed(
    course: Course | CourseOnOffer, learner: UUID, at: datetime, *, last: UUID, number: int, home_page: str
) -> dict[str, Any]:
    """That a course is completed because all its lessons are; `last` completed the last of them.

    `number` counts what was said of this learner and course before.
    """
    frame = _course_frame(course.iri, course.title, course.description)
    return {
        **frame,
        "id": str(uuid5(learner, f"{course.iri}:{number}")),
        "actor": _learner(learner, home_page),
        "timestamp": at.isoformat(),
        "context": {**frame["context"], "statement": {"objectType": "StatementRef", "id": str(last)}},
    }


@lru_cache(maxsize=256)
def _course_frame(iri: str, title: str, description: str) -> dict[str, Any]:
    """What all statements that a course is completed have in common; nobody may change it."""
    return _rendered(
        Statement(
            verb=_verb("completed"),
            object=Activity(id=iri, definition=_definition(course_named(iri, title, description))),
            result=Result(completion=True),
            context=Context(
                platform=PLATFORM,
                language=LANGUAGE,
                context_activities=ContextActivities(category=[Activity(id=VERSION)]),
            ),
        )
    )


def course_withdrawn(statement_id: UUID, at: datetime, home_page: str) -> dict[str, Any]:
    """That a course is not completed any more; `statement_id` said that it was."""
    return voiding(statement_id, LESSON_WENT, at, home_page, own_id=uuid5(statement_id, "voided"))


def voiding(
    statement_id: UUID, reason: str, at: datetime, home_page: str, *, own_id: UUID | None = None
) -> dict[str, Any]:
    """That a statement no longer holds, and why (part 2, 2.3.2)."""
    return _rendered(
        Statement(
            id=own_id or uuid4(),
            actor=Agent(account=AgentAccount(home_page=home_page, name="lms")),
            verb=_verb("voided"),
            object=StatementRef(id=statement_id),
            context=Context(
                language=LANGUAGE,
                extensions=Extensions({iris.REASON: reason}),
                context_activities=ContextActivities(category=[Activity(id=VERSION)]),
            ),
            timestamp=at,
        )
    )


@lru_cache(maxsize=4096)
def _learner(learner: UUID, home_page: str) -> dict[str, Any]:
    frame = _somebody(home_page)
    return {**frame, "account": {**frame["account"], "name": str(learner)}}


@lru_cache(maxsize=16)
def _somebody(home_page: str) -> dict[str, Any]:
    """What all learners have in common as agents; nobody may change it."""
    found: dict[str, Any] = learner_agent(UUID(int=0), home_page).as_version(XAPI)
    return found


def learner_agent(learner: UUID, home_page: str) -> Agent:
    return Agent(account=AgentAccount(home_page=home_page, name=str(learner)))


def _verb(name: str) -> Verb:
    iri, shown = _VERBS[name]
    return Verb(id=iri, display=LanguageMap({LANGUAGE: shown, "en": name}))


def _definition(definition: dict[str, Any]) -> ActivityDefinition:
    more = {"description": LanguageMap(definition["description"])} if "description" in definition else {}
    return ActivityDefinition(
        type=definition["type"],
        name=LanguageMap(definition["name"]),
        more_info=definition["moreInfo"],
        **more,
    )


def _score(score: snapshot.Score) -> Score:
    """Bounds that the points lie outside of would make the statement invalid, so they are left out."""
    low, high = score.low, score.high
    raw = score.raw
    parts: dict[str, Any] = {"raw": raw, "scaled": score.scaled}
    if raw is not None and low is not None and high is not None and low <= raw <= high and low < high:
        parts |= {"min": low, "max": high}
    return Score(**{name: value for name, value in parts.items() if value is not None})


def _rendered(statement: Statement) -> dict[str, Any]:
    found: dict[str, Any] = statement.as_version(XAPI)
    return found
