"""Looking for statements: filters, words, pages."""

import re
from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlencode

import orjson
import pytest
from flask.testing import FlaskClient

from lms.core.clock import today
from lms.core.database import Database
from lms.core.i18n import using
from lms.core.record import keep
from lms.explorer import queries
from lms.explorer.queries import Wanted
from lms.explorer.telling import Teller
from tests.factories.learning import HOME
from tests.lms.explorer.conftest import REGISTRATION, STRANGER, Record, complete, say
from tracking.identities.services import link

Enter = Callable[[str], FlaskClient]
LINK = re.compile(r'<th scope="row"[^>]*><a class="govuk-link" href="/record/([0-9a-f-]{36})">')


@pytest.fixture
def look(signed_in: Enter) -> Callable[..., str]:
    browser = signed_in("administrator")

    def ask(expect: int = 200, **fields: str) -> str:
        answer = browser.get("/record/?" + urlencode(fields))
        assert answer.status_code == expect
        return answer.text

    return ask


def found(page: str) -> list[str]:
    return LINK.findall(page)


def test_every_statement_is_listed_in_words_the_latest_first(look, record: Record):
    page = look()
    newest_first = [record.together, record.watched, record.passed, record.opened, record.completed]
    assert found(page) == [str(each) for each in newest_first]
    for words in (
        "Nguyễn Văn An completed “Quét mã QR an toàn 1”, 95%",
        "Nguyễn Thị Bình passed “Quét mã QR an toàn”",
        "Ai đó watched “Phim QR”",
        "Ai đó, b@example.vn danced “Phim QR”",
        "09:30 20/11/2026",
        "One Touch",
        "Lớp học số",
        "Nobody yet",
        "Say who it is",
        "A group: counts for nobody",
        "CVA-001<",
    ):
        assert words in page.replace("\n", " "), words


def test_in_vietnamese_the_rows_are_vietnamese(database: Database, record: Record):
    with using("vi"), database.snapshot() as session:
        rows = queries.rows_of(session, queries.numbers_of(session, [record.completed]))
        (told,) = Teller(session, home_page=HOME).tell(rows)
        assert told.sentence == "Nguyễn Văn An đã hoàn thành “Quét mã QR an toàn 1”"


FILTERS = [
    ({"person": "CVA-001"}, ["opened", "completed"]),
    ({"person": "nguyen thi binh"}, ["passed"]),
    ({"agent": "ai.do@example.vn"}, ["watched"]),
    ({"agent": "mailto:ai.do@example.vn"}, ["watched"]),
    ({"agent": orjson.dumps(STRANGER).decode()}, ["watched"]),
    ({"agent": "mbox:mailto:ai.do@example.vn"}, ["watched"]),
    ({"agent": "CVA-002"}, ["passed"]),
    ({"agent": "nobody@example.vn"}, []),
    ({"verb": "http://adlnet.gov/expapi/verbs/passed"}, ["passed"]),
    ({"verb": "http://unheard.of/verb"}, []),
    ({"activity": "qr"}, ["passed", "opened", "completed"]),
    ({"activity": f"{HOME}/courses/qr/lessons/item-1"}, ["opened"]),
    ({"activity": "http://a.vn/films/qr"}, ["together", "watched"]),
    ({"source": "lms"}, []),
    ({"source": "session"}, []),
    ({"registration": str(REGISTRATION)}, ["passed"]),
    ({"unmatched": "yes"}, ["watched"]),
    ({"person": "CVA-001", "verb": "http://adlnet.gov/expapi/verbs/completed"}, ["completed"]),
    ({"person": "CVA-001", "agent": "ai.do@example.vn"}, []),
    ({"person": " CVA-001 ", "verb": "", "since": ""}, ["opened", "completed"]),
]


def test_each_filter_narrows(look, record: Record):
    for fields, expected in FILTERS:
        assert found(look(**fields)) == [str(getattr(record, name)) for name in expected], fields


def test_a_client_is_a_filter_of_its_own(look, record: Record):
    page = look(source=f"client:{record.client.key}")
    assert found(page) == [str(each) for each in (record.together, record.watched, record.passed)]


def test_what_this_site_concludes_itself_is_a_filter_too(look, record: Record, database: Database):
    with database.transaction() as session:
        complete(session, record, record.course.versions[0].lessons[1].iri)
    page = look(source="lms")
    assert len(found(page)) == 1
    assert "Nguyễn Văn An completed “Quét mã QR an toàn”" in page
    assert page.count("This site") == 2


def test_days_are_those_on_which_it_was_recorded_both_included(look, record: Record):
    day, before = f"{today():%d/%m/%Y}", f"{today() - timedelta(days=1):%d/%m/%Y}"
    assert len(found(look(since=day, until=day))) == 5
    assert found(look(until=before)) == []
    assert len(found(look(since=before))) == 5


