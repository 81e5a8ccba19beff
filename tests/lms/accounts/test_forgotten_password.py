"""A new password for whoever forgot theirs, from those who may help them and nobody else."""

from uuid import uuid4

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from lms.accounts import services
from lms.accounts.models import Account, Grant, Role
from lms.accounts.policy import may_reset
from lms.core.audit import Act, AuditEntry
from lms.core.database import Database
from lms.core.errors import Forbidden, Refused
from lms.units.models import Unit
from tests.lms.conftest import PASSWORD, Cast, browser

KEY = "a test's key"
NEW = "hoa phượng nở đỏ"


@pytest.fixture
def forgetful(database: Database, cast: Cast) -> Account:
    """Somebody of the manager's commune who only learns."""
    with database.transaction() as session:
        account = services.add_account(
            session, username="buoi", password=PASSWORD, name="Trần Thị Bưởi", person=uuid4()
        )
        services.grant(session, account, Role.LEARNER, cast.commune, actor=None)
        return account


def issue(database: Database, account: Account, by: Account) -> str:
    with database.transaction() as session:
        found = session.get_one(Account, account.id)
        return services.issue_reset_code(session, found, secret_key=KEY, by=session.get_one(Account, by.id))


def sign_in(client: FlaskClient, username: str, password: str) -> int:
    return client.post("/sign-in", data={"username": username, "password": password}).status_code


def test_the_new_password_holds_and_the_old_one_no_longer(
    app, visitor: FlaskClient, database: Database, cast: Cast, forgetful: Account
):
    elsewhere = browser(app)
    sign_in(elsewhere, "buoi", PASSWORD)
    code = issue(database, forgetful, cast.manager)
    page = visitor.get(f"/first-sign-in/{code}").text
    assert "Choose a new password" in page
    assert "buoi" in page
    assert visitor.post(f"/first-sign-in/{code}", data={"password": NEW}).status_code == 302
    assert "buoi" in visitor.get("/account").text
    assert elsewhere.get("/account").status_code == 302  # signed out
    assert sign_in(browser(app), "buoi", PASSWORD) == 401
    assert sign_in(browser(app), "buoi", NEW) == 302


def test_until_the_code_is_used_the_old_password_works(app, database: Database, cast: Cast, forgetful):
    issue(database, forgetful, cast.manager)
    assert sign_in(browser(app), "buoi", PASSWORD) == 302


def test_a_password_that_is_too_short_leaves_the_code_usable(
    visitor: FlaskClient, database: Database, cast: Cast, forgetful
):
    code = issue(database, forgetful, cast.manager)
    answer = visitor.post(f"/first-sign-in/{code}", data={"password": "ngắn"})
    assert "at least 8 characters" in answer.text
    assert visitor.post(f"/first-sign-in/{code}", data={"password": NEW}).status_code == 302
    assert visitor.get(f"/first-sign-in/{code}").status_code == 404


def test_both_acts_are_in_the_audit_log(visitor: FlaskClient, database: Database, cast: Cast, forgetful):
    code = issue(database, forgetful, cast.manager)
    visitor.post(f"/first-sign-in/{code}", data={"password": NEW})
    with database.snapshot() as session:
        issued = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.CODE_ISSUED)).one()
        assert (issued.actor, issued.detail) == (cast.manager.id, {"account": forgetful.id})
        reset = session.scalars(select(AuditEntry).where(AuditEntry.act == Act.PASSWORD_RESET)).one()
        assert reset.actor == forgetful.id


ROLES = [
    (Role.FACILITATOR, "commune", {"manager", "administrator"}),
    (Role.REPORTER, "commune", {"manager", "administrator"}),
    (Role.REPORTER, "city", {"administrator"}),
    (Role.MANAGER, "commune", {"administrator"}),
    (Role.MANAGER, "village", {"administrator"}),
    (Role.AUTHOR, "city", {"administrator"}),
    (Role.ADMINISTRATOR, "city", {"administrator"}),
    (Role.LEARNER, "other", {"manager", "administrator", "outsider", "reporter"}),
]


@pytest.mark.parametrize(("role", "where", "allowed"), ROLES)
def test_only_who_may_give_a_role_may_help_whoever_has_it(role, where, allowed):
    """Of grants and units that are nowhere kept."""
    units = {"city": Unit(id=1, path="/1/"), "commune": Unit(id=2, path="/1/2/")}
    units |= {"village": Unit(id=3, path="/1/2/3/"), "other": Unit(id=4, path="/1/4/")}
    held = {
        "manager": (Role.MANAGER, "commune"),
        "outsider": (Role.MANAGER, "other"),
        "reporter": (Role.REPORTER, "city"),
        "administrator": (Role.ADMINISTRATOR, "city"),
    }
    roles = [Grant(role=Role.LEARNER, unit=units["commune"]), Grant(role=role, unit=units[where])]
    owner = Account(grants=roles)
    cast = {name: Account(grants=[Grant(role=own, unit=units[on])]) for name, (own, on) in held.items()}
    assert {name for name, issuer in cast.items() if may_reset(issuer, owner)} == allowed


def test_whose_role_one_may_not_give_gets_no_code_from_them(database: Database, cast: Cast, forgetful):
    with database.transaction() as session:
        account = session.get_one(Account, forgetful.id)
        services.grant(session, account, Role.MANAGER, session.get_one(Unit, cast.commune.id), actor=None)
    with pytest.raises(Forbidden, match="role that you may not give"):
        issue(database, forgetful, cast.manager)


def test_a_role_given_since_ends_the_code(visitor: FlaskClient, database: Database, cast: Cast, forgetful):
    code = issue(database, forgetful, cast.manager)
    with database.transaction() as session:
        account = session.get_one(Account, forgetful.id)
        services.grant(session, account, Role.MANAGER, session.get_one(Unit, cast.commune.id), actor=None)
    assert visitor.get(f"/first-sign-in/{code}").status_code == 404
    assert visitor.post(f"/first-sign-in/{code}", data={"password": NEW}).status_code == 404


def test_a_first_code_never_opens_an_account_made_since(
    visitor: FlaskClient, database: Database, cast: Cast, forgetful
):
    person = uuid4()
    with database.transaction() as session:
        code = services.issue_code(
            session, person=person, name="An", suggestion="an", secret_key=KEY, actor=None
        )
        services.add_account(session, username="an.nguyen", password=PASSWORD, name="An", person=person)
    answer = visitor.post(f"/first-sign-in/{code}", data={"username": "an.khac", "password": NEW})
    assert "has an account already" in answer.text


def test_closed_accounts_and_those_of_the_site_get_no_code(database: Database, cast: Cast, forgetful):
    with pytest.raises(Refused, match="belongs to the site"):
        issue(database, cast.learner, cast.administrator)
    with database.transaction() as session:
        session.get_one(Account, forgetful.id).active = False
    with pytest.raises(Refused, match="closed"):
        issue(database, forgetful, cast.manager)


def test_a_closed_account_is_not_opened_by_an_earlier_code(
    visitor: FlaskClient, database: Database, cast: Cast, forgetful
):
    code = issue(database, forgetful, cast.manager)
    with database.transaction() as session:
        session.get_one(Account, forgetful.id).active = False
    assert visitor.get(f"/first-sign-in/{code}").status_code == 404
