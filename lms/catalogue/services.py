"""Importing packages as courses, publishing them, and saying whether they demand passing."""

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.manifest import Notice, Package
from lms.catalogue.models import Audience, Course, CourseVersion, Status
from lms.catalogue.naming import checked_slug, slug_of
from lms.catalogue.packages import Prepared, prepare
from lms.catalogue.queries import course_named
from lms.catalogue.versions import new_version
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.files import Files
from lms.core.record import complete_anew
from tracking.completions.services import demand_passing

_TOPIC = re.compile(r"topic-([1-4])")


@dataclass(frozen=True)
class Offer:
    """What an author says of a course; None leaves it to the package, or as it was."""

    title: str | None = None
    topic: int | None = None
    audience: Audience | None = None
    minutes: int | None = None


@dataclass(frozen=True)
class Imported:
    """`new` is False where the course had exactly this package already."""

    course: Course
    version: CourseVersion
    new: bool
    warnings: tuple[Notice, ...]


def import_course(
    session: Session,
    files: Files,
    zip_path: Path,
    *,
    public_url: str,
    slug: str | None = None,
    offer: Offer | None = None,
    publish_it: bool = True,
    actor: int | None = None,
) -> Imported:
    """Import a package as a new course, or as a new version of the course `slug`. Raises Refused."""
    if slug is not None:
        checked_slug(slug)
    prepared = prepare(files, zip_path)
    imported = add_package(
        session, prepared, public_url=public_url, slug=slug, offer=offer or Offer(), actor=actor
    )
    if publish_it:
        publish(session, imported.course, actor=actor)
    return imported


def add_package(
    session: Session,
    prepared: Prepared,
    *,
    public_url: str,
    slug: str | None,
    offer: Offer,
    actor: int | None = None,
) -> Imported:
    """Give a prepared package its course, its version and its lessons."""
    package = prepared.package
    course = course_named(session, slug) if slug else _course_with(session, prepared.sha256)
    warnings = package.warnings
    if course is None:
        warnings += _namesakes(session, package.title)
        course = _new_course(session, package, public_url, slug)
    version = next((old for old in course.versions if old.sha256 == prepared.sha256), None)
    is_new = version is None
    if version is None:
        version = new_version(session, course, prepared, actor=actor)
        log(
            session,
            Act.COURSE_IMPORTED,
            actor=actor,
            subject=course.slug,
            version=version.number,
            sha256=version.sha256,
        )
    course.version_number = version.number
    _describe(course, package, offer)
    session.flush()
    _demand(session, course)
    return Imported(course, version, is_new, warnings)


def publish(session: Session, course: Course, *, actor: int | None) -> None:
    """Offer the course to everybody; doing it twice is doing it once."""
    if not course.published:
        course.status = Status.PUBLISHED.value
        log(session, Act.COURSE_PUBLISHED, actor=actor, subject=course.slug)
        session.flush()


def unpublish(session: Session, course: Course, *, actor: int | None) -> None:
    """Take the course off the lists. Attempts and results stay, and who began may go on."""
    if course.published:
        course.status = Status.UNPUBLISHED.value
        log(session, Act.COURSE_UNPUBLISHED, actor=actor, subject=course.slug)
        session.flush()


def set_demands_passing(session: Session, course: Course, *, demanded: bool, public_url: str) -> None:
    """Say whether a failed lesson with a pass mark completes; what follows is settled at once."""
    course.demands_passing = demanded
    changes = []
    for lesson in _marked(course):
        changes += demand_passing(session, lesson, demanded=demanded)
    complete_anew(session, changes, home_page=public_url)


def _demand(session: Session, course: Course) -> None:
    if course.demands_passing:
        for lesson in _marked(course):
            demand_passing(session, lesson, demanded=True)


def _marked(course: Course) -> list[str]:
    """The lessons of any version that have a pass mark."""
    return sorted(
        {
            lesson.iri
            for version in course.versions
            for lesson in version.lessons
            if lesson.mastery_score is not None
        }
    )


def _course_with(session: Session, sha256: str) -> Course | None:
    """The course that has exactly this package."""
    found = select(Course).join(CourseVersion).where(CourseVersion.sha256 == sha256).order_by(Course.id)
    return session.scalars(found.limit(1)).one_or_none()


def _namesakes(session: Session, title: str) -> tuple[Notice, ...]:
    same = select(Course.slug).where(Course.title == title).order_by(Course.id)
    slug = session.scalars(same.limit(1)).one_or_none()
    if slug is None:
        return ()
    return (
        Notice(
            "There is another course with this title, “%(slug)s”. To replace its lessons, import the package "
            "as a new version of that course.",
            {"slug": slug},
        ),
    )


def _new_course(session: Session, package: Package, public_url: str, slug: str | None) -> Course:
    slug = slug or slug_of(package.title, session.scalars(select(Course.slug)))
    course = Course(
        slug=slug,
        iri=f"{public_url}/courses/{slug}",
        title=package.title,
        description="",
        standard=package.standard,
        status=Status.DRAFT.value,
        demands_passing=False,
        version_number=0,
        created=utc_now(),
    )
    session.add(course)
    session.flush()
    return course


def _describe(course: Course, package: Package, offer: Offer) -> None:
    """An author's word wins over the package's, and the package's over what was known before."""
    topic, audience = _from_keywords(package.keywords)
    course.title = (offer.title or package.title)[:300]
    course.description = package.description or course.description
    course.standard = package.standard
    course.topic = offer.topic or topic or course.topic
    course.audience = offer.audience or audience or course.audience
    course.minutes = offer.minutes or package.minutes or course.minutes


def _from_keywords(keywords: tuple[str, ...]) -> tuple[int | None, Any]:
    """Topic and audience as our own packages say them: `topic-2`, `citizen`."""
    topics = [int(match[1]) for match in map(_TOPIC.fullmatch, keywords) if match]
    audiences = [keyword for keyword in keywords if keyword in set(Audience)]
    return next(iter(topics), None), next(iter(audiences), None)
