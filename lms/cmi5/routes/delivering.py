"""The door for what units said and wrote without a network: devices deliver it, one request after another."""

from flask import Response, jsonify, request

from lms.accounts.access import public
from lms.cmi5.addresses import DELIVERY
from lms.cmi5.aiming import aim_of
from lms.cmi5.models import LateRequest, Launch
from lms.cmi5.routes.blueprint import bp
from lms.cmi5.rules.late import LARGEST_ENVELOPE, Malformed, Posted, TooMuch, read_posted
from lms.cmi5.services.late import keep_for_support, late_launch, take_in
from lms.core.errors import Forbidden, NotFound, Refused
from lms.core.i18n import words_of
from lms.core.web import runtime, session
from lms.core.web.hosts import content_view, demand_host_of
from lms.core.web.request import roll_back
from lms.core.web.security import csrf
from lms.player.tokens import Expired, read_delivery_key
from tracking.errors import Refused as RefusedRecord

_OURS = 500  # from this status on it is not the unit's fault, and its device tries again


@bp.post(f"{DELIVERY}<key>")
@public
def deliver(key: str) -> tuple[Response, int]:
    """Take in one request, long after its session. What a rule forbids is kept for support, and answered so.

    Refused are keys that open nothing, and what no device of ours keeps.
    """
    try:
        launch = late_launch(session(), read_delivery_key(key, runtime().settings.secret_key))
        demand_host_of(launch.lesson.version.sha256)
        late = _taken(launch, read_posted(_body()))
    except (Expired, Forbidden, Malformed, NotFound, TooMuch) as refusal:
        return jsonify(answer="refused", error=words_of(refusal)), refusal.status
    return jsonify(answer=late.outcome, etag=late.etag, error=late.reason), 200


def _taken(launch: Launch, posted: Posted) -> LateRequest:
    launch_id = launch.id
    try:
        return take_in(session(), launch, posted, aim_of(posted), runtime())
    except (Malformed, TooMuch):
        raise
    except (Refused, RefusedRecord) as refusal:
        if getattr(refusal, "status", 400) >= _OURS:
            raise
        roll_back()
        return keep_for_support(session(), late_launch(session(), launch_id), posted, refusal)


def _body() -> bytes:
    """Raises TooMuch."""
    if (request.content_length or 0) > LARGEST_ENVELOPE:
        raise TooMuch("A request that is delivered late may have %(most)s bytes.", most=LARGEST_ENVELOPE)
    return request.get_data(cache=False)


content_view(deliver)
csrf.exempt(deliver)
