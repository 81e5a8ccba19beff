"""Answering a GET of statements (xAPI 1.0.3 part 3, 2.1.3): one of them, or a page, in the form asked for."""

from collections.abc import Sequence
from datetime import UTC, datetime
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import Response, make_response, request
from sqlalchemy.exc import SQLAlchemyError

from lms.core.errors import NotFound
from lms.core.web import runtime, session
from lms.core.web.request import renew, roll_back
from lms.xapi.access import narrowed, the_client
from lms.xapi.credentials import KnownSession
from lms.xapi.mixed import with_files
from lms.xapi.models import Scope
from lms.xapi.parameters import Wanted, read_parameters
from lms.xapi.reach import may_see
from lms.xapi.services import authority_of
from tracking.statements import queries
from tracking.statements.agents import identifier
from tracking.statements.consistency import horizon
from tracking.statements.formats import formatted
from tracking.statements.languages import wishes
from tracking.statements.paging import settled_page

THROUGH = "X-Experience-API-Consistent-Through"
READING = frozenset({"GET", "HEAD"})


def answer_get() -> Response:
    """What the request asks for. Raises Invalid naming the parameter, Forbidden, NotFound."""
    wanted = narrowed(the_client(), read_parameters(request.args))
    renew()
    single = wanted.statement_id or wanted.voided_id
    return _one(wanted, single) if single else _page(wanted)


def tell_consistency(response: Response) -> Response:
    """Every answer says how far the record is complete, refusals too (2.1.3.s2.b5)."""
    if request.method in READING and THROUGH not in response.headers:
        try:
            renew()
            _say_through(response, horizon(session()).through)
        except SQLAlchemyError:
            roll_back()  # the database is away: the answer says so already
    return response


def _reach() -> str | None:
    """The authority that a client with the narrow scope is limited to; None for all."""
    client = the_client()
    if client.may(Scope.READ) or isinstance(client, KnownSession):
        return None
    return identifier(authority_of(client, runtime().settings.public_url))


def _one(wanted: Wanted, single: UUID) -> Response:
    through = horizon(session()).through
    kept = queries.one(session(), single, voided=wanted.statement_id is None, authority=_reach())
    if kept is None or not may_see(the_client(), kept.raw):
        raise NotFound("There is no such statement.")
    [body] = _in_form([kept.raw], wanted)
    response = _found(body, [kept.raw], wanted)
    response.last_modified = kept.stored
    return _say_through(response, through)


def _page(wanted: Wanted) -> Response:
    """Nothing from beyond the instant that the header names: whoever reads on from there misses nothing."""
    page, reached = settled_page(
        session(), wanted.filter(authority=_reach()), limit=wanted.limit or 0, more=wanted.more
    )
    listed = [raw for raw in page.statements if may_see(the_client(), raw)]
    parts = [b'{"statements":[', b",".join(_in_form(listed, wanted)), b'],"more":', _more(page.more), b"}"]
    return _say_through(_found(b"".join(parts), listed, wanted), reached.through)


def _in_form(statements: Sequence[bytes], wanted: Wanted) -> list[bytes]:
    return formatted(session(), statements, wanted.format, wishes(request.headers.get("Accept-Language", "")))


def _found(body: bytes, statements: Sequence[bytes], wanted: Wanted) -> Response:
    """The JSON, with the files of the statements where they are wanted (2.1.3.s1, attachments)."""
    if wanted.attachments:
        return with_files(body, statements)
    response = make_response(body, 200)
    response.mimetype = "application/json"
    return response


def _more(token: str | None) -> bytes:
    """The address of the next page, relative to the host; empty on the last. It does not expire."""
    if token is None:
        return b'""'
    pairs = [(name, value) for name, value in request.args.items() if name != "more"]
    return orjson.dumps(f"{request.script_root}{request.path}?{urlencode([*pairs, ('more', token)])}")


def _say_through(response: Response, through: datetime) -> Response:
    text = through.astimezone(UTC).isoformat(timespec="milliseconds")
    response.headers[THROUGH] = text.replace("+00:00", "Z")
    return response
