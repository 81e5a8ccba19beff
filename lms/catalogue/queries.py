"""Finding courses, versions and lessons."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, aliased, undefer

from lms.catalogue.models import Course, CourseVersion, Lesson, Status
from lms.core.errors import NotFound
from tracking.listed import one_of
from tracking.questions import Question, asked
from tracking.rounds import Steps


def course_named(session: Session, slug: str) -> Course | None:
    return session.scalars(select(Course).where(Course.slug == slug)).one_or_none()


def the_course(session: Session, slug: str) -> Course:
    """Raises NotFound."""
    course = course_named(session, slug)
    if course is None:
        raise NotFound("There is no course “%(slug)s”.", slug=slug)
    return course


def courses(
    session: Session, *, published_only: bool = False, states: Iterable[str] | None = None
) -> Sequence[Course]:
    """Courses by topic (those without one last), then in the order in which they came.

    `states` are those of `Status` that are wanted, by default all.
    """
    wanted = select(Course).order_by(Course.topic.is_(None), Course.topic, Course.id)
    if published_only:
        wanted = wanted.where(Course.status == Status.PUBLISHED.value)
    if states is not None:
        wanted = wanted.where(Course.status.in_(list(states)))
    return session.scalars(wanted).all()


def courses_in_each_state(session: Session) -> dict[str, int]:
    """How many courses are in each state that any is in."""
    counted = select(Course.status, func.count()).group_by(Course.status)
    return dict(session.execute(counted).all())


def course_by_iri(session: Session, iri: str) -> Course | None:
    return session.scalars(select(Course).where(Course.iri == iri)).one_or_none()


def iris_on_offer(session: Session, iris: Iterable[str]) -> set[str]:
    """Those of the IRIs that name a course, or a lesson of any version."""
    wanted = set(iris)
    found = set(session.scalars(select(Course.iri).where(Course.iri.in_(wanted))))
    return found | set(session.scalars(select(Lesson.iri).where(Lesson.iri.in_(wanted)).distinct()))


def titles_of(session: Session, iris: Iterable[str]) -> dict[str, str]:
    """What courses and lessons are called, of lessons their newest version, by IRI; others are left out."""
    wanted = set(iris)
    lessons = select(Lesson.iri, Lesson.title).where(Lesson.iri.in_(wanted)).order_by(Lesson.id)
    courses = select(Course.iri, Course.title).where(Course.iri.in_(wanted))
    return {iri: title for query in (lessons, courses) for iri, title in session.execute(query)}


def version_numbered(session: Session, course: Course, number: int) -> CourseVersion | None:
    wanted = select(CourseVersion).where(CourseVersion.course_id == course.id, CourseVersion.number == number)
    return session.scalars(wanted).one_or_none()


def the_version(session: Session, slug: str, number: int) -> CourseVersion:
    """A version of a course, with its table of contents. Raises NotFound."""
    wanted = (
        select(CourseVersion)
        .join(Course)
        .where(Course.slug == slug, CourseVersion.number == number)
        .options(undefer(CourseVersion.structure))
    )
    version = session.scalars(wanted).unique().one_or_none()
    if version is None:
        raise NotFound("The course “%(slug)s” has no version %(number)s.", slug=slug, number=number)
    return version


def versions_of(session: Session, course: Course) -> Sequence[CourseVersion]:
    """The newest first."""
    wanted = select(CourseVersion).where(CourseVersion.course_id == course.id)
    return session.scalars(wanted.order_by(CourseVersion.number.desc())).unique().all()


def waiting_versions(session: Session) -> dict[int, int]:
    """The newest version of each course that is newer than the one on offer: its number, by course id."""
    newest = (
        select(CourseVersion.course_id, func.max(CourseVersion.number))
        .join(Course)
        .where(CourseVersion.number > Course.version_number, CourseVersion.offered.is_(None))
        .group_by(CourseVersion.course_id)
    )
    return dict(session.execute(newest).all())


def current_version(session: Session, course: Course) -> CourseVersion:
    """The version that new attempts get."""
    wanted = select(CourseVersion).where(
        CourseVersion.course_id == course.id, CourseVersion.number == course.version_number
    )
    return session.scalars(wanted).one()


def current_lessons(session: Session, course_ids: Iterable[int] | None = None) -> dict[int, list[Lesson]]:
    """The lessons that can be learned now, in order, by course id; of all courses unless some are named."""
    wanted = _current().order_by(CourseVersion.course_id, Lesson.position)
    if course_ids is not None:
        wanted = wanted.where(CourseVersion.course_id.in_(list(course_ids)))
    found: dict[int, list[Lesson]] = {}
    for lesson in session.scalars(wanted).unique():
        found.setdefault(lesson.version.course_id, []).append(lesson)
    return found


def current_lesson(session: Session, slug: str, key: str) -> Lesson:
    """The lesson in the course's current version. Raises NotFound."""
    wanted = _current().where(Course.slug == slug, Lesson.key == key)
    lesson = session.scalars(wanted).unique().one_or_none()
    if lesson is None:
        raise NotFound("This lesson is not here any more. Choose one from the list of lessons.")
    return lesson


def courses_with_lessons(session: Session, iris: Iterable[str]) -> Sequence[Course]:
    """The courses whose current version has one of these lessons."""
    wanted = _current().where(Lesson.iri.in_(set(iris)))
    found = {lesson.course.id: lesson.course for lesson in session.scalars(wanted).unique()}
    return [found[course_id] for course_id in sorted(found)]


_Named = aliased(Lesson)
_BESIDE = Question(
    select(Course.id, Course.iri, Course.title, Course.description, Lesson.iri.label("lesson"))
    .join(CourseVersion, CourseVersion.id == Lesson.version_id)
    .join(Course, Course.id == CourseVersion.course_id)
    .where(
        CourseVersion.number == Course.version_number,
        CourseVersion.standard != "cmi5",
        Lesson.version_id.in_(select(_Named.version_id).where(one_of(_Named.iri))),
    )
    .order_by(Course.id, Lesson.position)
)


class CourseOnOffer(NamedTuple):
    """A course, with all lessons (IRIs) of its current version in their order."""

    id: int
    iri: str
    title: str
    description: str
    lessons: list[str]


def courses_with(lessons: Iterable[str]) -> Steps[list[CourseOnOffer]]:
    """The courses whose current version has one of these lessons (IRIs), past the ORM.

    Not cmi5 courses: they say themselves when they are satisfied (`lms.cmi5`).
    """
    found: dict[int, CourseOnOffer] = {}
    for course_id, iri, title, description, lesson in (yield from asked(_BESIDE, sorted(set(lessons)))):
        course = found.setdefault(course_id, CourseOnOffer(course_id, iri, title, description, []))
        if lesson not in course.lessons:  # asked for in several batches
            course.lessons.append(lesson)
    return list(found.values())


def _current() -> Select[Lesson]:
    return (
        select(Lesson)
        .join(CourseVersion, CourseVersion.id == Lesson.version_id)
        .join(Course, Course.id == CourseVersion.course_id)
        .where(CourseVersion.number == Course.version_number)
    )
