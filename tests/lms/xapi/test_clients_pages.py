"""The pages on which administrators look after clients."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.core.audit import AuditEntry
from lms.core.database import Database
from lms.xapi.models import Client, Scope
from lms.xapi.services import add_client, revoke_client
from tests.lms.xapi.conftest import ABOUT, basic, statement

Enter = Callable[[str], FlaskClient]
PATH = "/xapi/statements"


def hidden(page: str, name: str) -> str:
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found
    return found[1]


def shown(page: str, name: str) -> str:
    found = re.search(rf'<pre[^>]*id="{name}"[^>]*>(.*?)</pre>', page, re.DOTALL)
    assert found
    return found[1]


def add(browser: FlaskClient, **changes):
    form = {"key": hidden(browser.get("/clients/new").text, "key"), "name": "One Touch",
            "scopes": ["statements/write"], "per_minute": ""}  # fmt: skip
    return form | changes, browser.post("/clients/new", data=form | changes)


def kept(database: Database) -> list[Client]:
    with database.snapshot() as session:
        return list(session.scalars(select(Client).order_by(Client.id)))


def test_without_clients_the_page_says_what_to_do(signed_in: Enter):
    page = signed_in("administrator").get("/clients/").text
    assert "No clients yet" in page
    assert "/clients/new" in page


def test_an_added_client_can_send_at_once_with_what_the_page_shows(
    signed_in: Enter, visitor, database: Database, cast
):
    _, answer = add(signed_in("administrator"), scopes=["statements/write", "rates/read"], per_minute="1.200")
    page = answer.text
    secret, key = shown(page, "secret"), shown(page, "key")
    sent = visitor.post(PATH, json=statement(), headers=ABOUT | basic(key, secret))
    assert sent.status_code == 200
    for each in ("curl-send", "tincan", "curl-rates"):
        assert secret in shown(page, each)
    assert 'data-copy="secret"' in page
    (client,) = kept(database)
    assert (client.key, client.per_minute, client.scopes) == (key, 1200, ["statements/write", "rates/read"])
    with database.snapshot() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.subject == key)).one()
    assert (entry.act, entry.actor) == ("xapi:client:add", cast.administrator.id)


def test_loading_the_answer_again_adds_nothing_and_shows_no_secret(signed_in: Enter, database: Database):
    browser = signed_in("administrator")
    form, _ = add(browser)
    again = browser.post("/clients/new", data=form)
    assert again.status_code == 302
    page = browser.get(again.location).text
    assert "cannot be shown again" in page
    assert 'id="secret"' not in page
    assert len(kept(database)) == 1


FAULTS = [
    ({"name": " "}, "Type a name."),
    ({"name": "x" * 201}, "at most 200 characters"),
    ({"scopes": []}, "Choose at least one thing"),
    ({"scopes": ["statements/writ"]}, "Choose from the list."),
    ({"per_minute": "0"}, "Type a whole number"),
    ({"per_minute": "many"}, "Type a whole number"),
    ({"per_minute": "99999999999"}, "Type a whole number"),
    ({"key": "mine"}, "Load this page again"),
    ({"key": ""}, "Load this page again"),
]


def test_what_is_wrong_is_said_beside_the_field(signed_in: Enter, database: Database):
    browser = signed_in("administrator")
    for changes, sentence in FAULTS:
        _, answer = add(browser, **changes)
        assert sentence in answer.text, changes
        assert "There is a problem" not in answer.text
    assert kept(database) == []


@pytest.fixture
def client(database: Database) -> Client:
    with database.transaction() as session:
        found, _ = add_client(
            session, "One <b>Touch</b>", ["statements/write"], secret_key="k", actor=None, per_minute=60
        )
    return found


def test_the_list_and_the_page_say_what_a_client_is(signed_in: Enter, client: Client):
    browser = signed_in("administrator")
    for path in ("/clients/", f"/clients/{client.key}"):
        page = browser.get(path).text
        for words in ("One &lt;b&gt;Touch", "Send statements", "60 a minute", "Never used", "never"):
            assert words in page, (path, words)


def test_name_scopes_and_limit_can_be_changed(signed_in: Enter, client: Client, database: Database):
    browser = signed_in("administrator")
    page = browser.get(f"/clients/{client.key}/edit").text
    assert 'value="60"' in page
    data = {"name": " One  Touch ", "scopes": ["statements/read", "state"], "per_minute": ""}
    answer = browser.post(f"/clients/{client.key}/edit", data=data, follow_redirects=True)
    assert "Saved." in answer.text
    (found,) = kept(database)
    assert (found.name, found.scopes, found.per_minute) == ("One Touch", ["statements/read", "state"], None)
    assert found.revision == client.revision + 1
    assert found.secret_digest == client.secret_digest
    assert "(statements/read, state)" in answer.text


def test_a_new_secret_is_shown_once_and_the_old_one_works_for_a_day(
    signed_in: Enter, visitor, database: Database, monkeypatch
):
    browser = signed_in("administrator")
    page = add(browser)[1].text
    key, old = shown(page, "key"), basic(shown(page, "key"), shown(page, "secret"))
    form = {"keep": "24", "revision": hidden(browser.get(f"/clients/{key}/rotate").text, "revision")}
    page = browser.post(f"/clients/{key}/rotate", data=form).text
    new = basic(key, shown(page, "secret"))
    for good in (old, new):
        assert visitor.post(PATH, json=statement(), headers=ABOUT | good).status_code == 200
    assert "Two secrets" in browser.get("/clients/").text

    again = browser.post(f"/clients/{key}/rotate", data=form, follow_redirects=True)
    assert "cannot be shown again" in again.text
    assert visitor.post(PATH, json=statement(), headers=ABOUT | new).status_code == 200

    (client,) = kept(database)
    assert client.former_until
    over = client.former_until + timedelta(seconds=1)
    monkeypatch.setattr("lms.xapi.access.utc_now", lambda: over)
    assert visitor.post(PATH, json=statement(), headers=ABOUT | old).status_code == 401
    assert visitor.post(PATH, json=statement(), headers=ABOUT | new).status_code == 200


def test_how_long_the_old_secret_works_must_be_chosen_from_the_list(signed_in: Enter, client: Client):
    data = {"keep": "1000", "revision": "0"}
    answer = signed_in("administrator").post(f"/clients/{client.key}/rotate", data=data)
    assert "Choose how long" in answer.text


def test_revoking_asks_first_names_the_client_and_cannot_be_undone(
    signed_in: Enter, visitor, database: Database
):
    browser = signed_in("administrator")
    page = add(browser)[1].text
    key, headers = shown(page, "key"), ABOUT | basic(shown(page, "key"), shown(page, "secret"))
    asked = browser.get(f"/clients/{key}/revoke").text
    assert "Shut out “One Touch” for good?" in asked
    assert "<li>Send statements</li>" in asked
    assert "This cannot be undone" in asked
    assert visitor.post(PATH, json=statement(), headers=headers).status_code == 200
    page = browser.post(f"/clients/{key}/revoke", follow_redirects=True).text
    assert "is shut out from now on" in page
    assert f"/clients/{key}/edit" not in page
    assert visitor.post(PATH, json=statement(), headers=headers).status_code == 401
    for act in ("edit", "rotate", "revoke"):
        assert browser.get(f"/clients/{key}/{act}").status_code == 400


def test_what_is_not_there_is_not_found(signed_in: Enter):
    browser = signed_in("administrator")
    for path in ("/clients/nobody", "/clients/a%00b", "/clients/nobody/edit"):
        assert browser.get(path).status_code == 404


def test_nobody_but_an_administrator_comes_in(signed_in: Enter, client: Client):
    for name in ("manager", "reporter"):
        browser = signed_in(name)
        for path in ("/clients/", "/clients/new", f"/clients/{client.key}", f"/clients/{client.key}/rotate"):
            assert browser.get(path).status_code == 403
        assert "/clients" not in browser.get("/").text


def test_last_use_is_seen_on_the_list_and_written_once_a_minute(
    signed_in: Enter, visitor, client_of, database: Database
):
    headers = client_of(Scope.ALL)
    visitor.get(PATH, headers=headers)
    (first,) = kept(database)
    assert first.last_used
    visitor.post(PATH, json=statement(), headers=headers)
    assert kept(database)[0].last_used == first.last_used
    assert "Working" in signed_in("administrator").get("/clients/").text


def test_a_client_over_its_limit_is_told_when_to_come_back(visitor, database: Database, settings):
    with database.transaction() as session:
        client, secret = add_client(
            session, "A", ["all"], secret_key=settings.secret_key, actor=None, per_minute=5
        )
    headers = ABOUT | basic(client.key, secret)
    assert visitor.post(PATH, json=[statement() for _ in range(5)], headers=headers).status_code == 200
    answer = visitor.post(PATH, json=statement(), headers=headers)
    assert answer.status_code == 429
    assert 10 <= int(answer.headers["Retry-After"]) <= 12
    assert "5 statements a minute" in answer.json["error"]
    assert answer.headers["X-Experience-API-Version"] == "1.0.3"
    assert visitor.get("/api/v1/courses", headers=headers).status_code == 429


def test_a_revoked_client_is_revoked_once(database: Database, client: Client):
    for _ in range(2):
        with database.transaction() as session:
            revoke_client(session, session.get_one(Client, client.id), actor=None)
    with database.snapshot() as session:
        acts = session.scalars(select(AuditEntry.act).where(AuditEntry.subject == client.key)).all()
    assert sorted(acts) == ["xapi:client:add", "xapi:client:revoke"]
