"""Bodies of statements that break off half way, and senders who stop, to a real server."""

import json
import random
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from uuid import UUID

from tests.functional.streaming import PATH, Batch, Client

STOPPED = 20


@contextmanager
def begun(client: Client, method: str, path: str, body: bytes, **headers: str) -> Iterator[socket.socket]:
    """A connection on which a request has been begun, and so much of its body sent."""
    lines = client.headers | {"Host": "localhost", "Content-Type": "application/json"} | headers
    head = f"{method} {path} HTTP/1.1\r\n" + "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    with socket.create_connection(("127.0.0.1", client.installation.port), 10) as connection:
        connection.sendall(head.encode() + b"\r\n" + body)
        yield connection


def chunked(body: bytes) -> bytes:
    return f"{len(body):x}\r\n".encode() + body + b"\r\n"


def break_off(client: Client, batch: Batch, chance: random.Random, turn: int) -> None:
    """Send a part of a batch in one of several ways, and hang up: politely, or as a lost connection does."""
    body = json.dumps(batch).encode()
    part = body[: chance.choice((0, 1, len(body) // 2, len(body) - 1))]
    # The ordinary way is taken by a PUT, and by what does not say how long it is.
    method, path = "POST", PATH
    if turn % 4 == 1:
        method, path, body = "PUT", f"{PATH}?statementId={batch[0]['id']}", json.dumps(batch[0]).encode()
        part = body[: chance.randrange(len(body))]
    headers = {"Content-Length": str(len(body))}
    if turn % 4 == 2:
        headers, part = {"Transfer-Encoding": "chunked"}, chunked(part) if part else b""
    if turn % 4 == 3:
        headers["Expect"] = "100-continue"
    with begun(client, method, path, part, **headers) as connection:
        if turn % 3 == 0:
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        elif turn % 3 == 1:
            connection.shutdown(socket.SHUT_WR)
            while connection.recv(1 << 16):
                pass


def bodies_that_break_off(client: Client, batches: list[Batch], *, seed: int) -> None:
    """Nothing of them is kept, and whoever sends them again is served."""
    chance = random.Random(seed)
    for turn, batch in enumerate(batches):
        break_off(client, batch, chance, turn)
    wanted = {UUID(one["id"]) for batch in batches for one in batch}
    found = wanted.intersection(map(UUID, client.all_ids()))
    client.close()
    print(f"{len(batches)} bodies broken off: {len(found)} of their {len(wanted)} statements found")
    assert found == set()


def senders_who_stop(client: Client, batch: Batch) -> None:
    """More of them than the application has places, on every way: all others are served."""
    with ExitStack() as stopped:
        for turn in range(STOPPED):
            method = ("POST", "PUT")[turn % 2]
            path = PATH if method == "POST" else f"{PATH}?statementId={batch[0]['id']}"
            stopped.enter_context(begun(client, method, path, b"[", **{"Content-Length": "1000"}))
        assert client.ask("GET", "/healthz")[0] == 200
        assert client.ask("GET", f"{PATH}?limit=1")[0] == 200
        assert client.send(batch) is not None
    client.close()
    print(f"{STOPPED} senders stopped half way: others were answered after {client.slowest:.2f} s at most")
