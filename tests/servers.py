"""Private servers for tests: started when first wanted, shared by all workers, stopped when the tests end."""

import fcntl
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

# Set by the process that pytest was started in, inherited by its workers.
FOLDER = "LMS_TEST_SERVERS"
ON_CI = os.environ.get("CI", "").lower() == "true"

_SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "autovacuum": "off",  # nothing is counted behind a test's back, and plans stay what they were
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "max_wal_size": "128MB",
}
_MEMORY = Path("/dev/shm")
_ROOM = 4 * 1024**3  # bytes; a whole run takes a tenth of it


class Missing(Exception):
    """A server program that is not installed."""


def open_folder() -> Path:
    """The folder of this run, in which its workers find each other's servers, and where all its files lie.

    It is in memory where there is room for it, unless TMPDIR says where: two thousand databases are made,
    each of some 300 files.
    """
    in_memory = "TMPDIR" not in os.environ and _has_room(_MEMORY)
    folder = Path(tempfile.mkdtemp(prefix="lms-tests-", dir=_MEMORY if in_memory else None))
    folder.chmod(0o755)  # PostgreSQL, which does not run as root, comes through
    (folder / "temporary").mkdir()
    os.environ[FOLDER] = str(folder)
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder / "temporary")
    return folder


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free >= _ROOM


def close_folder(folder: Path) -> None:
    pid_file = folder / "postgres" / "data" / "postmaster.pid"
    if pid_file.exists():
        data = str(pid_file.parent)
        stop = [*_as_postgres(), _program("pg_ctl"), "-D", data, "-m", "immediate", "-w", "stop"]
        subprocess.run(stop, check=True, stdout=subprocess.DEVNULL, cwd="/")
    shutil.rmtree(folder, ignore_errors=True)


def postgres() -> str:
    """The address (for psycopg, without a database) of the PostgreSQL server of this run."""
    folder = Path(os.environ[FOLDER])
    address = folder / "postgres.address"
    with _locked(folder / "postgres.lock"):
        if not address.exists():
            address.write_text(_start_postgres(folder / "postgres"))
    return address.read_text()


KNOWS_STRATEGIES = 15_00_00


def create_database(server: str, name: str, template: str = "template0") -> str:
    """A fresh database; its address for SQLAlchemy."""
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        # Copied as files, not through the log: half the time, two thousand times.
        strategy = "STRATEGY FILE_COPY" if connection.info.server_version >= KNOWS_STRATEGIES else ""
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" {strategy}')
    return f"{server}/{name}".replace("postgresql://", "postgresql+psycopg://")


def drop_database(server: str, name: str) -> None:
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def redis() -> Iterator[str]:
    """The address of a Redis server of one's own, which keeps nothing on disk."""
    program = shutil.which("redis-server")
    if program is None:
        raise Missing("Redis is not installed (apt-get install redis-server)")
    port = free_port()
    command = [program, "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=tempfile.gettempdir())
    try:
        client = Redis(port=port)
        _await_redis(client)
        client.close()
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.wait(10)


def _await_redis(client: Redis) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            client.ping()
        except RedisConnectionError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.02)
        else:
            return


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _start_postgres(folder: Path) -> str:
    folder.mkdir()
    if os.geteuid() == 0:
        owner = pwd.getpwnam("postgres")
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data, port = str(folder / "data"), free_port()
    create = [_program("initdb"), "-D", data, "-A", "trust", "-U", "lms", "-E", "UTF8", "--locale=C.UTF-8"]
    subprocess.run([*_as_postgres(), *create, "--no-sync"], check=True, stdout=subprocess.DEVNULL, cwd="/")
    settings = [part for name, value in _SETTINGS.items() for part in ("-c", f"{name}={value}")]
    listen = ["-k", str(folder), "-h", "127.0.0.1", "-p", str(port)]
    with (folder.parent / "postgres.log").open("w") as log:
        process = subprocess.Popen(
            [*_as_postgres(), _program("postgres"), "-D", data, *listen, *settings],
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd="/",
            start_new_session=True,
        )
    address = f"postgresql://lms@127.0.0.1:{port}"
    _await(process, address, folder.parent / "postgres.log")
    return address


def _await(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    deadline = time.monotonic() + 30
    while True:
        try:
            psycopg.connect(f"{address}/postgres").close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"PostgreSQL did not start: {log.read_text()}") from error
            time.sleep(0.05)
        else:
            # The server outlives this worker, and is stopped by the process that pytest was started in.
            process.returncode = 0
            return


def _program(name: str) -> str:
    versions = sorted(Path("/usr/lib/postgresql").glob("*"), key=lambda path: float(path.name), reverse=True)
    folders = [str(version / "bin") for version in versions]
    found = shutil.which(name, path=os.pathsep.join([*folders, os.environ.get("PATH", "")]))
    if found is None:
        raise Missing(f"PostgreSQL's {name} is not installed (apt-get install postgresql)")
    return found


def _as_postgres() -> list[str]:
    """PostgreSQL refuses to run as root."""
    return ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
