"""Who sends a request to the record store, and in which version of xAPI it speaks."""

import re
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar

from flask import Response, g, jsonify, make_response, request

from lms.core.web import runtime, session
from lms.xapi.models import Client
from lms.xapi.queries import client_with
from lms.xapi.services import digest_of
from tracking.statements.validation import Version

V = TypeVar("V", bound=Callable[..., Any])

HEADER = "X-Experience-API-Version"
_ONE = re.compile(r"1\.0(\.\d+)?")
_TWO = re.compile(r"2\.0(\.\d+)?")


class Unauthorized(Exception):
    """No credentials, or wrong ones."""


class UnknownVersion(Exception):
    """A version of xAPI that this store does not speak."""


def client_of_request() -> Client | None:
    """The client whose Basic credentials the request carries."""
    given = request.authorization
    if given is None or given.type != "basic" or not given.username:
        return None
    digest = digest_of(given.password or "", runtime().settings.secret_key)
    return client_with(session(), given.username, digest)


def for_clients(view: V) -> V:
    """Let in clients only; the view finds its client with `the_client` and the version with `the_version`."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        g.xapi_version = _version()
        client = client_of_request()
        if client is None:
            raise Unauthorized
        g.xapi_client = client
        return view(*args, **kwargs)

    guarded.access = "client"  # type: ignore[attr-defined]  # the route test reads it
    marked: Any = guarded
    found: V = marked
    return found


def the_client() -> Client:
    client: Client = g.xapi_client
    return client


def the_version() -> Version:
    version: Version = g.xapi_version
    return version


def answered_version() -> str:
    """The version that a response names, whatever became of the request."""
    return g.get("xapi_version") or runtime().settings.xapi_default_version


def _version() -> Version:
    """The version of the request; without the header, that of LMS_XAPI_DEFAULT_VERSION (part 3, 3.3)."""
    given = request.headers.get(HEADER)
    if given is None:
        given = runtime().settings.xapi_default_version
    if _ONE.fullmatch(given):
        return "1.0.3"
    if _TWO.fullmatch(given):
        return "2.0.0"
    raise UnknownVersion


def refuse_unauthorized(_error: Unauthorized) -> Response:
    response = make_response(
        jsonify(error="Send the key and the secret of a client as Basic credentials."), 401
    )
    response.headers["WWW-Authenticate"] = 'Basic realm="xAPI", charset="UTF-8"'
    return response


def refuse_version(_error: UnknownVersion) -> Response:
    return make_response(jsonify(error=f"{HEADER}: this store speaks 1.0.3 and 2.0.0."), 400)
