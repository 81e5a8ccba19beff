"""What must be known of a credential, without Flask and without mapped rows."""

from base64 import b64encode
from datetime import UTC, datetime, timedelta

import pytest

from lms.core.database import Database
from lms.settings import Settings
from lms.xapi.credentials import (
    KnownClient,
    Remembered,
    Secret,
    Stale,
    digest_of,
    find,
    find_client,
    read_basic,
    unchanged,
    verify,
)
from lms.xapi.models import Client, Scope
from lms.xapi.services import add_client, change_client, revoke_client, rotate_client
from tracking.rounds import run

NOW = datetime(2026, 11, 20, 2, tzinfo=UTC)
OLD, NEW = digest_of("old", "k"), digest_of("new", "k")


def known(**changes) -> KnownClient:
    given = {
        "key": "abc", "name": "One Touch", "secrets": (Secret(NEW),), "scopes": frozenset({"state"}),
        "per_minute": None, "revoked": None, "revision": 0,
    }  # fmt: skip
    return KnownClient(**{**given, **changes})


def encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        (f"Basic {encoded('key:secret')}", ("key", "secret")),
        (f"basic   {encoded('key:a:b')}", ("key", "a:b")),
        (f"BASIC {encoded('khoá:bí mật')}", ("khoá", "bí mật")),
        (f"Basic {encoded('key:')}", ("key", "")),
        (f"Basic {encoded(':secret')}", None),
        (f"Basic {encoded('no colon')}", None),
        ("Basic %%%", None),
        ("Basic /////w==", None),
        (f"Bearer {encoded('key:secret')}", None),
        (f"Basic {encoded('k:' + 's' * 4000)}", None),
        ("Basic", None),
        ("", None),
        (None, None),
    ],
)
def test_a_header_of_basic_credentials_is_read(header, expected):
    assert read_basic(header) == expected


@pytest.mark.parametrize(
    ("secrets", "digest", "good"),
    [
        ((Secret(NEW),), NEW, True),
        ((Secret(NEW),), OLD, False),
        ((Secret(NEW), Secret(OLD, NOW + timedelta(seconds=1))), OLD, True),
        ((Secret(NEW), Secret(OLD, NOW + timedelta(seconds=1))), NEW, True),
        ((Secret(NEW), Secret(OLD, NOW)), OLD, False),
        ((Secret(NEW), Secret(OLD, NOW)), NEW, True),
    ],
)
def test_a_secret_is_good_until_its_end(secrets, digest, good):
    assert verify(known(secrets=secrets), digest, NOW) is good


def test_a_revoked_client_has_no_good_secret():
    assert not verify(known(revoked=NOW + timedelta(days=1)), NEW, NOW)


def test_the_hash_needs_the_key_of_the_installation():
    assert digest_of("secret", "one") != digest_of("secret", "another")
    assert len(digest_of("secret", "one")) == 64


def test_the_scope_for_everything_allows_each():
    assert known(scopes=frozenset({"all"})).may(Scope.PROFILE)
    assert known().may(Scope.WRITE, Scope.STATE)
    assert not known().may(Scope.WRITE)


def test_a_client_is_read_with_all_that_its_row_says(database: Database, settings: Settings):
    with database.transaction() as session:
        client, secret = add_client(
            session, "One Touch", ["state"], secret_key=settings.secret_key, actor=None, per_minute=30
        )
        first = find_client(session.connection(), client.key)
        newer = rotate_client(
            session, client, keep=timedelta(hours=1), secret_key=settings.secret_key, actor=None
        )
        session.flush()
        read = find(session.connection(), client.key)
        until = client.former_until
    assert first is not None
    assert isinstance(read, KnownClient)
    digests = [digest_of(each, settings.secret_key) for each in (newer, secret)]
    assert read.secrets == (Secret(digests[0]), Secret(digests[1], until))
    assert (read.name, read.scopes, read.per_minute) == ("One Touch", {"state"}, 30)
    assert read.revision > first.revision


def test_a_key_that_nobody_has_finds_nothing(database: Database):
    with database.snapshot() as session:
        for key in ("unknown", "s-unknown", "a\x00b", ""):
            assert find(session.connection(), key) is None


def test_whoever_remembers_a_client_learns_that_it_has_changed(database: Database):
    def change(session, client: Client) -> None:
        change_client(session, client, name="A", scopes=["all"], per_minute=None, actor=None)

    def rotate(session, client: Client) -> None:
        rotate_client(session, client, keep=timedelta(0), secret_key="k", actor=None)

    def revoke(session, client: Client) -> None:
        revoke_client(session, client, actor=None)

    with database.transaction() as session:
        clients = [add_client(session, "A", [], secret_key="k", actor=None)[0] for _ in range(4)]
        connection = session.connection()
        read = [find_client(connection, client.key) for client in clients]
        run(session, unchanged(read))
        for act, client in zip((change, rotate, revoke), clients, strict=False):
            act(session, client)
        session.flush()
        with pytest.raises(Stale) as raised:
            run(session, unchanged(read))
        assert raised.value.keys == {client.key for client in clients[:3]}
        run(session, unchanged(read[3:]))


def test_what_is_remembered_is_forgotten_after_seconds_or_when_told():
    now = [0.0]
    remembered = Remembered(clock=lambda: now[0])
    remembered.put(known())
    assert remembered.get("abc") == known()
    now[0] = Remembered.SECONDS + 1
    assert remembered.get("abc") is None
    remembered.put(known())
    remembered.forget(["abc", "not there"])
    assert remembered.get("abc") is None
