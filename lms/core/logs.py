"""Structured logs, one JSON object a line, without personal data: ids, codes and counts only."""

import logging
import sys

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
