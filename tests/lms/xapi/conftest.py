"""Clients of the record store."""

from base64 import b64encode
from collections.abc import Callable

import pytest

from lms.core.database import Database
from lms.settings import Settings
from lms.xapi.services import add_client

ABOUT = {"X-Experience-API-Version": "1.0.3"}


def basic(key: str, secret: str) -> dict[str, str]:
    return {"Authorization": "Basic " + b64encode(f"{key}:{secret}".encode()).decode(), "key": key}


@pytest.fixture
def client_of(database: Database, settings: Settings) -> Callable[..., dict[str, str]]:
    """The headers of a new client with these scopes."""

    def add(*scopes: str) -> dict[str, str]:
        with database.transaction() as session:
            client, secret = add_client(
                session, "A platform", scopes, secret_key=settings.secret_key, actor=None
            )
        return ABOUT | basic(client.key, secret)

    return add


def statement(**changes):
    made = {
        "actor": {"account": {"homePage": "http://localhost:8000", "name": "CVA-001"}},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "http://localhost:8000/courses/qr"},
    }
    return made | changes
