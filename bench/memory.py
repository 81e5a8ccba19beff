"""How much memory a web process holds after minutes of load, beside what it held when it was warm.

`BENCH_MINUTES` says how many (10). Batches and single statements in turns, as in `statements`.
"""

import os
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

from bench.clients import Clients, Round
from bench.lines import Line
from bench.serving import environment, install, serving
from bench.sizes import Sizes
from bench.statements import CLIENTS, KINDS, WORKERS
from tests.servers import free_port

ROUND_SECONDS = 5.0
QUARTERS = 4


def measure(name: str, urls: Iterator[str], folder: Path, sizes: Sizes) -> list[Line]:
    folder.mkdir(parents=True)
    given = environment(folder, next(urls), free_port(), WORKERS)
    installation = install(given, sizes.people)
    end = time.monotonic() + 60 * float(os.environ.get("BENCH_MINUTES", "10"))
    seen: list[float] = []
    turn = 0
    with serving(given):
        clients = Clients(int(given["PORT"]), installation.authorization, installation.world, CLIENTS)
        while not seen or time.monotonic() < end:
            kind = KINDS[turn % len(KINDS)]
            turn += 1
            count = int(kind.most * ROUND_SECONDS)
            clients.run(Round(turn, kind.size, count, kind.connections, ROUND_SECONDS))
            seen.append(max(_megabytes(process) for process in _workers()))
        clients.close()
    quarter = max(1, len(seen) // QUARTERS)
    # What was remembered once is held; so the second quarter is the one to compare with.
    early, late = seen[quarter : 2 * quarter] or seen, seen[-quarter:]
    return [Line("memory of a web process under load", name, "MB", False, late, early)]


def _workers() -> list[int]:
    """The web processes: children of the server that this process has started."""
    return [child for server in _children(os.getpid()) for child in _children(server)]


def _children(parent: int) -> list[int]:
    found = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent)], check=False, capture_output=True, text=True
    )
    return [int(number) for number in found.stdout.split()]


def _megabytes(process: int) -> float:
    try:
        text = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0.0
    held = next((line for line in text.splitlines() if line.startswith("VmRSS")), "VmRSS: 0 kB")
    return int(held.split()[1]) / 1024
