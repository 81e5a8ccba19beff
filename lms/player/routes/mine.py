"""A learner's own attempts."""

from flask import render_template, request

from lms.accounts.access import current_account, public
from lms.catalogue.queries import current_lessons
from lms.core.web import session
from lms.player.models import Attempt
from lms.player.queries import Opening, attempts_begun, next_opening
from lms.player.routes.blueprint import bp
from lms.player.routes.visitor import learner_id
from lms.player.wording import result_words, score_words

PAGE = 30


@bp.get("/my-attempts")
@public
def mine() -> str:
    """When one learned what, how it went, and the way on. Also for guests, on their own phone."""
    learner = learner_id()
    found = [one for one in attempts_begun(session(), learner) if not one.preview] if learner else []
    pages = max(1, -(-len(found) // PAGE))
    number = min(max(1, request.args.get("page", 1, type=int)), pages)
    return render_template(
        "player/mine.html",
        attempts=found[(number - 1) * PAGE : number * PAGE],
        page={"number": number, "pages": pages},
        total=len(found),
        leads_on=_leads_on(found),
        result_words=result_words,
        score_words=score_words,
        is_guest=current_account() is None,
    )


def _leads_on(attempts: list[Attempt]) -> dict[object, tuple[str, Opening]]:
    """By attempt what its button does, for the newest of each lesson that is on offer and may be opened."""
    courses = {one.lesson.course.id: one.lesson.course for one in attempts}
    offered = {
        lesson.iri
        for course_id, lessons in current_lessons(session(), list(courses)).items()
        if courses[course_id].published
        for lesson in lessons
    }
    by_lesson: dict[str, list[Attempt]] = {}
    for one in attempts:
        if one.lesson.iri in offered:
            by_lesson.setdefault(one.lesson.iri, []).append(one)
    found: dict[object, tuple[str, Opening]] = {}
    for newest, *earlier in by_lesson.values():
        opening = next_opening(newest.lesson.course, [newest, *earlier])
        if opening is not Opening.NONE:
            found[newest.id] = ("done" if newest.completion else "begun", opening)
    return found
