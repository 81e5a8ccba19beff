"""Where a unit gets its key (cmi5 section 8.2), and where those are led who go back to one that is over."""

from datetime import timedelta
from uuid import UUID

import structlog
from flask import Response, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from lms.accounts.access import public
from lms.cmi5.addresses import FETCH, read_fetch_key
from lms.cmi5.models import Launch
from lms.cmi5.routes.blueprint import bp
from lms.cmi5.services.fetching import Code, NoToken, fetch_token
from lms.core.clock import utc_now
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view
from lms.core.web.request import roll_back
from lms.core.web.security import csrf
from lms.player.tokens import make_again_key

log = structlog.get_logger()

_WORDS = {
    Code.USED: "The authorization token was handed out, or the session is over. Open the lesson again.",
    Code.SECURITY: "This is not an address that hands out authorization tokens. Open the lesson again.",
    Code.FAILURE: "The authorization token cannot be made just now. Open the lesson again in a minute.",
}
# By this the service worker (assets/js/cmi5) tells how the browser came to the unit's page: `anew`, or from
# another page of the unit. What browsers add by themselves tells of the worker then.
_PAGE = "X-Unit-Page"
# A unit may load itself again as it begins, once or twice; led on each time it would do so for ever.
_BEGINNING = timedelta(seconds=3)
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
    """Lead on whoever comes to a unit that got its key: it would get no other, and show nothing (8.2.3).

    Where the session has ended, to the page from which the lesson can be opened. Where it goes on, and the
    page was loaded again, to a new session, in which the unit finds its states. A unit of several pages may
    come back to its first one.
    """
    launch = _launch_of_page()
    if launch is None or (launch.ended is None and not _is_loaded_again(launch)):
        return None
    settings, lesson = runtime().settings, launch.lesson
    slug, key = lesson.course.slug, lesson.key
    if launch.registration.preview:
        return redirect(launch.return_url or settings.public_url, 303)
    if launch.ended is not None:
        return redirect(settings.public_url + url_for("player.lesson", slug=slug, key=key), 303)
    token = make_again_key(slug, key, settings.secret_key)
    return redirect(
        settings.public_url + url_for("player.launch_again", slug=slug, key=key, token=token), 303
    )


def _is_loaded_again(launch: Launch) -> bool:
    """Whether the learner loads the page anew; not the unit itself, for its own sake, as it begins."""
    if launch.fetched is None or utc_now() - launch.fetched < _BEGINNING:
        return False
    if _PAGE in request.headers:
        return request.headers[_PAGE] == "anew"
    site = request.headers.get("Sec-Fetch-Site")
    if site is None:  # browsers of before 2023 tell a reload by this alone
        return request.cache_control.max_age == 0 or bool(request.cache_control.no_cache)
    return site != "same-origin"


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
    return _PAGE in request.headers or request.headers.get("Sec-Fetch-Dest", "document") == "document"


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
