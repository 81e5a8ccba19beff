"""Examples that are complete: the tests hold each against the validator."""

from typing import Any

AGENT: dict[str, Any] = {
    "objectType": "Agent",
    "account": {"homePage": "https://hoc.example.vn", "name": "CB-10549-057"},
}
ACTIVITY: dict[str, Any] = {
    "objectType": "Activity",
    "id": "https://hoc.example.vn/courses/nhan-dien-lua-dao",
    "definition": {
        "name": {"vi-VN": "Nhận ra kẻ lừa đảo trên mạng"},
        "type": "http://adlnet.gov/expapi/activities/course",
    },
}
STATEMENT: dict[str, Any] = {
    "id": "7c1e4b1a-5d0f-4a7e-9b1e-0d3a5c6f7e80",
    "actor": AGENT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/completed", "display": {"vi-VN": "đã hoàn thành"}},
    "object": ACTIVITY,
    "result": {"completion": True, "success": True, "score": {"scaled": 0.9}, "duration": "PT6M30S"},
    "context": {"registration": "0b9de7a4-94f5-4f62-8f8a-3a9d0c7a9f11", "language": "vi-VN"},
    "timestamp": "2026-11-20T09:30:00+07:00",
}
VOIDING: dict[str, Any] = {
    "actor": AGENT,
    "verb": {"id": "http://adlnet.gov/expapi/verbs/voided"},
    "object": {"objectType": "StatementRef", "id": STATEMENT["id"]},
}
IDS = [STATEMENT["id"]]
PERSON: dict[str, Any] = {
    "objectType": "Person",
    "name": ["Nguyễn Văn An"],
    "account": [AGENT["account"]],
}
STATE = {"page": 3, "answers": {"q1": "b"}}
NAMES = ["bookmark", "answers"]
ERROR = {"error": "actor.mbox: not a mailto IRI"}

STATEMENTS = {
    "one": {"summary": "One statement", "value": STATEMENT},
    "many": {"summary": "Several: all are kept or none", "value": [STATEMENT]},
    "voiding": {"summary": "Taking one back", "value": VOIDING},
}
