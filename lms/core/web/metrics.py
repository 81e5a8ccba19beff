"""`/metrics` for Prometheus: requests by endpoint, and what stands in the database. No personal data."""

import os
import time
from collections.abc import Callable, Iterator

from flask import Blueprint, Flask, Response, g, make_response, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client import multiprocess as shared
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import func, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from lms.core.jobs.models import Job, State
from lms.core.runtime import Runtime
from lms.core.web.request import runtime
from lms.core.web.security import limiter
from tracking.record.models import Statement
from tracking.record.order import millisecond_of, moment_of

FOLDER = "PROMETHEUS_MULTIPROC_DIR"

bp = Blueprint("metrics", __name__)
limiter.exempt(bp)

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH"})
_LABELS = ("endpoint", "method", "status")
_here = CollectorRegistry()
requests = Counter("lms_http_requests", "Requests answered", _LABELS, registry=_here)
seconds = Histogram("lms_http_request_seconds", "How long they took", ("endpoint",), registry=_here)


class Stored(Collector):
    """Gauges that are read from the database when they are asked for."""

    def __init__(self, held: Runtime) -> None:
        self._held = held

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            with self._held.database.snapshot() as session:
                for gauges in (_gauges, *_others):
                    yield from gauges(session)
        except SQLAlchemyError:
            yield GaugeMetricFamily("lms_database_up", "Whether the database answers", 0)


Gauges = Callable[[Session], Iterator[GaugeMetricFamily]]
_others: list[Gauges] = []


def also(gauges: Gauges) -> None:
    """Let a room above bring gauges of its own (`lms.app`); bringing them twice is bringing them once."""
    if gauges not in _others:
        _others.append(gauges)


def init_app(app: Flask) -> None:
    app.before_request(_begin)
    app.after_request(_count)
    app.register_blueprint(bp)


@bp.get("/metrics")
def metrics() -> Response:
    """Everything of all web processes of this machine."""
    stored = CollectorRegistry()
    stored.register(Stored(runtime()))
    response = make_response(generate_latest(_counted()) + generate_latest(stored))
    response.headers["Content-Type"] = CONTENT_TYPE_LATEST
    return response


metrics.access = "public"  # type: ignore[attr-defined]  # below the room that owns `public`


def _counted() -> CollectorRegistry:
    """What all web processes counted, where `lms serve` gave them a folder to share; else this one."""
    if FOLDER not in os.environ:
        return _here
    together = CollectorRegistry()
    shared.MultiProcessCollector(together)  # type: ignore[no-untyped-call]
    return together


def _gauges(session: Session) -> Iterator[GaugeMetricFamily]:
    yield GaugeMetricFamily("lms_database_up", "Whether the database answers", 1)
    newest = moment_of(millisecond_of(session.scalar(select(func.max(Statement.seq))) or 0))
    yield GaugeMetricFamily(
        "lms_statement_newest_seconds",
        "When the newest statement was stored, in seconds since 1970",
        newest.timestamp(),
    )
    jobs = GaugeMetricFamily("lms_jobs", "Long tasks by state", labels=["state"])
    counts = dict(session.execute(select(Job.state, func.count()).group_by(Job.state)).all())
    for state in State:
        jobs.add_metric([state.value], counts.get(state.value, 0))
    yield jobs


def _begin() -> None:
    g.began = time.perf_counter()


def _count(response: Response) -> Response:
    took = time.perf_counter() - g.pop("began", time.perf_counter())
    count(request.endpoint or "none", request.method, response.status_code, took)
    return response


def count(endpoint: str, method: str, status: int, took: float) -> None:
    """Count a request that was answered, here or in front of Flask."""
    method = method if method in _METHODS else "OTHER"  # each new one is remembered for ever
    requests.labels(endpoint, method, str(status)).inc()
    seconds.labels(endpoint).observe(took)
