"""A whole installation under test: `lms serve` in a folder of its own, started, killed and started again."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from lms.cli import lms
from tests.servers import free_port

START_SECONDS = 60


@dataclass
class Installation:
    """An installation: its data folder, its database, its port; and the server process, while one runs."""

    data: Path
    database_url: str | None = None
    redis_url: str | None = None
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None
    settings: dict[str, str] = field(default_factory=dict)  # beside these, by their names

    @property
    def address(self) -> str:
        return f"http://localhost:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
        given = {"LMS_DATA": str(self.data), "PORT": str(self.port), "LMS_LOG_LEVEL": "WARNING"}
        if self.database_url:
            given["LMS_DATABASE_URL"] = self.database_url
        if self.redis_url:
            given["LMS_REDIS_URL"] = self.redis_url
        return kept | given | self.settings

    def lms(self, *arguments: str, given: str | None = None, expect: int = 0) -> str:
        """Run an `lms` command, in this process; returns what it printed on stdout."""
        unset = dict.fromkeys((name for name in os.environ if name.startswith("LMS_")), None)
        ran = CliRunner().invoke(lms, list(arguments), input=given, env=unset | self.environment)
        assert ran.exit_code == expect, f"{arguments}: {ran.exit_code}\n{ran.output}\n{ran.exception!r}"
        return ran.stdout

    def json(self, *arguments: str, expect: int = 0) -> Any:
        return json.loads(self.lms(*arguments, "--json", expect=expect))

    def start(self) -> None:
        """Start the server, and wait until it says that it is ready."""
        with (self.data / "server.log").open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "lms", "serve", "--host", "127.0.0.1"],
                env=self.environment,
                stdout=log,
                stderr=log,
                start_new_session=True,
                cwd=self.data,
            )
        deadline = time.monotonic() + START_SECONDS
        while not self.ready():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > deadline:
                raise AssertionError(f"the server did not start:\n{self.log()}")
            time.sleep(0.05)

    def ready(self) -> bool:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/readyz", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def kill(self) -> None:
        """Kill every process of the server at once, as a power cut would."""
        assert self.process is not None
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(10)
        self.process = None

    def web_processes(self) -> list[int]:
        """The processes that answer requests."""
        assert self.process is not None
        found = [web for web in children(self.process.pid) if b"\0web\0" in command_of(web)]
        return [worker for web in found for worker in children(web)]

    def stop(self) -> int:
        """Ask the server to stop; returns its exit code."""
        assert self.process is not None
        self.process.terminate()
        code = self.process.wait(40)
        self.process = None
        return code

    def log(self) -> str:
        return (self.data / "server.log").read_text(errors="replace")


def children(parent: int) -> list[int]:
    """Processes that this one has started and that run."""
    found = []
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, ppid = status.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue  # ended meanwhile
        if int(ppid) == parent and state != "Z":
            found.append(int(status.parent.name))
    return found


def command_of(process: int) -> bytes:
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes()
    except OSError:
        return b""
