"""Which version of a course new attempts get, and whether the course is on the lists at all."""

from sqlalchemy.orm import Session

from lms.catalogue.describing import describe_by
from lms.catalogue.models import Course, CourseVersion, Status
from lms.catalogue.passing import demand_again
from lms.catalogue.queries import version_numbered
from lms.core.audit import Act, log
from lms.core.clock import utc_now
from lms.core.errors import Refused


def offer(session: Session, course: Course, version: CourseVersion, *, actor: int | None) -> None:
    """Let new attempts get this version, a later or an earlier one; those under way finish on theirs.

    Raises Refused for one whose files were removed.
    """
    if version.swept is not None:
        raise Refused(
            "The files of version %(number)s were removed, because nobody used it any more. Import its "
            "package again.",
            number=version.number,
        )
    before = version_numbered(session, course, course.version_number)
    if before is not version:
        describe_by(course, version, before=before)
    if before is not None and before is not version:
        before.replaced = utc_now()
        log(session, Act.VERSION_OFFERED, actor=actor, subject=course.slug, version=version.number)
    course.version_number, course.standard = version.number, version.standard
    version.replaced = None
    if course.published:
        version.offered = version.offered or utc_now()
    session.flush()
    demand_again(session, course)


def publish(session: Session, course: Course, *, actor: int | None) -> None:
    """Offer the course to everybody; doing it twice is doing it once. Raises Refused for an archived one."""
    demand_not_archived(course)
    if course.published:
        return
    course.status = Status.PUBLISHED.value
    version = version_numbered(session, course, course.version_number)
    if version is not None:
        version.offered = version.offered or utc_now()
    log(session, Act.COURSE_PUBLISHED, actor=actor, subject=course.slug)
    session.flush()


def unpublish(session: Session, course: Course, *, actor: int | None) -> None:
    """Take the course off the lists. Attempts and results stay, and who began may go on."""
    if course.published:
        course.status = Status.UNPUBLISHED.value
        log(session, Act.COURSE_UNPUBLISHED, actor=actor, subject=course.slug)
        session.flush()


def archive(session: Session, course: Course, *, actor: int | None) -> None:
    """Put the course away: off all lists, those of authors, too. Attempts and results stay."""
    if course.status != Status.ARCHIVED:
        course.status = Status.ARCHIVED.value
        log(session, Act.COURSE_ARCHIVED, actor=actor, subject=course.slug)
        session.flush()


def restore(session: Session, course: Course, *, actor: int | None) -> None:
    """Bring an archived course back to the authors' list; learners see it once it is published."""
    if course.status == Status.ARCHIVED:
        was_offered = any(version.offered for version in course.versions)
        course.status = (Status.UNPUBLISHED if was_offered else Status.DRAFT).value
        log(session, Act.COURSE_RESTORED, actor=actor, subject=course.slug)
        session.flush()


def demand_not_archived(course: Course) -> None:
    """Raises Refused."""
    if course.status == Status.ARCHIVED:
        raise Refused("The course “%(title)s” is archived. Restore it first.", title=course.title)
