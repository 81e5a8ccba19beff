"""Statements over HTTP (xAPI 1.0.3 part 3, 2.1)."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import orjson
from flask import Blueprint, Response, make_response, request

from lms.core.clock import utc_now
from lms.core.web import runtime, session
from lms.core.web.request import roll_back
from lms.core.web.security import csrf, limiter
from lms.xapi.access import (
    charge,
    for_clients,
    narrowed,
    the_client,
    the_version,
    write_last_use,
)
from lms.xapi.credentials import KnownSession
from lms.xapi.mixed import accept_mixed, comes_mixed, json_body, with_files
from lms.xapi.models import Scope
from lms.xapi.parameters import Wanted, read_parameters
from lms.xapi.reach import may_see
from lms.xapi.services import accept, accept_one, authority_of, parse_under
from tracking.statements import queries
from tracking.statements.agents import identifier
from tracking.statements.errors import Conflict
from tracking.statements.parsing import parse_statements
from tracking.statements.queries import Page
from tracking.statements.validation import Invalid

bp = Blueprint("xapi", __name__, url_prefix="/xapi")
csrf.exempt(bp)
limiter.exempt(bp)

bp.teardown_app_request(write_last_use)


@bp.errorhandler(Invalid)
def _invalid(error: Invalid) -> Response:
    return _refused(400, str(error))


@bp.errorhandler(Conflict)
def _conflict(error: Conflict) -> Response:
    return _refused(409, str(error))


@bp.post("/statements")
@for_clients
def post_statements() -> Response:
    """Store one statement or many; all or none."""
    read_parameters(request.args, allowed=frozenset())
    if comes_mixed():
        outcome = accept_mixed(parse_statements)
    else:
        outcome = accept(
            session(), the_client(), json_body(), settings=runtime().settings, version=the_version()
        )
    charge(len(outcome.ids))
    return _json([str(statement_id) for statement_id in outcome.ids])


@bp.put("/statements")
@for_clients
def put_statement() -> Response:
    """Store one statement under the id in the address."""
    wanted = read_parameters(request.args, allowed=frozenset({"statementId"}))
    statement_id = wanted.statement_id
    if statement_id is None:
        raise Invalid("%(path)s: the address must name it", "statementId")
    if comes_mixed():
        accept_mixed(lambda body: [parse_under(body, statement_id)])
        return make_response("", 204)
    accept_one(
        session(),
        the_client(),
        json_body(),
        statement_id,
        settings=runtime().settings,
        version=the_version(),
    )
    return make_response("", 204)


@bp.get("/statements")
@for_clients
def get_statements() -> Response:
    """One statement, or a page of those that fit the filters."""
    wanted = narrowed(the_client(), read_parameters(request.args))
    mine = _reach()
    now = utc_now()
    single = wanted.statement_id or wanted.voided_id
    response = _one(wanted, mine) if single else _page(wanted, mine)
    response.headers["X-Experience-API-Consistent-Through"] = now.isoformat()
    return response


def _reach() -> str | None:
    """The authority that a client with the narrow scope is limited to; None for all."""
    client = the_client()
    if client.may(Scope.READ) or isinstance(client, KnownSession):
        return None
    return identifier(authority_of(client, runtime().settings.public_url))


def _one(wanted: Wanted, mine: str | None) -> Response:
    find = queries.statement if wanted.statement_id else queries.voided_statement
    sought: UUID | None = wanted.statement_id or wanted.voided_id
    raw = find(session(), sought, authority=mine) if sought else None
    if raw is None or not may_see(the_client(), raw):
        return _refused(404, "There is no such statement.")
    return _found(raw, [raw], wanted)


def _page(wanted: Wanted, mine: str | None) -> Response:
    page = queries.statements(
        session(), wanted.filter(authority=mine), limit=wanted.limit or 0, more=wanted.more
    )
    body = b'{"statements":[' + b",".join(page.statements) + b'],"more":' + _more(page) + b"}"
    return _found(body, page.statements, wanted)


def _found(body: bytes, statements: list[bytes], wanted: Wanted) -> Response:
    """The JSON, with the files of the statements where they are wanted (part 3, 2.1.3.s1, attachments)."""
    if wanted.attachments:
        return with_files(body, statements)
    response = make_response(body, 200)
    response.mimetype = "application/json"
    return response


def _more(page: Page) -> bytes:
    """The address of the next page, relative to the host; empty on the last (part 3, 2.1.3)."""
    if page.more is None:
        return b'""'
    pairs = [(name, value) for name, value in request.args.items() if name != "more"]
    return orjson.dumps(f"{request.path}?{urlencode([*pairs, ('more', page.more)])}")


def _json(value: Any) -> Response:
    response = make_response(orjson.dumps(value), 200)
    response.mimetype = "application/json"
    return response


def _refused(status: int, sentence: str) -> Response:
    roll_back()
    response = make_response(orjson.dumps({"error": sentence}), status)
    response.mimetype = "application/json"
    return response
