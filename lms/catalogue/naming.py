"""Names in addresses, fixed at import: of a course from its title, of a lesson from its identifier."""

import re
from collections.abc import Iterable, Sequence

from lms.core.errors import Refused
from lms.core.names import fold

LONGEST_SLUG = 60
LONGEST_KEY = 150
SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_NOT_IN_SLUGS = re.compile(r"[^a-z0-9]+")
_NOT_IN_KEYS = re.compile(r"[^A-Za-z0-9_-]+")


def slug_of(title: str, taken: Iterable[str]) -> str:
    """A slug for a new course: the title without accents, with a number where another course has it."""
    words = _NOT_IN_SLUGS.sub("-", fold(title)).strip("-")
    return _free(words[:LONGEST_SLUG].rstrip("-") or "course", set(taken))


def checked_slug(slug: str) -> str:
    """Raises Refused for what cannot stand in an address."""
    if not SLUG.fullmatch(slug) or len(slug) > LONGEST_SLUG:
        raise Refused(
            "“%(slug)s” cannot be a course's short name. Use at most %(longest)s small letters and digits, "
            "with hyphens between words.",
            slug=slug[:LONGEST_SLUG],
            longest=LONGEST_SLUG,
        )
    return slug


def keys_of(identifiers: Sequence[str]) -> list[str]:
    """One key for each identifier of a version; the same list always gives the same keys."""
    keys: list[str] = []
    taken: set[str] = set()
    numbers: dict[str, int] = {}
    for identifier in identifiers:
        name = _NOT_IN_KEYS.sub("-", identifier).strip("-")[:LONGEST_KEY] or "lesson"
        keys.append(_free(name, taken, numbers))
        taken.add(keys[-1].lower())
    return keys


def _free(name: str, taken: set[str], numbers: dict[str, int] | None = None) -> str:
    """The name, or with the first number that is free; `numbers` keeps where to go on counting."""
    if name.lower() not in taken:
        return name
    numbers = {} if numbers is None else numbers
    number = numbers.get(name.lower(), 2)
    while f"{name}-{number}".lower() in taken:
        number += 1
    numbers[name.lower()] = number + 1
    return f"{name}-{number}"