FAULTS = [
    ({"since": "soon"}, "“soon” is not a date"),
    ({"since": "02/01/2026", "until": "01/01/2026"}, "This day lies before the first one."),
    ({"registration": "7"}, "This is not a registration"),
    ({"agent": "{"}, "This is not an xAPI agent"),
    ({"agent": '{"mbox":"x"}'}, "This is not an xAPI agent"),
    ({"agent": '{"objectType":"Group","member":[]}'}, "This is not an xAPI agent"),
    ({"person": "zzzz"}, "Nobody has the name or the code “zzzz”."),
]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_listed(look, record: Record):
    for fields, sentence in FAULTS:
        page = look(expect=400, **fields)
        name = min(fields) if len(fields) == 1 else "until"
        assert page.count(sentence) == 2, fields
        assert f'id="filter-{name}-error"' in page
        assert f'href="#filter-{name}"' in page
        assert found(page) == []


def test_namesakes_are_to_be_chosen_from(look, record: Record):
    page = look(person="Nguyễn")
    assert found(page) == []
    assert "Whom do you mean?" in page
    assert "/record/?person=CVA-001" in page
    assert "/record/?person=CVA-002" in page


def test_somebody_who_was_matched_later_is_told_by_their_name(look, record: Record, database: Database):
    with database.transaction() as session:
        link(session, "mbox:mailto:ai.do@example.vn", record.an.id)
    page = look(person="CVA-001")
    assert str(record.watched) in found(page)
    assert "Nguyễn Văn An watched “Phim QR”" in page
    assert found(look(unmatched="yes")) == []


def test_pages_follow_each_other_without_gap_or_repetition(database: Database, record: Record):
    with database.transaction() as session:
        for _ in range(3):
            complete(session, record, f"{HOME}/courses/qr")
            say(
                session,
                record.client,
                actor=STRANGER,
                verb={"id": "http://a.vn/v"},
                object={"id": "http://a.vn"},
            )
    with database.snapshot() as session:
        everything = list(queries.numbers(session, Wanted(), size=100))
        agents = queries.agents_of_learners(session, [record.an.id, record.binh.id])
        for wanted in (Wanted(), Wanted(agents=agents), Wanted(unmatched=True), Wanted(agents=())):
            whole = list(queries.numbers(session, wanted, size=100))
            assert queries.count_of(session, wanted) == len(whole)
            assert list(queries.numbers(session, wanted, size=100, after=-1)) == whole[::-1]
            walked: list[int] = []
            before = None
            while True:
                page = queries.page_of(session, wanted, before=before, size=2)
                walked += [row.statement.seq for row in page.rows]
                before = page.older
                if before is None:
                    break
            assert walked == whole
        assert len(everything) == 11
        assert queries.count_of(session, Wanted(), most=4) == 4


def test_older_ones_are_a_link_away(look, record: Record, monkeypatch):
    monkeypatch.setattr(queries.page_of, "__kwdefaults__", {"before": None, "size": 2})
    page = look(source=f"client:{record.client.key}")
    assert found(page) == [str(record.together), str(record.watched)]
    before = re.search(r"before=(\d+)", page)
    assert before
    older = look(source=f"client:{record.client.key}", before=before[1])
    assert found(older) == [str(record.passed)]
    assert "The latest" in older
    assert "That was all" in look(before="1")
    assert len(found(look(before="nonsense"))) == 2


def test_an_empty_record_says_what_to_do(look):
    assert "Nothing is recorded yet" in look()
    assert "Nothing fits" in look(verb="http://a.b/c")


def test_unusual_objects_are_told_too(look, record: Record, database: Database):
    sub = {
        "objectType": "SubStatement",
        "actor": STRANGER,
        "verb": WATCHED_PLAIN,
        "object": {"id": "http://a.vn/x"},
    }
    with database.transaction() as session:
        for about in (
            sub,
            {"objectType": "Agent", **STRANGER},
            {"objectType": "StatementRef", "id": str(record.watched)},
        ):
            say(session, record.client, actor=STRANGER, verb={"id": "http://a.vn/planned"}, object=about)
        keep(
            session,
            [
                {
                    "actor": STRANGER,
                    "verb": {"id": "http://a.vn/v", "display": {"en": "<b>"}},
                    "object": {"id": "http://a.vn", "definition": {"name": {"en": "<script>"}}},
                }
            ],
            home_page=HOME,
            authority={"account": {"homePage": "http://other.vn", "name": "x|y"}},
        )
    page = look(agent="ai.do@example.vn")
    for words in (
        "planned “Ai đó opened x”",
        "planned “Ai đó”",
        f"planned “statement {record.watched}”",
        "x|y",
    ):
        assert words in page
    assert "<script>" not in page.split("<main")[1]


WATCHED_PLAIN = {"id": "http://adlnet.gov/expapi/verbs/initialized"}


def test_nobody_but_an_administrator_looks_into_the_record(signed_in: Enter, record: Record):
    for name in ("manager", "reporter", "learner"):
        browser = signed_in(name)
        for path in ("/record/", f"/record/{record.completed}", f"/record/{record.completed}/take-back"):
            assert browser.get(path).status_code == 403
        assert browser.post("/record/extracts", data={"kind": "jsonl"}).status_code == 403
        assert 'href="/record/"' not in browser.get("/").text
