"""The filters of Communication 2.1.3, alone and together, against a plain reading of their words."""

import random
from datetime import timedelta
from uuid import uuid4

import orjson
import pytest

from tests.tracking.cast import HOME, NOON
from tests.tracking.statements import finding
from tracking.rebuild import rebuild
from tracking.statements import merging
from tracking.statements.queries import Filter, statements
from tracking.statements.services import store

MANY = 70
QUESTIONS = 100


@pytest.fixture
def shelf(session, request):
    """Some seventy statements of every shape, stored a few at a time in a random order."""
    dice = random.Random(request.param)
    maker = finding.Maker(dice, [str(uuid4()) for _ in range(MANY)])
    made = [maker.statement(one) for one in dice.sample(maker.ids, MANY)]
    shelf, now = finding.Shelf(), NOON
    while made:
        batch, made = made[: dice.randrange(1, 6)], made[6:]
        authority = dice.choice([*finding.AUTHORITIES, finding.PAIR])
        now += timedelta(milliseconds=dice.choice([0, 1, 1000]))
        store(session, batch, authority=authority, version="2.0.0", home_page=HOME, now=now)
        shelf.kept |= {one["id"]: one | {"authority": authority} for one in batch}
    return shelf


def walk(session, wanted, limit):
    """The ids of all pages."""
    found, more = [], None
    while True:
        page = statements(session, wanted, limit=limit, more=more)
        assert len(page.statements) <= limit
        assert page.statements or page.more is None
        found += [orjson.loads(raw)["id"] for raw in page.statements]
        more = page.more
        if more is None:
            return found


@pytest.mark.parametrize("shelf", [1, 2], indirect=True)
def test_every_filter_finds_what_it_names_on_pages_of_any_size(session, shelf, monkeypatch):
    # 2.1.3.s1 (the table of filters), s3 (references), 2.1.4 (voided statements)
    monkeypatch.setattr(merging, "DEPTH", 3)  # so that filters take turns in leading
    dice = random.Random(17)
    for _ in range(QUESTIONS):
        wanted = Filter(**finding.a_filter(dice))
        assert walk(session, wanted, dice.choice([1, 2, 3, 50])) == shelf.found(wanted), wanted
    assert rebuild(session, check=True).differences == 0
