"""Sending the learner's browser to a lesson that is played elsewhere than in our player."""

from flask import make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from lms.player.opening import Elsewhere
from lms.player.routes.addresses import origin_of, tell_opened


def leave_for(elsewhere: Elsewhere) -> Response:
    """On to the lesson, in the same tab; a browser, which shows pages, by way of ours if there is one.

    A form may lead to our own origins only (`form-action`), also by way of redirections. To any other host
    leads a page that goes on by itself.
    """
    address, play = elsewhere.address, elsewhere.play
    if not address.startswith(f"{origin_of(play)}/"):
        lesson = play.attempt.lesson
        return make_response(render_template("player/leaving.html", address=address, lesson=lesson))
    if elsewhere.over is None or "text/html" not in request.headers.get("Accept", ""):
        return redirect(address, 303)
    return tell_opened(redirect(elsewhere.over, 303), play)
