"""One server, many hosts: the application, with its sign-in cookie, and the content origins, without any.

Cookies ignore ports but not hosts, so lessons made by others, which run on content origins, can neither
read nor use anybody's sign-in. Programs (xAPI, API, health) authenticate each request and are served on all.
"""

from flask import Flask, Response, abort, current_app, redirect, request
from flask.sessions import SecureCookieSessionInterface, SessionMixin
from werkzeug.wrappers import Response as BaseResponse

from lms.core.origins import Origins, origins_of
from lms.core.web.errors import PROGRAM_PATHS
from lms.core.web.request import runtime

BOTH = (*PROGRAM_PATHS, "/static/")


class SessionsOnTheApplicationOnly(SecureCookieSessionInterface):
    """Neither reads nor sets a session cookie on the content origin."""

    def get_cookie_name(self, app: Flask) -> str:
        name = super().get_cookie_name(app)
        return f"{name}-none" if on_content_host() else name

    def should_set_cookie(self, app: Flask, session: object) -> bool:
        return not on_content_host() and super().should_set_cookie(app, session)  # type: ignore[arg-type]

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        """No answer there depends on cookies: browsers keep files though a lesson sets cookies of its own."""
        if not on_content_host():
            super().save_session(app, session, response)


def content_view(view: object) -> None:
    """Mark a view as one of the content origins: it answers there and nowhere else."""
    view.content = True  # type: ignore[attr-defined]  # an attribute on a function


def origins() -> Origins:
    return origins_of(runtime().settings)


def on_content_host() -> bool:
    return origins().is_content(request.host)


def demand_host_of(sha256: str) -> None:
    """Go on only on the host of this package; NotFound on that of another.

    The host that all packages had before leads there, and still takes what pages from then have to say.
    """
    known = origins()
    if not known.beside or known.is_of(request.host, sha256):
        return
    if not known.is_general(request.host):
        abort(404)
    if request.method in ("GET", "HEAD"):
        abort(redirect(known.of(sha256) + request.full_path.rstrip("?"), 307))


def init_app(app: Flask) -> None:
    app.session_interface = SessionsOnTheApplicationOnly()
    app.before_request(_right_host)


def _right_host() -> BaseResponse | Response | None:
    if not origins().beside:
        return None  # one host for both: `lms doctor` warns
    if request.endpoint is None:
        return None
    if request.path == "/metrics" and on_content_host() and not origins().is_general(request.host):
        abort(404)  # how busy the house is concerns no package
    if request.path.startswith(BOTH):
        return None
    is_content = getattr(current_app.view_functions.get(request.endpoint), "content", False)
    if is_content == on_content_host():
        return None
    if is_content or request.method not in ("GET", "HEAD"):
        abort(404)
    return redirect(runtime().settings.public_url + request.full_path.rstrip("?"))
