"""People who were there before get their keys, and their addresses' hashes are claimed."""

from datetime import UTC, datetime
from uuid import uuid4

from alembic import command
from sqlalchemy import text

from lms.core.database import Database
from lms.core.migrating import configuration, upgrade
from lms.people.models import Person
from tracking.identities.keys import hashed_mail_key
from tracking.identities.queries import claimed_keys

OLD = text(
    "INSERT INTO person (id, code, name, order_key, search_key, email, created, updated)"
    " VALUES (:id, :code, :name, 'x', 'x', :email, :now, :now)"
)


def test_an_upgrade_keys_names_and_addresses(database_url: str):
    command.upgrade(configuration(database_url), "0004")
    database = Database(database_url)
    old = [("A1", "Đỗ Thị Ánh", "anh.do+x@gmail.com"), ("A2", "Lê Văn Tám", None)]
    plain = database.engine.dialect.name == "sqlite"
    people = {
        code: {
            "id": number.hex if plain else number,
            "code": code,
            "name": name,
            "email": email,
            "now": "2025-01-01 00:00:00.000000" if plain else datetime(2025, 1, 1, tzinfo=UTC),
        }
        for number, (code, name, email) in zip((uuid4(), uuid4()), old, strict=True)
    }
    with database.transaction() as session:
        session.execute(OLD, list(people.values()))
    upgrade(database_url)
    with database.snapshot() as session:
        found = {person.code: person for person in session.query(Person)}
        assert (found["A1"].name_key, found["A1"].email_key) == ("anh do thi", "anhdo@gmail.com")
        assert (found["A2"].name_key, found["A2"].email_key) == ("le tam van", None)
        claims = claimed_keys(session, [person.id for person in found.values()])
        assert claims == {found["A1"].id: {hashed_mail_key("anh.do+x@gmail.com")}}
    database.close()
