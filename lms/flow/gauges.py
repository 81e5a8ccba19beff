"""What `/metrics` tells about the exchange with other record stores."""

from collections.abc import Iterator

from prometheus_client.core import GaugeMetricFamily
from sqlalchemy.orm import Session

from lms.core.clock import utc_now
from lms.flow.health import behind_since
from lms.flow.queries import count_letters, remotes


def gauges(session: Session) -> Iterator[GaugeMetricFamily]:
    """Lag, failures and dead letters of each remote store that was started, by its number."""
    labels = ["number", "direction"]
    lag = GaugeMetricFamily(
        "lms_flow_lag_seconds", "How far behind a remote store's position is", labels=labels
    )
    failures = GaugeMetricFamily("lms_flow_failures", "Failures in a row, by remote store", labels=labels)
    letters = GaugeMetricFamily("lms_flow_dead_letters", "Statements that were refused", labels=labels)
    now = utc_now()
    for remote in remotes(session):
        if remote.active:
            told = [str(remote.id), remote.direction]
            since = behind_since(session, remote)
            lag.add_metric(told, (now - since).total_seconds() if since else 0)
            failures.add_metric(told, remote.failures)
            letters.add_metric(told, count_letters(session, remote))
    yield from (lag, failures, letters)
