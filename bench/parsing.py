"""Parsing and validating, beside the parser alone."""

import time
import uuid
from collections.abc import Callable

import orjson

from bench.lines import Line
from bench.samples import Sampler, World
from bench.sizes import Sizes
from tracking.statements.parsing import parse_statements
from tracking.statements.validation import validate_batch

BATCH = 100


def measure(sizes: Sizes) -> list[Line]:
    return [
        _line("parsing and validation, one a body", sizes, 1),
        _line("parsing and validation, 100 a body", sizes, BATCH),
    ]


def _line(name: str, sizes: Sizes, size: int) -> Line:
    home = "http://localhost:8000"
    lessons = [f"{home}/courses/c{number // 4}/lessons/{number}" for number in range(20)]
    world = World(home, [str(uuid.UUID(int=number + 1)) for number in range(5_000)], lessons)
    ours, bare = [], []
    for turn in range(2 * sizes.rounds + 1):
        bodies = Sampler(world, seed=turn).bodies(max(1, sizes.parsed // size), size)
        ours.append(_microseconds(_checked, bodies, size))
        bare.append(_microseconds(orjson.loads, bodies, size))
    # The first round fills the tables of what was found good before.
    return Line(name, "-", "µs/statement", False, ours[1:], bare[1:])


def _checked(body: bytes) -> None:
    validate_batch(parse_statements(body), "1.0.3")


def _microseconds(work: Callable[[bytes], object], bodies: list[bytes], size: int) -> float:
    begun = time.perf_counter()
    for body in bodies:
        work(body)
    return 1e6 * (time.perf_counter() - begun) / (len(bodies) * size)
