"""Whom an unknown actor may be."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from lms.accounts.services import add_account
from lms.core.database import Database
from lms.core.record import keep, our_authority
from lms.people.actors import Kind, guests_of, read_actor
from lms.people.keys import email_key, name_key
from lms.people.merging import merge_people
from lms.people.suggesting import Suggestion, suggestions
from tests.factories.people import HOME_PAGE, import_people, the_person
from tests.lms.conftest import PASSWORD, Cast
from tests.profiles.ours import pretended
from tracking.identities.unmatched import Wanted, unmatched
from tracking.statements.agents import identifier

ELSEWHERE = "https://onetouch.example"
VERB = {"id": "http://adlnet.gov/expapi/verbs/completed"}
Suggest = Callable[..., list[Suggestion]]


def person(code: str, name: str = "Nguyễn Văn An", **more: object) -> dict[str, object]:
    return {"code": code, "name": name, "unit_code": "10549", "audience": "officer", **more}


def an_account(name: str, home: str = ELSEWHERE) -> dict[str, Any]:
    return {"account": {"homePage": home, "name": name}}


@pytest.fixture
def suggest(database: Database, cast: Cast) -> Suggest:
    """Who is suggested for an actor that has said something."""

    def ask(agent: dict[str, Any], name: str | None = None) -> list[Suggestion]:
        actor = agent | ({"name": name} if name else {})
        statement = {"id": str(uuid4()), "actor": actor, "verb": VERB, "object": {"id": "https://x.vn/c"}}
        with database.transaction() as session:
            keep(session, pretended([statement]), home_page=HOME_PAGE, authority=our_authority(HOME_PAGE))
            agents = unmatched(session, Wanted())
            return next(
                (
                    found
                    for number, found in suggestions(session, agents).items()
                    if _is(agents, number, actor)
                ),
                [],
            )

    return ask


def _is(agents: list[Any], number: int, actor: dict[str, Any]) -> bool:
    return any(agent.id == number and agent.identifier == identifier(actor) for agent in agents)


@pytest.fixture
def roster(database: Database, cast: Cast, tmp_path: Path) -> None:
    import_people(
        database,
        tmp_path,
        person("CVA-01", email="an.nguyen@gmail.com", phone="0912345678", birth_year=1985),
        person("CVA-02", "Trần Thị Bình", email="binh@haiphong.vn", phone="0987654321"),
    )
    with database.transaction() as session:
        add_account(
            session,
            username="binhtt",
            password=PASSWORD,
            name="Bình",
            person=the_person(session, "CVA-02").id,
        )


FOUND = [
    (an_account("CVA-01"), None, "CVA-01", "person's code"),
    (an_account("cva-01"), None, "CVA-01", "person's code"),
    (an_account("binh@haiphong.vn"), None, "CVA-02", "account name is this person's e-mail"),
    (an_account("0987 654 321"), None, "CVA-02", "telephone number"),
    (an_account("+84987654321"), None, "CVA-02", "telephone number"),
    (an_account("BinhTT"), None, "CVA-02", "user name here"),
    ({"mbox": "mailto:AnNguyen+onetouch@googlemail.com"}, None, "CVA-01", "mailbox"),
    ({"mbox": "mailto:cva-02@onetouch.example"}, None, "CVA-02", "begins with this person's code"),
    ({"mbox": "mailto:binhtt@onetouch.example"}, None, "CVA-02", "begins with this person's user name"),
    (an_account("77"), "Trần Thị Bình", "CVA-02", "by this person's name."),
    (an_account("77"), "binh tran thi", "CVA-02", "without accents or in another order"),
]


@pytest.mark.usefixtures("roster")
def test_each_clue_leads_to_the_person_and_says_why(suggest: Suggest):
    for number, (agent, name, code, reason) in enumerate(FOUND):
        if "account" in agent:  # of another platform each time, or they would be one actor
            agent["account"]["homePage"] = f"{ELSEWHERE}/{number}"
        [found] = suggest(agent, name)
        assert found.person.code == code, (agent, name)
        assert any(reason in str(words) for words in found.reasons), reason


@pytest.mark.usefixtures("roster")
def test_without_a_clue_nobody_is_suggested(suggest: Suggest):
    for agent in (an_account("77"), {"mbox": "mailto:x@y.vn"}, {"openid": "https://a.vn/x"}):
        assert suggest(agent, "Phạm Quốc Khánh") == []


@pytest.mark.usefixtures("roster")
def test_several_clues_together_weigh_more_and_another_name_weighs_against(suggest: Suggest):
    code = suggest(an_account("CVA-01"))[0]
    both = suggest(an_account("CVA-01", "https://second.example"), "Nguyễn Văn An")[0]
    doubtful = suggest(an_account("CVA-01", "https://third.example"), "Trần Quốc Toản")[0]
    assert both.confidence > code.confidence > doubtful.confidence
    assert [str(each.grade) for each in (both, code, doubtful)] == ["Very likely", "Very likely", "Possible"]
    assert "But it calls itself by another name." in [str(words) for words in doubtful.reasons]


@pytest.mark.usefixtures("roster")
def test_a_year_of_birth_in_the_identifier_counts(suggest: Suggest):
    plain = suggest(an_account("an-x"), "Nguyễn Văn An")[0]
    with_year = suggest(an_account("an1985"), "Nguyễn Văn An")[0]
    assert with_year.confidence > plain.confidence


def test_an_address_of_two_suggests_both(suggest: Suggest, database: Database, tmp_path: Path):
    import_people(
        database,
        tmp_path,
        person("A1", "Trần Văn Ba", email="chung@x.vn"),
        person("A2", "Lê Thị Tư", email="chung@x.vn"),
    )
    found = suggest({"mbox": "mailto:chung@x.vn"}, "Lê Thị Tư")
    assert [each.person.code for each in found] == ["A2", "A1"]
    assert "also somebody else's" in str(found[1].reasons[0])


def test_a_name_that_many_bear_suggests_nobody(suggest: Suggest, database: Database, tmp_path: Path):
    import_people(database, tmp_path, *(person(f"N{number}") for number in range(6)))
    assert suggest(an_account("77"), "Nguyễn Văn An") == []
    found = suggest(an_account("N3"), "Nguyễn Văn An")
    assert [each.person.code for each in found] == ["N3"]


def test_a_few_of_one_name_are_all_suggested_without_certainty(
    suggest: Suggest, database: Database, tmp_path: Path
):
    import_people(database, tmp_path, *(person(f"N{number}") for number in range(3)))
    found = suggest(an_account("77"), "Nguyễn Văn An")
    assert [str(each.grade) for each in found] == ["Unsure"] * 3


def test_a_merged_record_is_suggested_as_who_stands_for_it(
    suggest: Suggest, database: Database, tmp_path: Path
):
    import_people(database, tmp_path, person("A1"), person("A2", "Nguyễn Văn Anh"))
    with database.transaction() as session:
        merge_people(
            session, the_person(session, "A2"), the_person(session, "A1"), home_page=HOME_PAGE, actor=None
        )
    [found] = suggest(an_account("A2"))
    assert found.person.code == "A1"


@pytest.mark.parametrize(
    ("agent", "kind", "name", "home"),
    [
        ({"mbox": "mailto:An@X.vn"}, Kind.MAIL, "An@x.vn", None),
        ({"mbox_sha1sum": "A" * 40}, Kind.HASH, "a" * 40, None),
        ({"openid": "https://a.vn/x|y"}, Kind.OPENID, "https://a.vn/x|y", None),
        (an_account("a|b%"), Kind.ACCOUNT, "a|b%", ELSEWHERE),
        (an_account("x", "https://a.vn/p|q%20r"), Kind.ACCOUNT, "x", "https://a.vn/p|q%20r"),
    ],
)
def test_an_identifier_is_read_back(agent, kind, name, home):
    found = read_actor(identifier(agent) or "")
    assert (found.kind, found.name, found.home_page) == (kind, name, home)


def test_the_pattern_of_guests_takes_no_address_for_a_pattern():
    assert guests_of("https://a_b%.vn").startswith(r"account:https://a\_b\%25.vn|____")


@pytest.mark.parametrize(
    ("one", "other"),
    [("Nguyễn Văn An", "an  nguyen VAN"), ("Đỗ Thuý", "Do Thúy")],
)
def test_a_name_has_one_key_however_it_is_written(one, other):
    assert name_key(one) == name_key(other)


@pytest.mark.parametrize(
    ("address", "key"),
    [
        ("An.B+x@Gmail.com", "anb@gmail.com"),
        ("anb@googlemail.com", "anb@gmail.com"),
        ("an.b+x@haiphong.gov.vn", "an.b@haiphong.gov.vn"),
        ("+x@a.vn", "+x@a.vn"),
    ],
)
def test_an_address_has_the_key_of_its_mailbox(address, key):
    assert email_key(address) == key
