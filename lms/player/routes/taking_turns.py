"""Guests who take turns at one device: nobody goes on with what the one before them tried."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import current_account, public
from lms.core.i18n import gettext as _
from lms.core.web import session
from lms.player.queries import attempts_begun
from lms.player.routes.blueprint import bp
from lms.player.routes.visitor import forget_guest, guest_id
from lms.player.services.closing import close_pages_of


@bp.route("/somebody-else", methods=["GET", "POST"])
@public
def somebody_else() -> str | Response:
    """Ask whether another guest shall begin here, and let them.

    What was tried stays in the record; on this device nobody finds the way to it any more, and what the
    browser keeps of it is removed (`js/offline/left.js`).
    """
    guest = guest_id()
    if guest is None or current_account() is not None:
        return redirect(url_for("player.lessons"))
    if request.method == "GET":
        return render_template("player/somebody_else.html", attempts=attempts_begun(session(), guest))
    close_pages_of(session(), guest)
    forget_guest()
    flash(_("Somebody else can begin now. Choose a lesson."))
    return redirect(url_for("player.lessons"))


@bp.app_template_global()
def is_trying() -> bool:
    """Whether lessons are tried here by somebody who has not signed in."""
    return current_account() is None and guest_id() is not None
