"""PostgreSQL crashes, or is restarted, in the middle of a stream: 503 meanwhile, and nothing is lost."""

import http.client
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench.postgres import Server
from tests import servers
from tests.functional.roster import import_course, load_roster
from tests.functional.serving import Installation
from tests.functional.streaming import BOUND, PATH, Client, Stream, rounds, wait_until

FEW = 2
MODES = ("immediate", "fast")  # as good as a crash; every connection broken off in order

SENTENCE = "Hệ thống đang bận hoặc đang bảo trì."


@pytest.fixture
def postgres() -> Iterator[Server]:
    """A server that keeps its promises: what is committed has reached the disk."""
    with tempfile.TemporaryDirectory(prefix="lms-tests-") as folder:
        Path(folder).chmod(0o755)  # whoever runs PostgreSQL comes through
        try:
            server = Server(Path(folder) / "postgres")
        except servers.Missing as missing:
            if servers.ON_CI:
                pytest.fail(str(missing))
            pytest.skip(str(missing))
        server.start()
        yield server
        server.stop()


@pytest.fixture
def installation(postgres: Server, tmp_path: Path) -> Iterator[Installation]:
    data = tmp_path / "data"
    data.mkdir()
    url = servers.create_database(postgres.address, "lms")
    found = Installation(data, database_url=url, settings={"LMS_WEB_WORKERS": "2"})
    found.lms("db", "upgrade")
    yield found
    if found.process is not None:
        found.kill()


@pytest.mark.slow
def test_a_restart_of_the_database_loses_nothing_and_needs_no_help(installation, postgres):
    load_roster(installation)
    course = import_course(installation)
    client = Client.of(installation)
    installation.start()
    stream = Stream(client, course["iri"])
    times = rounds(FEW)
    for turn in range(times):
        stream.go_on(40 + 17 * turn)
        postgres.stop(MODES[turn % 2])
        refusals = [sender.client.answers[503] for sender in stream.senders]
        everybody_is_told(client)
        wait_until(
            lambda refusals=refusals: all(
                sender.client.answers[503] > before
                for sender, before in zip(stream.senders, refusals, strict=True)
            ),
            "somebody was not told that the database is away",
        )
        postgres.start()
        stream.go_on(40)
    stream.stop()
    stream.check(f"{times} restarts of PostgreSQL")
    assert installation.process is not None
    assert installation.process.poll() is None, "the same server all the time"
    rate = installation.json("rates", "--course", "one-touch", "--unit", "10549")
    assert (rate["completed"], rate["members"]) == (57, 57)


def everybody_is_told(client: Client) -> None:
    """Programs that read, and people; on connections of their own, so that both processes are asked."""
    for _ in range(3):
        reader = client.again()
        status, _ = reader.ask("GET", PATH)
        assert (status, reader.wrong) == (503, [])
        reader.close()
    status, headers, page = visit(client, "/lessons")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert "text/html" in headers["Content-Type"]
    assert SENTENCE in page
    status, headers, _ = visit(client, "/readyz")
    assert (status, headers["Retry-After"]) == (503, "5")
    assert visit(client, "/healthz")[0] == 200
    assert visit(client, "/metrics")[0] == 200


def visit(client: Client, path: str) -> tuple[int, http.client.HTTPMessage, str]:
    """What somebody without a sign-in sees who looks for something that is in the database."""
    connection = http.client.HTTPConnection("127.0.0.1", client.installation.port, timeout=BOUND)
    connection.request("GET", path, headers={"Host": f"localhost:{client.installation.port}"})
    answer = connection.getresponse()
    content = answer.read().decode()
    connection.close()
    return answer.status, answer.headers, content
