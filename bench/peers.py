"""Ralph, another record store, with its storage taken out: what its web part could do above any database.

It is installed from requirements/peers.txt into an environment of its own, next to ours.
"""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import orjson

from tests.servers import Missing, free_port

START_SECONDS = 60
PATH = "/xAPI/statements"
PYTHON = Path(sys.prefix) / "peers" / "bin" / "python"
_HASH = "import bcrypt; print(bcrypt.hashpw(b'secret', bcrypt.gensalt()).decode())"
_AUTHORIZATION = "Basic " + b64encode(b"bench:secret").decode()


@dataclass(frozen=True)
class Peer:
    """Where the other store listens, and as whom."""

    port: int
    authorization: str


@contextmanager
def ralph(folder: Path, workers: int) -> Iterator[Peer]:
    """Run Ralph with the stub until the block ends. Raises Missing."""
    if not PYTHON.is_file():
        raise Missing("Ralph is not installed (make bench installs it)")
    folder.mkdir(parents=True, exist_ok=True)
    accounts = folder / "accounts.json"
    digest = subprocess.run([PYTHON, "-c", _HASH], check=True, capture_output=True, text=True).stdout.strip()
    agent = {"mbox": "mailto:bench@example.org"}
    account = {"username": "bench", "hash": digest, "scopes": ["all"], "agent": agent}
    accounts.write_bytes(orjson.dumps([account]))
    port = free_port()
    given = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ} | {
        "RALPH_APP_DIR": str(folder / "ralph"),
        "RALPH_AUTH_FILE": str(accounts),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "PYTHONPATH": str(Path(__file__).parent),
    }
    command = [str(PYTHON), "-m", "uvicorn", "ralph_stub:app", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(workers), "--log-level", "error", "--no-access-log"]
    log = folder / "ralph.log"
    with log.open("ab") as output:
        process = subprocess.Popen(command, env=given, stdout=output, stderr=output, cwd=folder)
    try:
        _await(process, port, log)
        yield Peer(port, _AUTHORIZATION)
    finally:
        process.terminate()
        process.wait(40)


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _answers(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise Missing(f"Ralph did not start:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.05)


def _answers(port: int) -> bool:
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/whoami", headers={"Authorization": _AUTHORIZATION}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
