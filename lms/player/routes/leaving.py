"""Sending the learner's browser to a lesson that is played elsewhere than in our player."""

from flask import make_response, redirect, render_template
from werkzeug.wrappers import Response

from lms.catalogue.models import Lesson
from lms.core.web.hosts import origins


def leave_for(address: str, lesson: Lesson) -> Response:
    """On to the lesson, in the same tab.

    A form may lead to our own origins only (`form-action`), also by way of redirections. To any other host
    leads a page that goes on by itself.
    """
    own = origins().of(lesson.version.sha256)
    if address.startswith(f"{own}/"):
        return redirect(address, 303)
    return make_response(render_template("player/leaving.html", address=address, lesson=lesson))
