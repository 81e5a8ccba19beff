from uuid import UUID

import orjson
import pytest

from tests.tracking.cast import (
    COMPLETED,
    COURSE,
    INITIALIZED,
    NOON,
    OTHER_COURSE,
    account,
    days,
    keep,
    said,
)
from tracking.errors import Refused
from tracking.statements.agents import identifier
from tracking.statements.queries import Filter, statements

REGISTRATION = UUID(int=77)
WANG, LI = account("wang"), account("li")


@pytest.fixture
def four(session):
    """Stored on four days, by two agents with two verbs on two activities."""
    sent = [
        said(WANG, COMPLETED, COURSE),
        said(WANG, INITIALIZED, OTHER_COURSE) | {"context": {"registration": str(REGISTRATION)}},
        said(LI, COMPLETED, COURSE),
        said(LI | {"objectType": "Group"}, INITIALIZED, COURSE),
    ]
    for number, item in enumerate(sent):
        keep(session, item, now=NOON + days(number))
    return [item["id"] for item in sent]


def listed(session, **asked):
    paging = {name: asked.pop(name) for name in ("limit", "more") if name in asked}
    page = statements(session, Filter(ascending=True, **asked), **paging)
    return [orjson.loads(raw)["id"] for raw in page.statements]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, [0, 1, 2, 3]),
        ({"agent": identifier(WANG)}, [0, 1]),
        ({"agent": identifier(LI)}, [2, 3]),
        ({"verb": COMPLETED}, [0, 2]),
        ({"activity": OTHER_COURSE}, [1]),
        ({"registration": REGISTRATION}, [1]),
        ({"since": NOON + days(1)}, [2, 3]),
        ({"until": NOON + days(1)}, [0, 1]),
        ({"agent": identifier(WANG), "verb": COMPLETED}, [0]),
        ({"verb": "http://example.org/never"}, []),
        ({"agent": "account:nobody"}, []),
        ({"agent": "account:no\x00body"}, []),
        ({"activity": "http://example.org/never"}, []),
    ],
)
def test_a_filter_lists_what_it_names(session, four, asked, found):
    assert listed(session, **asked) == [four[number] for number in found]


def test_the_latest_come_first_unless_asked_otherwise(session, four):
    page = statements(session, Filter())
    assert [orjson.loads(raw)["id"] for raw in page.statements] == four[::-1]


@pytest.mark.parametrize("ascending", [True, False])
def test_pages_follow_each_other_without_gap_or_repetition(session, four, ascending):
    wanted, more, seen = Filter(ascending=ascending), None, []
    for _ in range(2):
        page = statements(session, wanted, limit=2, more=more)
        seen += [orjson.loads(raw)["id"] for raw in page.statements]
        more = page.more
    assert seen == (four if ascending else four[::-1])
    assert more is None


def test_what_is_stored_between_two_pages_does_not_disturb_them(session, four):
    first = statements(session, Filter(), limit=2)
    keep(session, said(WANG), now=NOON + days(9))
    second = statements(session, Filter(), limit=2, more=first.more)
    assert [orjson.loads(raw)["id"] for raw in second.statements] == [four[1], four[0]]


def test_a_limit_of_nothing_asks_for_all(session, four):
    assert len(statements(session, Filter(), limit=0).statements) == 4


@pytest.mark.parametrize("token", ["", "-1", "x", "9" * 30, "１"])
def test_a_token_that_nobody_gave_out_is_refused(session, token):
    with pytest.raises(Refused):
        statements(session, Filter(), more=token)
