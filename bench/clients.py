"""Clients that load the server: processes of many connections each, whose requests are made beforehand."""

import asyncio
import multiprocessing
import re
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from multiprocessing.connection import Connection as Pipe
from multiprocessing.process import BaseProcess

from bench.samples import Sampler, World

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_END = b"\r\n\r\n"


@dataclass(frozen=True)
class Round:
    """What one process does in one round: `count` requests at most, of `size` statements each."""

    seed: int
    size: int
    count: int
    connections: int
    seconds: float


@dataclass
class Tally:
    """What came of it: answers by status, seconds until the last of them, seconds that each took."""

    statuses: Counter[int] = field(default_factory=Counter)
    seconds: float = 0.0
    latencies: list[float] = field(default_factory=list)
    refusal: bytes = b""


class Clients:
    """Processes that wait for rounds. Making the requests is not part of a round's time."""

    def __init__(
        self, port: int, authorization: str, world: World, processes: int, path: str = "/xapi/statements"
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._running: list[tuple[BaseProcess, Pipe]] = []
        for number in range(processes):
            ours, theirs = context.Pipe()
            arguments = (theirs, port, authorization, world, number, path)
            process = context.Process(target=_serve, args=arguments, daemon=True)
            process.start()
            self._running.append((process, ours))

    def run(self, wanted: Round) -> Tally:
        """One round of all processes at once, the connections and requests shared out among them."""
        for _, pipe in self._running:
            pipe.send(self._share(wanted))
        for _, pipe in self._running:
            pipe.recv()  # ready
        for _, pipe in self._running:
            pipe.send("go")
        whole = Tally()
        for _, pipe in self._running:
            tally: Tally = pipe.recv()
            whole.statuses += tally.statuses
            whole.seconds = max(whole.seconds, tally.seconds)
            whole.latencies += tally.latencies
            whole.refusal = whole.refusal or tally.refusal
        return whole

    def close(self) -> None:
        for process, pipe in self._running:
            pipe.send(None)
            process.join(10)

    def _share(self, wanted: Round) -> Round:
        parts = len(self._running)
        count, connections = max(1, wanted.count // parts), max(1, wanted.connections // parts)
        return Round(wanted.seed, wanted.size, count, connections, wanted.seconds)


def _serve(pipe: Pipe, port: int, authorization: str, world: World, number: int, path: str) -> None:
    while True:
        wanted: Round | None = pipe.recv()
        if wanted is None:
            return
        bodies = Sampler(world, seed=wanted.seed * 1000 + number).bodies(wanted.count, wanted.size)
        requests = [_request(path, port, authorization, body) for body in bodies]
        pipe.send("ready")
        pipe.recv()
        pipe.send(asyncio.run(_load(port, iter(requests), wanted)))


def _request(path: str, port: int, authorization: str, body: bytes) -> bytes:
    return (
        f"POST {path} HTTP/1.1\r\nHost: localhost:{port}\r\nAuthorization: {authorization}\r\n"
        "X-Experience-API-Version: 1.0.3\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def _load(port: int, requests: Iterator[bytes], wanted: Round) -> Tally:
    loop, tally = asyncio.get_running_loop(), Tally()
    begun = time.perf_counter()
    senders = []
    for _ in range(wanted.connections):
        _, sender = await loop.create_connection(
            lambda: _Sender(requests, begun + wanted.seconds, tally), "127.0.0.1", port
        )
        senders.append(sender)
    await asyncio.gather(*(sender.finished for sender in senders))
    tally.seconds = time.perf_counter() - begun
    return tally


class _Sender(asyncio.Protocol):
    """One connection, kept alive: sends the next request when the last was answered."""

    def __init__(self, requests: Iterator[bytes], deadline: float, tally: Tally) -> None:
        self._requests, self._deadline, self._tally = requests, deadline, tally
        self._buffer = b""
        self._sent = 0.0
        self.finished: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        if isinstance(transport, asyncio.Transport):
            self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(_END)
        if end < 0:
            return
        length = _LENGTH.search(self._buffer, 0, end + 2)
        if len(self._buffer) < end + len(_END) + (int(length[1]) if length else 0):
            return
        self._answered(int(self._buffer[9:12]))
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.finished.done():
            self.finished.set_exception(exc or ConnectionError("the server closed the connection"))

    def _answered(self, status: int) -> None:
        self._tally.latencies.append(time.perf_counter() - self._sent)
        self._tally.statuses[status] += 1
        if status != 200:
            self._tally.refusal = self._buffer
        self._buffer = b""

    def _send(self) -> None:
        request = next(self._requests, None) if time.perf_counter() < self._deadline else None
        if request is None:
            self.finished.set_result(None)
            self._transport.close()
            return
        self._sent = time.perf_counter()
        self._transport.write(request)
