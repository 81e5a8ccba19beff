"""Credentials of clients."""

import json

import pytest
from click.testing import CliRunner
from sqlalchemy import select

from lms.cli import lms
from lms.core.database import Database
from lms.core.errors import Refused
from lms.settings import Settings
from lms.xapi.models import Client
from lms.xapi.services import add_client, revoke_client
from tests.lms.xapi.conftest import ABOUT, basic


def test_the_command_prints_key_and_secret_once(settings: Settings, database: Database):
    environment = {
        "LMS_DATA": str(settings.data),
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_SECRET_KEY": settings.secret_key,
    }
    ran = CliRunner().invoke(
        lms, ["clients", "add", "One Touch", "--scope", "statements/write", "--json"], env=environment
    )
    assert ran.exit_code == 0, ran.output
    answer = json.loads(ran.stdout)
    with database.snapshot() as session:
        client = session.scalars(select(Client)).one()
    assert (client.key, client.scopes) == (answer["key"], ["statements/write"])
    assert answer["secret"] not in str(vars(client))


def test_a_client_that_asks_for_nothing_writes_and_reads_its_own(database: Database):
    with database.transaction() as session:
        client, _ = add_client(session, "A", [], secret_key="k", actor=None)
    assert client.scopes == ["statements/write", "statements/read/mine"]


def test_an_unknown_scope_is_refused_with_those_there_are(database: Database):
    with (
        pytest.raises(Refused, match=r"statements/writ”.*statements/write"),
        database.transaction() as session,
    ):
        add_client(session, "A", ["statements/writ"], secret_key="k", actor=None)


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer x"}, {"Authorization": "Basic %%"}])
def test_without_credentials_the_door_stays_shut(visitor, headers):
    answer = visitor.get("/xapi/statements", headers=ABOUT | headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"].startswith("Basic")


def test_a_wrong_secret_and_an_unknown_key_are_refused_alike(visitor, client_of):
    headers = client_of("all")
    key = headers["key"]
    for wrong in (basic(key, "wrong"), basic("unknown", "wrong")):
        assert visitor.get("/xapi/statements", headers=ABOUT | wrong).status_code == 401


def test_a_revoked_client_is_shut_out_at_once(visitor, client_of, database: Database):
    headers = client_of("all")
    assert visitor.get("/xapi/statements", headers=ABOUT | headers).status_code == 200
    with database.transaction() as session:
        revoke_client(session, session.scalars(select(Client)).one(), actor=None)
    assert visitor.get("/xapi/statements", headers=ABOUT | headers).status_code == 401
