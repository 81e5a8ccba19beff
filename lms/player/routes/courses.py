"""The lessons on offer, the page of a course, and that of a lesson: the addresses that the record uses."""

from flask import Response, jsonify, make_response, render_template

from lms.accounts.access import public
from lms.catalogue.documents import course_definition, lesson_definition
from lms.catalogue.models import Course
from lms.catalogue.queries import courses as all_courses
from lms.catalogue.queries import current_lesson, the_course
from lms.catalogue.words import AUDIENCES, TOPICS
from lms.core.web import session, wants_json
from lms.player.queries import CourseProgress, Standing, courses_progress
from lms.player.routes.blueprint import bp
from lms.player.routes.visitor import demand_visible, learner_id


@bp.get("/lessons")
@public
def lessons() -> str:
    """Every published course by topic, with the visitor's own progress."""
    found = courses_progress(session(), learner_id(), all_courses(session(), published_only=True))
    by_topic: dict[int | None, list[CourseProgress]] = {}
    for progress in found:
        by_topic.setdefault(progress.course.topic, []).append(progress)
    return render_template("catalogue/lessons.html", by_topic=by_topic, topics=TOPICS, Standing=Standing)


@bp.get("/courses/<slug>")
@public
def course(slug: str) -> str | Response:
    """A course for a person; for a program its definition as an activity."""
    found = the_course(session(), slug)
    if wants_json():
        return _definition(course_definition(found))
    demand_visible(found)
    return _course_page(found)


@bp.get("/courses/<slug>/lessons/<key>")
@public
def lesson(slug: str, key: str) -> str | Response:
    """A lesson for a person; for a program its definition as an activity."""
    found = current_lesson(session(), slug, key)
    if wants_json():
        return _definition(lesson_definition(found))
    demand_visible(found.course)
    (progress,) = courses_progress(session(), learner_id(), [found.course])
    if progress.total == 1:
        return _course_page(found.course)
    own = next(one for one in progress.lessons if one.lesson.id == found.id)
    return render_template("catalogue/lesson.html", progress=progress, own=own, Standing=Standing)


def _course_page(course: Course) -> str:
    (progress,) = courses_progress(session(), learner_id(), [course])
    return render_template(
        "catalogue/course.html", progress=progress, topics=TOPICS, audiences=AUDIENCES, Standing=Standing
    )


def _definition(document: dict[str, object]) -> Response:
    response = make_response(jsonify(document))
    response.headers["Vary"] = "Accept"
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
