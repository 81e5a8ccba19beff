"""What a late request is about, read from its query as the record store reads that of any request."""

from urllib.parse import parse_qsl

from werkzeug.datastructures import MultiDict

from lms.cmi5.rules.late import STATE, STATEMENTS, Aim, Posted, no_version
from lms.xapi import addresses
from lms.xapi.addresses import read_documents
from lms.xapi.parameters import read_parameters
from lms.xapi.versions import version_named
from tracking.statements.validation import Invalid


def aim_of(posted: Posted) -> Aim:
    """Raises Malformed for a version that nobody speaks, Invalid naming a parameter."""
    version = version_named(posted.version)
    if version is None:
        raise no_version()
    query = MultiDict(parse_qsl(posted.query, keep_blank_values=True))
    if posted.resource == STATEMENTS:
        named = frozenset({"statementId"}) if posted.method == "PUT" else frozenset[str]()
        under = read_parameters(query, allowed=named).statement_id
        if posted.method == "PUT" and under is None:
            raise Invalid("%(path)s: the address must name it", "statementId")
        return Aim(version, statement=under)
    resource = addresses.STATE if posted.resource == STATE else addresses.AGENT_PROFILE
    place = read_documents(query, resource, posted.method, version).place
    if place is None:
        raise Invalid("%(path)s: is missing", resource.name)
    return Aim(version, place=place)
