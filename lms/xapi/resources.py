"""What is known of agents and activities, and what this store speaks (xAPI 1.0.3 part 3, 2.4, 2.5, 2.8)."""

import orjson
from flask import Response, make_response, request

from lms.accounts.access import public
from lms.core.vocabulary import document
from lms.core.web import runtime, session
from lms.xapi import describing
from lms.xapi.access import for_clients, the_client
from lms.xapi.addresses import check_names, identified, read_activity, read_agent
from lms.xapi.door import MIB, answer, open_door
from lms.xapi.models import Scope
from lms.xapi.persons import person
from lms.xapi.reach import demand
from lms.xapi.versions import HEADER, SPOKEN, SPOKEN_BY_ONE, version_named
from tracking.documents.preconditions import etag_of
from tracking.identities.persons import aliases
from tracking.record.queries import definition
from tracking.statements.parsing import MOST_STATEMENTS

bp = open_door("xapi_resources", __name__)


@bp.get("/agents")
@for_clients
def agents() -> Response:
    """A Person: all that an agent is known by.

    Different identifiers of one learner are put together only for clients that may do everything (2.4.s3.b1;
    docs/decisions/0011).
    """
    check_names(request.args, {"agent"}, ["agent"])
    asked = read_agent(request.args, groups=False)
    identifier = identified(asked)
    demand(the_client(), "agents", request.method, agent=identifier)
    united = the_client().may(Scope.ALL)
    return _tagged(orjson.dumps(person(asked, aliases(session(), identifier, united=united))))


@bp.get("/activities")
@for_clients
def activities() -> Response:
    """An activity with all that statements said of it; one that nobody spoke of has its id alone (2.5.s2)."""
    check_names(request.args, {"activityId"}, ["activityId"])
    iri = read_activity(request.args)
    demand(the_client(), "activities", request.method, activity=iri)
    said = definition(session(), iri)
    found = {"objectType": "Activity", "id": iri}
    return _tagged(orjson.dumps(found | ({"definition": orjson.Fragment(said)} if said else {})))


@bp.get("/about")
@public
def about() -> Response:
    """The versions that this store speaks, and its limits; whoever asks (2.8.s5.b3, b4)."""
    check_names(request.args, set(), [])
    settings = runtime().settings
    speaks_one = version_named(request.headers.get(HEADER)) == "1.0.3"
    limits = {
        "statements": MOST_STATEMENTS,
        "request": settings.max_upload_mb * MIB,
        "document": min(settings.max_document_mb, settings.max_upload_mb) * MIB,
    }
    return answer(
        {
            "version": SPOKEN_BY_ONE if speaks_one else SPOKEN,
            "extensions": {
                f"{settings.public_url}/xapi/limits": limits,
                f"{settings.public_url}/xapi/description": f"{settings.public_url}/xapi/openapi.json",
                f"{settings.public_url}/xapi/vocabulary": f"{settings.public_url}/xapi/profile",
            },
        }
    )


@bp.get("/openapi.json")
@public
def description() -> Response:
    """All of /xapi/, for programs that write programs."""
    check_names(request.args, set(), [])
    return answer(describing.description())


@bp.get("/profile")
@public
def vocabulary() -> Response:
    """What our own statements are made of, as an xAPI Profile; it changes with a new version of us."""
    check_names(request.args, set(), [])
    whole = document.profile(f"{runtime().settings.public_url}/xapi/profile")
    response = _tagged(orjson.dumps(whole, option=orjson.OPT_INDENT_2), document.MIMETYPE)
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response


def _tagged(body: bytes, mimetype: str = "application/json") -> Response:
    response = make_response(body, 200)
    response.content_type = mimetype
    response.set_etag(etag_of(body))
    response.make_conditional(request)
    return response
