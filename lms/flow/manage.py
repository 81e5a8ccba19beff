"""Pages for administrators: sources and destinations, how they stand, and what was refused."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue.queries import courses
from lms.core.errors import Refused
from lms.core.i18n import gettext as _
from lms.core.i18n import ngettext, words_of
from lms.core.web import runtime, session
from lms.core.web.request import roll_back
from lms.flow import queries
from lms.flow.forms import (
    DestinationForm,
    EditDestinationForm,
    EditSourceForm,
    NewDestinationForm,
    SourceForm,
)
from lms.flow.models import DeadLetter, RemoteStore
from lms.flow.services import managing, testing
from lms.flow.services.due import queue_run
from lms.flow.words import every_in_words, moved_in_words, standing_of

bp = Blueprint("flow", __name__, url_prefix="/flow")


@bp.app_context_processor
def words() -> dict[str, object]:
    return {"every_in_words": every_in_words, "moved_in_words": moved_in_words}


@bp.get("/")
@requires(Permission.MANAGE_CLIENTS)
def index() -> str:
    """Every source and destination, and how it stands."""
    found = [standing_of(session(), remote) for remote in queries.remotes(session())]
    return render_template(
        "flow/index.html",
        sources=[each for each in found if each.remote.pulls],
        destinations=[each for each in found if not each.remote.pulls],
    )


@bp.route("/sources/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def new_source() -> str | Response:
    """Add a source; nothing flows until it is started."""
    form = SourceForm()
    if form.validate_on_submit():
        try:
            remote = managing.add_source(
                session(), form.words, since=form.from_when, settings=runtime().settings, actor=_me()
            )
        except Refused as refusal:
            return _again("flow/new_source.html", form, refusal)
        return _to(remote, _("Saved. Test the connection, then start."))
    return render_template("flow/new_source.html", form=form)


@bp.route("/destinations/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def new_destination() -> str | Response:
    """Add a destination; nothing flows until it is started."""
    form = NewDestinationForm(courses(session()))
    if form.validate_on_submit():
        try:
            remote = managing.add_destination(
                session(),
                form.words,
                from_beginning=form.begin.data == "beginning",
                settings=runtime().settings,
                actor=_me(),
            )
        except Refused as refusal:
            return _again("flow/new_destination.html", form, refusal)
        return _to(remote, _("Saved. Test the connection, then start."))
    return render_template("flow/new_destination.html", form=form)


@bp.get("/<int:remote_id>")
@requires(Permission.MANAGE_CLIENTS)
def show(remote_id: int) -> str:
    """One source or destination: how it stands, what can be done, what was refused."""
    remote = queries.the_remote(session(), remote_id)
    page = max(1, request.args.get("page", 1, type=int))
    return render_template(
        "flow/show.html",
        standing=standing_of(session(), remote),
        remote=remote,
        letters=queries.letters(session(), remote, page=page),
        page={"number": page, "pages": queries.pages_of_letters(session(), remote)},
        form=FlaskForm(),
    )


@bp.get("/<int:remote_id>/standing")
@requires(Permission.MANAGE_CLIENTS)
def standing(remote_id: int) -> str:
    """The part of the page that changes while it works."""
    remote = queries.the_remote(session(), remote_id)
    return render_template("flow/standing.html", standing=standing_of(session(), remote), remote=remote)


@bp.route("/<int:remote_id>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def edit(remote_id: int) -> str | Response:
    """Another name, address, credentials or filters."""
    remote = queries.the_remote(session(), remote_id, lock=request.method == "POST")
    form = EditSourceForm(remote) if remote.pulls else EditDestinationForm(courses(session()), remote)
    if form.validate_on_submit():
        try:
            managing.change(
                session(),
                remote,
                form.words,
                start_over=form.start_over.data,
                settings=runtime().settings,
                actor=_me(),
            )
        except Refused as refusal:
            return _again("flow/edit.html", form, refusal, remote=remote)
        return _to(remote, _("Saved. It holds from the next page or batch on."))
    return render_template("flow/edit.html", form=form, remote=remote)


@bp.post("/<int:remote_id>/start")
@requires(Permission.MANAGE_CLIENTS)
def start(remote_id: int) -> Response:
    """Let statements flow."""
    remote = queries.the_remote(session(), remote_id, lock=True)
    managing.start(session(), remote, actor=_me())
    queue_run(session(), runtime(), remote)
    return _to(remote, _("Started."))


@bp.post("/<int:remote_id>/pause")
@requires(Permission.MANAGE_CLIENTS)
def pause(remote_id: int) -> Response:
    """Let nothing flow for now."""
    remote = queries.the_remote(session(), remote_id, lock=True)
    managing.pause(session(), remote, actor=_me())
    return _to(remote, _("Paused. It goes on from the same place when you start it again."))


@bp.post("/<int:remote_id>/retry")
@requires(Permission.MANAGE_CLIENTS)
def retry(remote_id: int) -> Response:
    """Try again now."""
    remote = queries.the_remote(session(), remote_id, lock=True)
    managing.retry(session(), remote, actor=_me())
    queue_run(session(), runtime(), remote)
    return _to(remote, _("It is tried again now."))


@bp.post("/<int:remote_id>/test")
@requires(Permission.MANAGE_CLIENTS)
def test(remote_id: int) -> Response:
    """Ask whether it lets us in. No transaction is open while we wait for the answer."""
    with runtime().database.snapshot() as reading:
        remote = queries.the_remote(reading, remote_id)
    roll_back()
    verdict = testing.try_connection(remote, secret_key=runtime().settings.secret_key)
    testing.note(session(), remote_id, verdict, actor=_me())
    flash(str(verdict.sentence), "success" if verdict.good else "error")
    return redirect(url_for("flow.show", remote_id=remote_id))


@bp.route("/<int:remote_id>/remove", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def remove(remote_id: int) -> str | Response:
    """Ask whether it shall be removed, and do it."""
    remote = queries.the_remote(session(), remote_id, lock=request.method == "POST")
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template(
            "flow/remove.html", form=form, remote=remote, letters=queries.count_letters(session(), remote)
        )
    managing.remove(session(), remote, actor=_me())
    flash(_("“%(name)s” was removed.", name=remote.name), "success")
    return redirect(url_for("flow.index"))


@bp.get("/<int:remote_id>/letters/<int:letter_id>")
@requires(Permission.MANAGE_CLIENTS)
def letter(remote_id: int, letter_id: int) -> str:
    """One statement that was refused: why, and what it says."""
    remote = queries.the_remote(session(), remote_id)
    found = queries.letter_of(session(), remote, letter_id)
    return render_template(
        "flow/letter.html", remote=remote, letter=found, raw=_pretty(found), form=FlaskForm()
    )


@bp.post("/<int:remote_id>/letters/retry")
@requires(Permission.MANAGE_CLIENTS)
def retry_letters(remote_id: int) -> Response:
    """Try refused statements again: the one that is named, or all."""
    remote = queries.the_remote(session(), remote_id, lock=True)
    count = managing.try_letters(session(), remote, _named(remote), actor=_me())
    if remote.active:
        queue_run(session(), runtime(), remote)
    told = ngettext("%(n)s statement is tried again.", "%(n)s statements are tried again.", count)
    return _to(remote, told if remote.active else _("They are tried again as soon as you start it."))


@bp.route("/<int:remote_id>/letters/drop", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def drop_letters(remote_id: int) -> str | Response:
    """Ask whether refused statements shall be thrown away, one or all, and do it."""
    remote = queries.the_remote(session(), remote_id, lock=request.method == "POST")
    form = FlaskForm()
    named = _named(remote)
    count = queries.count_letters(session(), remote) if named is None else len(named)
    if not form.validate_on_submit():
        return render_template("flow/drop.html", form=form, remote=remote, count=count, named=named)
    count = managing.drop_letters(session(), remote, named, actor=_me())
    return _to(
        remote, ngettext("%(n)s statement was thrown away.", "%(n)s statements were thrown away.", count)
    )


def _named(remote: RemoteStore) -> list[int] | None:
    """The refused statement that the request is about; none for all of them."""
    letter_id = request.values.get("letter", type=int)
    return None if letter_id is None else [queries.letter_of(session(), remote, letter_id).id]


def _pretty(found: DeadLetter) -> str:
    """Its JSON, as somebody reads it."""
    raw = queries.raw_of(session(), found)
    return json.dumps(json.loads(raw), ensure_ascii=False, indent=2).encode(errors="replace").decode()


def _again(template: str, form: SourceForm | DestinationForm, refusal: Refused, **more: Any) -> str:
    """The form once more, with what the service did not want beside the address."""
    roll_back()
    form.endpoint.errors = [words_of(refusal)]
    return render_template(template, form=form, **more)


def _to(remote: RemoteStore, told: str) -> Response:
    flash(told, "success")
    return redirect(url_for("flow.show", remote_id=remote.id))


def _me() -> int:
    return the_account().id
