"""Unknown actors: listing them, saying who they are, taking that back, setting them aside."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.audit import Act, AuditEntry
from lms.core.database import Database
from lms.core.record import keep, our_authority
from tests.factories.learning import make_course
from tests.factories.people import HOME_PAGE
from tests.profiles.ours import pretended
from tracking.completions.queries import completions_of
from tracking.record.models import Agent
from tracking.statements.agents import identifier

SignedIn = Callable[[str], FlaskClient]
Crowd = dict[str, UUID]

COURSE = f"{HOME_PAGE}/courses/qr"
STRANGER = {"account": {"homePage": "https://onetouch.example", "name": "CB2"}, "name": "Nguyen Van An"}
DAY = datetime(2025, 11, 1, 2, 0, tzinfo=UTC)


def say(database: Database, actor: dict[str, Any], verb: str = "completed", activity: str = COURSE) -> int:
    """Store a statement; the number of its actor."""
    statement = {
        "id": str(uuid4()),
        "actor": actor,
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": activity, "definition": {"name": {"vi": "Quét mã QR an toàn"}}},
        "timestamp": DAY.isoformat(),
    }
    with database.transaction() as session:
        keep(session, pretended([statement]), home_page=HOME_PAGE, authority=our_authority(HOME_PAGE))
        wanted = select(Agent.id).where(Agent.identifier == identifier(actor), Agent.kind == "agent")
        return session.scalars(wanted).one()


@pytest.fixture
def stranger(database: Database, crowd: Crowd) -> int:
    """An actor of another platform, whose name there is An's code: three statements, one completing."""
    say(database, STRANGER, "initialized")
    say(database, STRANGER, "progressed")
    return say(database, STRANGER)


def completed(database: Database, person: UUID) -> set[str]:
    with database.snapshot() as session:
        return set(completions_of(session, person))


def acts(database: Database, act: Act) -> list[AuditEntry]:
    with database.snapshot() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.act == act)))


def test_they_are_listed_with_counts_and_the_likeliest_suggestion(signed_in: SignedIn, stranger: int):
    page = signed_in("administrator").get("/people/unmatched/").text
    for words in ("1 actor", "https://onetouch.example", "Nguyen Van An", "Very likely", "Phường Chu Văn An"):
        assert words in page
    assert "account name is this person&#39;s code" in page.replace("’", "'")


def test_linking_tells_what_will_count_and_lets_it_count_at_once(
    signed_in: SignedIn, database: Database, stranger: int, crowd: Crowd
):
    client = signed_in("administrator")
    address = f"/people/unmatched/{stranger}/link/{crowd['CB2']}"
    page = client.get(address).text
    assert "3 statements, 1 of them completes something" in page
    assert "Quét mã QR an toàn" in page
    assert completed(database, crowd["CB2"]) == set()
    answer = client.post(address, follow_redirects=True)
    assert "3 statements count for Nguyễn Văn An from now on." in answer.text
    assert "linked by hand" in answer.text
    assert completed(database, crowd["CB2"]) == {COURSE}
    assert "Everybody is known" in client.get("/people/unmatched/").text
    [entry] = acts(database, Act.ACTOR_LINKED)
    assert (entry.subject, entry.detail) == (str(crowd["CB2"]), {"agent": stranger})


def test_a_link_makes_a_course_of_lessons_complete(signed_in: SignedIn, database: Database, crowd: Crowd):
    with database.transaction() as session:
        make_course(session, "hai-bai", lessons=2)
    lessons = [f"{HOME_PAGE}/courses/hai-bai/lessons/item-{number}" for number in (0, 1)]
    numbers = {say(database, STRANGER, activity=lesson) for lesson in lessons}
    signed_in("administrator").post(f"/people/unmatched/{numbers.pop()}/link/{crowd['CB2']}")
    assert completed(database, crowd["CB2"]) == {*lessons, f"{HOME_PAGE}/courses/hai-bai"}


def test_what_is_completed_already_is_not_told_as_new(
    signed_in: SignedIn, database: Database, stranger: int, crowd: Crowd
):
    say(database, {"account": {"homePage": HOME_PAGE, "name": "CB2"}})
    page = signed_in("administrator").get(f"/people/unmatched/{stranger}/link/{crowd['CB2']}").text
    assert "No completion comes from it" in page


