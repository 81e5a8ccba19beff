"""Somebody else's record store, without a network: it keeps, gives pages, and misbehaves when told to."""

import json
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.client import HTTPMessage
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from lms.flow.transport import Answer, Limits, Request

ENDPOINT = "https://lrs.example.org/xapi/"
COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
VOIDED = "http://adlnet.gov/expapi/verbs/voided"
MORNING = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def answer(status: int = 200, body: Any = b"", **headers: str) -> Answer:
    """`headers`: with underscores for hyphens."""
    message = HTTPMessage()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return Answer(status, message, body if isinstance(body, bytes) else json.dumps(body).encode())


def written(moment: datetime) -> str:
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def statement(number: int = 0, **changes: Any) -> dict[str, Any]:
    """The statement of this number, as another store gives it: stored a minute after the one before."""
    stored = written(MORNING + timedelta(minutes=number))
    made = {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": "http://localhost:8000", "name": f"CB-{number}"}},
        "verb": {"id": COMPLETED},
        "object": {"id": "http://localhost:8000/courses/qr"},
        "timestamp": stored,
        "stored": stored,
        "authority": {"mbox": "mailto:lrs@example.org"},
        "version": "1.0.3",
    }
    return {name: value for name, value in (made | changes).items() if value is not None}


def _stored(each: Any) -> str:
    return each.get("stored", "9") if isinstance(each, dict) else "9"


@dataclass
class FakeStore:
    """`now` is its clock. `script`: what it does with the next requests, instead of answering them well."""

    statements: list[dict[str, Any]] = field(default_factory=list)
    page: int = 2
    now: datetime = MORNING + timedelta(days=1)
    consistent: bool = True
    script: deque[Callable[[Request], Answer] | None] = field(default_factory=deque)
    refuse: Callable[[dict[str, Any]], int | None] = lambda _statement: None
    asked: list[Request] = field(default_factory=list)
    kept: dict[str, dict[str, Any]] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)

    def then(self, *answers: Answer | Callable[[Request], Answer] | None) -> None:
        """Answer the next requests with these; None answers one well."""
        for each in answers:
            self.script.append((lambda _request, each=each: each) if isinstance(each, Answer) else each)

    def __call__(self, request: Request, limits: Limits) -> Answer:
        self.asked.append(request)
        told = self.script.popleft() if self.script else None
        if told is not None:
            return told(request)
        resource = urlsplit(request.url).path.removeprefix("/xapi/")
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
        if resource == "about":
            return answer(body={"version": ["1.0.3"]})
        return self._take(request) if request.method == "POST" else self._give(query)

    @property
    def queries(self) -> list[dict[str, str]]:
        """The queries of the requests for statements."""
        return [
            {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
            for request in self.asked
        ]

    def _give(self, query: dict[str, str]) -> Answer:
        if "statementId" in query:
            found = self.kept.get(query["statementId"])
            return answer(body=found) if found else answer(404)
        since = query.get("since", "")
        found = [each for each in self.statements if _stored(each) > since.replace("000Z", "Z")]
        place = int(query.get("place", 0))
        size = min(self.page, int(query.get("limit", 0)) or self.page)
        more = ""
        if place + size < len(found):
            more = "/xapi/statements?" + urlencode({"since": since, "limit": size, "place": place + size})
        headers = {"X_Experience_API_Consistent_Through": written(self.now)} if self.consistent else {}
        headers["Date"] = format_datetime(self.now, usegmt=True)
        return answer(body={"statements": found[place : place + size], "more": more}, **headers)

    def _take(self, request: Request) -> Answer:
        assert isinstance(request.body, bytes)
        sent = json.loads(request.body)
        refusals = [status for each in sent if (status := self.refuse(each))]
        if refusals:
            return answer(refusals[0], {"error": "I do not want it."})
        for each in sent:
            if each["id"] not in self.kept:
                self.kept[each["id"]] = each
                self.order.append(each["id"])
        return answer(body=[each["id"] for each in sent])
