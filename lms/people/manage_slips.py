"""Slips of paper with which people who have no account sign in for the first time."""

from flask import Blueprint, render_template, request, url_for
from flask_wtf import FlaskForm

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.core.web import runtime, session
from lms.people.asked import asked_unit, near, trail
from lms.people.models import Audience
from lms.people.queries import Filter, all_of, page_of
from lms.people.services import Slip, issue_slips

bp = Blueprint("slips", __name__, url_prefix="/people/slips")

MOST = 200  # slips at once: what one prints and hands out in one go


def slips_page(slips: list[Slip], back: str) -> str:
    """The slips, with the address that the site has for the world; `back` is where to go afterwards."""
    address = runtime().settings.public_url + url_for("accounts.first_sign_in")
    return render_template("people/slips.html", slips=slips, back=back, address=address)


@bp.route("/", methods=["GET", "POST"])
@requires(Permission.ISSUE_CODES)
def new() -> str:
    """How many people of a unit have no account; and codes for them, shown this once to be printed."""
    unit = asked_unit(Permission.ISSUE_CODES)
    audience = request.values.get("audience")
    wanted = Filter(unit, audience=audience if audience in set(Audience) else None, without_account=True)
    form = FlaskForm()
    if form.validate_on_submit():
        people = [(listed.person, listed.unit) for listed in all_of(session(), wanted, limit=MOST)]
        secret = runtime().settings.secret_key
        slips = issue_slips(session(), people, secret_key=secret, actor=the_account().id)
        return slips_page(slips, request.full_path)
    return render_template(
        "people/codes.html",
        form=form,
        wanted=wanted,
        waiting=page_of(session(), wanted, size=1).total,
        most=MOST,
        trail=trail(unit, Permission.ISSUE_CODES),
        near=near(unit, Permission.ISSUE_CODES),
    )
