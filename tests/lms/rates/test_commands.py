"""`lms rates`, `lms explain`, `lms tracking rebuild`, `lms assign`."""

from datetime import timedelta

import orjson
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import update

from lms.cli import lms
from lms.core.clock import today
from lms.core.database import Database
from lms.settings import Settings
from tests.lms.rates.conftest import Scene
from tracking.rates.models import CompletedTotal


@pytest.fixture
def run(settings: Settings, monkeypatch: pytest.MonkeyPatch):
    """Run a command on the database of the test."""
    monkeypatch.setenv("LMS_DATA", str(settings.data))
    monkeypatch.setenv("LMS_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LMS_SECRET_KEY", settings.secret_key)

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(lms, arguments)

    return invoke


def test_rates_prints_one_json_document(run, scene: Scene):
    result = run("rates", "--course", "qr", "--unit", "10549", "--audience", "officer", "--json")
    assert result.exit_code == 0
    found = orjson.loads(result.stdout)
    assert (found["completed"], found["members"], found["percent"]) == (56, 57, 98.2)
    assert set(found) == {
        "course", "unit", "audience", "as_of", "known_on", "completed", "members", "percent",
        "definition", "children",
    }  # fmt: skip


def test_rates_speaks_in_words_without_json(run, scene: Scene):
    result = run("rates", "--course", "qr", "--by", "unit")
    assert result.stdout.startswith("57/59 (")
    assert "Phường Chu Văn An" in result.stdout


def test_rates_of_an_earlier_day(run, scene: Scene):
    result = run("rates", "--course", "qr", "--unit", "10549", "--as-of", "2025-11-01", "--json")
    found = orjson.loads(result.stdout)
    assert (found["as_of"], found["completed"]) == ("2025-11-01", 16)


def test_explain_prints_members_and_proofs(run, scene: Scene):
    found = orjson.loads(run("explain", "--course", "qr", "--unit", "10549", "--json").stdout)
    assert (found["completed"], found["members"]) == (56, 57)
    proofs = {person["statement"] for person in found["people"] if person["statement"]}
    assert proofs == {str(statement) for statement in scene.statements}
    words = run("explain", "--course", "qr", "--unit", "10549").stdout
    assert str(scene.statements[0]) in words
    assert scene.missing.code in words


def test_what_cannot_be_answered_is_refused_on_stderr(run, scene: Scene):
    tomorrow = str(today() + timedelta(days=1))
    for arguments, sentence in (
        (["--course", "none"], "There is no course"),
        (["--course", "qr", "--unit", "none"], "There is no unit"),
        (["--course", "qr", "--as-of", tomorrow], "has not come yet"),
    ):
        result = run("rates", *arguments, "--json")
        assert (result.exit_code, result.stdout) == (1, "")
        assert sentence in result.stderr


def test_wrong_usage_is_told_apart(run, scene: Scene):
    for arguments in (["rates"], ["rates", "--course", "qr", "--as-of", "31/03/2026"], ["explain", "--no"]):
        assert run(*arguments).exit_code == 2


def test_a_check_finds_no_difference_until_there_is_one_and_a_rebuild_mends_it(
    run, database: Database, scene: Scene
):
    sound = run("tracking", "rebuild", "--check", "--json")
    assert (sound.exit_code, orjson.loads(sound.stdout)["differences"]) == (0, 0)
    with database.transaction() as session:
        session.execute(update(CompletedTotal).values(completed=CompletedTotal.completed + 1))
    for _ in range(2):  # a check changes nothing
        broken = run("tracking", "rebuild", "--check", "--json")
        assert broken.exit_code == 1
        assert orjson.loads(broken.stdout)["differences"] > 0
    assert run("tracking", "rebuild").exit_code == 0
    assert run("tracking", "rebuild", "--check").exit_code == 0
    assert orjson.loads(run("rates", "--course", "qr", "--unit", "10549", "--json").stdout)["completed"] == 56


def test_assign_makes_a_course_mandatory(run, scene: Scene):
    arguments = ["assign", "qr", "--unit", "10549", "--due", "2026-03-31", "--json"]
    first, again = run(*arguments), run(*arguments)
    assert (first.exit_code, again.exit_code) == (0, 0)
    found = orjson.loads(first.stdout)
    assert (found["audience"], found["due"], found["outcome"]) == ("officer", "2026-03-31", "created")
    assert orjson.loads(again.stdout) == {**found, "outcome": "unchanged"}
    assert run("assign", "none", "--unit", "10549", "--due", "2026-03-31").exit_code == 1
    assert run("assign", "qr", "--unit", "none", "--due", "2026-03-31").exit_code == 1
    assert run("assign", "qr", "--unit", "10549", "--due", "soon").exit_code == 2
