"""`python -m bench [part …]`: all parts without a name; BENCH_QUICK=1 is quick."""

import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import count
from pathlib import Path
from typing import Any

import orjson

from bench import commits, machine, memory, parsing, peers, postgres, rates, reading, statements
from bench.lines import Line, table
from bench.sizes import Sizes, sizes_of
from tests.servers import Missing, create_database

ALL = ("statements", "reading", "rates", "parsing", "commits")
ASKED_FOR = ("memory",)  # takes long, and is measured only when it is named
RESULTS = Path("var/bench")
# On a disk and open to PostgreSQL's own user; where other temporary files live may be memory alone.
SCRATCH = Path("/var/tmp")


def main(arguments: list[str]) -> int:
    wanted = arguments or list(ALL)
    unknown = set(wanted) - {*ALL, *ASKED_FOR}
    if unknown:
        print(
            f"Not known: {', '.join(sorted(unknown))}. There are: {', '.join((*ALL, *ASKED_FOR))}.",
            file=sys.stderr,
        )
        return 2
    sizes = sizes_of(os.environ)
    found, begun = machine.facts(), time.monotonic()
    folder = Path(tempfile.mkdtemp(prefix="lms-bench-", dir=SCRATCH if SCRATCH.is_dir() else None))
    folder.chmod(0o755)
    try:
        lines = _measure(wanted, folder, sizes, found)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    found |= {"sizes": sizes.name, "seconds": round(time.monotonic() - begun)}
    _tell(found, lines)
    return 0


def _measure(wanted: list[str], folder: Path, sizes: Sizes, found: dict[str, Any]) -> list[Line]:
    lines: list[Line] = []
    with ExitStack() as stack:
        databases = {"SQLite": _files(folder)}
        try:
            address = stack.enter_context(postgres.server(folder / "postgres"))
        except Missing as missing:
            print(f"{missing}; SQLite alone is measured.", file=sys.stderr)
        else:
            databases["PostgreSQL"] = _created(address)
            found["postgresql"] = postgres.version(address)
        for name, urls in databases.items():
            # Ralph stands beside the database that is meant for load.
            wants_peer = "statements" in wanted and name == "PostgreSQL"
            peer = _peer(stack, folder) if wants_peer else None
            lines += _on(name, urls, wanted, folder, sizes, peer)
    if "commits" in wanted:
        lines += commits.weights()
    if "parsing" in wanted:
        lines += parsing.measure(sizes)
    return lines


def _on(
    name: str, urls: Iterator[str], wanted: list[str], folder: Path, sizes: Sizes, peer: peers.Peer | None
) -> list[Line]:
    """The parts that are measured on each database."""
    lines: list[Line] = []
    if "statements" in wanted:
        lines += statements.measure(name, urls, folder / name, sizes, peer)
    if "reading" in wanted:
        lines += reading.measure(name, next(urls), folder / f"{name}-reading", sizes)
    if "commits" in wanted:
        lines += commits.measure(name, urls, folder / f"{name}-commits", sizes)
    if "memory" in wanted:
        lines += memory.measure(name, urls, folder / f"{name}-memory", sizes)
    if "rates" in wanted:
        lines += rates.measure(name, next(urls), sizes)
    return lines


def _peer(stack: ExitStack, folder: Path) -> peers.Peer | None:
    try:
        return stack.enter_context(peers.ralph(folder / "ralph", statements.WORKERS))
    except Missing as missing:
        print(f"{missing}; nothing is measured beside it.", file=sys.stderr)
        return None


def _files(folder: Path) -> Iterator[str]:
    return (f"sqlite:///{folder / f'bench{number}.sqlite3'}" for number in count())


def _created(address: str) -> Iterator[str]:
    return (create_database(address, f"bench{number}") for number in count())


def _tell(found: dict[str, Any], lines: list[Line]) -> None:
    print(machine.told(found))
    print(f"Durable: PostgreSQL {found.get('postgresql', 'missing')} with fsync, synchronous_commit and")
    print(
        "full_page_writes on; SQLite in WAL mode with synchronous = FULL. Medians; spread: lowest-highest.\n"
    )
    print(table(lines))
    RESULTS.mkdir(parents=True, exist_ok=True)
    file = RESULTS / f"{found['at'].replace(':', '')}-{found['sizes']}.json"
    document = {"machine": found, "lines": [line.as_json() for line in lines]}
    file.write_bytes(orjson.dumps(document, option=orjson.OPT_INDENT_2))
    print(f"\n{found['seconds']} seconds, {found['sizes']}; written to {file}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
