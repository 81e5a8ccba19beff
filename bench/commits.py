"""The commits of player pages over HTTP, beside a bare Flask endpoint that writes one row; a house full of
learners who commit at once; and how heavy the player is.
"""

import http.client
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from uuid import UUID, uuid4

import orjson
from sqlalchemy import select

from bench import bare_commit, serving
from bench.lines import Line
from bench.sizes import Sizes
from lms.core.database import Database
from lms.core.migrating import upgrade
from lms.core.origins import origins_of
from lms.player.models import CourseCompletion, PlaySession
from lms.player.services.launching import launch
from lms.player.tokens import make_token
from lms.settings import read_settings
from tests.factories.learning import make_course
from tests.servers import free_port

WORKERS = 2
PATIENCE = 120  # seconds in which everything that was sent must have been taken in
ROUTINE_PLACE = 3  # of a lesson: three parts of five are done, one question is answered
Found = dict[str, list[list[float]]]
PARTS = ("mo-dau", "nhan", "xem", "hoi", "kiem-tra")
BUILD = Path("lms/static/build")
SCORM = {"SCORM 1.2": "scorm12.js", "SCORM 2004": "scorm2004.js"}


@dataclass
class Page:
    """A player page: where it commits, and what it has sent. `took` are seconds.

    A `routine` one saves again and again at one place of the lesson, so that nothing new is told.
    """

    address: str
    session: UUID
    routine: bool = False
    seq: int = 0
    took: list[float] = field(default_factory=list)

    def next(self, commits: int) -> bytes:
        """The next commit of a lesson: parts are done, questions answered; the last completes it."""
        self.seq += 1
        now, last = time.time() * 1000, self.seq >= commits and not self.routine
        place = ROUTINE_PLACE if self.routine else self.seq
        body = {
            "session": str(self.session),
            "seq": self.seq,
            "at": now,
            "now": now,
            "visible": 15.0 * self.seq,
        }
        cmi = _cmi(place, last=last) | {"suspend_data": f"{self.seq:0600}"}
        return orjson.dumps(body | {"end": "finish" if last else None, "cmi": cmi, "calls": _calls(self.seq)})


def measure(name: str, urls: Iterator[str], folder: Path, sizes: Sizes) -> list[Line]:
    """Two addresses of empty databases are taken: ours and the bare endpoint's."""
    folder.mkdir(parents=True)
    given = serving.environment(folder, next(urls), free_port(), WORKERS)
    pages = _install(given, 2 * sizes.commits * sizes.rounds + sizes.at_once)
    alone, together = pages[: -sizes.at_once], pages[-sizes.at_once :]
    telling: Found = {"ours": [], "bare": []}
    routine: Found = {"ours": [], "bare": []}
    crowd: dict[str, list[float]] = {"ours": [], "bare": []}
    with _bare(next(urls), folder) as bare_port, serving.serving(given):
        ports = {"ours": int(given["PORT"]), "bare": bare_port}
        host = _host(given)
        for turn in range(sizes.rounds):
            learners = alone[2 * turn * sizes.commits : 2 * (turn + 1) * sizes.commits]
            for page in learners[1::2]:
                page.routine = True
            _measure(telling, learners[::2], ports, host)
            _measure(routine, learners[1::2], ports, host)
        for who, port in ports.items():
            crowd[who].append(_all_at_once(_pages(who, together), port, host))
            if who == "ours":
                _prove(given, together)
            _rest(together)
    return [
        Line("a player's commit that tells, median", name, "ms", False, *_each(telling, median)),
        Line("a player's commit that tells, p99", name, "ms", False, *_each(telling, _p99)),
        Line("a player's routine commit, median", name, "ms", False, *_each(routine, median)),
        Line("a player's routine commit, p99", name, "ms", False, *_each(routine, _p99)),
        Line(f"commits of {sizes.at_once} learners at once", name, "1/s", True, crowd["ours"], crowd["bare"]),
    ]


def _measure(found: Found, learners: Sequence[Page], ports: Mapping[str, int], host: str) -> None:
    """Ours and then the bare one. What opens a session is told with its first commit, which no routine is."""
    for who, port in ports.items():
        _one_after_the_other(_pages(who, learners), port, host)
        found[who].append([each for page in learners for each in page.took[page.routine :]])
        _rest(learners)


def weights() -> list[Line]:
    """Compressed kilobytes of what a phone loads to play, beside those of scorm-again alone."""
    names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    weight = {
        name: (BUILD / f"{file}.br").stat().st_size / 1000 for name, file in names.items() if name in _LOADED
    }
    own = weight["player.js"] + weight["player.css"]
    return [
        Line(f"player of {standard}, compressed", "–", "kB", False, [own + weight[file]], [weight[file]])
        for standard, file in SCORM.items()
        if file in weight
    ]


_LOADED = frozenset({"player.js", "player.css", *SCORM.values()})


