"""Where a unit gets its key (cmi5 section 8.2), and where those are led who go back to one that is over."""

from uuid import UUID

import structlog
from flask import Blueprint, Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import public
from lms.cmi5.addresses import FETCH, read_fetch_key
from lms.cmi5.models import Launch
from lms.cmi5.services.fetching import Code, NoToken, fetch_token
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view
from lms.core.web.request import roll_back
from lms.core.web.security import csrf

bp = Blueprint("cmi5", __name__)
log = structlog.get_logger()

_WORDS = {
    Code.USED: "The authorization token was handed out, or the session is over. Open the lesson again.",
    Code.SECURITY: "This is not an address that hands out authorization tokens. Open the lesson again.",
    Code.FAILURE: "The authorization token cannot be made just now. Open the lesson again in a minute.",
}
# Units run on other origins too. They are let in by the key in the address, never by a cookie.
_ANY_ORIGIN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Allow-Methods": "POST, OPTIONS",
    "Access-Control-Allow-Headers": "Content-Type, Accept, X-Experience-API-Version, X-Requested-With",
    "Access-Control-Max-Age": "7200",
    "Cache-Control": "no-store",
}


@bp.route(f"{FETCH}<key>", methods=["POST", "OPTIONS"])
@public
def fetch(key: str) -> Response:
    """The key of the unit's session, to whoever asks first."""
    if request.method == "OPTIONS":
        return _answer({})
    try:
        launch_id = read_fetch_key(key, runtime().settings)
        token = fetch_token(session(), launch_id, settings=runtime().settings)
    except NoToken as refusal:
        return _refusal(refusal.code)
    except Exception:  # a unit understands no page of errors: it is told in its own words
        log.exception("cmi5_fetch_failed")
        roll_back()
        return _refusal(Code.FAILURE)
    return _answer({"auth-token": token})


@bp.before_app_request
def lead_back() -> BaseResponse | None:
    """Lead whoever goes back to a unit whose session has ended to the page from which it can be opened.

    The unit itself would get no key and show nothing. Sessions that go on are left alone: some units consist
    of several pages and come back to the first.
    """
    launch = _launch_of_page()
    if launch is None or launch.ended is None:
        return None
    lesson = launch.lesson
    page = url_for("player.lesson", slug=lesson.course.slug, key=lesson.key)
    return redirect(runtime().settings.public_url + page, 303)


@bp.after_app_request
def ask_again(response: Response) -> Response:
    """The page of a unit is asked for each time it is opened, or nobody could be led back."""
    if _is_opened():
        response.headers["Cache-Control"] = "no-store"
    return response


def _is_opened() -> bool:
    return request.endpoint == "player.content" and "fetch" in request.args and _is_a_page()


def _is_a_page() -> bool:
    """Whether the browser wants to show it in a tab, not in a frame of the unit or as part of it."""
    return request.headers.get("Sec-Fetch-Dest", "document") == "document"


def _launch_of_page() -> Launch | None:
    if not _is_opened():
        return None
    key = request.args["fetch"].rpartition("/")[2]
    launch_id = read_fetch_key(key, runtime().settings)
    return session().get(Launch, UUID(hex=launch_id)) if launch_id else None


def _refusal(code: Code) -> Response:
    return _answer({"error-code": code.value, "error-text": _WORDS[code]})


def _answer(document: dict[str, str]) -> Response:
    response = jsonify(document)
    response.headers.update(_ANY_ORIGIN)
    return response


content_view(fetch)
csrf.exempt(fetch)
