"""A record store for one cmi5 session at a time: what an LMS shows to a unit, and what it then hears."""

import json
from threading import Event
from urllib.parse import parse_qs, urlencode, urlsplit

KEY = "the-key"
ACTIVITY = "https://lms.example/units/1"
REGISTRATION = "6b1a5dd6-9a3b-4a5e-8c0c-1f3a1f2f6c11"
ACTOR = {"objectType": "Agent", "account": {"homePage": "https://lms.example", "name": "42"}}
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"


class Store:
    """`statements` in the order in which they came; `complaints` is what a strict LMS would refuse;
    `ended` is set when a unit has said goodbye."""

    def __init__(self, *, mode: str = "Normal", mastery: float | None = 0.6) -> None:
        self.statements: list[dict] = []
        self.ended = Event()
        self.complaints: list[str] = []
        self.state: bytes | None = None
        self.mode, self.mastery = mode, mastery
        self.launches = 0
        self._key_given = False

    def launch(self) -> str:
        """The query of a new launch of the same registration."""
        self.launches += 1
        self._key_given = False
        return urlencode(
            {
                "endpoint": "/xapi",
                "fetch": f"/fetch?launch={self.launches}",
                "actor": json.dumps(ACTOR),
                "registration": REGISTRATION,
                "activityId": ACTIVITY,
            }
        )

    def answer(self, method: str, path: str, headers: dict[str, str], body: bytes) -> tuple[int, bytes]:
        where, query = urlsplit(path).path, parse_qs(urlsplit(path).query)
        if where == "/fetch":
            return 200, self._key(method)
        if headers.get("Authorization") != f"Basic {KEY}" or not headers.get("X-Experience-API-Version"):
            self.complaints.append(f"no key: {path}")
            return 401, b""
        if where == "/xapi/statements":
            return self._take(json.loads(body))
        return self._document(where, query, method, body)

    def _document(self, where: str, query: dict, method: str, body: bytes) -> tuple[int, bytes]:
        if where == "/xapi/agents/profile":
            return 404, b""
        if query.get("stateId") == ["LMS.LaunchData"]:
            return 200, json.dumps(self._launch_data()).encode()
        if method == "PUT":
            self.state = body
            return 204, b""
        return (404, b"") if self.state is None else (200, self.state)

    def _key(self, method: str) -> bytes:
        given, self._key_given = self._key_given, True
        if method != "POST" or given:
            self.complaints.append("the key was asked for twice")
            return json.dumps({"error-code": "1", "error-text": "given"}).encode()
        return json.dumps({"auth-token": KEY}).encode()

    def _launch_data(self) -> dict:
        data = {
            "contextTemplate": {
                "contextActivities": {"grouping": [{"id": "urn:publisher"}]},
                "extensions": {SESSION: str(self.launches)},
            },
            "launchMode": self.mode,
            "moveOn": "CompletedAndPassed",
            "returnURL": "/host.css",
        }
        return data if self.mastery is None else {**data, "masteryScore": self.mastery}

    def _take(self, sent: list[dict]) -> tuple[int, bytes]:
        for statement in sent:
            context = statement["context"]
            if statement["actor"] != ACTOR or context["contextActivities"]["grouping"] != [
                {"id": "urn:publisher"}
            ]:
                self.complaints.append(f"not of this launch: {statement['verb']}")
            if (
                context["extensions"].get(SESSION) != str(self.launches)
                or context["registration"] != REGISTRATION
            ):
                self.complaints.append(f"not of this session: {statement['verb']}")
            if statement["id"] not in {one["id"] for one in self.statements}:
                self.statements.append(statement)
            if statement["verb"]["id"].endswith("/terminated"):
                self.ended.set()
        return 200, b"[]"

    def told(self, *, without: str = "answered") -> list[str]:
        """The verbs, in order."""
        verbs = [one["verb"]["id"].rsplit("/", 1)[-1] for one in self.statements]
        return [verb for verb in verbs if verb != without]

    def result(self, verb: str) -> dict:
        """Of the last statement with this verb."""
        return [one for one in self.statements if one["verb"]["id"].endswith("/" + verb)][-1]["result"]
