"""A browser that plays a lesson, as far as the server can tell."""

import json
import re
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from lms.core.clock import utc_now
from tests.lms.conftest import CONTENT
from tracking.record.models import Activity, Statement, Verb

_CONFIG = re.compile(r'<script type="application/json" id="player">(.*?)</script>', re.DOTALL)
COMPLETED = {"lesson_status": "completed"}


def content_browser(app: Flask) -> FlaskClient:
    """A browser at the content origin."""
    client = app.test_client()
    client.set_cookie("language", "en", domain="127.0.0.1")
    return client


@dataclass
class Playing:
    """One player page."""

    client: FlaskClient
    address: str
    config: dict[str, Any]
    seq: int = field(default=0)

    @property
    def attempt(self) -> UUID:
        return UUID(self.config["attempt"])

    def state(self) -> dict[str, Any]:
        answer = self.client.get(self.config["state"], base_url=CONTENT)
        assert answer.status_code == 200, answer.get_data(as_text=True)
        cmi: dict[str, Any] = answer.get_json()["cmi"]
        return cmi

    def commit(self, *, end: str | None = None, cmi: Any = None, **core: Any) -> TestResponse:
        """The next commit; `core` are the values below cmi.core, `cmi` is anything else that is sent."""
        self.seq += 1
        return self.send(seq=self.seq, end=end, cmi={"core": core, **(cmi or {})})

    def content(self, path: str | None = None, **headers: str) -> TestResponse:
        """A file of the package; its start page unless another is asked for."""
        address = self.config["content"]
        if path is not None:
            address = f"{address.rsplit('/', 1)[0]}/{path}"
        return self.client.get(address, base_url=CONTENT, headers=headers, buffered=True)

    def send(self, **message: Any) -> TestResponse:
        now = utc_now().timestamp() * 1000
        whole = {"session": self.config["session"], "seq": 1, "at": now, "now": now, "visible": 0, **message}
        return self.client.post(
            self.config["commit"], base_url=CONTENT, data=json.dumps(whole), content_type="application/json"
        )


def launch(app: Flask, client: FlaskClient, slug: str = "qr", key: str = "L1") -> Playing:
    """Tap the button and arrive on the player page."""
    answer = client.post(f"/learn/{slug}/{key}")
    assert answer.status_code == 303, answer.get_data(as_text=True)
    address = answer.headers["Location"]
    assert address.startswith(f"{CONTENT}/play/")
    return open_page(content_browser(app), address.removeprefix(CONTENT))


def open_page(client: FlaskClient, path: str) -> Playing:
    answer = client.get(path.removeprefix(CONTENT), base_url=CONTENT, follow_redirects=True)
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found = _CONFIG.search(answer.get_data(as_text=True))
    assert found is not None
    return Playing(client, path, json.loads(found[1]))


def statements(session: Session, *, activity: str | None = None) -> list[dict[str, Any]]:
    """All statements that are not void, in the order in which they were stored."""
    wanted = select(Statement.raw).where(Statement.voided_at.is_(None)).order_by(Statement.seq)
    if activity is not None:
        wanted = wanted.join(Activity, Activity.id == Statement.activity_id).where(Activity.iri == activity)
    return [json.loads(raw) for raw in session.scalars(wanted)]


def verbs(session: Session, activity: str | None = None) -> list[str]:
    """The last words of the verbs, in the order in which they were stored."""
    wanted = (
        select(Verb.iri)
        .join(Statement, Statement.verb_id == Verb.id)
        .where(Statement.voided_at.is_(None))
        .order_by(Statement.seq)
    )
    if activity is not None:
        wanted = wanted.join(Activity, Activity.id == Statement.activity_id).where(Activity.iri == activity)
    return [iri.rsplit("/", 1)[1] for iri in session.scalars(wanted)]
