"""The credential of one learner's session: what is its own, and nothing else."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import orjson
import pytest
from flask.testing import FlaskClient
from sqlalchemy import func, select

from lms.core.audit import AuditEntry
from lms.core.clock import utc_now
from lms.core.database import Database
from lms.core.errors import Forbidden, Refused
from lms.settings import Settings
from lms.xapi import sessions
from lms.xapi.credentials import KnownSession, Secret
from lms.xapi.models import Scope, SessionCredential
from lms.xapi.reach import demand
from tests.factories.learning import make_course
from tests.lms.xapi.conftest import ABOUT, basic, statement
from tests.lms.xapi.mixing import TEXT, TYPE, body_of, header_of

PATH = "/xapi/statements"
HOME = "http://localhost:8000"
LEARNER = {"objectType": "Agent", "account": {"homePage": HOME, "name": "3f0c"}}
OTHER = {"objectType": "Agent", "account": {"homePage": HOME, "name": "9a9a"}}
REGISTRATION, ELSEWHERE = UUID(int=7), UUID(int=8)
LESSON, COURSE = f"{HOME}/courses/qr/lessons/one", f"{HOME}/courses/qr"
COMPLETED = {"id": "http://adlnet.gov/expapi/verbs/completed"}
ANSWERED = {"id": "http://adlnet.gov/expapi/verbs/answered"}
VOIDED = {"id": "http://adlnet.gov/expapi/verbs/voided"}


def issued(database: Database, settings: Settings, **changes) -> sessions.Issued:
    given = {
        "agent": LEARNER, "registration": REGISTRATION, "activity": LESSON, "course": COURSE,
        "lasts": timedelta(hours=1), "secret_key": settings.secret_key,
    }  # fmt: skip
    with database.transaction() as session:
        return sessions.issue(session, **{**given, **changes})


@pytest.fixture
def headers(database: Database, settings: Settings) -> dict[str, str]:
    return ABOUT | {"Authorization": f"Basic {issued(database, settings).token}"}


def own(**changes):
    made = {
        "actor": LEARNER, "verb": COMPLETED, "object": {"id": LESSON},
        "context": {"registration": str(REGISTRATION)},
    }  # fmt: skip
    return {name: value for name, value in {**made, **changes}.items() if value is not None}


def known(**changes) -> KnownSession:
    given = {
        "key": "s-1", "secrets": (Secret("x"),), "agent": LEARNER, "identifier": f"account:{HOME}|3f0c",
        "registration": REGISTRATION, "activity": LESSON, "course": COURSE, "revoked": None,
    }  # fmt: skip
    return KnownSession(**{**given, **changes})


def test_a_session_sends_its_own_statements_in_the_name_of_sessions(visitor, headers):
    (statement_id,) = visitor.post(PATH, json=own(), headers=headers).json
    kept = visitor.get(f"{PATH}?statementId={statement_id}", headers=headers).json
    assert kept["authority"] == {"objectType": "Agent", "account": {"homePage": HOME, "name": "session"}}
    single = f"{PATH}?statementId={uuid4()}"
    assert visitor.put(single, json=own(verb=ANSWERED), headers=headers).status_code == 204


FOREIGN = [
    own(actor=OTHER),
    own(actor={"objectType": "Group", "account": LEARNER["account"]}),
    own(actor={"objectType": "Group", "member": [LEARNER]}),
    own(context={"registration": str(ELSEWHERE)}),
    own(context=None),
    own(context={"platform": "a"}),
    own(verb=VOIDED, object={"objectType": "StatementRef", "id": str(uuid4())}),
]


def test_a_session_sends_nothing_of_others_and_voids_nothing(visitor, headers):
    for sent in FOREIGN:
        answer = visitor.post(PATH, json=[own(id=str(uuid4())), sent], headers=headers)
        assert answer.status_code == 403, sent
    assert visitor.get(PATH, headers=headers).json["statements"] == []


def test_what_is_no_statement_is_refused_as_such(visitor, headers):
    answer = visitor.post(PATH, json=[own(actor="x")], headers=headers)
    assert (answer.status_code, answer.json["error"]) == (400, "actor: must be an object")


def test_a_session_completes_its_lesson_and_no_other_that_is_on_offer(
    visitor: FlaskClient, headers, database: Database
):
    with database.transaction() as session:
        course = make_course(session, "ai", lessons=2)
        iris = [course.iri, *(lesson.iri for lesson in course.versions[0].lessons)]
    for iri in iris:
        sent = own(object={"id": iri})
        assert visitor.post(PATH, json=sent, headers=headers).status_code == 403, iri
        # Telling of it is harmless: only completing counts.
        assert (
            visitor.post(PATH, json=own(verb=ANSWERED, object={"id": iri}), headers=headers).status_code
            == 200
        )
    part = own(object={"id": f"{LESSON}/quiz"})
    assert visitor.post(PATH, json=part, headers=headers).status_code == 200


def test_a_session_reads_only_its_own(visitor, headers, client_of):
    everybody = client_of("all")
    mine = own(id=str(uuid4()))
    others = [
        own(id=str(uuid4()), actor=OTHER),
        own(id=str(uuid4()), context={"registration": str(ELSEWHERE)}),
        statement(id=str(uuid4())),
    ]
    assert visitor.post(PATH, json=[mine, *others], headers=everybody).status_code == 200
    found = visitor.get(PATH, headers=headers).json["statements"]
    assert [one["id"] for one in found] == [mine["id"]]
    for each in others:
        assert visitor.get(f"{PATH}?statementId={each['id']}", headers=headers).status_code == 404
    for query in (
        {"agent": orjson.dumps(OTHER).decode()},
        {"registration": str(ELSEWHERE)},
    ):
        assert visitor.get(PATH, query_string=query, headers=headers).status_code == 403
    allowed = {"agent": orjson.dumps(LEARNER).decode(), "registration": str(REGISTRATION)}
    assert len(visitor.get(PATH, query_string=allowed, headers=headers).json["statements"]) == 1


def test_a_session_is_no_client_of_the_figures(visitor, headers):
    assert visitor.get("/api/v1/rates", headers=headers).status_code == 401


def test_a_session_is_shut_out_when_it_was_ended_or_has_expired(
    visitor, database: Database, settings: Settings, monkeypatch
):
    one, two = issued(database, settings), issued(database, settings, registration=ELSEWHERE)
    three = issued(database, settings, lasts=timedelta(minutes=1))
    with database.transaction() as session:
        assert sessions.end(session, one.key)
        assert not sessions.end(session, one.key)
        assert sessions.end_all(session, ELSEWHERE)
    for each in (one, two):
        assert visitor.get(PATH, headers=ABOUT | basic(each.key, each.secret)).status_code == 401
    headers = ABOUT | basic(three.key, three.secret)
    assert visitor.get(PATH, headers=headers).status_code == 200
    monkeypatch.setattr("lms.xapi.access.utc_now", lambda: three.expires)
    assert visitor.get(PATH, headers=headers).status_code == 401


def test_the_secret_is_not_kept_and_old_sessions_are_swept_out(
    database: Database, settings: Settings, monkeypatch
):
    one = issued(database, settings)
    with database.snapshot() as session:
        assert one.secret not in str(vars(session.scalars(select(SessionCredential)).one()))
        assert session.scalar(select(func.count()).select_from(AuditEntry)) == 0
    later: datetime = utc_now() + timedelta(days=3)
    monkeypatch.setattr("lms.xapi.sessions.utc_now", lambda: later)
    two = issued(database, settings)
    with database.snapshot() as session:
        assert session.scalars(select(SessionCredential.key)).all() == [two.key]


ENDLESS = [
    {"agent": {"objectType": "Group", "member": [LEARNER]}},
    {"agent": {**LEARNER, "objectType": "Group"}},
    {"lasts": timedelta(0)},
    {"lasts": timedelta(days=2)},
]


def test_a_session_without_a_learner_or_without_an_end_is_refused(database: Database, settings: Settings):
    for changes in ENDLESS:
        with pytest.raises(Refused):
            issued(database, settings, **changes)


WHOSE = {
    "own": (f"account:{HOME}|3f0c", LESSON, REGISTRATION),
    "other agent": (f"account:{HOME}|9a9a", LESSON, REGISTRATION),
    "no agent": (None, LESSON, REGISTRATION),
    "its course": (f"account:{HOME}|3f0c", COURSE, REGISTRATION),
    "other activity": (f"account:{HOME}|3f0c", f"{HOME}/courses/ai", REGISTRATION),
    "no activity": (f"account:{HOME}|3f0c", None, REGISTRATION),
    "other registration": (f"account:{HOME}|3f0c", LESSON, ELSEWHERE),
    "no registration": (f"account:{HOME}|3f0c", LESSON, None),
}
ANY_AGENT, ANY_ACTIVITY = ({"other agent", "no agent"}, {"its course", "other activity", "no activity"})
ANY_REGISTRATION = {"other registration", "no registration"}


def cells() -> Iterator[tuple[str, str, set[str]]]:
    """Resource, method, and for whose things a session may do it."""
    own_activity = {"own", "its course"} | ANY_AGENT | ANY_REGISTRATION
    own_agent = {"own"} | ANY_ACTIVITY | ANY_REGISTRATION
    for method in ("GET", "HEAD", "PUT", "POST", "DELETE"):
        reads = method in ("GET", "HEAD")
        yield "activities/state", method, {"own"}
        yield "activities/profile", method, own_activity if reads else set()
        yield "activities", method, own_activity if reads else set()
        yield "agents/profile", method, own_agent if reads else set()
        yield "agents", method, own_agent if reads else set()
        yield "about/anything/else", method, set()


@pytest.mark.parametrize(("resource", "method", "allowed"), list(cells()))
def test_a_session_reaches_documents_of_its_own_only(resource, method, allowed):
    found = set()
    for whose, (agent, activity, registration) in WHOSE.items():
        try:
            demand(
                known(),
                resource,
                method,
                agent=agent,
                activity=activity,
                registration=registration,
                document="place",
            )
        except Forbidden:
            continue
        found.add(whose)
    assert found == allowed


def test_a_session_has_no_scope_at_all():
    assert not known().may(*Scope)


def test_a_session_keeps_its_state_and_reads_profiles_of_its_own(visitor, headers):
    mine = {
        "agent": orjson.dumps(LEARNER).decode(), "activityId": LESSON, "registration": str(REGISTRATION),
        "stateId": "place",
    }  # fmt: skip
    body = {"data": b"page 3", "content_type": "text/plain", "headers": headers}
    state, profile = "/xapi/activities/state", "/xapi/activities/profile"
    assert visitor.put(state, query_string=mine, **body).status_code == 204
    assert visitor.get(state, query_string=mine, headers=headers).data == b"page 3"
    for other in (
        {"agent": orjson.dumps(OTHER).decode()},
        {"activityId": COURSE},
        {"registration": str(ELSEWHERE)},
    ):
        for method in ("GET", "PUT", "DELETE"):
            answer = visitor.open(state, method=method, query_string=mine | other, **body)
            assert answer.status_code == 403, (method, other)
    about = {"activityId": COURSE, "profileId": "x"}
    assert visitor.get(profile, query_string=about, headers=headers).status_code == 404
    assert visitor.put(profile, query_string=about, **body).status_code == 403
    other = {"agent": orjson.dumps(OTHER).decode()}
    assert visitor.get("/xapi/agents", query_string=other, headers=headers).status_code == 403


def test_a_session_sends_files_with_its_own_statements_only(visitor, headers):
    for actor, status in ((LEARNER, 200), (OTHER, 403)):
        sent = own(actor=actor, attachments=[header_of(TEXT)])
        answer = visitor.post(PATH, data=body_of([sent], [TEXT]), headers=headers, content_type=TYPE)
        assert answer.status_code == status
