"""The lines of `make bench` can be measured; how quick anything is, is not asked here."""

import math
from collections.abc import Iterator
from pathlib import Path

import pytest

from bench import commits, parsing, rates, reading, statements
from bench.city import build
from bench.lines import Line, table
from bench.sizes import FULL, QUICK, TINY, sizes_of
from tests.conftest import Databases


def addresses(databases: Databases) -> Iterator[str]:
    while True:
        yield databases.fresh()


def assert_measured(line: Line):
    assert line.ours
    assert line.bare
    assert all(math.isfinite(value) and value > 0 for value in (*line.ours, *line.bare, line.ratio))


@pytest.mark.parametrize(
    "databases", ["postgresql"], indirect=True
)  # what differs is tested without a server
def test_statements_through_a_server_are_measured_and_all_of_them_are_stored(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    small = [statements.Kind(kind.name, kind.size, 4, 20, 2) for kind in statements.KINDS]
    monkeypatch.setattr(statements, "KINDS", tuple(small))
    monkeypatch.setattr(statements, "WORKERS", 1)
    monkeypatch.setattr(statements, "CLIENTS", 1)
    lines = statements.measure("any", addresses(databases), tmp_path / "server", TINY)
    assert [line.name for line in lines] == ["statements, one a request", "statements, 100 a request"]
    for line in lines:
        assert_measured(line)
        assert line.details["answered 503"] == 0


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # likewise
def test_reading_is_measured_among_few_and_many_statements(databases: Databases, tmp_path: Path):
    lines = reading.measure("any", databases.fresh(), tmp_path / "server", TINY)
    assert len(lines) == 7
    for line in lines:
        assert_measured(line)


@pytest.mark.parametrize("databases", ["sqlite"], indirect=True)  # two servers are started: once is enough
def test_commits_are_measured_and_none_is_lost(
    databases: Databases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(commits, "WORKERS", 1)
    lines = commits.measure("any", addresses(databases), tmp_path / "server", TINY)
    assert len(lines) == 5
    for line in [*lines, *commits.weights()]:
        assert_measured(line)


def test_counters_and_group_by_are_measured_where_they_agree(databases: Databases):
    lines = rates.measure("any", databases.fresh(), TINY)
    assert len(lines) == len(rates.DAYS)
    for line in lines:
        assert_measured(line)


def test_a_counter_that_is_wrong_stops_the_measuring(database_url: str, monkeypatch: pytest.MonkeyPatch):
    def build_wrong(database, sizes):
        city = build(database, sizes)
        with database.engine.begin() as connection:
            connection.exec_driver_sql("UPDATE completed_total SET completed = completed + 1")
        return city

    monkeypatch.setattr(rates, "build", build_wrong)
    with pytest.raises(RuntimeError, match="disagree"):
        rates.measure("any", database_url, TINY)


def test_parsing_is_measured_singly_and_in_batches():
    lines = parsing.measure(TINY)
    assert len(lines) == 2
    for line in lines:
        assert_measured(line)


def test_a_table_tells_medians_spreads_and_ratios():
    line = Line("rate of all", "SQLite", "ms", more_is_better=False, ours=[4, 2, 3], bare=[30, 20, 90])
    told = table([line]).splitlines()[-1].split()
    assert told == ["rate", "of", "all", "SQLite", "ms", "3", "2-4", "30", "20-90", "0.10x"]


def test_the_environment_chooses_the_sizes():
    assert sizes_of({}) is FULL
    assert sizes_of({"BENCH_QUICK": "0"}) is FULL
    assert sizes_of({"BENCH_QUICK": "1"}) is QUICK
