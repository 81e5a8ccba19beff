"""A remote store, asked in the words of xAPI: tincan's RemoteLRS inside, bounded, and never raising.

RemoteLRS makes the requests (resources, credentials, headers); its connection is replaced, because it has no
timeout, follows any address and reads any amount. What it would do to statements is not wanted either: they
are sent as the very bytes that are kept (docs/decisions/0014-forwarded-as-bytes.md).
"""

import json
import math
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import IO, Any, TypeVar
from urllib.parse import urlencode, urljoin

import orjson
from tincan.http_request import HTTPRequest
from tincan.lrs_response import LRSResponse
from tincan.remote_lrs import RemoteLRS

from lms.core.clock import utc_now
from lms.flow.addresses import Blocked, following
from lms.flow.outcomes import Kind, Outcome, Trouble
from lms.flow.transport import Answer, Exchange, Failed, Limits, Request, exchange
from lms.xapi.multipart import Mixed
from tracking.statements.parsing import timestamp
from tracking.statements.validation import Invalid

T = TypeVar("T")

VERSION = "X-Experience-API-Version"
THROUGH = "X-Experience-API-Consistent-Through"
LONGEST_ANSWER = 2000  # characters of what a store said, as it is kept
LONGEST_PAUSE = 24 * 3600.0
UNWANTED = frozenset({400, 409, 413, 422})  # of a request: it is the content that does not please
JSON = {"Content-Type": "application/json"}
SLOWEST = 128 * 1024  # bytes of files a second
QUICK = Limits(connect=3, silence=6, total=8)


@dataclass(frozen=True)
class Page:
    """Statements in the order given, the next page's whole address, until when the store is consistent."""

    statements: list[Any]
    more: str | None
    through: datetime


class _Bounded(RemoteLRS):  # type: ignore[misc]  # tincan has no types
    """RemoteLRS over our transport. `body` is what to send, `last` the answer: those of tincan are text."""

    _props = [*RemoteLRS._props, "exchange", "limits", "inside", "body", "sink", "last"]  # noqa: RUF012, SLF001  (tincan's way)
    exchange: Exchange
    limits: Limits
    inside: bool
    body: bytes | Iterator[bytes] | None
    sink: IO[bytes] | None
    last: Answer

    def _send_request(self, request: HTTPRequest) -> LRSResponse:
        """Overridden: one request within its bounds. Raises Failed."""
        headers = {VERSION: self.version, "Authorization": self.auth, "Accept-Encoding": "identity"}
        address = urljoin(self.endpoint, request.resource)
        if request.query_params:
            address += f"?{urlencode(request.query_params)}"
        sent = Request(request.method, address, headers | request.headers, self.body, self.inside, self.sink)
        self.last = self.exchange(sent, self.limits)
        return LRSResponse(success=200 <= self.last.status < 300, request=request, response=None, data=None)  # noqa: PLR2004


class Remote:
    """One remote store; every question has an Outcome."""

    def __init__(
        self,
        endpoint: str,
        *,
        key: str,
        secret: str,
        version: str,
        inside: bool,
        limits: Limits | None = None,
        send: Exchange = exchange,
    ) -> None:
        self._headers = {VERSION: version}  # tincan knows no 2.0
        self._limits = limits or Limits()
        credentials = b64encode(f"{key}:{secret}".encode()).decode()
        self._lrs = _Bounded(
            endpoint=endpoint,
            version="1.0.3",
            auth=f"Basic {credentials}",
            exchange=send,
            limits=self._limits,
            inside=inside,
            body=None,
            sink=None,
            last=None,
        )

    def about(self) -> Outcome[list[str]]:
        """The versions of xAPI that the store says it speaks."""

        def versions(answer: Answer) -> list[str]:
            found = _json(answer)["version"]
            return [str(each) for each in found] if isinstance(found, list) else [str(found)]

        return self._ask("GET", "about", versions)

    def page(self, query: dict[str, str]) -> Outcome[Page]:
        """The first page of statements that fit the query (1.0.3 part 3, 2.1.3)."""
        return self._ask("GET", "statements", self._page, query=query)

    def next_page(self, more: str) -> Outcome[Page]:
        """The page whose address the one before gave."""
        return self._ask("GET", more, self._page)

    def statement(self, statement_id: str) -> Outcome[dict[str, Any]]:
        query = {"statementId": statement_id}
        return self._ask("GET", "statements", lambda answer: dict(_json(answer)), query=query)

    def with_files(self, statement_id: str, sink: IO[bytes], *, largest: int) -> Outcome[str]:
        """One statement and the files that belong to it (part 3, 1.5.2) into `sink`; its Content-Type."""
        query = {"statementId": statement_id, "attachments": "true"}
        return self._ask(
            "GET",
            "statements",
            lambda answer: str(answer.headers.get("Content-Type", "")),
            query=query,
            sink=sink,
            limits=_roomy(self._limits, largest),
        )

    def store(self, statements: Sequence[bytes]) -> Outcome[int]:
        """Send statements as they are; their number."""
        body = b"[" + b",".join(statements) + b"]"
        return self._ask("POST", "statements", lambda _: len(statements), body=body, content=JSON)

    def store_mixed(self, mixed: Mixed) -> Outcome[int]:
        """Send one statement with its files."""
        return self._ask(
            "POST",
            "statements",
            lambda _: 1,
            body=mixed.chunks,
            content={"Content-Type": mixed.content_type, "Content-Length": str(mixed.length)},
            limits=_roomy(self._limits, mixed.length),
        )

    def _ask(
        self,
        method: str,
        resource: str,
        read: Callable[[Answer], T],
        *,
        query: dict[str, str] | None = None,
        body: bytes | Iterator[bytes] | None = None,
        content: dict[str, str] | None = None,
        sink: IO[bytes] | None = None,
        limits: Limits | None = None,
    ) -> Outcome[T]:
        headers = self._headers | (content or {})
        request = HTTPRequest(method=method, resource=resource, headers=headers, query_params=query or {})
        self._lrs.body, self._lrs.sink, self._lrs.limits = body, sink, limits or self._limits
        try:
            good = self._lrs._send_request(request).success  # noqa: SLF001  (tincan's own seam)
        except Failed as failed:
            return Outcome(trouble=failed.trouble)
        answer = self._lrs.last
        if not good:
            return Outcome(trouble=_trouble(answer, sending=body is not None))
        try:
            return Outcome(read(answer))
        except Blocked as blocked:
            return Outcome(trouble=Trouble(Kind.BLOCKED, blocked.message, blocked.params))
        except (ValueError, TypeError, KeyError):
            return Outcome(trouble=_not_a_store(answer))

    def _page(self, answer: Answer) -> Page:
        found = _json(answer)
        statements, more = found["statements"], found.get("more")
        if not isinstance(statements, list) or not isinstance(more, str | None):
            raise TypeError
        address = following(self._lrs.endpoint, more) if more else None
        return Page(statements, address, _through(answer))


