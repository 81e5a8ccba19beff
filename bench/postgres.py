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


@contextmanager
def server(folder: Path) -> Iterator[str]:
    """Start a server whose files are in `folder`; its address without a database. Raises Missing."""
    folder.mkdir(parents=True)
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, port = str(folder / "data"), free_port()
    create = [_program("initdb"), "-D", data, "-A", "trust", "-U", "lms", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*_owner(), *create], check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = [part for name, value in DURABLE.items() for part in ("-c", f"{name}={value}")]
    command = [_program("postgres"), "-D", data, "-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    with (folder.parent / "postgres.log").open("w") as log:
        process = subprocess.Popen([*_owner(), *command, *settings], stdout=log, stderr=log, cwd="/")
    try:
        address = f"postgresql://lms@127.0.0.1:{port}"
        _await(process, address)
        yield address
    finally:
        stop = [*_owner(), _program("pg_ctl"), "-D", data, "-m", "immediate", "stop"]
        subprocess.run(stop, check=False, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/")
        process.wait(START_SECONDS)


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
