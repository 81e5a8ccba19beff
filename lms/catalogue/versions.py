"""Making a version of a course from what its package says."""

from dataclasses import asdict
from urllib.parse import quote

from sqlalchemy.orm import Session

from courses import manifest
from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.catalogue.naming import keys_of
from lms.catalogue.packages import Prepared
from lms.core.clock import utc_now


def new_version(session: Session, course: Course, prepared: Prepared) -> CourseVersion:
    """The next version of the course; lessons with an identifier known before keep their addresses."""
    package = prepared.package
    lessons = package.lessons
    keys = keys_of([lesson.identifier for lesson in lessons])
    version = CourseVersion(
        course=course,
        number=1 + max((old.number for old in course.versions), default=0),
        sha256=prepared.sha256,
        manifest={
            "identifier": package.identifier,
            "edition": package.edition,
            "language": package.language,
            "warnings": [[notice.message, dict(notice.params)] for notice in package.warnings],
        },
        imported=utc_now(),
        lessons=[
            _lesson(course, position, key, lesson)
            for position, (key, lesson) in enumerate(zip(keys, lessons, strict=True), start=1)
        ],
    )
    session.add(version)
    session.flush()
    return version


def _lesson(course: Course, position: int, key: str, lesson: manifest.Lesson) -> Lesson:
    return Lesson(
        position=position,
        identifier=lesson.identifier[:1000],
        key=key,
        iri=f"{course.iri}/lessons/{quote(key)}",
        title=(lesson.title or course.title)[:500],
        chapter=" / ".join(lesson.parents)[:1000],
        href=lesson.href,
        scorm_type=lesson.scorm_type,
        minutes=lesson.minutes,
        mastery_score=lesson.mastery_score,
        data_from_lms=lesson.data_from_lms,
        max_time_allowed=lesson.max_time_allowed[:20],
        time_limit_action=lesson.time_limit_action,
        objectives=[asdict(objective) for objective in lesson.objectives],
    )
