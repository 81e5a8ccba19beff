"""What a statement takes can be measured; how much it is, is not asked here."""

import re

import pytest

from bench import storage
from tests.conftest import Databases
from tests.lms.conftest import build_tables


def test_bytes_of_statements_are_told_by_table_and_index(
    databases: Databases, capsys: pytest.CaptureFixture[str]
):
    name = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[databases.kind]
    storage._measure(name, databases.fresh(databases.template(build_tables)), 120)
    told = capsys.readouterr().out
    count, learners = map(int, re.search(r"(\d+) statements of (\d+) learners", told).groups())
    assert learners == 1
    assert count > storage.COURSES * 6
    assert re.search(r"^ +\d+ bytes a statement", told, re.MULTILINE)
    assert "ix_statement_agent_id_seq" in told
