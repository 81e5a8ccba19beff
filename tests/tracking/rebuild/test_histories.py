from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from tests.tracking.cast import (
    AN,
    BINH,
    CHI,
    COMPLETED,
    COURSE,
    INITIALIZED,
    OTHER_COURSE,
    PASSED,
    SATISFIED,
)
from tests.tracking.rebuild.history import AGENTS, AUDIENCES, IDS, MAY_FAIL, UNITS, History
from tracking.rebuild import rebuild
from tracking.times import local_date

learners = st.sampled_from([AN, BINH, CHI])
agents = st.integers(0, len(AGENTS) - 1)
ids = st.integers(0, len(IDS) - 1)
back = st.integers(-3, 8)  # days ago; some are still to come
courses = st.sampled_from([COURSE, COURSE, COURSE, OTHER_COURSE])
statement = st.tuples(
    ids,
    agents,
    st.sampled_from([COMPLETED, COMPLETED, PASSED, SATISFIED, INITIALIZED]),
    courses,
    st.sampled_from([{}, {}, *MAY_FAIL]),
    back,
)
store = st.tuples(st.just("store"), st.lists(statement, min_size=2, max_size=5))
claim = st.tuples(st.just("claim"), agents, learners)
place = st.tuples(st.just("place"), learners, st.sampled_from(UNITS), st.sampled_from(AUDIENCES), back)
pass_time = st.tuples(st.just("pass_time"), st.integers(1, 40))
happening = st.one_of(
    store,
    store,
    place,
    pass_time,
    pass_time,
    claim,
    st.tuples(st.just("void"), ids, ids),
    st.tuples(st.just("release"), agents, learners),
    st.tuples(st.just("link"), agents, st.none() | learners),
    st.tuples(st.just("remove"), learners, back),
    st.tuples(st.just("merge"), learners, learners),
    st.tuples(st.just("merge"), learners, learners),
    st.tuples(st.just("part"), learners),
    st.tuples(st.just("demand"), courses, st.booleans()),
    st.tuples(st.just("demand"), courses, st.just(True)),
)


def begin(history: History) -> None:
    """Two are in a unit and known by an agent, a third is not; some completed, failed or gave up."""
    history.place(AN, 1, "officer", 8)
    history.place(BINH, 2, "citizen", 1)
    history.claim(0, AN)
    history.claim(1, BINH)
    history.store([(0, 0, COMPLETED, COURSE, {}, 5), (1, 1, PASSED, COURSE, {"success": False}, 3)])
    history.store([(2, 2, COMPLETED, COURSE, {}, 1), (3, 3, COMPLETED, OTHER_COURSE, {}, 2)])
    history.store([(4, 1, COMPLETED, OTHER_COURSE, {"completion": False}, 2)])


@pytest.mark.slow
@settings(
    max_examples=50,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(happenings=st.lists(happening, min_size=8, max_size=30))
def test_after_any_history_the_counters_are_those_of_a_plain_count_and_the_past_can_be_read_back(
    engine: Engine, happenings: list[tuple[Any, ...]]
):
    with engine.connect() as connection, Session(connection) as session:
        history = History(session)
        begin(history)
        for name, *arguments in happenings:
            getattr(history, name)(*arguments)
        today = local_date(history.now)
        assert history.record_answers(today, None) == history.model_answers(today)
        history.answers[today] = history.model_answers(today)
        for day, answers in history.answers.items():
            assert history.record_answers(day, day) == answers
        report = rebuild(session, check=True)
        assert report.differences == 0, report.details
        session.rollback()
