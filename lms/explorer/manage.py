"""Pages for administrators: looking into the record, taking statements back, carrying statements out."""

from collections.abc import Mapping
from uuid import UUID

import orjson
from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue.queries import courses
from lms.core.audit import Act, log
from lms.core.errors import NotFound
from lms.core.i18n import current_locale, ngettext
from lms.core.jobs.services import queue
from lms.core.names import order_key
from lms.core.vocabulary.iris import REASON
from lms.core.web import runtime, session
from lms.explorer import queries, services
from lms.explorer.asking import Asked, ask
from lms.explorer.exporting import MIMETYPES, write_extract
from lms.explorer.extracts import About, begin, extract_of
from lms.explorer.forms import TakeBackForm
from lms.explorer.tasks import EXTRACT
from lms.explorer.telling import Teller, verb_of
from lms.explorer.wholes import whole
from lms.xapi.queries import clients

bp = Blueprint("explorer", __name__, url_prefix="/record")

AT_ONCE = 2000  # statements that a file may hold for which nobody needs to wait
_LONGEST_NUMBER = 19


@bp.get("/")
@requires(Permission.SEE_RECORD)
def index() -> str | tuple[str, int]:
    """The statements that fit what the address asks for, newest first."""
    asked = _asked(request.args)
    before = request.args.get("before", "")
    place = int(before) if before.isascii() and before.isdigit() and len(before) <= _LONGEST_NUMBER else None
    page = queries.page_of(session(), asked.wanted, before=place) if asked.wanted else None
    answer = render_template(
        "explorer/index.html",
        asked=asked,
        rows=_teller().tell(page.rows) if page else [],
        older=page.older if page else None,
        at_top=place is None,
        courses=courses(session()),
        clients=clients(session()),
        verbs=sorted(
            ((iri, verb_of({"id": iri})) for iri in queries.known_verbs(session())),
            key=lambda choice: order_key(choice[1]),
        ),
        form=FlaskForm(),
    )
    return (answer, 400) if asked.faults else answer


@bp.get("/<uuid:statement_id>")
@requires(Permission.SEE_RECORD)
def show(statement_id: UUID) -> str:
    """One statement: in words, what it counts for, what hangs together with it, and as it is kept."""
    row = queries.statement_of(session(), statement_id)
    found = whole(session(), row, _teller())
    return render_template(
        "explorer/statement.html",
        found=found,
        told=found.told,
        raw=orjson.dumps(found.told.said, option=orjson.OPT_INDENT_2).decode(),
        reason_of=_reason_of,
    )


@bp.route("/<uuid:statement_id>/take-back", methods=["GET", "POST"])
@requires(Permission.SEE_RECORD)
def take_back(statement_id: UUID) -> str | Response:
    """Ask why a statement shall count no longer, and void it."""
    row = queries.statement_of(session(), statement_id)
    services.demand_voidable(row)
    form = TakeBackForm()
    if not form.validate_on_submit():
        found = whole(session(), row, _teller())
        return render_template("explorer/take_back.html", form=form, found=found, told=found.told)
    done = services.take_back(
        session(),
        statement_id,
        form.reason.data,
        settings=runtime().settings,
        actor=the_account().id,
    )
    flash(
        ngettext(
            "Taken back. %(n)s completion counts no longer by it.",
            "Taken back. %(n)s completions count no longer by it.",
            done.withdrawn,
        ),
        "success",
    )
    return redirect(url_for("explorer.show", statement_id=statement_id))


@bp.post("/extracts")
@requires(Permission.SEE_RECORD)
def extract() -> Response:
    """A file of what was found: at once, or as a job where there is much."""
    asked, kind = _asked(request.form), request.form.get("kind", "")
    if asked.wanted is None or kind not in MIMETYPES:
        raise NotFound("There is no such file. Go back and choose one of the links.")
    if queries.count_of(session(), asked.wanted, most=AT_ONCE + 1) > AT_ONCE:
        arguments = {"asked": asked.values, "kind": kind, "language": current_locale()}
        job = queue(session(), runtime(), EXTRACT, arguments, the_account().id)
        return redirect(url_for("jobs.show", job_id=job.id))
    made = begin(runtime().settings)
    held = runtime()
    written = write_extract(
        kind,
        made.draft,
        held.database,
        asked.wanted,
        home_page=held.settings.public_url,
        count=lambda _done: None,
    )
    log(
        session(),
        Act.STATEMENTS_EXTRACTED,
        actor=the_account().id,
        kind=kind,
        statements=written,
        fields=sorted(asked.values),
    )
    made.finish(About(the_account().id, kind, written))
    return redirect(url_for("explorer.file", token=made.token))


@bp.get("/extracts/<token>")
@requires(Permission.SEE_RECORD)
def file(token: str) -> Response:
    """The file, for whoever made it, for a day."""
    made = extract_of(runtime().settings, token, owner=the_account().id)
    kind = made.about.kind
    return send_file(
        made.file,
        mimetype=MIMETYPES[kind],
        as_attachment=True,
        download_name=f"statements-{made.about.statements}.{kind}",
    )


def _asked(given: Mapping[str, str]) -> Asked:
    return ask(session(), given, home_page=runtime().settings.public_url)


def _teller() -> Teller:
    return Teller(session(), home_page=runtime().settings.public_url)


def _reason_of(said: Mapping[str, dict[str, object]]) -> object:
    """Why one of our voiding statements was made; none where it does not say."""
    extensions = said.get("context", {}).get("extensions", {})
    return extensions.get(REASON) if isinstance(extensions, dict) else None
