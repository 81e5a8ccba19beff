"""Requests and responses of multipart/mixed over HTTP; what is in them is for `lms.xapi.attaching`."""

from collections.abc import Iterable
from contextlib import suppress

from flask import Response, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from lms.core.errors import Refused
from lms.core.outages import Outage, outage
from lms.core.web import runtime, session
from lms.core.web.front import TRIES
from lms.core.web.request import roll_back
from lms.xapi import supervision
from lms.xapi.access import the_client, the_version
from lms.xapi.attaching import JSON, Parse, Received, enclose, is_mixed, receive, store_received
from lms.xapi.credentials import KnownSession
from lms.xapi.limits import refuse_large_json
from lms.xapi.multipart import CHUNK
from lms.xapi.reach import demand, demand_statements
from lms.xapi.services import authority_of
from tracking.errors import Refused as RefusedRecord
from tracking.statements.services import StoreOutcome


def comes_mixed() -> bool:
    """Whether the request's body is multipart/mixed. Raises Invalid where it is neither that nor JSON."""
    return request.content_type != JSON and is_mixed(request.content_type)


def json_body() -> bytes:
    """The body of a request that sends statements alone. Raises TooLarge."""
    refuse_large_json(request.content_length or 0)
    body = bytearray()
    while chunk := request.stream.read(CHUNK):
        body += chunk
        refuse_large_json(len(body))
    return bytes(body)


def accept_mixed(parse: Parse) -> StoreOutcome:
    """Store the statements and files of the request's body: all or none.

    The transaction in which the credential was looked up ends first. Sending may take long, and nothing may
    be held up by it. A session that has ended is not listened to that long. Raises SessionEnded.
    """
    client = the_client()
    if isinstance(client, KnownSession) and client.revoked is not None:
        raise supervision.SessionEnded
    demand(client, "statements", request.method)
    roll_back()
    try:
        return _accept(parse)
    except (Refused, RefusedRecord):
        _read_to_the_end()
        raise


def _accept(parse: Parse) -> StoreOutcome:
    with receive(
        request.stream,
        request.content_type or "",
        runtime().files,
        parse=parse,
        version=the_version(),
        largest=runtime().settings.max_attachment_mb << 20,
    ) as received:
        for _ in range(TRIES - 1):
            # What collides with another request is undone and may be tried again. The files are here.
            try:
                return _store(received)
            except SQLAlchemyError as error:
                if outage(error) is not Outage.COLLISION:
                    raise
                roll_back()
        return _store(received)


def _store(received: Received) -> StoreOutcome:
    client, version, settings = the_client(), the_version(), runtime().settings
    demand_statements(session(), client, received.statements, version)
    follow = supervision.admit(session(), client, received.statements, settings)
    authority = authority_of(client, settings.public_url)
    outcome = store_received(session(), received, settings=settings, authority=authority, version=version)
    follow()
    return outcome


def _read_to_the_end() -> None:
    """Let the client send what it has begun to: many listen for the answer only then."""
    with suppress(HTTPException):
        while request.stream.read(CHUNK):
            pass


def with_files(body: bytes, statements: Iterable[bytes]) -> Response:
    """The answer to a GET with `attachments=true`: this JSON, and the files that came with its statements."""
    mixed = enclose(session(), body, statements, runtime().files)
    response = Response(mixed.chunks, content_type=mixed.content_type)
    response.content_length = mixed.length
    return response
