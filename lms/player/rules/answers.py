"""The interactions of SCORM 1.2 and 2004 as answers. Nothing is refused: an odd one is told as it can be.

SCORM 1.2 Run-Time Environment 3.4.7, SCORM 2004 4th edition Run-Time Environment 4.2.9; the terms of xAPI are
those of ADL's SCORM profile.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from math import isfinite
from typing import Any
from urllib.parse import unquote

import orjson

from lms.player.rules.patterns import in_xapi, kind_of, truth

MOST = 500
LONGEST_ID, LONGEST_TEXT, LONGEST_PROMPT = 250, 4000, 500
LONGEST_REMEMBERED = 1000  # bytes
_MOST_PATTERNS = 20
_HASH = 16
# Letters that SCORM 1.2 has no place for in an id, as the player (forgiving.js) escapes them.
_ESCAPED = re.compile("(?:%[89A-F][0-9A-F])+")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
_SPAN = re.compile(r"(\d{1,5}):(\d{1,2}):(\d{1,2}(?:\.\d+)?)")
_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?")
_LENGTHS = (31_536_000, 2_592_000, 86_400, 3600, 60, 1)
_LONGEST_SECONDS = 10_000_000.0


@dataclass(frozen=True)
class Answer:
    """One answer. `position` is its place among the interactions; `response` and `correct` have xAPI's form.

    `points` is a result told as a number, `moment` when it was given as the package wrote it. `is_settled`:
    its result was told, or others came after it, so that no more of it is to be expected.
    """

    position: int
    item: str
    kind: str
    response: str
    correct: tuple[str, ...]
    right: bool | None
    points: float | None
    seconds: float | None
    moment: str
    prompt: str
    is_settled: bool

    @cached_property
    def mark(self) -> str:
        """What tells it from other answers of the same attempt."""
        said = "\x1f".join((str(self.position), self.item, self.moment, self.response))
        return sha256(said.encode()).hexdigest()[:32]


def answers_in(cmi: Any) -> list[Answer]:
    """The interactions of `cmi` that were answered, at most 500, in their order."""
    entries = list(_entries(cmi.get("interactions") if isinstance(cmi, Mapping) else None))
    last = len(entries) - 1
    return [
        answer
        for position, entry in enumerate(entries)
        if (answer := _understood(position, entry, followed=position < last)) is not None
    ]


def kept_interactions(value: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The interactions as the next session is given them back: those of their values, in their places."""
    return [
        {
            **{name: found for name in names if (found := _text(entry, name))},
            "objectives": _kept(entry, "objectives", "id"),
            "correct_responses": _kept(entry, "correct_responses", "pattern"),
        }
        for entry in _entries(value)
    ]


def _kept(entry: Mapping[str, Any], part: str, name: str) -> list[dict[str, str]]:
    found = (_text(each, name) for each in _entries(entry.get(part)))
    return [{name: text} if text else {} for text in found]


def _understood(position: int, entry: Mapping[str, Any], *, followed: bool) -> Answer | None:
    """As `_answer`; remembered, because each commit tells again what was answered until then."""
    try:
        written = orjson.dumps(entry)
    except orjson.JSONEncodeError:
        written = b""
    if 0 < len(written) <= LONGEST_REMEMBERED:
        return _answer_in(written, position, followed=followed)
    return _answer(position, entry, followed=followed)


@lru_cache(maxsize=4096)
def _answer_in(written: bytes, position: int, *, followed: bool) -> Answer | None:
    return _answer(position, orjson.loads(written), followed=followed)


def _answer(position: int, entry: Mapping[str, Any], *, followed: bool) -> Answer | None:
    """None for one that nobody has answered yet."""
    kind = kind_of(_text(entry, "type"))
    raw = _text(entry, "learner_response") or _text(entry, "student_response")
    result = _text(entry, "result").strip().lower()
    if not raw and not result:
        return None
    is_2004 = "learner_response" in entry or "timestamp" in entry
    points = _number(result)
    return Answer(
        position=position,
        item=_short(_item(_text(entry, "id"), is_2004=is_2004)) or f"item-{position + 1}",
        kind=kind,
        response=_form(kind, raw, is_2004=is_2004),
        correct=tuple(_form(kind, one, is_2004=is_2004) for one in _patterns(entry)),
        right={"correct": True, "wrong": False, "incorrect": False}.get(result),
        points=points,
        seconds=seconds_of(_text(entry, "latency")),
        moment=_text(entry, "timestamp") or _text(entry, "time"),
        prompt=_text(entry, "description")[:LONGEST_PROMPT],
        is_settled=bool(result) or followed,
    )


def seconds_of(written: str) -> float | None:
    """Seconds that an answer may take, of HH:MM:SS.SS or of an ISO 8601 duration; None where it is none."""
    found = time_in(written)
    return found if found is not None and found <= _LONGEST_SECONDS else None


def time_in(written: str) -> float | None:
    """As `seconds_of`, however long it is."""
    text = written.strip()
    span, long = _SPAN.fullmatch(text), _DURATION.fullmatch(text)
    if span:
        hours, minutes, rest = span.groups()
        return int(hours) * 3600 + int(minutes) * 60 + float(rest)
    if long and len(text) > len("PT"):
        return sum(float(part) * length for part, length in zip(long.groups(), _LENGTHS, strict=True) if part)
    return None


def _entries(value: Any) -> Iterator[Mapping[str, Any]]:
    """A list, or an object whose names are its indexes; what is no object is passed over as unanswered."""
    if isinstance(value, Mapping):
        inner = value.get("childArray", value)
        value = inner if isinstance(inner, list) else [inner[name] for name in sorted(inner, key=_place)]
    for entry in value[:MOST] if isinstance(value, list) else ():
        yield entry if isinstance(entry, Mapping) else {}


def _place(name: Any) -> tuple[int, str]:
    text = str(name)
    return len(text), text


def _patterns(entry: Mapping[str, Any]) -> list[str]:
    found = [_text(each, "pattern") for each in _entries(entry.get("correct_responses"))]
    return [pattern for pattern in found if pattern][:_MOST_PATTERNS]


def _form(kind: str, text: str, *, is_2004: bool) -> str:
    if is_2004:
        return truth(text) if kind == "true-false" else text
    return in_xapi(kind, text)


def _text(where: Mapping[str, Any], name: str) -> str:
    """As text that any database can keep."""
    value = where.get(name)
    if type(value) is str and len(value) <= LONGEST_TEXT and value.isprintable():
        return value  # as most are
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    return _UNWRITABLE.sub("", str(value))[:LONGEST_TEXT]


def _short(text: str) -> str:
    """Two long names that differ stay different."""
    text = text.strip()
    if len(text) <= LONGEST_ID:
        return text
    return f"{text[: LONGEST_ID - _HASH - 1]}~{sha256(text.encode()).hexdigest()[:_HASH]}"


def _item(text: str, *, is_2004: bool) -> str:
    return text if is_2004 else _ESCAPED.sub(_letters, text)


def _letters(escaped: re.Match[str]) -> str:
    try:
        return unquote(escaped.group(), errors="strict")
    except UnicodeDecodeError:
        return escaped.group()


def _number(text: str) -> float | None:
    try:
        found = float(text)
    except ValueError:
        return None
    return found if isfinite(found) else None
