"""Every page is read from the indexes of its words, in order, whatever the database guesses."""

import re
from itertools import product
from uuid import UUID

import pytest
from sqlalchemy import text

from tests.tracking.cast import AN, NOON, account, keep, said
from tracking.statements.agents import identifier
from tracking.statements.asking import beginnings, depths
from tracking.statements.filters import Filter, sought

AGENT = identifier(account(str(AN)))
CONDITIONS = {
    "agent": AGENT,
    "verb": said(AN)["verb"]["id"],
    "activity": said(AN)["object"]["id"],
    "registration": UUID(int=1),
    "authority": AGENT,
}
# What must not be in a plan: reading a whole table or index, and sorting.
WRONG = {
    "postgresql": re.compile(r"Seq Scan|Sort|Bitmap|Hash|Merge Join"),
    "sqlite": re.compile(r"SCAN (?!s\d|CONSTANT)|TEMP B-TREE"),
}


@pytest.fixture
def plan(session):
    """How the database would answer."""
    keep(session, said(AN), said(account("b")))
    dialect = session.get_bind().dialect.name
    explain = "EXPLAIN QUERY PLAN " if dialect == "sqlite" else "EXPLAIN "

    def tell(question, given):
        bound = text(explain + question.text).bindparams(*question._bindparams.values())
        rows = session.connection().execute(bound, given).all()
        lines = "\n".join(str(row[-1]) for row in rows)
        return lines, WRONG[dialect].search(lines)

    return tell


@pytest.mark.parametrize("ascending", [True, False])
def test_no_page_is_sorted_or_read_from_another_index(session, plan, ascending):
    alone = [{name: value} for name, value in CONDITIONS.items()]
    together = [{**one, **other} for one, other in product(alone, alone) if one != other]
    for words in [{}, *alone, *together, CONDITIONS]:
        for related in (False, True):
            wanted = Filter(
                **words,
                related_agents=related,
                related_activities=related,
                since=NOON,
                until=NOON,
                ascending=ascending,
            )
            known = sought(session, wanted)
            given = known.values | {"low": 5, "high": 10, "most": 3, "depth": 4}
            for driver, probing in product(known.shape.conditions or [None], [False, True]):
                lines, wrong = plan(beginnings(known.shape, driver, probing=probing), given)
                assert not wrong, (words, driver, lines)
                used = f"ix_statement_{driver if driver == 'registration' else f'{driver}_id'}_seq"
                assert driver is None or used in lines, (words, driver, lines)
                assert "hashed" not in lines, (words, driver, lines)
                if driver:
                    lines, wrong = plan(depths(known.shape, driver), given)
                    assert not wrong, (words, driver, lines)
