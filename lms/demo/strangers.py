"""What another platform told of people whom the record does not know by the names that it uses.

One of them is the officer who still has to finish: once an administrator says so, the commune is through.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lms.catalogue.queries import the_course
from lms.core.names import fold
from lms.core.record import store_statements
from lms.core.runtime import Runtime
from lms.demo.queries import UNFINISHED
from lms.people.queries import person_of_code

PLATFORM = "https://hoc-noi-khac.example"  # "learnt elsewhere"; no such platform exists
_VERBS = "http://adlnet.gov/expapi/verbs"
_TOLD_BY = {"objectType": "Agent", "account": {"homePage": PLATFORM, "name": "platform"}}
_LESSON = {
    "objectType": "Activity",
    "id": f"{PLATFORM}/lessons/an-toan-tren-mang",
    "definition": {"name": {"vi": "Giữ an toàn trên mạng"}},
}


def load_strangers(runtime: Runtime, course_slug: str) -> None:
    """Store what the platform sent; the same ids each time, so that it is there once."""
    with runtime.database.transaction() as session:
        course = the_course(session, course_slug)
        known = person_of_code(session, UNFINISHED)
        at = course.created - timedelta(days=1)
        agents = list(_agents(known.code, known.name))
        statements = [
            _statement(agent, verb, _about(course.iri) if verb == "completed" else _LESSON, at)
            for agent, verbs in agents
            for verb in verbs
        ]
        store_statements(session, statements, settings=runtime.settings, authority=_TOLD_BY)


def _agents(code: str, name: str) -> Iterator[tuple[dict[str, Any], tuple[str, ...]]]:
    """Who is named how, and what they did."""
    yield _account(code) | {"name": fold(name).title()}, ("initialized", "completed")
    yield _account("admin") | {"name": "Administrator"}, ("initialized",)
    yield {"mbox": "mailto:khach.moi@hoc-noi-khac.example", "name": "Khách mời"}, ("initialized", "completed")
    yield {"mbox_sha1sum": "5f1d7a84db00d2fce00b31a7fc73224e123b7ac7"}, ("initialized",)


def _account(name: str) -> dict[str, Any]:
    return {"account": {"homePage": PLATFORM, "name": name}}


def _about(iri: str) -> dict[str, Any]:
    return {"objectType": "Activity", "id": iri}


def _statement(agent: dict[str, Any], verb: str, about: dict[str, Any], at: datetime) -> dict[str, Any]:
    return {
        "id": str(uuid5(NAMESPACE_URL, f"{about['id']} {verb} {sorted(agent.items())}")),
        "actor": {"objectType": "Agent", **agent},
        "verb": {"id": f"{_VERBS}/{verb}", "display": {"en": verb}},
        "object": about,
        "context": {"platform": "Học nơi khác"},
        "timestamp": at.isoformat(),
    }