def test_a_link_is_taken_back_from_the_page_of_the_person(
    signed_in: SignedIn, database: Database, stranger: int, crowd: Crowd
):
    client = signed_in("administrator")
    client.post(f"/people/unmatched/{stranger}/link/{crowd['CB2']}")
    assert f"/people/unmatched/{stranger}/unlink" in client.get(f"/people/{crowd['CB2']}/").text
    assert "Is this not Nguyễn Văn An?" in client.get(f"/people/unmatched/{stranger}/unlink").text
    assert client.post(f"/people/unmatched/{stranger}/unlink").status_code == 302
    assert completed(database, crowd["CB2"]) == set()
    assert "formerly" in client.get(f"/people/{crowd['CB2']}/").text
    assert len(acts(database, Act.ACTOR_UNLINKED)) == 1
    assert client.post(f"/people/unmatched/{stranger}/unlink").status_code == 409


def test_who_is_none_of_ours_is_set_aside_and_listed_again(
    signed_in: SignedIn, database: Database, stranger: int
):
    client = signed_in("administrator")
    answer = client.post(f"/people/unmatched/{stranger}/dismiss", follow_redirects=True)
    assert "is no longer listed" in answer.text
    assert "Everybody is known" in client.get("/people/unmatched/").text
    assert "Nguyen Van An" in client.get("/people/unmatched/?show=dismissed").text
    client.post(f"/people/unmatched/{stranger}/restore")
    assert "1 actor" in client.get("/people/unmatched/").text
    assert [len(acts(database, act)) for act in (Act.ACTOR_DISMISSED, Act.ACTOR_RESTORED)] == [1, 1]


def test_linking_brings_back_who_was_set_aside(
    signed_in: SignedIn, database: Database, stranger: int, crowd: Crowd
):
    client = signed_in("administrator")
    client.post(f"/people/unmatched/{stranger}/dismiss")
    client.post(f"/people/unmatched/{stranger}/link/{crowd['CB2']}")
    client.post(f"/people/unmatched/{stranger}/unlink")
    client.get("/people/unmatched/")  # shows what was done, once
    assert "1 actor" in client.get("/people/unmatched/").text


def test_somebody_else_is_found_by_a_search(signed_in: SignedIn, stranger: int):
    client = signed_in("administrator")
    page = client.get(f"/people/unmatched/{stranger}/?q=cuc").text
    assert "Lê Thị Cúc" in page
    assert "Nobody was found" in client.get(f"/people/unmatched/{stranger}/?q=zzz").text


def test_visitors_who_try_lessons_are_apart(signed_in: SignedIn, database: Database, crowd: Crowd):
    guest = {"account": {"homePage": HOME_PAGE, "name": str(uuid4())}}
    say(database, guest)
    client = signed_in("administrator")
    assert "Everybody is known" in client.get("/people/unmatched/").text
    assert guest["account"]["name"] in client.get("/people/unmatched/?show=guests").text


def test_there_are_pages(signed_in: SignedIn, database: Database, crowd: Crowd, monkeypatch):
    monkeypatch.setattr("lms.people.manage_identities.PAGE", 2)
    for number in range(3):
        say(database, {"mbox": f"mailto:nobody{number}@example.org"})
    client = signed_in("administrator")
    first = client.get("/people/unmatched/").text
    assert "nobody2@" in first
    assert "nobody0@" not in first
    before = first.split("before=")[1].split('"')[0]
    second = client.get(f"/people/unmatched/?before={before}").text
    assert "nobody0@" in second
    assert "nobody2@" not in second


PAGES = ["", "{agent}/", "{agent}/link/{person}", "{agent}/unlink"]
ACTS = ["{agent}/link/{person}", "{agent}/unlink", "{agent}/dismiss", "{agent}/restore"]


def test_nobody_but_administrators_sees_or_changes_them(
    signed_in: SignedIn, database: Database, stranger: int, crowd: Crowd
):
    for client in [signed_in(who) for who in ("manager", "reporter", "learner")]:
        for page in PAGES:
            address = page.format(agent=stranger, person=crowd["CB2"])
            assert client.get(f"/people/unmatched/{address}").status_code == 403, page
        for act in ACTS:
            address = act.format(agent=stranger, person=crowd["CB2"])
            assert client.post(f"/people/unmatched/{address}").status_code == 403, act
    assert completed(database, crowd["CB2"]) == set()


def test_the_link_to_them_is_on_the_page_of_whoever_may_follow_it(signed_in: SignedIn, crowd: Crowd):
    assert "/people/unmatched/" in signed_in("administrator").get("/people/").text
    assert "/people/unmatched/" not in signed_in("manager").get("/people/").text


def test_who_is_not_there_is_not_found(signed_in: SignedIn, crowd: Crowd):
    client = signed_in("administrator")
    for page, number in product(PAGES[1:], (999, 10**30)):
        address = page.format(agent=number, person=crowd["CB2"])
        assert client.get(f"/people/unmatched/{address}").status_code == 404
    assert client.get(f"/people/unmatched/?before={10**30}").status_code == 200
