"""`lms clients`: add, list, rotate, revoke."""

import json
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import select

from lms.cli import lms
from lms.core.audit import AuditEntry
from lms.core.database import Database
from lms.settings import Settings
from tests.lms.xapi.conftest import ABOUT, basic

PATH = "/xapi/statements"


@pytest.fixture
def run(settings: Settings, database: Database) -> Callable[..., Result]:
    environment = {
        "LMS_DATA": str(settings.data),
        "LMS_DATABASE_URL": settings.database_url,
        "LMS_SECRET_KEY": settings.secret_key,
    }

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(lms, ["clients", *arguments], env=environment)

    return invoke


def test_the_life_of_a_client(run, visitor, database: Database):
    assert "There are no clients yet" in run("list").stdout
    added = json.loads(run("add", "One Touch", "--scope", "all", "--limit", "600", "--json").stdout)
    key, first = added["key"], basic(added["key"], added["secret"])
    (listed,) = json.loads(run("list", "--json").stdout)
    assert listed | {"created": None} == {
        "key": key, "name": "One Touch", "scopes": ["all"], "per_minute": 600, "created": None,
        "last_used": None, "former_until": None, "revoked": None,
    }  # fmt: skip

    rotated = json.loads(run("rotate", key, "--json").stdout)
    second = basic(key, rotated["secret"])
    assert rotated["former_until"]
    for good in (first, second):
        assert visitor.get(PATH, headers=ABOUT | good).status_code == 200

    rotated = run("rotate", key, "--keep", "0").stdout
    assert "The old secret works no more." in rotated
    for bad in (first, second):
        assert visitor.get(PATH, headers=ABOUT | bad).status_code == 401

    assert json.loads(run("revoke", key, "--json").stdout)["revoked"]
    words = run("list").stdout
    assert key in words
    assert "600 a minute; revoked" in words
    with database.snapshot() as session:
        acts = session.scalars(
            select(AuditEntry.act).where(AuditEntry.subject == key).order_by(AuditEntry.id)
        ).all()
    assert acts == ["xapi:client:add", "xapi:client:rotate", "xapi:client:rotate", "xapi:client:revoke"]


REFUSED = [
    (("add", "A", "--limit", "0"), 1, "a whole number from 1"),
    (("add", " "), 1, "Give the client a name"),
    (("add", "x" * 201), 1, "at most 200"),
    (("rotate", "nobody"), 1, "no client with the key “nobody”"),
    (("revoke", "nobody"), 1, "no client with the key “nobody”"),
    (("rotate", "nobody", "--keep", "721"), 2, "721"),
]


def test_what_cannot_be_is_refused_with_a_sentence(run):
    for arguments, code, sentence in REFUSED:
        ran = run(*arguments)
        assert (ran.exit_code, ran.stdout) == (code, ""), arguments
        assert sentence in ran.stderr


def test_a_revoked_client_gets_no_new_secret(run):
    key = json.loads(run("add", "A", "--json").stdout)["key"]
    run("revoke", key)
    ran = run("rotate", key)
    assert ran.exit_code == 1
    assert "“A” was revoked. Add a new client instead." in ran.stderr
