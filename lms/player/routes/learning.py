"""Launching a lesson, its result, and taking over what was tried before signing in."""

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from lms.accounts.access import current_account, public, signed_in, the_account
from lms.catalogue.models import Lesson
from lms.catalogue.queries import current_lesson
from lms.core.errors import NotFound
from lms.core.i18n import current_locale
from lms.core.i18n import gettext as _
from lms.core.web import runtime, session, writes
from lms.core.web.language import here
from lms.core.web.security import limiter
from lms.player.opening import Wish, open_elsewhere
from lms.player.queries import Standing, attempts_at, attempts_of, courses_progress
from lms.player.routes.addresses import to_player
from lms.player.routes.blueprint import bp
from lms.player.routes.leaving import leave_for
from lms.player.routes.visitor import (
    demand_visible,
    forget_guest,
    guest_id,
    learner_id,
    some_visitor,
)
from lms.player.services.closing import close_pages_of
from lms.player.services.guests import adopt
from lms.player.services.launching import launch as launch_lesson
from lms.player.tokens import is_again_key


@bp.post("/learn/<slug>/<key>")
@public
@limiter.limit("600 per 10 minutes")  # a whole culture house may share one address
def launch(slug: str, key: str) -> Response:
    """Open the lesson in the player, on the content origin; one of cmi5 at its own address."""
    return _open(slug, key)


@bp.get("/learn/<slug>/<key>/again/<token>")
@public
@limiter.limit("600 per 10 minutes")
@writes
def launch_again(slug: str, key: str, token: str) -> Response:
    """Open anew what was just open in this browser and cannot go on: a unit of cmi5 that was loaded again.

    For those who have begun and come from there; others get the page with the button.
    """
    good = is_again_key(token, slug, key, runtime().settings.secret_key)
    if not good or not _has_begun(current_lesson(session(), slug, key)):
        return redirect(url_for("player.lesson", slug=slug, key=key))
    return _open(slug, key)


def _open(slug: str, key: str) -> Response:
    lesson = current_lesson(session(), slug, key)
    if not _has_begun(lesson):
        demand_visible(lesson.course)
    who = some_visitor()
    back = runtime().settings.public_url + url_for("player.result", slug=slug, key=key)
    wish = Wish(lesson, who.learner, who.is_guest, back, current_locale())
    elsewhere = open_elsewhere(session(), wish, runtime().settings)
    if elsewhere is not None:
        return leave_for(elsewhere)
    play = launch_lesson(session(), lesson, who.learner, is_guest=who.is_guest, language=current_locale())
    return to_player(play)


@bp.get("/learn/<slug>/<key>")
@public
def about(slug: str, key: str) -> Response:
    """A launch is a button, never a link; whoever types the address gets the page with the button."""
    return redirect(url_for("player.lesson", slug=slug, key=key))


@bp.get("/learn/<slug>/<key>/result")
@public
def result(slug: str, key: str) -> str | Response:
    """How it went, and what to do next; for whoever is signed out by now, after signing in again."""
    lesson = current_lesson(session(), slug, key)
    if not _has_begun(lesson):
        if current_account() is None:
            flash(_("Sign in to see your result. Nothing of what you have learned is lost."))
            return redirect(url_for("accounts.sign_in", next=request.path))
        raise NotFound("Nothing of this lesson has been learned on this phone yet.")
    (progress,) = courses_progress(session(), learner_id(), [lesson.course])
    own = next(one for one in progress.lessons if one.lesson.id == lesson.id)
    return render_template(
        "player/result.html",
        progress=progress,
        own=own,
        Standing=Standing,
        is_guest=current_account() is None,
    )


@bp.route("/tried", methods=["GET", "POST"])
@signed_in
def tried() -> str | Response:
    """Ask whether what was tried on this phone was this person's doing."""
    target = here(request.values.get("next"), url_for("player.lessons"))
    guest, person = guest_id(), the_account().person
    attempts = attempts_of(session(), guest) if guest else []
    if guest is None or person is None or not attempts:
        forget_guest()
        return redirect(target)
    if request.method == "GET":
        return render_template("player/tried.html", attempts=attempts, target=target)
    if request.form.get("mine") == "yes":
        adopt(session(), guest, person, settings=runtime().settings, actor=the_account().id)
        flash(_("Your results are kept."), "success")
    else:
        close_pages_of(session(), guest)
    forget_guest()
    return redirect(target)


def _has_begun(lesson: Lesson) -> bool:
    learner = learner_id()
    return learner is not None and bool(attempts_at(session(), learner, lesson.iri))
