"""Structured logs, one JSON object a line, without personal data: ids, codes and counts only."""

import logging
import sys
import time
from collections.abc import Callable, Hashable
from threading import Lock

import structlog


def set_up(level: str) -> None:
    """Write logs to stderr from `level` on."""
    number = getattr(logging, level)
    logging.basicConfig(level=number, stream=sys.stderr, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


class Seldom:
    """Keeps what happens to every request for a while, such as an outage, from filling the log.

    Of lines with one key, one a second is let through; threads share it.
    """

    EVERY = 1.0  # seconds

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._written: dict[Hashable, float] = {}
        self._left_out: dict[Hashable, int] = {}
        self._lock = Lock()

    def count(self, key: Hashable) -> int | None:
        """How many were left out since the last line, for the one to be written now; None to leave it out."""
        with self._lock:
            now = self._clock()
            if now - self._written.get(key, -self.EVERY) < self.EVERY:
                self._left_out[key] = self._left_out.get(key, 0) + 1
                return None
            self._written[key] = now
            return self._left_out.pop(key, 0)
