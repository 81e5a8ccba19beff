"""The language of a request: the visitor's choice, else Vietnamese."""

from contextlib import ExitStack
from urllib.parse import urlsplit

from flask import Blueprint, Flask, Response, g, redirect, request

from lms.core import i18n

COOKIE = "language"
A_YEAR = 365 * 24 * 3600

bp = Blueprint("language", __name__)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.teardown_request(_end)
    app.register_blueprint(bp)


def here(address: str | None, otherwise: str = "/") -> str:
    """The path of `address` if it leads to a page of this site, else `otherwise`."""
    parts = urlsplit(address or "")
    if parts.scheme or parts.netloc or not parts.path.startswith("/") or parts.path.startswith("//"):
        return otherwise
    if "\\" in parts.path:
        return otherwise
    return parts.path + (f"?{parts.query}" if parts.query else "")


@bp.post("/language/<code>")
def choose(code: str) -> Response:
    """Remember the language, and go back to the page."""
    response = redirect(here(request.form.get("next")))
    if code in i18n.LOCALES:
        response.set_cookie(COOKIE, code, max_age=A_YEAR, samesite="Lax", httponly=True)
    return response  # type: ignore[return-value]  # werkzeug's redirect gives Flask's Response


choose.access = "public"  # type: ignore[attr-defined]  # below the room that owns `public`


def _begin() -> None:
    g.language = ExitStack()
    g.language.enter_context(i18n.using(request.cookies.get(COOKIE, i18n.DEFAULT_LOCALE)))


def _end(_error: BaseException | None) -> None:
    language: ExitStack | None = g.pop("language", None)
    if language is not None:
        language.close()
