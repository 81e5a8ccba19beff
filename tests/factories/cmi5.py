"""cmi5 courses for tests, and a unit (AU) that speaks as cmi5 wants it, or as a test has it speak."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit
from uuid import uuid4

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from lms.core.vocabulary import iris
from tests.factories.packages import zipped

Json = dict[str, Any]
NAMESPACE = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
PUBLISHER = "https://example.org/cmi5"
PAGE = b"<!doctype html><title>Unit</title><p>Hello"
ABOUT = {"X-Experience-API-Version": "1.0.3"}


def titled(kind: str, name: str, inner: str = "", **attributes: str) -> str:
    """A part of a course structure, with a title and a description."""
    written = "".join(f' {key}="{value}"' for key, value in attributes.items())
    words = f'<langstring lang="vi">{name}</langstring>'
    return (
        f'<{kind} id="{PUBLISHER}/{kind}/{name}"{written}><title>{words}</title>'
        f"<description>{words}</description>{inner}</{kind}>"
    )


def unit(name: str = "one", url: str = "index.html?paramA=1&amp;paramB=2", more: str = "", **how: str) -> str:
    """An assignable unit; `how` are its attributes (moveOn, masteryScore, launchMethod)."""
    return titled("au", name, f"<url>{url}</url>{more}", **how)


def structure(contents: str, name: str = "course") -> str:
    return f'<courseStructure xmlns="{NAMESPACE}">{titled("course", name)}{contents}</courseStructure>'


def course(contents: str | None = None, files: Mapping[str, bytes] | None = None) -> bytes:
    """A package; by default one block of one unit, with a pass mark."""
    if contents is None:
        more = "<launchParameters> plain words </launchParameters><entitlementKey>key-1</entitlementKey>"
        one = unit(more=more, moveOn="CompletedAndPassed", masteryScore="0.9")
        contents = titled("block", "block", one)
    return zipped({"cmi5.xml": structure(contents).encode(), "index.html": PAGE, **(files or {})})


@dataclass
class Speaker:
    """A unit that was opened at `address`. `send` and the others answer what the record store said."""

    client: FlaskClient
    address: str
    auth: str = ""
    data: Json = field(default_factory=dict)
    now: datetime = field(default_factory=lambda: datetime.now(UTC))

    def __post_init__(self) -> None:
        self.query = {name: found[0] for name, found in parse_qs(urlsplit(self.address).query).items()}
        self.actor: Json = json.loads(self.query["actor"])
        self.registration, self.activity = self.query["registration"], self.query["activityId"]
        parts = urlsplit(self.query["endpoint"])
        self.base = f"{parts.scheme}://{parts.netloc}"

    @property
    def session(self) -> str:
        found: str = self.data["contextTemplate"]["extensions"][iris.SESSION_ID]
        return found

    def fetch(self) -> TestResponse:
        return self.client.post(urlsplit(self.query["fetch"]).path, base_url=self.base)

    def start(self) -> "Speaker":
        """Everything that a unit does before it says initialized."""
        self.auth = f"Basic {self.fetch().get_json()['auth-token']}"
        self.data = self.state("LMS.LaunchData").get_json()
        self.preferences()
        return self

    def state(self, name: str | None, method: str = "GET", **more: Any) -> TestResponse:
        asked = {
            "activityId": self.activity,
            "agent": json.dumps(self.actor),
            "registration": self.registration,
        }
        if name is not None:
            asked["stateId"] = name
        return self.ask("activities/state", method, asked, **more)

    def preferences(self, method: str = "GET", **more: Any) -> TestResponse:
        asked = {"agent": json.dumps(self.actor), "profileId": "cmi5LearnerPreferences"}
        return self.ask("agents/profile", method, asked, **more)

    def ask(self, resource: str, method: str, asked: Json, **more: Any) -> TestResponse:
        headers = ABOUT | {"Authorization": self.auth} | more.pop("headers", {})
        path = f"/xapi/{resource}?{urlencode(asked)}"
        return self.client.open(path, method=method, base_url=self.base, headers=headers, **more)

    def statement(self, verb: str, **changes: Any) -> Json:
        """One as cmi5 wants it; of a verb that is none of cmi5's an allowed one."""
        self.now += timedelta(milliseconds=10)
        defined = verb in RESULTS
        context = json.loads(json.dumps(self.data["contextTemplate"]))
        context["registration"] = self.registration
        if defined:
            judged = verb in ("completed", "passed", "failed")
            context["contextActivities"]["category"] = [
                {"id": iris.CMI5},
                *([{"id": iris.MOVE_ON_CATEGORY}] if judged else []),
            ]
        made = {
            "id": str(uuid4()),
            "actor": self.actor,
            "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
            "object": {"id": self.activity},
            "context": context,
            "timestamp": self.now.isoformat().replace("+00:00", "Z"),
        }
        if RESULTS.get(verb):
            made["result"] = json.loads(json.dumps(RESULTS[verb]))
        return {name: value for name, value in {**made, **changes}.items() if value is not None}

    def scored(self, verb: str, scaled: float, **changes: Any) -> Json:
        """A verdict by score, which names the pass mark."""
        made = self.statement(verb, **changes)
        made["result"]["score"] = {"scaled": scaled, "raw": round(scaled * 100), "min": 0, "max": 100}
        made["context"]["extensions"][iris.MASTERY_SCORE] = self.data["masteryScore"]
        return made

    def send(self, *statements: Json) -> TestResponse:
        headers = ABOUT | {"Authorization": self.auth}
        body = list(statements) if len(statements) != 1 else statements[0]
        return self.client.post("/xapi/statements", json=body, base_url=self.base, headers=headers)

    def say(self, *verbs: str) -> None:
        """Send these, one by one; each must be taken."""
        for verb in verbs:
            answer = self.send(self.statement(verb))
            assert answer.status_code == 200, (verb, answer.get_data(as_text=True))


RESULTS: dict[str, Json] = {
    "initialized": {},
    "completed": {"completion": True, "duration": "PT10S"},
    "passed": {"success": True, "duration": "PT10S"},
    "failed": {"success": False, "duration": "PT10S"},
    "terminated": {"duration": "PT12S"},
}
