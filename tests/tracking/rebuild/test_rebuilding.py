import pytest
from sqlalchemy import delete, insert, update

from tests.tracking.cast import (
    AN,
    BINH,
    CHI,
    COURSE,
    DUNG,
    NOON,
    TODAY,
    account,
    days,
    keep,
    known,
    rate,
    said,
    voiding,
)
from tracking.completions.services import demand_passing
from tracking.identities.merging import merge
from tracking.identities.services import claim
from tracking.rates.models import CompletedChange, CompletedTotal, MemberChange, MemberTotal
from tracking.rates.services import place, remove
from tracking.rebuild import rebuild
from tracking.record.completions import Completion, Evidence
from tracking.record.mergers import Merger
from tracking.record.models import Agent, Resolution, Statement

WRONG = {
    "an outcome forgotten": update(Statement).values(outcome=None),
    "an outcome invented": update(Statement).where(Statement.outcome.is_(None)).values(outcome=1),
    "a wrong day": update(Statement).values(happened_on=TODAY - days(1)),
    "a voiding forgotten": update(Statement).values(voided_at=None),
    "a voiding invented": update(Statement)
    .where(Statement.voided_at.is_(None), Statement.voids.is_(None))
    .values(voided_at=NOON),
    "a learner forgotten": update(Agent).values(learner=None, linked_at=None),
    "a resolution forgotten": delete(Resolution),
    "the end of a chain forgotten": update(Merger).where(Merger.learner == DUNG).values(standing=CHI),
    "evidence lost": delete(Evidence),
    "evidence moved": update(Evidence).values(known_at=NOON + days(1)),
    "completions lost": delete(Completion),
    "a completion moved": update(Completion).values(completed_on=TODAY - days(2)),
    "a total too high": update(CompletedTotal).values(completed=CompletedTotal.completed + 1),
    "a change lost": delete(CompletedChange),
    "a change invented": insert(CompletedChange).values(
        activity_id=1, audience="officer", day=TODAY, unit=99, delta=1
    ),
    "members lost": delete(MemberTotal),
    "a member moved": update(MemberChange).values(unit=MemberChange.unit + 10),
}


@pytest.fixture
def lived(session):
    """A little of everything has happened."""
    known(session, AN, BINH)
    place(session, AN, 1, "officer", TODAY - days(30), NOON)
    place(session, BINH, 2, "officer", TODAY - days(30), NOON)
    wrong = said(AN, at=NOON - days(9))
    keep(session, wrong, voiding(wrong), said(AN), said(BINH, result={"success": False}))
    keep(session, said(account("stranger")))
    demand_passing(session, COURSE, demanded=True, now=NOON)
    place(session, AN, 2, "officer", TODAY - days(1), NOON)
    known(session, CHI, DUNG)
    place(session, DUNG, 2, "officer", TODAY - days(40), NOON)
    keep(session, said(DUNG, at=NOON - days(4)))
    remove(session, BINH, TODAY + days(5), NOON)
    claim(session, "local:stranger", BINH, NOON)
    merge(session, DUNG, CHI, NOON)
    merge(session, CHI, AN, NOON)
    session.flush()


def answers(session):
    return [
        rate(session, unit, as_of=TODAY + days(shift), known_on=known_on)
        for unit in (1, 2)
        for shift in (-2, 0, 6)
        for known_on in (None, TODAY)
    ]


def test_nothing_differs_after_ordinary_life(session, lived):
    report = rebuild(session, check=True)
    assert report.differences == 0
    assert set(report.details.values()) == {0}


@pytest.mark.parametrize("name", WRONG)
def test_whatever_went_wrong_is_counted_by_a_check_and_put_right_by_a_rebuild(session, lived, name):
    before = answers(session)
    changed = session.execute(WRONG[name].execution_options(synchronize_session=False))
    assert changed.rowcount != 0
    assert rebuild(session, check=True).differences > 0
    assert rebuild(session, check=True).differences > 0  # a check changes nothing
    assert rebuild(session, now=NOON).differences > 0
    assert rebuild(session, check=True).differences == 0
    assert answers(session) == before


def test_a_counter_at_zero_is_no_difference(session, lived):
    session.execute(insert(MemberTotal).values(audience="citizen", unit=5, members=0))
    assert rebuild(session, check=True).differences == 0


def test_a_check_in_a_fresh_session_holds_nobody_up(engine, session, lived):
    session.commit()
    assert rebuild(session, check=True).differences == 0
