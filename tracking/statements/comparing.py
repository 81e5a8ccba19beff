"""Whether two statements say the same (Data 2.3.1: what is immutable, and what may differ)."""

import re
from collections.abc import Callable
from hashlib import blake2b
from typing import Any

import orjson

from tracking.statements.agents import mailto
from tracking.statements.parsing import timestamp
from tracking.statements.validation.numbers import Long, quantity

SIGNATURE = "http://adlnet.gov/expapi/attachments/signature"

# What a store sets, or may set. The timestamp is compared apart, since a store sets it where it is missing.
_SET_BY_STORES = frozenset(("id", "stored", "authority", "version", "timestamp"))
_FRACTION = re.compile(r"[.,]([0-9]+)")
_HUNDREDTHS = 2
_FINGERPRINT_BYTES = 16


def same(a: dict[str, Any], b: dict[str, Any]) -> bool:
    """Tell whether two valid statements differ only where xAPI allows it, in 1.0.3 and in 2.0 alike.

    Ignored: stored, authority, version; an id or a timestamp that one of them lacks; the display of verbs
    and the definitions of activities; the order of a group's members; zones of timestamps, beyond
    milliseconds; durations beyond 0.01 s; signatures, since they are made before they are attached.
    """
    return (
        _agree(a.get("id"), b.get("id"), str.lower)
        and same_moment(a.get("timestamp"), b.get("timestamp"))
        and fingerprint(a) == fingerprint(b)
    )


def same_moment(a: str | None, b: str | None) -> bool:
    """Tell whether two timestamps name one instant; what a store had to fill in agrees with anything."""
    return _agree(a, b, _moment)


def fingerprint(statement: dict[str, Any]) -> bytes:
    """16 bytes that are equal for two valid statements exactly when they say the same.

    Leaves out the id and the timestamp, which `same` compares too.
    """
    canonical = _statement(statement)
    return blake2b(
        orjson.dumps(canonical, option=orjson.OPT_SORT_KEYS), digest_size=_FINGERPRINT_BYTES
    ).digest()


def _agree(a: str | None, b: str | None, reading: Callable[[str], str]) -> bool:
    return a is None or b is None or a == b or reading(a) == reading(b)


def _moment(text: str) -> str:
    return timestamp(text).isoformat(timespec="milliseconds")


def _duration(text: str) -> str:
    """A duration cut to hundredths (Data 4.6.s1.b5); units are not converted (2.3.1.b8)."""
    return _FRACTION.sub(lambda found: _hundredths(found[1]), text)


def _hundredths(digits: str) -> str:
    kept = digits[:_HUNDREDTHS].rstrip("0")
    return f".{kept}" if kept else ""


def _json(value: Any) -> Any:
    """A value of JSON with 1.0 and 1 made alike: they are one number; long integers as doubles."""
    if type(value) is Long:
        return float(quantity(value))
    if type(value) is float:
        return int(value) if value.is_integer() and abs(value) < 2**53 else value
    if type(value) is dict:
        return {name: _json(item) for name, item in value.items()}
    if type(value) is list:
        return [_json(item) for item in value]
    return value


def _statement(value: dict[str, Any]) -> dict[str, Any]:
    canonical = {name: item for name, item in value.items() if name not in _SET_BY_STORES}
    for name, item in canonical.items():
        if name in _READINGS:
            canonical[name] = _READINGS[name](item)
    if "attachments" in canonical and not canonical["attachments"]:
        del canonical["attachments"]
    return canonical


def _actor(value: dict[str, Any]) -> dict[str, Any]:
    canonical = dict(value)
    if canonical.get("objectType") == "Agent":
        del canonical["objectType"]
    if "mbox" in canonical:
        canonical["mbox"] = mailto(canonical["mbox"])
    if "mbox_sha1sum" in canonical:
        canonical["mbox_sha1sum"] = canonical["mbox_sha1sum"].lower()
    if "member" in canonical:
        members = (_actor(member) for member in canonical["member"])
        canonical["member"] = sorted(members, key=lambda m: orjson.dumps(m, option=orjson.OPT_SORT_KEYS))
    return canonical


def _verb(value: dict[str, Any]) -> str:
    identifier: str = value["id"]
    return identifier


def _reference(value: dict[str, Any]) -> dict[str, Any]:
    return {"objectType": "StatementRef", "id": value["id"].lower()}


def _object(value: dict[str, Any]) -> Any:
    kind = value.get("objectType", "Activity")
    if kind == "Activity":
        return _activity(value)
    if kind == "StatementRef":
        return _reference(value)
    if kind == "SubStatement":
        moment = {"timestamp": _moment(value["timestamp"])} if "timestamp" in value else {}
        return _statement(value) | moment
    return _actor(value) | {"objectType": kind}


def _activity(value: dict[str, Any]) -> dict[str, Any]:
    return {"objectType": "Activity", "id": value["id"]}


def _result(value: dict[str, Any]) -> dict[str, Any]:
    canonical: dict[str, Any] = _json(value)
    if "duration" in canonical:
        canonical["duration"] = _duration(canonical["duration"])
    return canonical


def _context_activities(value: dict[str, Any]) -> dict[str, Any]:
    return {
        kind: [_activity(found) for found in (activities if type(activities) is list else [activities])]
        for kind, activities in value.items()
    }


def _context(value: dict[str, Any]) -> dict[str, Any]:
    canonical = dict(value)
    for name, item in value.items():
        if name in _CONTEXT_READINGS:
            canonical[name] = _CONTEXT_READINGS[name](item)
    return canonical


def _attachments(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [found | {"sha2": found["sha2"].lower()} for found in value if found["usageType"] != SIGNATURE]


_READINGS: dict[str, Any] = {
    "actor": _actor,
    "verb": _verb,
    "object": _object,
    "result": _result,
    "context": _context,
    "attachments": _attachments,
}
_CONTEXT_READINGS: dict[str, Any] = {
    "registration": str.lower,
    "language": str.lower,
    "instructor": _actor,
    "team": _actor,
    "statement": _reference,
    "contextActivities": _context_activities,
    "extensions": _json,
    "contextAgents": lambda items: [item | {"agent": _actor(item["agent"])} for item in items],
    "contextGroups": lambda items: [item | {"group": _actor(item["group"])} for item in items],
}
