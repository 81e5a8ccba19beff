"""The tree of units: looking through it, and importing it.

These pages stand here and not in `units`, which lies below `accounts` and cannot ask who may see them.
"""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.audit import Act, log
from lms.core.clock import today
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import words_of
from lms.core.sheets.reading import Family
from lms.core.web import runtime, session, writes
from lms.people.asked import asked_unit, trail
from lms.people.downloads import written
from lms.people.exporting import write_units
from lms.people.forms import ConfirmForm, UploadForm
from lms.people.queries import members_below
from lms.people.uploads import About, Upload, receive, upload_of
from lms.units.models import Unit
from lms.units.queries import ancestors, children, subtree, units_matching
from lms.units.services import Imported, Row, import_units, read_units
from lms.units.words import kind_word

bp = Blueprint("units", __name__, url_prefix="/units")

MOST_FOUND = 100


@bp.get("/")
@requires(Permission.SEE_RATES)
def index() -> str:
    """A unit with those directly below it, or the units that match a search."""
    unit = asked_unit(Permission.SEE_RATES)
    text = request.args.get("q", "").strip()
    shown = units_matching(session(), text, unit, limit=MOST_FOUND) if text else children(session(), unit)
    return render_template(
        "units/index.html",
        unit=unit,
        trail=trail(unit, Permission.SEE_RATES),
        shown=shown,
        text=text,
        members=members_below(session(), unit, [unit, *shown], today()),
        kind_word=kind_word,
    )


@bp.get("/export.csv")
@requires(Permission.SEE_RATES)
def export() -> Response:
    """The unit and all below it as a file that can be imported again."""
    unit = asked_unit(Permission.SEE_RATES)
    below = session().scalars(subtree(unit).order_by(Unit.path))
    units = [*ancestors(session(), unit), *below]
    return written(lambda target: write_units(target, units), Family.CSV, f"units-{unit.code}")


@bp.route("/imports/", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
def new() -> str | BaseResponse | tuple[str, int]:
    """Send a file of units; one with an error is refused as a whole, and says in which line."""
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("units/import.html", form=form)
    about = About("units", the_account().id, form.file.data.filename or "")
    upload = receive(runtime().settings, form.file.data.stream, about)
    try:
        _would_change(_rows(upload))
    except Refused as refusal:
        form.file.errors = [words_of(refusal)]
        return render_template("units/import.html", form=form), 400
    return redirect(url_for("units.show", token=upload.token))


@bp.route("/imports/<token>", methods=["GET", "POST"])
@requires(Permission.MANAGE_UNITS)
@writes
def show(token: str) -> str | BaseResponse:
    """What a file of units would change, and the button that lets it in."""
    upload = upload_of(runtime().settings, token, kind="units", owner=the_account().id)
    rows = _rows(upload)
    form = ConfirmForm()
    if not form.validate_on_submit():
        return render_template(
            "units/preview.html",
            form=form,
            about=upload.about,
            rows=rows,
            report=_would_change(rows),
            kind_word=kind_word,
        )
    report = import_units(session(), rows)
    log(
        session(),
        Act.UNITS_IMPORTED,
        actor=the_account().id,
        created=report.created,
        changed=report.changed,
    )
    flash(
        _("%(created)s units created, %(changed)s changed.", created=report.created, changed=report.changed),
        "success",
    )
    return redirect(url_for("units.index"))


def _rows(upload: Upload) -> list[Row]:
    return read_units(upload.file.read_bytes())


def _would_change(rows: list[Row]) -> Imported:
    """Import and take it back: what is counted is what would be done."""
    savepoint = session().begin_nested()
    try:
        return import_units(session(), rows)
    finally:
        savepoint.rollback()
        session().expire_all()
