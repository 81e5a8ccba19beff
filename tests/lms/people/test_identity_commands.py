"""`lms people unmatched`, `link`, `unlink`, `merge`, `unmerge`."""

import json
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

from lms.core.commands import PlainGroup
from lms.core.database import Database
from lms.core.runtime import Runtime
from lms.people.cli import people
from tests.lms.people.test_unmatched_pages import COURSE, STRANGER, completed, say
from tracking.statements.agents import identifier

NAME = identifier(STRANGER) or ""
Crowd = dict[str, UUID]


def run(runtime: Runtime, *arguments: str, code: int = 0) -> Any:
    ran = CliRunner().invoke(PlainGroup("lms", commands=[people]), ["people", *arguments], obj=runtime)
    assert ran.exit_code == code, (ran.output, ran.exception)
    return ran


@pytest.fixture
def stranger(database: Database, crowd: Crowd) -> int:
    return say(database, STRANGER)


def test_unknown_actors_are_listed_with_suggestions(runtime: Runtime, stranger: int):
    [found] = json.loads(run(runtime, "unmatched", "--json").stdout)
    assert (found["identifier"], found["statements"], found["completing"]) == (NAME, 1, 1)
    assert found["suggestions"][0]["code"] == "CB2"
    assert "person's code" in found["suggestions"][0]["reasons"][0]
    assert "perhaps CB2 Nguyễn Văn An" in run(runtime, "unmatched").stdout


def test_nobody_is_left(runtime: Runtime, crowd: Crowd):
    assert run(runtime, "unmatched").stdout == "everybody is known\n"
    assert json.loads(run(runtime, "unmatched", "--json").stdout) == []


def test_linking_and_taking_it_back(runtime: Runtime, database: Database, stranger: int, crowd: Crowd):
    linked = json.loads(run(runtime, "link", NAME, "CB2", "--json").stdout)
    assert linked == {"identifier": NAME, "code": "CB2", "statements": 1, "completions": [COURSE]}
    assert completed(database, crowd["CB2"]) == {COURSE}
    unlinked = json.loads(run(runtime, "unlink", NAME, "--json").stdout)
    assert unlinked == {"identifier": NAME, "linked": False}
    assert completed(database, crowd["CB2"]) == set()


def test_merging_and_taking_it_back(runtime: Runtime, database: Database, stranger: int, crowd: Crowd):
    run(runtime, "link", NAME, "CB2")
    merged = json.loads(run(runtime, "merge", "CB2", "CB1", "--json").stdout)
    assert merged == {"code": "CB2", "into": "CB1", "counts_for": "CB1"}
    assert completed(database, crowd["CB1"]) == {COURSE}
    parted = json.loads(run(runtime, "unmerge", "CB2", "--json").stdout)
    assert parted == {"code": "CB2", "counted_for": "CB1"}
    assert (completed(database, crowd["CB1"]), completed(database, crowd["CB2"])) == (set(), {COURSE})


REFUSED = [
    (("link", "account:https://x.vn|y", "CB2"), "Nothing has been recorded"),
    (("link", NAME, "nobody"), "There is no person"),
    (("unlink", NAME), "not linked to anybody"),
    (("merge", "CB1", "CB1"), "one already"),
    (("merge", "CB1", "nobody"), "There is no person"),
    (("unmerge", "CB1"), "not merged"),
]


def test_what_cannot_be_is_refused_in_plain_words(runtime: Runtime, stranger: int):
    for arguments, told in REFUSED:
        ran = run(runtime, *arguments, code=1)
        assert ran.stderr.startswith("lms: ")
        assert told in ran.stderr


def test_cycles_are_refused(runtime: Runtime, crowd: Crowd):
    run(runtime, "merge", "CB1", "CB2")
    assert "merged into another already" in run(runtime, "merge", "CB1", "CD1", code=1).stderr
    assert "one already" in run(runtime, "merge", "CB2", "CB1", code=1).stderr
