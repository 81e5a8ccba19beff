"""The filters of Communication 2.1.3, alone and together, against a plain reading of their words."""

import random
from datetime import timedelta
from uuid import uuid4

import orjson
import pytest

from tests.tracking.cast import AN, BINH, HOME, NOON, keep, said
from tests.tracking.statements import finding
from tracking.rebuild import rebuild
from tracking.statements import merging, queries
from tracking.statements.queries import Filter, statements
from tracking.statements.references import LONGEST_CHAIN
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


def test_each_of_a_thousand_activities_is_found(session):
    """Data 2.4.6.2 bounds no context; the last of them is as good as the first."""
    iris = [f"https://example.org/many/{number}" for number in range(1000)]
    sent = said(AN, context={"contextActivities": {"other": [{"id": iri} for iri in iris]}})
    keep(session, sent)
    for iri in (iris[0], iris[500], iris[-1]):
        found = statements(session, Filter(activity=iri, related_activities=True))
        assert [orjson.loads(raw)["id"] for raw in found.statements] == [sent["id"]]
        assert statements(session, Filter(activity=iri)).statements == []


def test_a_page_holds_no_more_than_so_many_bytes_but_always_one_statement(session, monkeypatch):
    monkeypatch.setattr(queries, "LARGEST_BODY", 2_500)
    sent = [said(AN, result={"response": "x" * size}) for size in (1_000, 1_000, 9_000, 10)]
    keep(session, *sent)
    wanted, more, pages = Filter(ascending=True), None, []
    while more is not None or not pages:
        page = statements(session, wanted, more=more)
        pages.append([orjson.loads(raw)["id"] for raw in page.statements])
        more = page.more
    ids = [one["id"] for one in sent]
    assert pages == [ids[:1], ids[1:2], ids[2:3], ids[3:]]


def test_a_chain_is_followed_for_so_many_steps_and_a_ring_without_end_once(session):
    """2.1.3.s3 is recursive; what clients build of ids that they choose must still come to an end."""
    ids = [str(uuid4()) for _ in range(LONGEST_CHAIN + 2)]
    verb = {"id": "https://example.org/verbs/at-the-end"}
    for number, statement_id in enumerate(ids):
        about = (
            {"object": {"objectType": "StatementRef", "id": ids[number - 1]}} if number else {"verb": verb}
        )
        keep(session, said(AN) | about | {"id": statement_id}, now=NOON + timedelta(seconds=number))
    assert walk(session, Filter(verb=verb["id"], ascending=True), 50) == ids[:-1]
    ring = [str(uuid4()) for _ in range(3)]
    for number, statement_id in enumerate(ring):
        keep(session, said(BINH, object={"objectType": "StatementRef", "id": ring[number - 1]})
             | {"id": statement_id, "verb": {"id": f"https://example.org/verbs/{number}"}})  # fmt: skip
    for number in range(3):
        assert set(walk(session, Filter(verb=f"https://example.org/verbs/{number}"), 2)) == set(ring)
    assert rebuild(session, check=True).differences == 0
