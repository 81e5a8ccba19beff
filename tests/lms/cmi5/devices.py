"""A learner's device that kept what a unit said while there was no network, and delivers it."""

import json
from base64 import b64encode
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from lms.cmi5.models import Launch
from lms.core.runtime import Runtime
from lms.player.tokens import make_delivery_key
from tests.factories.cmi5 import Speaker


@dataclass
class Device:
    """`ago`: how long the requests have waited; `wrong`: how far its clock is ahead of ours."""

    app: Flask
    speaker: Speaker
    key: str
    ago: timedelta = timedelta(0)
    wrong: timedelta = timedelta(0)

    def kept(
        self, method: str, resource: str, query: dict[str, Any], body: Any, **changes: Any
    ) -> dict[str, Any]:
        """A request as it lies on the device."""
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        now = datetime.now(UTC) + self.wrong
        return {
            "id": uuid4().hex,
            "at": (now - self.ago).timestamp() * 1000,
            "now": now.timestamp() * 1000,
            "prepared": True,
            "seen": None,
            "method": method,
            "resource": resource,
            "query": urlencode(query),
            "version": "1.0.3",
            "type": "application/json",
            "body": b64encode(content).decode(),
        } | changes

    def deliver(self, kept: dict[str, Any]) -> TestResponse:
        browser = self.app.test_client()
        return browser.post(f"/cmi5/deliver/{self.key}", json=kept, base_url=self.speaker.base)

    def say(self, *verbs: str) -> list[str]:
        """Deliver these, each by itself; what became of them."""
        return [self.put(self.speaker.statement(verb)) for verb in verbs]

    def put(self, statement: dict[str, Any]) -> str:
        kept = self.kept("PUT", "statements", {"statementId": statement["id"]}, statement)
        return outcome(self.deliver(kept))

    def state(self, name: str, body: Any, method: str = "PUT", seen: str | None = None) -> str:
        return outcome(self.deliver(self.kept(method, "activities/state", self.about(name), body, seen=seen)))

    def about(self, name: str) -> dict[str, str]:
        return {
            "activityId": self.speaker.activity,
            "agent": json.dumps(self.speaker.actor),
            "registration": self.speaker.registration,
            "stateId": name,
        }


def outcome(answer: TestResponse) -> str:
    assert answer.status_code == 200, answer.get_data(as_text=True)
    found: str = answer.get_json()["answer"]
    return found


def device_of(app: Flask, speaker: Speaker, **how: Any) -> Device:
    """The device on which this unit runs."""
    runtime: Runtime = app.extensions["lms"]
    with runtime.database.snapshot() as session:
        launch = session.scalars(select(Launch).order_by(Launch.started.desc())).unique().first()
        assert launch is not None
        key = make_delivery_key(launch.id, launch.started, runtime.settings.secret_key)
    return Device(app, speaker, key, **how)
