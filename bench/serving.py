"""An installation with a course and people who are known, and its web server in a process of its own."""

import os
import subprocess
import sys
import time
import urllib.error
import urllib.request
import uuid
from base64 import b64encode
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from sqlalchemy.orm import Session

from bench.samples import World
from lms.core.database import Database
from lms.core.migrating import upgrade
from lms.settings import Settings, read_settings
from lms.xapi.models import Scope
from lms.xapi.services import add_client
from tests.factories.learning import HOME, make_course
from tracking.identities.keys import local_key
from tracking.identities.services import claim_many
from tracking.rates.services import Placement, place_many

START_SECONDS = 60
COURSES, LESSONS, VILLAGES = 5, 4, 50


@dataclass(frozen=True)
class Installation:
    """`key` is that of the client which may write; `authorization` its header."""

    settings: Settings
    world: World
    key: str
    authorization: str


def environment(folder: Path, url: str, port: int, workers: int) -> dict[str, str]:
    return {
        "LMS_DATA": str(folder),
        "LMS_DATABASE_URL": url,
        "LMS_PUBLIC_URL": HOME,
        "LMS_LOG_LEVEL": "WARNING",
        "LMS_WEB_WORKERS": str(workers),
        "PORT": str(port),
    }


def install(given: dict[str, str], people: int, scopes: Sequence[Scope] = (Scope.WRITE,)) -> Installation:
    """Make the tables, courses and people (claimed and placed, as an import does), and a client."""
    settings = read_settings(given, dotenv=None)
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    with database.transaction() as session:
        courses = [make_course(session, f"course-{number}", lessons=LESSONS) for number in range(COURSES)]
        lessons = [lesson.iri for course in courses for lesson in course.versions[0].lessons]
        client, secret = add_client(session, "bench", scopes, secret_key=settings.secret_key, actor=None)
        key = client.key
    learners = [uuid.UUID(int=number + 1) for number in range(people)]
    with database.transaction() as session:
        make_known(session, learners)
    database.close()
    authorization = "Basic " + b64encode(f"{key}:{secret}".encode()).decode()
    world = World(HOME, [str(learner) for learner in learners], lessons)
    return Installation(settings, world, key, authorization)


def make_known(session: Session, learners: Sequence[uuid.UUID]) -> None:
    """Have the learners claimed, and placed in units, as an import does."""
    claim_many(session, [(local_key(str(learner)), learner) for learner in learners])
    placed = enumerate(learners)
    place_many(
        session,
        [
            Placement(learner, number % VILLAGES + 1, "citizen", date(2025, 1, 1))
            for number, learner in placed
        ],
    )


@contextmanager
def serving(given: dict[str, str]) -> Iterator[None]:
    """Run `lms web` until the block ends."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    command = [sys.executable, "-m", "lms", "web", "--host", "127.0.0.1"]
    log = Path(given["LMS_DATA"]) / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, env=kept | given, stdout=output, stderr=output, cwd=given["LMS_DATA"]
        )
    try:
        _await(process, int(given["PORT"]), log)
        yield
    finally:
        process.terminate()
        process.wait(40)


def _await(process: "subprocess.Popen[bytes]", port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _healthy(port):
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"the server did not start:\n{log.read_text(errors='replace')}")
        time.sleep(0.05)


def _healthy(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=5) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