def _roomy(limits: Limits, size: int) -> Limits:
    """Limits for so many bytes more, over a line that is slow but not standing still."""
    return replace(limits, size=limits.size + size, total=limits.total + size / SLOWEST)


def _json(answer: Answer) -> Any:
    """The JSON of an answer, also with numbers that our store would not take. Raises ValueError."""
    try:
        return orjson.loads(answer.body)
    except orjson.JSONDecodeError:
        return json.loads(answer.body.decode(), parse_constant=_no_number)


def _no_number(name: str) -> Any:
    raise ValueError(name)


def _through(answer: Answer) -> datetime:
    """Until when the store has told everything (1.0.3 part 3, 2.1.3.s2.b5), by its own clock if it says."""
    said = [_moment(answer.headers.get(THROUGH)), _date(answer.headers.get("Date"))]
    return min((each for each in said if each is not None), default=utc_now())


def _moment(text: str | None) -> datetime | None:
    try:
        return timestamp(text) if text else None
    except Invalid:
        return None


def _date(text: str | None) -> datetime | None:
    """An HTTP date."""
    try:
        found = parsedate_to_datetime(text) if text else None
    except ValueError:
        return None
    return found.replace(tzinfo=found.tzinfo or UTC) if found else None


def _trouble(answer: Answer, *, sending: bool) -> Trouble:
    """What an answer without success means; `sending`: something was sent."""
    status = answer.status
    told: dict[str, Any] = {"status": status}
    if status in (401, 403):
        trouble = Trouble(
            Kind.DENIED, "It does not accept the key and the secret, or they may not do this (%(status)s)."
        )
    elif status in (429, 503):
        trouble = Trouble(Kind.BUSY, "It is too busy at the moment (%(status)s).")
        trouble = replace(trouble, pause=_pause(answer.headers.get("Retry-After")))
    elif status >= 500:  # noqa: PLR2004
        trouble = Trouble(Kind.BROKEN, "Something is wrong there (%(status)s).")
    elif sending and status in UNWANTED:
        trouble = Trouble(Kind.REFUSED, "It refused the statement (%(status)s).")
    elif 300 <= status < 400:  # noqa: PLR2004
        told = {"place": str(answer.headers.get("Location", ""))[:200]}
        trouble = Trouble(Kind.ODD, "It has moved to “%(place)s”. If you trust that, enter the new address.")
    else:
        trouble = Trouble(
            Kind.ODD, "It did not understand the request (%(status)s). Are the address and the version right?"
        )
    return replace(trouble, params=told, status=status, answer=_said(answer))


def _said(answer: Answer) -> str:
    """The beginning of an answer's text, as any database can keep it."""
    return answer.body[: 4 * LONGEST_ANSWER].decode(errors="replace")[:LONGEST_ANSWER].replace("\0", " ")


def _not_a_store(answer: Answer) -> Trouble:
    return Trouble(
        Kind.ODD,
        "It does not answer as a record store does. Is the address right?",
        status=answer.status,
        answer=_said(answer),
    )


def _pause(text: str | None) -> float | None:
    """Seconds of a Retry-After, which is a number or a date (RFC 9110, 10.2.3); at most a day."""
    if not text:
        return None
    try:
        seconds = float(text)
    except ValueError:
        until = _date(text)
        seconds = (until - utc_now()).total_seconds() if until else math.nan
    return min(max(seconds, 0.0), LONGEST_PAUSE) if math.isfinite(seconds) else None
