"""Making a version of a course from what its package says."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import quote

from sqlalchemy.orm import Session

from courses import manifest
from lms.catalogue.models import Course, CourseVersion, Lesson
from lms.catalogue.naming import keys_of
from lms.catalogue.packages import Prepared
from lms.catalogue.structure import contents
from lms.core.clock import utc_now

_LONGEST_LANGUAGE = 35


def new_version(
    session: Session,
    course: Course,
    prepared: Prepared,
    *,
    actor: int | None = None,
    notices: Sequence[manifest.Notice] = (),
) -> CourseVersion:
    """The next version of the course; lessons with an identifier known before keep their addresses.

    `notices` join the package's own warnings in the report.
    """
    package = prepared.package
    organization = package.organization
    items = {item.identifier: item for item in organization.all_items}
    keys = keys_of([lesson.identifier for lesson in package.lessons])
    is_2004 = package.standard == "scorm2004"
    version = CourseVersion(
        course=course,
        number=1 + max((old.number for old in course.versions), default=0),
        sha256=prepared.sha256,
        standard=package.standard,
        organization=organization.identifier,
        manifest=_summary(package, notices),
        structure=contents(organization, course.iri, dict(zip(items_with_lessons(items), keys, strict=True))),
        sequencing=manifest.sequencing_settings(organization) if is_2004 else None,
        global_objectives=manifest.global_objective_ids(organization) if is_2004 else [],
        objectives_global_to_system=organization.objectives_global_to_system,
        shared_data_global_to_system=organization.shared_data_global_to_system,
        files=prepared.files,
        size=prepared.size,
        imported=utc_now(),
        imported_by=actor,
        lessons=[
            _lesson(course, position, key, lesson, items[lesson.identifier])
            for position, (key, lesson) in enumerate(zip(keys, package.lessons, strict=True), start=1)
        ],
    )
    session.add(version)
    session.flush()
    return version


def items_with_lessons(items: dict[str, manifest.Item]) -> list[str]:
    """The identifiers of what can be launched, in order."""
    return [identifier for identifier, item in items.items() if item.lesson]


def _summary(package: manifest.Package, notices: Sequence[manifest.Notice]) -> dict[str, Any]:
    return {
        "identifier": package.identifier,
        "title": package.title,
        "description": package.description,
        "keywords": list(package.keywords),
        "minutes": package.minutes,
        "edition": package.edition,
        "language": package.language,
        "titles": _texts(package.titles),
        "descriptions": _texts(package.descriptions),
        "objectives": [asdict(objective) for objective in package.objectives],
        "organizations": [
            {"identifier": one.identifier, "title": one.title, "lessons": len(one.lessons)}
            for one in package.organizations
        ],
        "warnings": [[notice.message, dict(notice.params)] for notice in (*package.warnings, *notices)],
    }


def _lesson(course: Course, position: int, key: str, lesson: manifest.Lesson, item: manifest.Item) -> Lesson:
    return Lesson(
        position=position,
        identifier=lesson.identifier[:1000],
        key=key,
        iri=f"{course.iri}/lessons/{quote(key)}",
        title=(lesson.title or course.title)[:500],
        chapter=" / ".join(lesson.parents)[:1000],
        href=lesson.href,
        file=lesson.file,
        visible=lesson.visible,
        language=lesson.language[:_LONGEST_LANGUAGE],
        scorm_type=lesson.scorm_type,
        minutes=lesson.minutes,
        mastery_score=lesson.mastery_score,
        completion_threshold=lesson.completion_threshold,
        data_from_lms=lesson.data_from_lms,
        max_time_allowed=lesson.max_time_allowed[:60],
        time_limit_action=lesson.time_limit_action[:30],
        prerequisites=lesson.prerequisites,
        hide_lms_ui=list(item.hide_lms_ui),
        objectives=[asdict(objective) for objective in lesson.objectives],
        move_on=lesson.move_on,
        launch_method=lesson.launch_method,
        launch_parameters=lesson.launch_parameters,
        entitlement_key=lesson.entitlement_key,
        activity_type=lesson.activity_type,
        remote=lesson.remote,
        titles=_texts(lesson.titles),
        descriptions=_texts(lesson.descriptions),
    )


def _texts(strings: Iterable[manifest.LangString]) -> list[dict[str, str]]:
    return [asdict(string) for string in strings]
