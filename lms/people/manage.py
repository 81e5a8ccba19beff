"""The people of a unit: finding them, and taking them along as a file."""

from flask import Blueprint, Response, render_template, request

from lms.accounts.access import requires
from lms.accounts.policy import Permission
from lms.core.errors import NotFound
from lms.core.names import fold
from lms.core.sheets.reading import Family
from lms.core.web import session
from lms.people.asked import asked_unit, near, trail
from lms.people.downloads import written
from lms.people.exporting import audience_word, write_people
from lms.people.models import Audience
from lms.people.queries import Filter, all_of, page_of
from lms.units.models import Unit

bp = Blueprint("people", __name__, url_prefix="/people")


@bp.get("/")
@requires(Permission.SEE_PEOPLE)
def index() -> str:
    """The people of a unit and all below it."""
    unit = asked_unit(Permission.SEE_PEOPLE)
    wanted = _filter(unit)
    page = page_of(session(), wanted, request.args.get("page", 1, int))
    return render_template(
        "people/index.html",
        wanted=wanted,
        page=page,
        trail=trail(unit, Permission.SEE_PEOPLE),
        near=near(unit, Permission.SEE_PEOPLE),
        audience_word=audience_word,
    )


@bp.get("/export.<suffix>")
@requires(Permission.SEE_PEOPLE)
def export(suffix: str) -> Response:
    """The same people as a file, which can be imported again."""
    if suffix not in set(Family):
        raise NotFound("Files are made as xlsx and as csv.")
    unit = asked_unit(Permission.SEE_PEOPLE)
    people = all_of(session(), _filter(unit))
    stem = f"{fold(unit.name).replace(' ', '-')}-{unit.code}"
    return written(lambda target: write_people(target, Family(suffix), people), Family(suffix), stem)


def _filter(unit: Unit) -> Filter:
    audience = request.args.get("audience", "")
    return Filter(
        unit,
        text=request.args.get("q", "").strip(),
        audience=audience if audience in set(Audience) else None,
        without_account=request.args.get("account") == "none",
    )
