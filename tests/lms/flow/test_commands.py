"""The commands about sources and destinations."""

import json
from typing import Any

import pytest
from click.testing import CliRunner

from lms.cli import lms
from lms.core.jobs import services as jobs
from lms.core.jobs.models import Job
from lms.flow import cli
from lms.flow.services.running import Run
from tests.lms.flow.conftest import Flow
from tests.lms.flow.fakes import FakeStore, answer, statement
from tests.test_docs import alike, sections


@pytest.fixture
def command(flow: Flow, there: FakeStore, monkeypatch: pytest.MonkeyPatch):
    """Run a command on the tests' database; the store elsewhere is that of the tests."""
    settings = flow.runtime.settings
    monkeypatch.setattr(cli, "Run", lambda *given: Run(*given, send=there))
    monkeypatch.setattr(jobs, "send", lambda _runtime, _job_id: None)
    environment = {
        "LMS_DATA": str(settings.data),
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_SECRET_KEY": settings.secret_key,
    }

    def run(*arguments: str, code: int = 0) -> Any:
        ran = CliRunner().invoke(lms, ["flow", *arguments], env=environment)
        assert ran.exit_code == code, (ran.output, ran.exception)
        return json.loads(ran.stdout) if "--json" in arguments else ran.output

    return run


def documented(name: str) -> Any:
    told = sections()[name].split("```json\n")[1].split("```")[0]
    return json.loads(told)


def test_they_say_that_nothing_is_there(command):
    assert "no sources and no destinations yet" in command("list")
    assert "Nothing is started." in command("pull")
    assert "Nothing is started." in command("retry")


def test_list_tells_how_each_stands(command, flow: Flow, there: FakeStore):
    there.then(answer(500))
    source = flow.source()
    flow.pull(source)
    flow.store(statement(0), statement(1))
    flow.destination(name="City portal")
    portal, one_touch = command("list", "--json")
    assert (portal["state"], portal["behind"], portal["direction"]) == ("behind", 2, "forward")
    assert portal["behind_since"] is not None
    assert (one_touch["state"], one_touch["behind"]) == ("failing", None)
    assert one_touch["problem"] == "Something is wrong there (500)."
    assert alike(documented("lms flow list"), [one_touch])
    assert "from One Touch: Not working, tried again; nothing read yet" in command("list")


def test_pull_reads_to_the_end_and_tells_what_came(command, flow: Flow, there: FakeStore):
    there.statements = [statement(number) for number in range(5)] + [statement(9, verb={"id": "x"})]
    source = flow.source()
    (told,) = command("pull", "--json")
    assert (told["new"], told["refused"], told["finished"], told["problem"]) == (5, 1, True, None)
    assert alike(documented("lms flow pull"), [told])
    assert "0 new, 0 known, 0 refused" in command("pull", str(source))


def test_forward_sends_to_the_end(command, flow: Flow, there: FakeStore):
    flow.store(statement(0))
    flow.destination()
    (told,) = command("forward", "--json")
    assert (told["new"], told["finished"]) == (1, True)
    assert alike(documented("lms flow forward"), [told])
    assert len(there.kept) == 1


def test_what_does_not_work_ends_with_1_and_the_sentence(command, flow: Flow, there: FakeStore):
    flow.source()
    there.then(answer(401))
    assert "does not accept the key" in command("pull", code=1)


def test_a_number_of_the_wrong_kind_is_refused(command, flow: Flow):
    source, destination = flow.source(), flow.destination()
    assert "It is a source" in command("forward", str(source), code=1)
    assert "It is a destination" in command("pull", str(destination), code=1)
    assert "There is no such platform" in command("pull", "99", code=1)


def test_what_is_paused_is_not_run(command, flow: Flow):
    source = flow.source(started=False)
    assert "Start it first" in command("pull", str(source), code=1)
    assert "Start it first" in command("retry", str(source), code=1)
    assert command("pull", "--json") == []


def test_retry_clears_what_stood_in_the_way_and_queues(command, flow: Flow, there: FakeStore):
    there.then(answer(401))
    there.statements = [statement(0, verb={"id": "x"})]
    source = flow.source()
    flow.pull(source)
    assert flow.look(source).stopped
    command("retry", str(source))
    flow.pull(source)
    (told,) = command("retry", "--dead-letters", "--json")
    assert told == {"number": source, "name": "One Touch", "dead_letters": 1}
    assert alike(documented("lms flow retry"), [told])
    row = flow.look(source)
    assert not row.stopped
    with flow.database.snapshot() as session:
        assert session.get_one(Job, row.job_id).kind == "flow.pull"


def test_doctor_tells_of_what_is_stopped(flow: Flow, there: FakeStore):
    from lms.flow.health import flow as check

    (fine,) = check(flow.runtime)
    assert (fine.ok, fine.say) == (True, "0 record stores elsewhere, 0 statements refused")
    there.then(answer(401))
    flow.pull(flow.source())
    (wrong,) = check(flow.runtime)
    assert not wrong.ok
    assert "One Touch: Stopped, needs you" in wrong.say
    assert "does not accept the key" in wrong.say
