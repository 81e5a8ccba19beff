"""What the figures were measured on."""

import os
import platform
import sqlite3
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any


def facts() -> dict[str, Any]:
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _commit(),
        "processor": _field("/proc/cpuinfo", "model name") or platform.processor(),
        "cores": os.cpu_count(),
        "memory": _field("/proc/meminfo", "MemTotal"),
        "load before": os.getloadavg()[0],
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "sqlite": sqlite3.sqlite_version,
        "packages": {name: version(name) for name in ("granian", "flask", "sqlalchemy", "psycopg", "orjson")},
    }


def told(found: dict[str, Any]) -> str:
    packages = ", ".join(f"{name} {number}" for name, number in found["packages"].items())
    return (
        f"{found['at']}  commit {found['commit']}\n"
        f"{found['processor']}, {found['cores']} cores, {found['memory']}, "
        f"load {found['load before']:.1f} before, {found['system']}\n"
        f"Python {found['python']}, SQLite {found['sqlite']}, {packages}"
    )


def _field(file: str, name: str) -> str | None:
    """The value in a file of `name: value` lines, where the system has one."""
    path = Path(file)
    if not path.is_file():
        return None
    for line in path.read_text(encoding="utf-8").splitlines():
        key, colon, value = line.partition(":")
        if colon and key.strip() == name:
            return value.strip()
    return None


def _commit() -> str:
    """The commit measured, with a plus where files have changed since."""
    command = ["git", "describe", "--always", "--dirty=+"]
    try:
        found = subprocess.run(command, capture_output=True, text=True, check=True, cwd=Path(__file__).parent)
    except (OSError, subprocess.CalledProcessError):
        return "unknown"
    return found.stdout.strip()
