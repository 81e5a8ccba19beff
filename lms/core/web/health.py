"""Whether the process is up, and whether what it stands on answers."""

from flask import Blueprint, Response, jsonify, make_response

from lms.core.health import broker_answers, database_answers
from lms.core.web.request import runtime
from lms.core.web.security import limiter

bp = Blueprint("health", __name__)
limiter.exempt(bp)


@bp.get("/healthz")
def healthz() -> Response:
    """The process is up."""
    return jsonify(status="ok")


@bp.get("/readyz")
def readyz() -> Response:
    """Database and broker answer; 503 names the one that does not."""
    checks = {"database": database_answers(runtime()), "broker": broker_answers(runtime())}
    ready = all(checks.values())
    body = {"status": "ok" if ready else "not ready", "checks": checks}
    response = make_response(jsonify(body), 200 if ready else 503)
    if not ready:
        response.headers["Retry-After"] = "5"
    return response


for _view in (healthz, readyz):
    _view.access = "public"  # type: ignore[attr-defined]  # below the room that owns `public`
