"""The front page, help and privacy."""

from uuid import UUID

from flask import Blueprint, render_template
from flask import session as cookie

from lms.accounts.access import GUEST, current_account, public
from lms.core.clock import today
from lms.core.web import session
from lms.home import queries
from lms.player.queries import Standing

bp = Blueprint("home", __name__)


@bp.get("/")
@public
def front() -> str:
    """What the visitor most likely came for, first."""
    account = current_account()
    person = account.person if account else None
    stored = cookie.get(GUEST)
    learner = person or (UUID(stored) if stored else None)
    found = queries.front(session(), learner, is_guest=person is None, today=today())
    return render_template("home/front.html", front=found, Standing=Standing)


@bp.get("/help", endpoint="help")
@public
def help_() -> str:
    """How to begin, and whom to ask."""
    return render_template("home/help.html")


@bp.get("/privacy")
@public
def privacy() -> str:
    """What is recorded about a person, who sees it, and what they may ask for."""
    return render_template("home/privacy.html")
