from datetime import timedelta
from uuid import UUID

from tests.tracking.cast import AN, NOON, TODAY, days, keep, known, rate, said, voiding
from tracking.rates.services import place
from tracking.statements.queries import Filter, statement, statements, voided_statement


def settled(session):
    known(session, AN)
    place(session, AN, 1, "officer", TODAY - days(30), NOON)


def number(item):
    return UUID(item["id"])


def test_a_voided_statement_is_found_only_as_a_voided_one_and_its_voider_as_any_other(session):
    sent = said(AN)
    void = voiding(sent)
    keep(session, sent)
    assert keep(session, void).voided == [number(sent)]
    assert statement(session, number(sent)) is None
    assert voided_statement(session, number(sent)) is not None
    assert statement(session, number(void)) is not None
    assert voided_statement(session, number(void)) is None
    assert len(statements(session, Filter()).statements) == 1


def test_a_voided_completion_counts_no_longer(session):
    settled(session)
    sent = said(AN)
    keep(session, sent)
    assert rate(session, 1) == (1, 1)
    [change] = keep(session, voiding(sent), now=NOON + days(1)).completions
    assert (change.before, change.completed_at, change.statement_id) == (NOON, None, None)
    assert rate(session, 1) == (0, 1)
    assert rate(session, 1, known_on=TODAY) == (1, 1)


def test_after_a_voiding_the_next_best_statement_counts(session):
    settled(session)
    first, second = said(AN, at=NOON - days(3)), said(AN)
    keep(session, first, second)
    [change] = keep(session, voiding(first)).completions
    assert str(change.statement_id) == second["id"]
    assert rate(session, 1, as_of=TODAY - days(1)) == (0, 1)
    assert rate(session, 1) == (1, 1)


def test_a_voiding_statement_may_arrive_before_its_target(session):
    settled(session)
    sent = said(AN)
    assert keep(session, voiding(sent)).voided == []
    outcome = keep(session, sent, now=NOON + timedelta(hours=1))
    assert outcome.voided == [number(sent)]
    assert outcome.completions == []
    assert statement(session, number(sent)) is None
    assert rate(session, 1) == (0, 1)


def test_target_and_voider_may_come_in_one_batch_in_any_order(session):
    settled(session)
    first, second = said(AN), said(AN)
    keep(session, first, voiding(first), voiding(second), second)
    assert voided_statement(session, number(first)) is not None
    assert voided_statement(session, number(second)) is not None
    assert rate(session, 1) == (0, 1)


def test_a_voiding_statement_cannot_be_voided(session):
    settled(session)
    sent = said(AN)
    void = voiding(sent)
    keep(session, sent, void)
    assert keep(session, voiding(void)).voided == []
    assert statement(session, number(void)) is not None
    assert rate(session, 1) == (0, 1)


def test_voiding_twice_changes_nothing_more(session):
    settled(session)
    sent = said(AN)
    keep(session, sent)
    keep(session, voiding(sent))
    again = keep(session, voiding(sent), now=NOON + days(1))
    assert (again.voided, again.completions) == ([], [])


def test_what_takes_the_place_of_a_voided_statement_may_come_with_the_voiding(session):
    """What stood was seen before the voiding, and must not be what the new statement is measured against."""
    settled(session)
    first, later = said(AN, at=NOON - days(3)), said(AN)
    keep(session, first)
    changes = keep(session, voiding(first), later).completions
    assert [change.completed_at for change in changes] == [None, NOON]
    assert rate(session, 1) == (1, 1)
