"""States and profiles over HTTP (xAPI 1.0.3 part 3, 2.2, 2.3, 2.6, 2.7 and 3.1)."""

from collections.abc import Callable
from datetime import datetime

import orjson
from flask import Response, make_response, request

from lms.core.errors import Forbidden, NotFound
from lms.core.web import runtime, session
from lms.core.web.request import roll_back
from lms.core.web.security import own_policy
from lms.xapi import preferences, supervision
from lms.xapi.access import for_clients, the_client, the_version
from lms.xapi.addresses import ACTIVITY_PROFILE, AGENT_PROFILE, STATE, Asked, Documents, read_documents
from lms.xapi.bodies import check_whole
from lms.xapi.credentials import KnownSession
from lms.xapi.door import MIB, open_door
from lms.xapi.reach import READING, demand
from tracking.documents import queries, services
from tracking.documents.places import Place
from tracking.documents.preconditions import Precondition, etag_of, read_tags
from tracking.statements.validation import Invalid

bp = open_door("xapi_documents", __name__)

# A document may call itself a page. Shown by a browser it must be nothing: no script, no form, no origin.
NOTHING = {"default-src": "'none'", "sandbox": ""}
# It is sent as it is, or the entity tag would not be that of the bytes (3.1.s4.b2).
AS_IT_IS = "no-store, no-transform"


def _resource(resource: Documents) -> None:
    @own_policy(NOTHING)
    @for_clients
    def view() -> Response:
        return _answer(resource)

    view.__doc__ = f"The documents of {resource.kind}."
    endpoint = resource.path.replace("/", "_")
    bp.add_url_rule(f"/{resource.path}", endpoint, view, methods=["GET", "PUT", "POST", "DELETE"])


for _each in (STATE, ACTIVITY_PROFILE, AGENT_PROFILE):
    _resource(_each)


def _answer(resource: Documents) -> Response:
    asked = _asked(resource)
    shelf = asked.shelf
    demand(
        the_client(),
        resource.path,
        request.method,
        agent=shelf.agent,
        activity=shelf.activity,
        registration=asked.registration,
        document=asked.name,
    )
    if request.method in READING:
        if resource is AGENT_PROFILE and asked.name == preferences.NAME:
            supervision.asked_preferences(runtime(), session(), the_client())
        return _one(asked.place) if asked.place else _names(asked)
    if request.method == "DELETE":
        return _delete(asked)
    return _write(asked, _named(resource), resource)


def _asked(resource: Documents) -> Asked:
    """The request's query. A session that would write a profile without saying whose is out of its reach."""
    try:
        return read_documents(request.args, resource, request.method, the_version())
    except Invalid as fault:
        if resource is AGENT_PROFILE and request.method not in READING and _is_session():
            raise Forbidden("This is not within the reach of a learner's session.") from fault
        raise


def _is_session() -> bool:
    return isinstance(the_client(), KnownSession)


def _one(place: Place) -> Response:
    found = queries.document(session(), place)
    if found is None:
        raise NotFound("There is no such document.")
    Precondition(if_match=read_tags(request.headers.get("If-Match"))).check(found.etag)
    response = make_response(found.content, 200)
    response.content_type = found.content_type
    return _tagged(response, found.etag, found.updated)


def _names(asked: Asked) -> Response:
    found = queries.listing(session(), asked.shelf, registration=asked.registration, since=asked.since)
    body = orjson.dumps(found.names)
    response = make_response(body, 200)
    response.content_type = "application/json"
    return _tagged(response, etag_of(body), found.updated)


def _write(asked: Asked, precondition: Precondition, resource: Documents) -> Response:
    settings = runtime().settings
    largest = min(settings.max_document_mb, settings.max_upload_mb) * MIB
    body = _body(largest)
    if resource is AGENT_PROFILE and _is_session():
        preferences.check_preferences(body, request.content_type or "")
    act: Callable[..., queries.Kept] = services.merge if request.method == "POST" else services.put
    kept = act(
        session(),
        asked.place,
        body,
        request.content_type or "application/octet-stream",
        precondition=precondition,
        largest=largest,
    )
    return _tagged(make_response("", 204), kept.etag, kept.updated)


def _body(largest: int) -> bytes:
    """The whole body, or one byte more than the largest.

    The transaction in which the credential was looked up ends first. Sending may take long, and nothing may
    be held up by it.
    """
    roll_back()
    # Of a body without a length Werkzeug gives the beginning: one byte too many tells that there is more.
    request.max_content_length = largest + 1
    body = request.get_data(cache=False)
    if len(body) <= largest:
        check_whole(body, request.content_length)
    return body


def _delete(asked: Asked) -> Response:
    """Deleting what is not there is no fault: a repeated request ends like the first."""
    if asked.place:
        services.delete(session(), asked.place, precondition=_precondition())
    else:
        services.delete_all(session(), asked.shelf, registration=asked.registration)
    return make_response("", 204)


def _named(resource: Documents) -> Precondition:
    """Who replaces a document must say which: a profile (3.1.s4.b13), and from 2.0 on a state too.

    In 1.0.3 whoever puts a profile where there is none must say that as well (3.1.s3.b1).
    """
    if request.method != "PUT":
        return _precondition()
    if the_version() == "2.0.0":
        return _precondition(named=True)
    return _precondition(always_named=resource is not STATE)


def _precondition(*, named: bool = False, always_named: bool = False) -> Precondition:
    return Precondition(
        if_match=read_tags(request.headers.get("If-Match")),
        if_none_match=read_tags(request.headers.get("If-None-Match")),
        named=named,
        always_named=always_named,
    )


def _tagged(response: Response, etag: str, updated: datetime | None) -> Response:
    response.set_etag(etag)
    if updated is not None:
        response.last_modified = updated
    response.headers["Cache-Control"] = AS_IT_IS
    if request.method in READING:
        response.make_conditional(request)
    return response
