"""Pages for administrators: the clients of the record store."""

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.i18n import gettext as _
from lms.core.web import runtime, session
from lms.xapi import queries, services
from lms.xapi.examples import examples
from lms.xapi.forms import KEEP, ClientForm, NewClientForm, RotateForm
from lms.xapi.models import Client
from lms.xapi.wording import ACTS, EXPLAINED, SCOPES, old_secret_works, scope_words

bp = Blueprint("clients", __name__, url_prefix="/clients")


@bp.app_context_processor
def words() -> dict[str, object]:
    return {"scope_words": scope_words, "old_secret_works": old_secret_works}


@bp.get("/")
@requires(Permission.MANAGE_CLIENTS)
def index() -> str:
    """Every client: what it may do, when it was last here."""
    return render_template("xapi/index.html", clients=queries.clients(session()))


@bp.route("/new", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def new() -> str | Response:
    """Add a client. Its secret is on the answer to the form and nowhere else."""
    form = NewClientForm()
    if not form.is_submitted():
        form.key.data = services.new_key()
        form.scopes.data = [scope.value for scope in services.DEFAULT_SCOPES]
    if not form.validate_on_submit():
        return render_template("xapi/new.html", form=form, explained=_explained())
    if queries.client_named(session(), form.key.data or ""):
        return _told_once(form.key.data or "")
    client, secret = services.add_client(
        session(),
        secret_key=runtime().settings.secret_key,
        actor=the_account().id,
        key=form.key.data,
        **form.said,
    )
    return _secret_page(client, secret)


@bp.get("/<key>")
@requires(Permission.MANAGE_CLIENTS)
def show(key: str) -> str:
    """One client: its state, what it may do, what was done with it."""
    client = queries.the_client(session(), key)
    return render_template(
        "xapi/client.html",
        client=client,
        explained=dict(_explained()),
        acts=queries.acts_on(session(), client),
        act_words=ACTS,
        address=runtime().settings.public_url,
    )


@bp.route("/<key>/edit", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def edit(key: str) -> str | Response:
    """Another name, other scopes, another limit."""
    client = _working(key)
    form = ClientForm(name=client.name, scopes=client.scopes, per_minute=str(client.per_minute or ""))
    if not form.validate_on_submit():
        return render_template("xapi/edit.html", form=form, client=client, explained=_explained())
    services.change_client(session(), client, actor=the_account().id, **form.said)
    flash(_("Saved. It holds from the next request on."), "success")
    return redirect(url_for("clients.show", key=key))


@bp.route("/<key>/rotate", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def rotate(key: str) -> str | Response:
    """A new secret, on the answer to the form and nowhere else; the old one works on for a while."""
    client = _working(key)
    form = RotateForm()
    if not form.is_submitted():
        form.revision.data = str(client.revision)
    if not form.validate_on_submit():
        return render_template("xapi/rotate.html", form=form, client=client)
    if form.revision.data != str(client.revision):
        return _told_once(key)
    secret = services.rotate_client(
        session(),
        client,
        keep=KEEP[form.keep.data],
        secret_key=runtime().settings.secret_key,
        actor=the_account().id,
    )
    return _secret_page(client, secret)


@bp.route("/<key>/revoke", methods=["GET", "POST"])
@requires(Permission.MANAGE_CLIENTS)
def revoke(key: str) -> str | Response:
    """Ask whether a client shall be shut out for good, and do it."""
    client = _working(key)
    form = FlaskForm()
    if not form.validate_on_submit():
        return render_template("xapi/revoke.html", form=form, client=client)
    services.revoke_client(session(), client, actor=the_account().id)
    flash(_("“%(name)s” is shut out from now on.", name=client.name), "success")
    return redirect(url_for("clients.show", key=key))


def _working(key: str) -> Client:
    """The client, unless it was revoked: there is nothing more to be done with it then."""
    client = queries.the_client(session(), key)
    services.demand_working(client)
    return client


def _secret_page(client: Client, secret: str) -> str:
    address = runtime().settings.public_url
    return render_template(
        "xapi/secret.html",
        client=client,
        secret=secret,
        address=address,
        examples=examples(address, client.key, secret, client.scopes),
    )


def _told_once(key: str) -> Response:
    """For a form that was sent a second time: its page was loaded again, or somebody else was quicker."""
    flash(
        _("The secret was shown once and cannot be shown again. If nobody noted it, make a new one."),
        "warning",
    )
    return redirect(url_for("clients.show", key=key))


def _explained() -> list[tuple[str, str]]:
    return [(scope.value, str(EXPLAINED[scope])) for scope in SCOPES]
