"""Courses and lessons as JSON documents: what the commands print, and what xAPI calls a definition."""

from typing import Any

from lms.catalogue.models import Course, Lesson
from lms.catalogue.services import Imported
from lms.core.vocabulary import iris


def imported_document(imported: Imported) -> dict[str, Any]:
    course = imported.course
    return {
        "slug": course.slug,
        "iri": course.iri,
        "standard": course.standard,
        "lessons": [{"iri": lesson.iri, "title": lesson.title} for lesson in imported.version.lessons],
        "warnings": [str(warning) for warning in imported.warnings],
        "version": imported.version.number,
        "new": imported.new,
    }


def course_document(course: Course, lessons: int) -> dict[str, Any]:
    return {
        "slug": course.slug,
        "iri": course.iri,
        "title": course.title,
        "standard": course.standard,
        "topic": course.topic,
        "audience": course.audience,
        "minutes": course.minutes,
        "lessons": lessons,
        "status": course.status,
    }


def course_definition(course: Course) -> dict[str, Any]:
    return course_named(course.iri, course.title, course.description)


def course_named(iri: str, title: str, description: str) -> dict[str, Any]:
    """The definition of a course as an activity (xAPI 1.0.3 part 2, 2.4.4.1)."""
    definition: dict[str, Any] = {"type": iris.COURSE, "name": {"vi": title}, "moreInfo": iri}
    if description:
        definition["description"] = {"vi": description}
    return definition


def lesson_definition(lesson: Lesson) -> dict[str, Any]:
    return lesson_named(lesson.iri, lesson.title)


def lesson_named(iri: str, title: str) -> dict[str, Any]:
    """The definition of a lesson as an activity."""
    return {"type": iris.LESSON, "name": {"vi": title}, "moreInfo": iri}
