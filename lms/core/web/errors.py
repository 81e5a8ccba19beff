"""Errors as pages that help, or as JSON where a program asked."""

import secrets
import time

import structlog
from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, NotFound, RequestEntityTooLarge

from courses.errors import Refused as RefusedCourse
from lms.core import i18n
from lms.core.errors import Refused, Unavailable
from lms.core.logs import Seldom
from lms.core.outages import Outage, outage, refusal_of
from lms.core.web.front import COLLIDED, REFUSED
from lms.core.web.request import ask_no_more, roll_back, runtime
from lms.core.web.security import limiter
from tracking.errors import Refused as RefusedRecord

PAGES = frozenset({400, 403, 404, 413, 429, 500, 503})
RETRY_AFTER = {503: "5", 507: "60"}  # seconds
PROGRAM_PATHS = ("/api/", "/xapi", "/healthz", "/readyz", "/metrics")

log = structlog.get_logger()


def wants_json() -> bool:
    """Whether a program asked, by its path or by what it accepts."""
    if request.path.startswith(PROGRAM_PATHS):
        return True
    best = request.accept_mimetypes.best_match(["text/html", "application/json"])
    return best == "application/json"


def init_app(app: Flask) -> None:
    for refused in (Refused, RefusedCourse, RefusedRecord):
        app.register_error_handler(refused, _refused)
    app.register_error_handler(CSRFError, _stale_form)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(Exception, _unexpected)
    app.before_request(_refuse_at_the_door)


def _refuse_at_the_door() -> None:
    """Answer what was refused before the application was asked (`lms.core.web.front`)."""
    refusal: Exception | None = request.environ.get(REFUSED)
    if refusal is not None:
        raise refusal


def _answer(status: int, sentence: str | None, **more: str) -> Response:
    roll_back()
    if status == Unavailable.status:
        ask_no_more()
    if wants_json():
        response = make_response(jsonify(error=sentence or i18n.gettext("Not possible."), **more), status)
    else:
        page = status if status in PAGES else 400
        response = make_response(_page(page, sentence, **more), status)
    if status in RETRY_AFTER:
        response.headers["Retry-After"] = RETRY_AFTER[status]
    return response


def _page(page: int, sentence: str | None, **more: str) -> str:
    """The page of an error; without who is signed in, where that cannot be looked up."""
    try:
        return render_template(f"errors/{page}.html", sentence=sentence, **more)
    except SQLAlchemyError as error:
        if outage(error) is None:
            raise
        ask_no_more()
        roll_back()
        return render_template(f"errors/{page}.html", sentence=sentence, **more)


def _refused(error: Exception) -> Response:
    return _answer(getattr(error, "status", 400), i18n.words_of(error))


def _stale_form(_error: CSRFError) -> Response:
    return _answer(
        400, i18n.gettext("This page was open for too long. Go back, reload it and send the form again.")
    )


def _http(error: HTTPException) -> Response:
    if error.response is not None or error.code is None or error.code < 400:  # noqa: PLR2004
        return make_response(error.get_response())
    response = _answer(error.code, _told(error) if wants_json() else None)
    for name, value in error.get_headers():
        if name.lower() in ("retry-after", "www-authenticate", "allow"):
            response.headers[name] = value
    limit = limiter.current_limit
    if limit is not None and limit.breached:
        response.headers["Retry-After"] = str(max(1, limit.reset_at - int(time.time())))
    return response


def _told(error: HTTPException) -> str | None:
    """What a program is told: what HTTP's own words leave out, and what its client may have said itself."""
    if isinstance(error, NotFound):
        return i18n.gettext("There is nothing at this address.")
    if isinstance(error, MethodNotAllowed):
        return i18n.gettext(
            "This address takes %(methods)s only.", methods=", ".join(error.valid_methods or ())
        )
    if isinstance(error, RequestEntityTooLarge):
        return i18n.gettext("This is larger than may be sent here.")
    return error.description


def _database(error: SQLAlchemyError) -> Response:
    found = outage(error)
    if found is None:
        return _unexpected(error)
    left_out = runtime().held(Seldom).count(found)
    if left_out is not None:
        kind = type(error).__name__
        log.error("database_outage", outage=found.name, route=_route(), error=kind, left_out=left_out)
    if found is Outage.COLLISION:
        request.environ.get(COLLIDED, []).append(True)
    refusal = refusal_of(found)
    sentence = i18n.words_of(refusal)
    return _answer(refusal.status, sentence if found is Outage.FULL else _to_programs(sentence))


def _unexpected(error: Exception) -> Response:
    # The number lets a person's report find its line in the log.
    number = secrets.token_hex(4)
    log.error("unexpected_error", number=number, route=_route(), exc_info=error)
    return _answer(
        500, _to_programs(i18n.gettext("Something went wrong here. Report the number.")), number=number
    )


def _to_programs(sentence: str) -> str | None:
    """The pages have words of their own."""
    return sentence if wants_json() else None


def _route() -> str:
    """The rule of the address: what was put into it may be a key or a code, which no log may hold."""
    return str(request.url_rule)
