"""A learner's way through a course with sequencing: where it stands, and which page's word counts."""

from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from lms.catalogue.models import CourseVersion, Lesson
from lms.core.clock import utc_now
from lms.player.models import Attempt, CourseRun, Mode, PlaySession
from lms.player.rules.navigation import Navigation
from lms.player.services.sequenced import completed_by_sequencing
from tracking.record.mergers import same_as


def is_sequenced(play: PlaySession) -> bool:
    """Whether the page moves by the sequencing of its package; a look back moves freely."""
    return play.mode != Mode.REVIEW and _sequencing(play.attempt.lesson.version) is not None


def current_run(session: Session, learner: UUID, version: CourseVersion) -> CourseRun | None:
    """The one that goes on, under any record of the learner."""
    found = _runs(session, learner, version)
    return found[0] if found and found[0].ended is None else None


def enter_course(session: Session, play: PlaySession) -> None:
    """Make the page that opens now the one whose word counts."""
    attempt = play.attempt
    run = current_run(session, attempt.learner, attempt.lesson.version) or _new_run(session, attempt)
    session.refresh(run, with_for_update={"of": CourseRun})
    run.openings += 1
    run.objectives = {**run.objectives, **_objectives_elsewhere(session, attempt.learner, run.version)}
    play.run, play.opening = run, run.openings
    session.flush()


def lesson_to_open(session: Session, lesson: Lesson, learner: UUID) -> Lesson:
    """The lesson itself where it may be chosen from where the learner is, else the one where they are.

    In a course that has an order, and was not begun, it is the first. The browser has the last word.
    """
    version = lesson.version
    sequencing = _sequencing(version)
    if sequencing is None:
        return lesson
    run = current_run(session, learner, version)
    if run is None or not run.state:
        return version.lessons[0] if _has_order(sequencing["activityTree"]) else lesson
    if not run.current or lesson.identifier in (run.current, *run.open):
        return lesson
    return lesson_named(version, run.current) or lesson


def _sequencing(version: CourseVersion) -> dict[str, Any] | None:
    """Asked of SCORM 2004 alone: it is large, and read from the database only when somebody wants it."""
    return version.sequencing if version.standard == "scorm2004" else None


def _has_order(activity: dict[str, Any]) -> bool:
    """Whether anything keeps a lesson from being chosen at once."""
    rules, controls = activity["sequencingRules"], activity["sequencingControls"]
    if rules["preConditionRules"] or not controls["choice"]:
        return True
    return any(_has_order(child) for child in activity["children"])


def lesson_named(version: CourseVersion, identifier: str) -> Lesson | None:
    return next((one for one in version.lessons if one.identifier == identifier), None)


def is_overtaken(play: PlaySession) -> bool:
    """Whether another page of the course was opened since."""
    return play.run is not None and play.opening < play.run.openings


def follow(session: Session, play: PlaySession, navigation: Navigation | None) -> None:
    """Keep where the learner is now, unless a page that was opened later has a say."""
    run = play.run
    if run is None or navigation is None:
        return
    session.refresh(run, with_for_update={"of": CourseRun})
    if is_overtaken(play) or run.ended is not None:
        return
    run.state, run.current, run.open = navigation.state, navigation.current, list(navigation.open)
    run.objectives = {**run.objectives, **navigation.objectives}
    run.shared = {**run.shared, **navigation.shared}
    run.updated = utc_now()
    if navigation.over and _all_done(session, play):
        run.ended = run.updated  # a course left before its end goes on where it was
    session.flush()


def move_runs(session: Session, guest: UUID, person: UUID) -> None:
    """What the guest went through goes on as the person's; it is newer than what they had."""
    for run in session.scalars(select(CourseRun).where(CourseRun.learner == guest)).all():
        earlier = _runs(session, person, run.version)
        run.number = 1 + max((one.number for one in earlier), default=0)
        run.learner = person
        session.flush()


def _all_done(session: Session, play: PlaySession) -> bool:
    """All lessons, or as many as complete the course by its sequencing."""
    attempt, version = play.attempt, play.attempt.lesson.version
    wanted = select(Attempt.lesson_id).where(
        Attempt.learner.in_(same_as(session, attempt.learner)),
        Attempt.lesson_id.in_([lesson.id for lesson in version.lessons]),
        Attempt.completion,
    )
    completed = set(session.scalars(wanted))
    done = {(attempt.learner, lesson.iri) for lesson in version.lessons if lesson.id in completed}
    concerned = (attempt.learner, version.course_id, [lesson.iri for lesson in version.lessons])
    return len(done) == len(version.lessons) or bool(completed_by_sequencing(session, [concerned], done))


def _new_run(session: Session, attempt: Attempt) -> CourseRun:
    """What is shared for longer than a run goes on from the run before."""
    version = attempt.lesson.version
    earlier = _runs(session, attempt.learner, version)
    last = earlier[0] if earlier else None
    run = CourseRun(
        learner=attempt.learner,
        version=version,
        number=1 + max((one.number for one in earlier), default=0),
        objectives={},
        shared=last.shared if last and version.shared_data_global_to_system else {},
        updated=utc_now(),
    )
    session.add(run)
    session.flush()
    return run


def _objectives_elsewhere(session: Session, learner: UUID, version: CourseVersion) -> dict[str, Any]:
    """The version's global objectives as the learner left them in whatever course they were last in.

    They are global to the system by default (adlseq:objectivesGlobalToSystem): one that is satisfied in one
    course is satisfied in every other that names it. A course that says that they are not has its own.
    """
    if not version.objectives_global_to_system or not version.global_objectives:
        return {}
    wanted = (
        select(CourseRun.objectives)
        .join(CourseVersion, CourseVersion.id == CourseRun.version_id)
        .where(CourseRun.learner.in_(same_as(session, learner)), CourseVersion.objectives_global_to_system)
        .order_by(CourseRun.updated, CourseRun.number)
    )
    told = {name: one for run in session.scalars(wanted) for name, one in run.items()}
    return {name: told[name] for name in version.global_objectives if name in told}


def _runs(session: Session, learner: UUID, version: CourseVersion) -> list[CourseRun]:
    """The newest first."""
    wanted = select(CourseRun).where(
        CourseRun.learner.in_(same_as(session, learner)), CourseRun.version_id == version.id
    )
    return list(session.scalars(wanted.order_by(CourseRun.number.desc(), CourseRun.updated.desc())))
