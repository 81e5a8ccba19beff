"""A server killed in the middle of a stream of statements, again and again, loses and doubles nothing."""

import http.client
import json
import threading
import time
import uuid
from base64 import b64encode

import pytest

from tests.functional.roster import OFFICERS, import_course, load_roster
from tests.functional.serving import Installation

ROUNDS = 3
SENDERS = 4


class Sender(threading.Thread):
    """Sends completions one after the other or in small batches, and repeats what was not acknowledged."""

    def __init__(self, installation: Installation, iri: str, client: dict[str, str], number: int) -> None:
        super().__init__(daemon=True)
        self.port, self.address, self.iri, self.number = installation.port, installation.address, iri, number
        credentials = b64encode(f"{client['key']}:{client['secret']}".encode()).decode()
        self.headers = {
            "Authorization": f"Basic {credentials}",
            "X-Experience-API-Version": "1.0.3",
            "Content-Type": "application/json",
        }
        self.stopping = threading.Event()
        self.acknowledged: list[str] = []
        self.sent: set[str] = set()
        self.refused: list[str] = []
        self.repeats = 0

    def run(self) -> None:
        turn = 0
        while not self.stopping.is_set():
            turn += 1
            batch = [self.statement(turn, place) for place in range(1 + (turn + self.number) % 4)]
            self.sent.update(one["id"] for one in batch)
            while not self.post(batch):
                self.repeats += 1
                if self.stopping.wait(0.02):
                    return

    def statement(self, turn: int, place: int):
        code = OFFICERS[(turn * SENDERS + self.number + place) % len(OFFICERS)]
        return {
            "id": str(uuid.uuid4()),
            "actor": {"account": {"homePage": self.address, "name": code}},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": self.iri},
            "timestamp": f"2026-03-{1 + turn % 28:02d}T08:00:00+07:00",
        }

    def post(self, batch: list[dict[str, object]]) -> bool:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=15)
        try:
            connection.request("POST", "/xapi/statements", json.dumps(batch), self.headers)
            answer = connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()
        if answer.status == 200:
            self.acknowledged += json.loads(body)
            return True
        if answer.status < 500:
            self.refused.append(f"{answer.status} {body!r}")
            return True
        return False


def wait_until(condition, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "nothing more was acknowledged"
        time.sleep(0.005)


@pytest.mark.slow
def test_what_was_acknowledged_is_there_once_and_the_counters_agree(installation: Installation):
    load_roster(installation)
    course = import_course(installation)
    client = installation.json("clients", "add", "Stream", "--scope", "all")
    installation.start()
    senders = [Sender(installation, course["iri"], client, number) for number in range(SENDERS)]
    for sender in senders:
        sender.start()

    def acknowledged() -> int:
        return sum(len(sender.acknowledged) for sender in senders)

    for round_ in range(ROUNDS):
        goal = acknowledged() + 40 + 23 * round_
        wait_until(lambda goal=goal: acknowledged() >= goal)
        installation.kill()
        installation.start()
    goal = acknowledged() + 40
    wait_until(lambda: acknowledged() >= goal)
    for sender in senders:
        sender.stopping.set()
    for sender in senders:
        sender.join(20)
    assert [refusal for sender in senders for refusal in sender.refused] == []
    found = stored_ids(installation, client)
    told = [statement_id for sender in senders for statement_id in sender.acknowledged]
    sent = set().union(*(sender.sent for sender in senders))
    print(
        f"{ROUNDS} kills: {len(told)} acknowledged, {len(found)} stored, "
        f"{sum(sender.repeats for sender in senders)} repeats"
    )
    assert len(told) == len(set(told))
    assert set(told) <= set(found), "acknowledged statements are missing"
    assert len(found) == len(set(found)), "statements are stored twice"
    assert set(found) <= sent
    assert installation.json("tracking", "rebuild", "--check")["differences"] == 0
    rate = installation.json("rates", "--course", "one-touch", "--unit", "10549")
    assert (rate["completed"], rate["members"]) == (57, 57)


def stored_ids(installation: Installation, client: dict[str, str]) -> list[str]:
    credentials = b64encode(f"{client['key']}:{client['secret']}".encode()).decode()
    headers = {"Authorization": f"Basic {credentials}", "X-Experience-API-Version": "1.0.3"}
    path, found = "/xapi/statements?limit=500", []
    connection = http.client.HTTPConnection("127.0.0.1", installation.port, timeout=30)
    while path:
        connection.request("GET", path, headers=headers)
        page = json.loads(connection.getresponse().read())
        found += [statement["id"] for statement in page["statements"]]
        path = page["more"]
    connection.close()
    return found
