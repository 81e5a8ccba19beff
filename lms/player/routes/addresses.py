"""Addresses on the content origins."""

from urllib.parse import quote, urlsplit

from flask import redirect, url_for
from werkzeug.wrappers import Response

from lms.catalogue.models import Lesson
from lms.core.web import runtime
from lms.core.web.hosts import origins
from lms.player.models import PlaySession
from lms.player.tokens import make_delivery_key, make_package_key, make_token

_A_MONTH = 30 * 24 * 3600


def origin_of(play: PlaySession) -> str:
    """The origin on which a session's package runs."""
    return origins().of(play.attempt.lesson.version.sha256)


def player_address(play: PlaySession) -> str:
    """Where the player page of a session is."""
    token = make_token(play.id, play.expires, runtime().settings.secret_key)
    return origin_of(play) + url_for("player.play", token=token)


def package_path(lesson: Lesson) -> str:
    """Where the package's files begin: the same for all who learn it, so that browsers keep them."""
    key = make_package_key(lesson.version.sha256, runtime().settings.secret_key)
    return url_for("player.content", token=key, path="")


def to_player(play: PlaySession) -> Response:
    """Go to the player."""
    return tell_opened(redirect(player_address(play), 303), play)


def tell_opened(response: Response, play: PlaySession) -> Response:
    """Let the pages of the application know where a lesson was opened (offline/waiting.js).

    Lessons on names below the same domain could set cookies for us, but none that is called so.
    """
    secure = runtime().settings.public_url.startswith("https://")
    name = "__Host-lesson-opened" if secure else "lesson-opened"
    told = quote(f"{origin_of(play)} {play.id}")
    response.set_cookie(name, told, max_age=_A_MONTH, secure=secure, samesite="Lax")
    return response


def list_path(lesson: Lesson) -> str:
    """Where it says which files the package has."""
    key = make_package_key(lesson.version.sha256, runtime().settings.secret_key)
    return url_for("player.contents", key=key)


def content_path(lesson: Lesson) -> str:
    """Where the lesson itself begins."""
    is_elsewhere = bool(urlsplit(lesson.href).scheme)
    return lesson.href if is_elsewhere else package_path(lesson) + lesson.href


def delivery_path(play: PlaySession) -> str:
    """Where the session's commits may be sent for long after it was open."""
    key = make_delivery_key(play.id, play.started, runtime().settings.secret_key)
    return url_for("player.deliver", key=key)
