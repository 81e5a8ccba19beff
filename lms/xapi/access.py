"""Who sends a request to the record store, and in which version of xAPI it speaks.

A credential is looked up at every request, so that one which was revoked is shut out at once.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, jsonify, make_response, request
from werkzeug.exceptions import TooManyRequests

from lms.core.clock import utc_now
from lms.core.web import runtime, session
from lms.xapi.credentials import Known, KnownClient, KnownSession, digest_of, find, read_basic, verify
from lms.xapi.metering import LastUse, RateLimits, flush
from lms.xapi.parameters import Wanted
from lms.xapi.reach import demand
from lms.xapi.supervision import SessionEnded
from lms.xapi.versions import HEADER, version_named
from tracking.statements.validation import Version

V = TypeVar("V", bound=Callable[..., Any])


class Unauthorized(Exception):
    """No credentials, or wrong ones."""


class UnknownVersion(Exception):
    """No version of xAPI, or one that this store does not speak."""


def credential_of_request() -> Known | None:
    """The credential that the request carries (Basic), counted once against its limit.

    Raises TooManyRequests.
    """
    if "xapi_known" not in g:
        g.xapi_known = _look_up()
    known: Known | None = g.xapi_known
    return known


def _look_up() -> Known | None:
    given = read_basic(request.headers.get("Authorization"))
    if given is None:
        return None
    key, secret = given
    known = find(session().connection(), key)
    if known is None or not verify(known, digest_of(secret, runtime().settings.secret_key), utc_now()):
        return None
    _admit(known)
    return known


def ended_session_of_request() -> KnownSession | None:
    """The session of the request's credential, where that would be good if the session had not ended."""
    given = read_basic(request.headers.get("Authorization"))
    known = find(session().connection(), given[0]) if given else None
    if given is None or not isinstance(known, KnownSession) or known.revoked is None:
        return None
    digest = digest_of(given[1], runtime().settings.secret_key)
    return known if verify(replace(known, revoked=None), digest, utc_now()) else None


def client_of_request() -> KnownClient | None:
    """The client whose credentials the request carries; those of a learner's session are none."""
    known = credential_of_request()
    return known if isinstance(known, KnownClient) else None


def charge(statements: int) -> None:
    """Count the statements of a batch against the client's limit; the request itself counted as one."""
    client = the_client()
    runtime().held(RateLimits).charge(client.key, client.per_minute, statements - 1)


def write_last_use(_error: BaseException | None) -> None:
    """Once the request's transaction is over: when clients were seen, if that is due."""
    if g.pop("xapi_last_use_due", False):
        flush(runtime().database, runtime().held(LastUse))


def _admit(known: Known) -> None:
    seconds = runtime().held(RateLimits).admit(known.key, known.per_minute)
    if seconds:
        raise TooManyRequests(
            f"This client may send {known.per_minute} statements a minute. Try again in {seconds} seconds.",
            retry_after=seconds,
        )
    if isinstance(known, KnownClient):
        g.xapi_last_use_due = runtime().held(LastUse).saw(known.key)


def for_clients(view: V) -> V:
    """Let in clients only; the view finds its client with `the_client` and the version with `the_version`."""
    return _guarded(view, credential_of_request)


def for_senders(view: V) -> V:
    """The same, and sessions that have ended: these may only repeat how they did (`supervision.admit`)."""
    return _guarded(view, lambda: credential_of_request() or ended_session_of_request())


def _guarded(view: V, look_up: Callable[[], Known | None]) -> V:
    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.xapi_version = _version()
        known = look_up()
        if known is None:
            raise Unauthorized
        g.xapi_client = known
        return view(*args, **kwargs)

    guarded.access = "client"  # type: ignore[attr-defined]  # the route test reads it
    marked: Any = guarded
    found: V = marked
    return found


def the_client() -> Known:
    known: Known = g.xapi_client
    return known


def narrowed(known: Known, wanted: Wanted) -> Wanted:
    """What a request for statements asks for, within the reach of who asks. Raises Forbidden.

    A session's filters are filled in; which authority a client is limited to is the caller's to find out.
    """
    demand(known, "statements", "GET", agent=wanted.agent, registration=wanted.registration)
    if not isinstance(known, KnownSession):
        return wanted
    return replace(wanted, agent=known.identifier, registration=known.registration)


def the_version() -> Version:
    version: Version = g.xapi_version
    return version


def answered_version() -> str:
    """The version that a response names, whatever became of the request (part 3, 3.3.s3.b1)."""
    asked: str | None = g.get("xapi_version") or version_named(request.headers.get(HEADER))
    return asked or runtime().settings.xapi_default_version


def _version() -> Version:
    """The version of the request, which must name one (part 3, 3.3.s3.b4 to b7)."""
    version = version_named(request.headers.get(HEADER))
    if version is None:
        raise UnknownVersion
    return version


def refuse_unauthorized(_error: Unauthorized | SessionEnded) -> Response:
    response = make_response(
        jsonify(error="Send the key and the secret of a client as Basic credentials."), 401
    )
    response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return response


def refuse_version(_error: UnknownVersion) -> Response:
    fault = "not a version of ours" if HEADER in request.headers else "is missing"
    return make_response(jsonify(error=f"{HEADER}: {fault}. This store speaks 1.0.x and 2.0.x."), 400)
