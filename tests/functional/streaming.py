"""Streams of statements that are sent again until they are acknowledged, and what became of them.

How long such a stream goes on is told by LMS_TEST_KILLS (docs/contributing.md).
"""

import http.client
import json
import os
import threading
import time
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID, uuid4

from tests.functional.roster import OFFICERS
from tests.functional.serving import Installation

PATH = "/xapi/statements"
BOUND = 20.0  # seconds within which every request is answered, or its connection ends
SENDERS = 4

Batch = Sequence[dict[str, Any]]


def rounds(few: int) -> int:
    """How often to kill or restart: `few` times, unless somebody wants to see it often."""
    return int(os.environ.get("LMS_TEST_KILLS") or few)


def wait_until(condition: Callable[[], object], complaint: str, seconds: float = 45) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.005)


@dataclass
class Client:
    """A client of an installation; what it was answered is counted."""

    installation: Installation
    headers: dict[str, str]
    answers: Counter[int] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)
    slowest: float = 0.0
    connection: http.client.HTTPConnection | None = None

    @classmethod
    def of(cls, installation: Installation) -> "Client":
        """A new one, which finds what it sent itself, and not what we say of courses."""
        scopes = ("--scope", "statements/write", "--scope", "statements/read/mine")
        made = installation.json("clients", "add", "Stream", *scopes)
        credentials = b64encode(f"{made['key']}:{made['secret']}".encode()).decode()
        return cls(
            installation, {"Authorization": f"Basic {credentials}", "X-Experience-API-Version": "1.0.3"}
        )

    def again(self) -> "Client":
        """The same client, on a connection of its own."""
        return Client(self.installation, self.headers)

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[int, bytes]:
        """Status and body of the answer; 0 where the connection broke.

        What is neither an answer nor a 503 that says when to come again is noted as wrong.
        """
        begun = time.monotonic()
        try:
            if self.connection is None:
                self.connection = http.client.HTTPConnection(
                    "127.0.0.1", self.installation.port, timeout=2 * BOUND
                )
            self.connection.request(method, path, body, self.headers | headers)
            answer = self.connection.getresponse()
            status, content = answer.status, answer.read()
            told = answer.headers.get("Retry-After", "")
        except (OSError, http.client.HTTPException) as error:
            self.close()
            status, content, told = 0, type(error).__name__.encode(), ""
        took = time.monotonic() - begun
        self.slowest = max(self.slowest, took)
        self.answers[status] += 1
        if took > BOUND or (status >= 400 and (status != 503 or not told.isdigit())):
            self.wrong.append(f"{method} {path}: {status} after {took:.1f} s: {content[:200]!r}")
        return status, content

    def send(self, batch: Batch) -> list[str] | None:
        """The ids that were acknowledged; None where the batch must be sent again."""
        body = json.dumps(batch if len(batch) > 1 else batch[0]).encode()
        status, content = self.ask("POST", PATH, body, **{"Content-Type": "application/json"})
        return json.loads(content) if status == 200 else None

    def all_ids(self) -> list[str]:
        """The ids of all statements there are, page by page."""
        path, found = f"{PATH}?limit=500", []
        while path:
            status, content = self.ask("GET", path)
            assert status == 200, (status, content)
            page = json.loads(content)
            found += [statement["id"] for statement in page["statements"]]
            path = page["more"]
        return found

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


class Sender(threading.Thread):
    """Sends statements alone or in batches, and repeats each until it is acknowledged."""

    def __init__(self, client: Client, iri: str, number: int) -> None:
        super().__init__(daemon=True)
        self.client, self.iri, self.number = client, iri, number
        self.stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.batches: list[list[str]] = []
        self.repeats = 0

    def run(self) -> None:
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            # Every other sender sends statements alone.
            size = 1 if self.number % 2 else 2 + turn % 5
            batch = [self.statement(turn, place) for place in range(size)]
            self.batches.append([one["id"] for one in batch])
            while (told := self.client.send(batch)) is None:
                self.repeats += 1
                if self.stopping.wait(0.02):
                    self.client.close()
                    return
            assert told == self.batches[-1]
            self.acknowledged += told
        self.client.close()

    def statement(self, turn: int, place: int) -> dict[str, Any]:
        code = OFFICERS[(turn * SENDERS + self.number + place) % len(OFFICERS)]
        return {
            "id": str(uuid4()),
            "actor": {"account": {"homePage": self.client.installation.address, "name": code}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": self.iri},
            "timestamp": f"2026-03-{1 + turn % 28:02d}T08:00:00+07:00",
        }


class Stream:
    """Several senders at once."""

    def __init__(self, client: Client, iri: str) -> None:
        self.client = client
        self.senders = [Sender(client.again(), iri, number) for number in range(SENDERS)]
        for sender in self.senders:
            sender.start()

    def acknowledged(self) -> int:
        return sum(len(sender.acknowledged) for sender in self.senders)

    def go_on(self, more: int) -> None:
        """Wait until so many more statements are acknowledged, some of each sender."""
        before = [len(sender.acknowledged) for sender in self.senders]
        goal = self.acknowledged() + more

        def reached() -> bool:
            everybody = all(
                len(sender.acknowledged) > then for sender, then in zip(self.senders, before, strict=True)
            )
            return everybody and self.acknowledged() >= goal

        wait_until(reached, "nothing more was acknowledged")

    def stop(self) -> None:
        for sender in self.senders:
            sender.stopping.set()
        for sender in self.senders:
            sender.join(2 * BOUND)
            assert not sender.is_alive(), "a request was never answered"

    def check(self, what: str, known: Batch = ()) -> None:
        """Say what became of it all, and hold it to what is promised. `known` was stored before."""
        told = [UUID(one) for sender in self.senders for one in sender.acknowledged]
        before = {one["id"] for one in known}
        found = [UUID(one) for one in self.client.all_ids() if one not in before]
        self.client.close()
        batches = [[UUID(one) for one in batch] for sender in self.senders for batch in sender.batches]
        sent = {one for batch in batches for one in batch}
        there = set(found)
        halves = [batch for batch in batches if 0 < len(there.intersection(batch)) < len(batch)]
        missing = set(told) - there
        answers = sum((sender.client.answers for sender in self.senders), Counter[int]())
        slowest = max(sender.client.slowest for sender in self.senders)
        wrong = [one for sender in self.senders for one in sender.client.wrong] + self.client.wrong
        differences = self.client.installation.json("tracking", "rebuild", "--check")["differences"]
        print(
            f"{what}: {len(told)} acknowledged, {len(missing)} of them missing; {len(found)} stored, "
            f"{len(found) - len(there)} of them twice, {len(there - set(told))} unacknowledged; "
            f"{len(halves)} of {len(batches)} batches in part; {sum(one.repeats for one in self.senders)} "
            f"repeats; answers {dict(sorted(answers.items()))} (0: the connection broke), the slowest after "
            f"{slowest:.2f} s; {differences} differences in the projections"
        )
        assert wrong == []
        assert len(told) == len(set(told))
        assert missing == set()
        assert len(found) == len(there)
        assert there <= sent
        assert halves == []
        assert differences == 0
