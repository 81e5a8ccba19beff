"""The authors' page about how the questions of a course do."""

from flask import Blueprint, Response, make_response, render_template, request

from lms.accounts.access import requires
from lms.accounts.policy import Permission
from lms.catalogue.models import Course, CourseVersion
from lms.catalogue.queries import current_version, the_course
from lms.core.errors import NotFound
from lms.core.sheets.writing import XLSX
from lms.core.web import runtime, session
from lms.support.exporting import write_items
from lms.support.items import LessonItems, items_of

bp = Blueprint("items", __name__, url_prefix="/manage/courses/<slug>/questions")


@bp.get("/")
@requires(Permission.AUTHOR_COURSES)
def index(slug: str) -> str:
    """Each question with how many were right, and what was chosen, in one version."""
    course, version, lessons = _items(slug)
    return render_template(
        "support/questions.html",
        course=course,
        version=version,
        lessons=[one for one in lessons if one.items],
    )


@bp.get("/questions.xlsx")
@requires(Permission.AUTHOR_COURSES)
def workbook(slug: str) -> Response:
    """The same as a workbook."""
    course, version, lessons = _items(slug)
    with runtime().files.workspace() as folder:
        target = folder / "questions.xlsx"
        write_items(target, version.number, lessons)
        response = make_response(target.read_bytes())
    response.headers["Content-Type"] = XLSX
    name = f"questions-{course.slug}-{version.number}.xlsx"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _items(slug: str) -> tuple[Course, CourseVersion, list[LessonItems]]:
    """The course, the version that is asked for and how its questions do. Raises NotFound."""
    course = the_course(session(), slug)
    version = _version(course)
    return course, version, items_of(session(), version, runtime().files.packages)


def _version(course: Course) -> CourseVersion:
    """The version that the address asks for, else the one on offer. Raises NotFound."""
    asked = request.args.get("version", "")
    if not asked:
        return current_version(session(), course)
    found = next((each for each in course.versions if str(each.number) == asked), None)
    if found is None:
        raise NotFound("This course has no such version. Choose one from the list.")
    return found
