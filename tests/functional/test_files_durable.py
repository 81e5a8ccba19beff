"""Statements with files, while connections break and the server is killed: wholly in or wholly out."""

import http.client
import os
import random
import threading
import time
from contextlib import ExitStack
from datetime import timedelta
from uuid import uuid4

import pytest

from lms.core.runtime import Runtime
from lms.settings import read_settings
from lms.xapi.sweeping import sweep_drafts, sweep_files
from tests.functional.attaching import PATH, Sender, drafts_on_disk, files_on_disk
from tests.functional.serving import Installation
from tests.lms.xapi.conftest import statement
from tests.lms.xapi.mixing import TYPE, body_of, header_of, sha256

AT_ONCE = timedelta(days=-1)
BROKEN = 24
KILLS = 1
SENDERS = 3


def wait_until(condition, complaint: str, seconds: float = 30) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, complaint
        time.sleep(0.01)


def sweep(installation: Installation) -> tuple[int, int]:
    runtime = Runtime(read_settings(installation.environment, dotenv=None))
    swept = sweep_files(runtime, old=AT_ONCE), sweep_drafts(runtime, abandoned=AT_ONCE)
    runtime.close()
    return swept


# What becomes of files is the same on both; that statements are whole, `test_killed` holds on each.
@pytest.mark.slow
@pytest.mark.parametrize("databases", ["postgresql"], indirect=True)
def test_statements_with_files_are_wholly_in_or_wholly_out(installation: Installation):
    """One installation for all of it: starting one takes longer than what is done to it."""
    sender = Sender.of(installation)
    installation.start()
    bodies_that_break_off(installation, sender)
    senders_that_stop(sender)
    a_refusal_of_much(sender)
    a_server_that_is_killed(installation, sender)


def bodies_that_break_off(installation: Installation, sender: Sender) -> None:
    chance = random.Random(20261121)
    broken = []
    for turn in range(BROKEN):
        content, statement_id = os.urandom(chance.choice((10, 5_000, 300_000))), str(uuid4())
        body = body_of(statement(id=statement_id, attachments=[header_of(content)]), [content])
        # Between the first byte and the last that matters, and often near one of the two ends.
        end = chance.choice((chance.randrange(1, len(body) - 2), chance.randrange(1, 900), len(body) - 3))
        sender.break_off(body, min(end, len(body) - 3), reset=bool(turn % 2))
        broken.append(statement_id)
        if turn % 10 == 0:
            assert sender.send(5_000) == 200
    wait_until(lambda: not drafts_on_disk(installation), "drafts of broken connections are still there")
    found = [statement_id for statement_id in broken if sender.found(statement_id) is not None]
    print(
        f"{BROKEN} bodies broken off: {len(found)} of their statements found, {len(sender.kept)} others "
        f"acknowledged, {len(sender.missing())} of them missing"
    )
    assert found == sender.missing() == []
    assert files_on_disk(installation) == sorted(map(sha256, sender.kept.values()))


def senders_that_stop(sender: Sender) -> None:
    """Half way, without hanging up: others are served."""
    with ExitStack() as stalled:
        for _ in range(8):
            stalled.enter_context(sender.stop_half_way(body_of(statement(), [bytes(100_000)])))
        assert sender.request("GET", "/healthz")[0] == 200
        assert sender.request("GET", PATH)[0] == 200
        assert sender.send(1_000) == 200


def a_refusal_of_much(sender: Sender) -> None:
    large = bytes(40_000_000)
    body = body_of(statement(verb={"id": "no iri"}, attachments=[header_of(large)]), [large])
    status, _, answer = sender.request("POST", PATH, body, **{"Content-Type": TYPE})
    assert (status, b'"verb.id: not an IRI' in answer) == (400, True), "told once the body was sent"


class Stream(threading.Thread):
    """Sends statements with files one after the other, and repeats what was not acknowledged."""

    def __init__(self, sender: Sender) -> None:
        super().__init__(daemon=True)
        self.sender, self.stopping, self.repeats = sender, threading.Event(), 0
        self.sent: dict[str, bytes] = {}
        self.wrong: list[object] = []

    def run(self) -> None:
        while not self.stopping.is_set():
            statement_id, content = str(uuid4()), os.urandom(random.choice((100, 20_000, 200_000)))
            body = body_of(statement(id=statement_id, attachments=[header_of(content)]), [content])
            self.sent[statement_id] = content
            while not self.acknowledged(statement_id, content, body) and not self.stopping.wait(0.02):
                self.repeats += 1

    def acknowledged(self, statement_id: str, content: bytes, body: bytes) -> bool:
        try:
            status, _, answer = self.sender.request("POST", PATH, body, **{"Content-Type": TYPE})
        except (OSError, http.client.HTTPException):
            return False
        if status == 200:
            self.sender.kept[statement_id] = content
        elif status < 500:
            self.wrong.append((status, answer))
        return status < 500


def a_server_that_is_killed(installation: Installation, first: Sender) -> None:
    streams = [Stream(Sender(installation, first.headers)) for _ in range(SENDERS)]
    for stream in streams:
        stream.start()

    def acknowledged() -> int:
        return sum(len(stream.sender.kept) for stream in streams)

    left = []
    for turn in range(KILLS + 1):
        goal = acknowledged() + 30 + 17 * turn
        wait_until(lambda goal=goal: acknowledged() >= goal, "nothing more was acknowledged")
        if turn < KILLS:
            installation.kill()
            left.append(len(drafts_on_disk(installation)))
            installation.start()
    for stream in streams:
        stream.stopping.set()
    for stream in streams:
        stream.join(30)
    sent = {statement_id: content for stream in streams for statement_id, content in stream.sent.items()}
    sent |= first.kept
    for stream in streams:
        first.kept.update(stream.sender.kept)
    found = {statement_id: first.found(statement_id) for statement_id in sent}
    there = {statement_id for statement_id, files in found.items() if files is not None}
    half = [
        statement_id
        for statement_id in there
        if found[statement_id] != {sha256(sent[statement_id]): sent[statement_id]}
    ]
    orphans, drafts = sweep(installation)
    print(
        f"{KILLS} kills: {len(first.kept)} acknowledged, {len(there)} stored, {len(half)} without a file, "
        f"{sum(stream.repeats for stream in streams)} repeats; {orphans} orphans and {drafts} drafts swept "
        f"(files in drafts at the kills: {left})"
    )
    assert [stream.wrong for stream in streams] == [[]] * SENDERS
    assert set(first.kept) <= there
    assert half == []
    assert files_on_disk(installation) == sorted(sha256(sent[statement_id]) for statement_id in there)
    assert drafts_on_disk(installation) == []
