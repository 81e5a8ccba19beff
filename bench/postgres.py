"""A private PostgreSQL server that keeps its promises: what is committed has reached the disk.

The tests' own server (tests/servers.py) does not: it is made to be quick and thrown away.
"""

import os
import pwd
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.servers import Missing, free_port

# All of them PostgreSQL's own defaults, written down because the figures depend on them.
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "128MB"}
START_SECONDS = 30


class Server:
    """A server whose files are in `folder`; started, stopped and started again. Raises Missing."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            owner = pwd.getpwnam("postgres")
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        self._folder = folder
        self._data = str(folder / "data")
        self._port = free_port()
        self._process: subprocess.Popen[bytes] | None = None
        create = [_program("initdb"), "-D", self._data, "-A", "trust", "-U", "lms", "-E", "UTF8"]
        command = [*_owner(), *create, "--locale=C.UTF-8"]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    @property
    def address(self) -> str:
        """Its address without a database."""
        return f"postgresql://lms@127.0.0.1:{self._port}"

    def start(self) -> None:
        """Start it, and wait until it answers."""
        settings = [part for name, value in DURABLE.items() for part in ("-c", f"{name}={value}")]
        listen = ["-k", str(self._folder), "-h", "127.0.0.1", "-p", str(self._port)]
        command = [*_owner(), _program("postgres"), "-D", self._data, *listen, *settings]
        with (self._folder.parent / "postgres.log").open("a") as log:
            self._process = subprocess.Popen(command, stdout=log, stderr=log, cwd="/")
        _await(self._process, self.address)

    def stop(self, mode: str = "immediate") -> None:
        """Stop it: `immediate` is as good as a crash, `fast` breaks every connection off in order."""
        if self._process is None:
            return
        stop = [*_owner(), _program("pg_ctl"), "-D", self._data, "-m", mode, "stop"]
        subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        self._process.wait(START_SECONDS)
        self._process = None


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """A running server whose files are in `folder`; its address without a database. Raises Missing."""
    running = Server(folder)
    try:
        running.start()
        yield running.address
    finally:
        running.stop()


def version(address: str) -> str:
    with psycopg.connect(f"{address}/postgres") as connection:
        return connection.info.parameter_status("server_version") or "unknown"


def _await(process: "subprocess.Popen[bytes]", address: str) -> None:
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: float(path.name), reverse=True)
    folders = [*(str(version / "bin") for version in versions), os.environ.get("PATH", "")]
    found = shutil.which(name, path=os.pathsep.join(folders))
    if found is None:
        raise Missing(f"PostgreSQL's {name} is not installed (apt-get install postgresql)")
    return found


def _owner() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