def _cmi(seq: int, *, last: bool) -> dict[str, Any]:
    answers = {
        str(place): {
            "id": f"cau-{place}",
            "type": "choice",
            "time": "08:00:00",
            "correct_responses": {"0": {"pattern": "a"}},
            "student_response": "a",
            "result": "correct",
            "latency": "00:00:05",
        }
        for place in range(seq // 2)
    }
    states = {
        str(place): {"id": part, "status": "completed" if place < seq or last else "not attempted"}
        for place, part in enumerate(PARTS)
    }
    core = {"lesson_status": "passed" if last else "incomplete", "lesson_location": PARTS[min(seq, 4)],
            "score": {"raw": "100"} if last else {}, "exit": "" if last else "suspend"}  # fmt: skip
    return {"core": core, "objectives": states, "interactions": answers}


def _calls(seq: int) -> list[list[Any]]:
    return [
        [
            seq * 20 + number,
            1000 * seq,
            "LMSSetValue",
            f"cmi.objectives.{number}.status, completed",
            "true",
            0,
            1,
        ]
        for number in range(20)
    ]


def _install(given: dict[str, str], people: int) -> list[Page]:
    """A lesson that each of the learners, who are known and placed, has just opened."""
    settings = read_settings(given, dotenv=None)
    upgrade(settings.database_url)
    database = Database(settings.database_url)
    learners = [uuid4() for _ in range(people)]
    with database.transaction() as session:
        serving.make_known(session, learners)
    with database.transaction() as session:
        lesson = make_course(session, "commits").versions[0].lessons[0]
        opened = [launch(session, lesson, learner, is_guest=False) for learner in learners]
        for play in opened:
            play.opened = True
        pages = [
            Page(f"/play/{make_token(play.id, play.expires, settings.secret_key)}/commit", play.id)
            for play in opened
        ]
    database.close()
    return pages


def _host(given: dict[str, str]) -> str:
    """The host of the content origin on which the lesson is played, by a server on one address alone."""
    return (
        origins_of(read_settings(given | {"LMS_HOST": "127.0.0.1"}, dotenv=None))
        .of("0" * 64)
        .partition("://")[2]
    )


def _pages(who: str, pages: Sequence[Page]) -> Sequence[tuple[str, Page]]:
    return [(page.address if who == "ours" else "/commit", page) for page in pages]


def _rest(pages: Sequence[Page]) -> None:
    for page in pages:
        page.seq, page.took = 0, []


COMMITS = 6  # of one learner


def _one_after_the_other(pages: Sequence[tuple[str, Page]], port: int, host: str) -> None:
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        for path, page in pages:
            for _ in range(COMMITS):
                _send(connection, path, page.next(COMMITS), page, host)


def _all_at_once(pages: Sequence[tuple[str, Page]], port: int, host: str) -> float:
    """Commits taken in a second; a connection for each learner, and told to come again they come again."""
    start = threading.Barrier(len(pages) + 1)
    failed: list[BaseException] = []

    def play(path: str, page: Page) -> None:
        start.wait()
        try:
            _one_after_the_other([(path, page)], port, host)
        except BaseException as error:  # noqa: BLE001  (told by the thread that waits)
            failed.append(error)

    threads = [threading.Thread(target=play, args=each) for each in pages]
    for thread in threads:
        thread.start()
    start.wait()
    begun = time.perf_counter()
    for thread in threads:
        thread.join(PATIENCE)
    if failed:
        raise failed[0]
    return len(pages) * COMMITS / (time.perf_counter() - begun)


def _send(connection: http.client.HTTPConnection, path: str, body: bytes, page: Page, host: str) -> None:
    """Until it is taken in, as the queue of a browser does."""
    deadline = time.monotonic() + PATIENCE
    begun = time.perf_counter()
    while True:
        connection.request("POST", path, body, {"Content-Type": "application/json", "Host": host})
        answer = connection.getresponse()
        said = answer.read()
        if answer.status == 200:
            page.took.append(time.perf_counter() - begun)
            return
        if answer.status != 503 or time.monotonic() > deadline:
            raise RuntimeError(f"{path}: a commit was answered {answer.status}: {said[:300]!r}")


def _prove(given: dict[str, str], pages: Sequence[Page]) -> None:
    """Nothing acknowledged is lost: the last commit of each learner is there, and lesson and course are
    completed.
    """
    database = Database(given["LMS_DATABASE_URL"])
    with database.snapshot() as session:
        plays = session.scalars(
            select(PlaySession).where(PlaySession.id.in_([page.session for page in pages]))
        )
        graduates = set(session.scalars(select(CourseCompletion.learner)))
        kept = [
            play
            for play in plays.unique()
            if play.last_seq == COMMITS and play.attempt.completion and play.attempt.learner in graduates
        ]
    database.close()
    if len(kept) != len(pages):
        raise RuntimeError(f"{len(pages)} learners committed to the end, {len(kept)} of them are kept")


@contextmanager
def _bare(url: str, folder: Path) -> Iterator[int]:
    """The bare endpoint in as many processes as ours, with the same settings of the database."""
    port = free_port()
    database = Database(url)
    bare_commit.metadata.create_all(database.engine)
    database.close()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "bench.bare_commit:application"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", str(WORKERS), "--no-access-log"]
    command += ["--blocking-threads", "16"]
    with (folder / "bare.log").open("ab") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output, env=os.environ | {"BENCH_URL": url})
    try:
        serving._await(process, port, folder / "bare.log")  # noqa: SLF001  (waiting is the same for every server)
        yield port
    finally:
        process.terminate()
        process.wait(40)


def _each(found: Found, of: Any) -> tuple[list[float], list[float]]:
    """Milliseconds of each round, ours and bare."""
    ours, bare = ([1000 * of(times) for times in found[who]] for who in ("ours", "bare"))
    return ours, bare


def _p99(times: Sequence[float]) -> float:
    return quantiles(times, n=100)[98]
