"""What a profile consists of (xAPI Profiles part 2, 7.0 to 9.0), as JSON objects."""

from typing import Any

from lms.core.vocabulary.iris import VERSION, own

Json = dict[str, Any]
Words = dict[str, str]  # a language map


def words(vi: str, en: str) -> Words:
    return {"vi": vi, "en": en}


def rule(
    location: str,
    presence: str = "included",
    *,
    any_of: list[Any] | None = None,
    all_of: list[Any] | None = None,
    note: Words | None = None,
) -> Json:
    """What must be, may be or must not be at a place of a statement (8.1); `location` is a JSONPath."""
    parts = {"any": any_of, "all": all_of, "scopeNote": note}
    return {"location": location, "presence": presence} | {
        name: part for name, part in parts.items() if part is not None
    }


def extension(place: str, key: str) -> str:
    """The JSONPath of an extension in `$.context` or `$.result`."""
    return f"{place}.extensions['{key}']"


def template(name: str, label: Words, definition: Words, *, rules: list[Json], **determining: str) -> Json:
    """A kind of statement: whatever has the determining properties must keep the rules (8.0)."""
    return _part("StatementTemplate", name, label, definition) | determining | {"rules": rules}


def pattern(name: str, *, label: Words | None = None, definition: Words | None = None, **how: Any) -> Json:
    """An order of statements (9.0); one with a label is primary. Members are names of ours."""
    found = _part("Pattern", name, label, definition)
    if label is not None:
        found["primary"] = True
    for operator, members in how.items():
        found[operator] = own(members) if isinstance(members, str) else [own(member) for member in members]
    return found


def concept(kind: str, name: str, label: Words, definition: Words, **more: Any) -> Json:
    return _part(kind, name, label, definition) | more


def _part(kind: str, name: str, label: Words | None, definition: Words | None) -> Json:
    parts = {
        "id": own(name),
        "type": kind,
        "inScheme": VERSION,
        "prefLabel": label,
        "definition": definition,
    }
    return {name: part for name, part in parts.items() if part is not None}
