"""Importing a roster: send it, see what it would do, let it in, mend what was bad."""

from pathlib import Path

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.clock import today
from lms.core.errors import NotFound, Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import words_of
from lms.core.jobs.services import queue
from lms.core.names import fold
from lms.core.sheets.reading import Family
from lms.core.web import runtime, session
from lms.people.asked import asked_unit
from lms.people.downloads import download, written
from lms.people.exporting import write_template
from lms.people.forms import ConfirmForm, UploadForm
from lms.people.reading import open_roster
from lms.people.uploads import About, Upload, receive, upload_of

bp = Blueprint("rosters", __name__, url_prefix="/people/imports")


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def new() -> str | BaseResponse | tuple[str, int]:
    """Send a file. One that is no roster is refused at once, the rows are looked at as a job."""
    unit = asked_unit(Permission.MANAGE_PEOPLE)
    form = UploadForm()
    if not form.validate_on_submit():
        return render_template("people/import.html", form=form, unit=unit)
    about = About("people", the_account().id, form.file.data.filename or "", unit.code)
    upload = receive(runtime().settings, form.file.data.stream, about)
    try:
        open_roster(upload.file)
    except Refused as refusal:
        form.file.errors = [words_of(refusal)]
        return render_template("people/import.html", form=form, unit=unit), 400
    return _queue("people.check", upload)


@bp.get("/template.xlsx")
@requires(Permission.MANAGE_PEOPLE)
def template() -> Response:
    """The empty file to fill in."""
    unit = asked_unit(Permission.MANAGE_PEOPLE)
    day = today()
    stem = fold(_("People")).replace(" ", "-")
    return written(
        lambda target: write_template(target, Family.WORKBOOK, unit.code, day), Family.WORKBOOK, stem
    )


@bp.route("/<token>", methods=["GET", "POST"])
@requires(Permission.MANAGE_PEOPLE)
def show(token: str) -> str | BaseResponse:
    """What a file would change, with the button that lets it in; afterwards, what it changed."""
    upload = _upload(token)
    done, found = upload.findings("import"), upload.findings("check")
    form = ConfirmForm()
    if form.validate_on_submit() and done is None:
        return _queue("people.import", upload)
    if done is None and found is None:
        flash(_("This file is being looked at. It is among your tasks."))
        return redirect(url_for("jobs.mine"))
    return render_template(
        "people/imported.html",
        upload=upload,
        about=upload.about,
        found=done or found,
        first=found.first if found and done is None else [],
        done=done is not None,
        form=form,
        has_bad_rows=upload.bad_rows_written() is not None,
    )


@bp.get("/<token>/bad-rows")
@requires(Permission.MANAGE_PEOPLE)
def bad_rows(token: str) -> Response:
    """The rows that were refused, with the reasons, to mend and send again."""
    upload = _upload(token)
    file = upload.bad_rows_written()
    if file is None:
        raise NotFound("Every row of this file was good.")
    stem = fold(Path(upload.about.name).stem).replace(" ", "-") or "people"
    safe = "".join(mark for mark in stem if mark.isascii() and (mark.isalnum() or mark in "-_"))
    return download(file.read_bytes(), Family(file.suffix[1:]), f"{safe}-{_('errors')}")


def _upload(token: str) -> Upload:
    return upload_of(runtime().settings, token, kind="people", owner=the_account().id)


def _queue(kind: str, upload: Upload) -> BaseResponse:
    arguments = {"upload": upload.token}
    job = queue(session(), runtime(), kind, arguments, the_account().id)
    return redirect(url_for("jobs.show", job_id=job.id))
