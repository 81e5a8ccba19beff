"""Importing packages as courses and as versions of courses."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.manifest import Notice, Package
from lms.catalogue.describing import Offer, describe
from lms.catalogue.models import Course, CourseVersion, Status
from lms.catalogue.naming import checked_slug, slug_of
from lms.catalogue.offering import demand_not_archived, publish, unpublish
from lms.catalogue.offering import offer as put_on_offer
from lms.catalogue.packages import Prepared, prepare
from lms.catalogue.passing import set_demands_passing
from lms.catalogue.queries import course_named
from lms.catalogue.versions import new_version
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.files import Files

__all__ = [
    "Imported",
    "Offer",
    "add_package",
    "import_course",
    "publish",
    "set_demands_passing",
    "unpublish",
]


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
    return add_package(
        session,
        prepared,
        public_url=public_url,
        slug=slug,
        offer=offer or Offer(),
        publish_it=publish_it,
        actor=actor,
    )


def add_package(
    session: Session,
    prepared: Prepared,
    *,
    public_url: str,
    slug: str | None,
    offer: Offer,
    publish_it: bool,
    actor: int | None = None,
) -> Imported:
    """Give a prepared package its course, its version and its lessons.

    Unless it is to be published, learners see nothing of it: the version waits beside the one on offer.
    Raises Refused for an archived course.
    """
    package = prepared.package
    course = course_named(session, slug) if slug else _course_with(session, prepared.sha256)
    namesakes: tuple[Notice, ...] = ()
    if course is None:
        namesakes = _namesakes(session, package.title)
        course = _new_course(session, package, public_url, slug)
    demand_not_archived(course)
    version, is_new = _version(session, course, prepared, actor, namesakes)
    if publish_it or course.status == Status.DRAFT:
        put_on_offer(session, course, version, actor=actor)
        describe(course, offer)
        session.flush()
    if publish_it:
        publish(session, course, actor=actor)
    return Imported(course, version, is_new, (*package.warnings, *namesakes))


def _version(
    session: Session, course: Course, prepared: Prepared, actor: int | None, notices: tuple[Notice, ...]
) -> tuple[CourseVersion, bool]:
    """The version that this package is, and whether it is a new one."""
    known = next((old for old in course.versions if old.sha256 == prepared.sha256), None)
    if known is not None:
        known.swept = None  # its files are here again
        return known, False
    version = new_version(session, course, prepared, actor=actor, notices=notices)
    about = {"version": version.number, "sha256": version.sha256}
    log(session, Act.COURSE_IMPORTED, actor=actor, subject=course.slug, **about)
    return version, True


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
        title=package.title[:300],
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
