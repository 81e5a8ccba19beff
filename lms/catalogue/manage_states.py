"""The authors' pages that put a course on the lists, take it off, put it away and bring it back."""

from collections.abc import Callable
from dataclasses import dataclass

from flask import Blueprint, flash, redirect, render_template, url_for
from sqlalchemy.orm import Session
from werkzeug.wrappers import Response

from lms.accounts.access import requires, the_account
from lms.accounts.policy import Permission
from lms.catalogue import offering, queries
from lms.catalogue.models import Course
from lms.core.i18n import Message, lazy
from lms.core.web import session
from lms.core.web.forms import PageForm

bp = Blueprint("catalogue_states", __name__, url_prefix="/manage/courses")


@dataclass(frozen=True)
class Change:
    """What is asked before it is done (a question, what follows, the button), and what is said afterwards."""

    do: Callable[..., None]
    question: Message
    follows: tuple[Message, ...]
    button: Message
    done: Message
    warning: bool = False


PUBLISH = Change(
    offering.publish,
    lazy("Publish “%(title)s”?"),
    (lazy("Everybody sees it on the list of lessons, and can begin."),),
    lazy("Publish"),
    lazy("The course is published. Everybody sees it now."),
)
UNPUBLISH = Change(
    offering.unpublish,
    lazy("Take “%(title)s” off the lists?"),
    (
        lazy("Nobody finds it any more, and nobody new can begin."),
        lazy("Whoever is in the middle may go on. Results stay, and keep counting."),
        lazy("You can publish it again at any time."),
    ),
    lazy("Take it off the lists"),
    lazy("The course is no longer on the lists. Results stay."),
    warning=True,
)
ARCHIVE = Change(
    offering.archive,
    lazy("Archive “%(title)s”?"),
    (
        lazy("It goes off all lists, that of authors, too. You find it among the archived courses."),
        lazy("Whoever is in the middle may go on. Results stay, and keep counting."),
        lazy("You can restore it at any time."),
    ),
    lazy("Archive"),
    lazy("The course is archived. Results stay."),
    warning=True,
)
RESTORE = Change(
    offering.restore,
    lazy("Restore “%(title)s”?"),
    (lazy("It is back on the list of authors. Learners see it once you publish it."),),
    lazy("Restore"),
    lazy("The course is restored. Learners see it once you publish it."),
)


@bp.route("/<slug>/publish", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def publish(slug: str) -> str | Response:
    """Put the course on the lists."""
    return _asked(slug, PUBLISH)


@bp.route("/<slug>/unpublish", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def unpublish(slug: str) -> str | Response:
    """Take the course off the lists."""
    return _asked(slug, UNPUBLISH)


@bp.route("/<slug>/archive", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def archive(slug: str) -> str | Response:
    """Put the course away."""
    return _asked(slug, ARCHIVE)


@bp.route("/<slug>/restore", methods=["GET", "POST"])
@requires(Permission.AUTHOR_COURSES)
def restore(slug: str) -> str | Response:
    """Bring an archived course back."""
    return _asked(slug, RESTORE)


def _asked(slug: str, change: Change) -> str | Response:
    """The question, or, once it was answered, the deed."""
    course = queries.the_course(session(), slug)
    form = PageForm()
    if not form.validate_on_submit():
        return render_template("catalogue/change.html", course=course, change=change, form=form)
    _do(session(), course, change)
    return redirect(url_for("catalogue_manage.report", slug=slug), 303)


def _do(at: Session, course: Course, change: Change) -> None:
    change.do(at, course, actor=the_account().id)
    flash(str(change.done), "success")
