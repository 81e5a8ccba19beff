"""What all of /xapi/ has in common: the alternate syntax, its headers, its language, its refusals."""

from typing import Any

import orjson
from flask import Blueprint, Flask, Response, g, make_response, request

from lms.core import i18n
from lms.core.web.security import csrf, limiter
from lms.xapi.access import (
    Unauthorized,
    UnknownVersion,
    answered_version,
    refuse_unauthorized,
    refuse_version,
)
from lms.xapi.alternate import REFUSED, AlternateSyntax
from lms.xapi.bodies import check_encoding
from lms.xapi.cors import open_to_all_origins
from lms.xapi.slashes import OneSlash
from lms.xapi.supervision import SessionEnded
from lms.xapi.versions import HEADER

ROOT = "/xapi"
# The language of the specification, and of those who read what a program is told.
LANGUAGE = "en"
# A form may hold one document, of which percent-encoding may make three times as much.
FORM = 3
MIB = 1024 * 1024


def open_door(name: str, import_name: str) -> Blueprint:
    """A blueprint of /xapi/: no form of a page, nobody's sign-in, limits of its own."""
    bp = Blueprint(name, import_name, url_prefix=ROOT)
    csrf.exempt(bp)
    limiter.exempt(bp)
    return bp


def init_app(app: Flask) -> None:
    largest = FORM * app.extensions["lms"].settings.max_document_mb * MIB
    app.wsgi_app = OneSlash(AlternateSyntax(app.wsgi_app, largest=largest))  # type: ignore[method-assign]
    app.before_request(_enter)
    app.after_request(_sign)
    app.register_error_handler(Unauthorized, refuse_unauthorized)
    app.register_error_handler(SessionEnded, refuse_unauthorized)
    app.register_error_handler(UnknownVersion, refuse_version)


def answer(value: Any, status: int = 200) -> Response:
    response = make_response(orjson.dumps(value), status)
    response.mimetype = "application/json"
    return response


def _is_here() -> bool:
    return request.path == ROOT or request.path.startswith(f"{ROOT}/")


def _enter() -> None:
    if _is_here():
        g.language.enter_context(i18n.using(LANGUAGE))
        refusal: Exception | None = request.environ.get(REFUSED)
        if refusal is not None:
            raise refusal
        check_encoding(request.headers.get("Content-Encoding"))


def _sign(response: Response) -> Response:
    """Every answer names the version (3.3.s3.b1) and may be read by every page, refusals too."""
    if _is_here():
        response.headers[HEADER] = answered_version()
        open_to_all_origins(response, request.method)
    return response
