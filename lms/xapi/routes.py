"""Statements over HTTP (xAPI 1.0.3 part 3, 2.1)."""

from typing import Any

import orjson
from flask import Blueprint, Response, make_response, request

from lms.core.web import runtime, session
from lms.core.web.request import roll_back
from lms.core.web.security import csrf, limiter
from lms.xapi.accepting import accept, accept_one, parse_under
from lms.xapi.access import (
    charge,
    for_clients,
    for_senders,
    the_client,
    the_version,
    write_last_use,
)
from lms.xapi.mixed import accept_mixed, comes_mixed, json_body
from lms.xapi.parameters import read_parameters
from lms.xapi.reading import answer_get, tell_consistency
from tracking.statements.errors import Conflict
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import Invalid

bp = Blueprint("xapi", __name__, url_prefix="/xapi")
csrf.exempt(bp)
limiter.exempt(bp)

bp.teardown_app_request(write_last_use)
bp.after_request(tell_consistency)


@bp.errorhandler(Invalid)
def _invalid(error: Invalid) -> Response:
    return _refused(400, str(error))


@bp.errorhandler(Conflict)
def _conflict(error: Conflict) -> Response:
    return _refused(409, str(error))


@bp.post("/statements")
@for_senders
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
@for_senders
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
    return answer_get()


def _json(value: Any) -> Response:
    response = make_response(orjson.dumps(value), 200)
    response.mimetype = "application/json"
    return response


def _refused(status: int, sentence: str) -> Response:
    roll_back()
    response = make_response(orjson.dumps({"error": sentence}), status)
    response.mimetype = "application/json"
    return response
