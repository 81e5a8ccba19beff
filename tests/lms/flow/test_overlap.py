"""A statement that is committed late, with a lower number, is forwarded all the same (PostgreSQL).

SQLite has one writer at a time.
"""

import pytest

from lms.core.record import store_statements
from tests.lms.flow.conftest import CLIENT, Flow
from tests.lms.flow.fakes import FakeStore, statement

pytestmark = pytest.mark.parametrize("databases", ["postgresql"], indirect=True)


def test_a_statement_that_is_committed_after_a_later_one_is_not_passed_over(flow: Flow, there: FakeStore):
    settings = flow.runtime.settings
    flow.store(statement(1), statement(2))  # whose words are then known: nobody waits for another's
    destination = flow.destination(from_beginning=False)
    slow, quick = statement(1), statement(2)
    session = flow.database.writing()
    try:
        store_statements(session, [slow], settings=settings, authority=CLIENT)
        flow.store(quick)
        assert flow.forward(destination).finished
        assert there.order == [], "a lower number may still be committed"
        session.commit()
    finally:
        session.close()
    assert flow.forward(destination).new == 2
    assert there.order == [slow["id"], quick["id"]]


def test_a_destination_that_gets_what_comes_from_now_on_gets_what_was_under_way(flow: Flow, there: FakeStore):
    settings = flow.runtime.settings
    flow.store(statement(1))
    slow = statement(1)
    session = flow.database.writing()
    try:
        store_statements(session, [slow], settings=settings, authority=CLIENT)
        destination = flow.destination(from_beginning=False)
        session.commit()
    finally:
        session.close()
    flow.forward(destination)
    assert there.order == [slow["id"]]
