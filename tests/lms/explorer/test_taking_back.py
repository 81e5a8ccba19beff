"""A statement's page, and taking statements back."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.database import Database
from lms.core.errors import Conflict, NotFound, Refused
from lms.core.vocabulary import iris
from lms.explorer.services import take_back
from lms.settings import Settings
from tests.lms.explorer.conftest import MORNING, REGISTRATION, Record, complete
from tracking.completions.queries import completions
from tracking.record.models import Statement

Enter = Callable[[str], FlaskClient]
REASON = "Kiểm tra nhầm lớp"


@pytest.fixture
def browser(signed_in: Enter) -> FlaskClient:
    return signed_in("administrator")


def completed(database: Database, record: Record) -> set[str]:
    """The IRIs of what An has completed."""
    lessons = [lesson.iri for lesson in record.course.versions[0].lessons]
    with database.snapshot() as session:
        return {iri for _, iri in completions(session, [*lessons, record.course.iri], [record.an.id])}


def voider_of(database: Database, statement_id: UUID) -> Statement:
    with database.snapshot() as session:
        return session.scalars(select(Statement).where(Statement.voids == statement_id)).one()


def test_a_statement_is_shown_in_words_with_what_it_counts_for_and_as_recorded(browser, record: Record):
    page = browser.get(f"/record/{record.completed}").text
    for words in (
        "Nguyễn Văn An completed “Quét mã QR an toàn 1”, 95%",
        "“Quét mã QR an toàn 1” completed",
        "the figures go by this one",
        f"/people/{record.an.id}/",
        "http://adlnet.gov/expapi/verbs/completed",
        "&#34;scaled&#34;: 0.95",
        'data-copy="raw"',
        f"/record/{record.completed}/take-back",
    ):
        assert words in page, words
    page = browser.get(f"/record/{record.passed}").text
    assert f"/record/?registration={REGISTRATION}" in page
    page = browser.get(f"/record/{record.watched}").text
    assert "Nothing yet: its actor is none of our people." in page
    assert "Nothing: it completes no course and no lesson." in browser.get(f"/record/{record.opened}").text


def test_taking_back_asks_why_says_what_follows_and_is_noted(
    browser, record: Record, database: Database, cast
):
    path = f"/record/{record.completed}"
    asked = browser.get(f"{path}/take-back").text
    assert "This counts by it" in asked
    assert "“Quét mã QR an toàn 1” completed" in asked
    refused = browser.post(f"{path}/take-back", data={"reason": " "}).text
    assert "Say why" in refused
    assert completed(database, record) == {record.course.versions[0].lessons[0].iri}

    page = browser.post(f"{path}/take-back", data={"reason": REASON}, follow_redirects=True).text
    assert "Taken back. 1 completion counts no longer by it." in page
    assert completed(database, record) == set()
    for words in (
        "This statement was taken back at",
        "By: administrator.",
        f"The reason: {REASON}",
        "not completed any more",
        "<s>",
    ):
        assert words in page, words
    assert "/take-back" not in page

    voiding = voider_of(database, record.completed)
    said = orjson.loads(voiding.raw)
    assert said["authority"] == {
        "objectType": "Agent", "account": {"homePage": "http://localhost:8000", "name": "lms"}
    }  # fmt: skip
    assert said["context"]["extensions"] == {iris.REASON: REASON}
    with database.snapshot() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.act == "record:statement:void")).one()
    assert (entry.subject, entry.actor) == (str(record.completed), cast.administrator.id)
    assert entry.detail == {"voiding": str(voiding.id)}
    assert "Taken back" in browser.get("/record/").text

    page = browser.get(f"/record/{voiding.id}").text
    assert "cannot be taken back itself" in page
    assert f"/record/{voiding.id}/take-back" not in page
    assert REASON in page


def test_a_course_that_rested_on_it_goes_with_it(browser, record: Record, database: Database):
    lessons = record.course.versions[0].lessons
    with database.transaction() as session:
        complete(session, record, lessons[1].iri)
    assert completed(database, record) == {lessons[0].iri, lessons[1].iri, record.course.iri}
    path = f"/record/{record.completed}"
    assert "rests on this statement" in browser.get(f"{path}/take-back").text
    page = browser.post(f"{path}/take-back", data={"reason": REASON}, follow_redirects=True).text
    assert "Taken back. 2 completions count no longer by it." in page
    assert "was taken back with it" in page
    assert completed(database, record) == {lessons[1].iri}


def test_where_another_statement_says_the_same_the_figures_stay(browser, record: Record, database: Database):
    iri = record.course.versions[0].lessons[0].iri
    with database.transaction() as session:
        complete(session, record, iri, MORNING + timedelta(days=1))
    path = f"/record/{record.completed}/take-back"
    page = browser.post(path, data={"reason": REASON}, follow_redirects=True).text
    assert "the figures go by another statement, of 21/11/2026" in page
    assert completed(database, record) == {iri}


def test_what_cannot_be_taken_back_is_refused(database: Database, settings: Settings, record: Record):
    def again(statement_id: UUID, reason: str = REASON) -> UUID:
        with database.transaction() as session:
            return take_back(session, statement_id, reason, settings=settings, actor=None).voiding

    voiding = again(record.watched)
    with pytest.raises(Conflict, match="taken back before"):
        again(record.watched)
    with pytest.raises(Refused, match="cannot be taken back itself"):
        again(voiding)
    with pytest.raises(NotFound):
        again(uuid4())
    for reason in ("", " \n", "x" * 1001):
        with pytest.raises(Refused, match="Say why"):
            again(record.opened, reason)


def test_pages_of_what_cannot_be_taken_back_or_is_not_there(browser, record: Record):
    assert browser.get(f"/record/{uuid4()}").status_code == 404
    assert browser.get(f"/record/{uuid4()}/take-back").status_code == 404
    browser.post(f"/record/{record.watched}/take-back", data={"reason": REASON})
    assert browser.post(f"/record/{record.watched}/take-back", data={"reason": REASON}).status_code == 409
