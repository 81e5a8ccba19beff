"""Sequences of statements against patterns: greedy, without backtracking (xAPI Profiles part 3, 2.2).

Stricter in one place: a zeroOrMore whose last round is cut short is PARTIAL, where the specification's
pseudocode would let it pass.
"""

from collections.abc import Mapping, Sequence
from enum import Enum
from typing import Any

Json = Mapping[str, Any]
Sent = Sequence[set[str]]  # for each statement the ids of the templates that it follows


class Outcome(Enum):
    SUCCESS = "success"
    PARTIAL = "partial"
    FAILURE = "failure"


Found = tuple[Outcome, Sent]
SUCCESS, PARTIAL, FAILURE = Outcome


def follows(sent: Sent, patterns: Sequence[Json]) -> str | None:
    """The id of the first primary pattern that all the statements follow."""
    known = {pattern["id"]: pattern for pattern in patterns}
    for pattern in patterns:
        if pattern.get("primary") and matches(sent, pattern["id"], known) == (SUCCESS, []):
            return str(pattern["id"])
    return None


def matches(sent: Sent, element: str, known: Mapping[str, Json]) -> Found:
    """How far the statements match a pattern or a template, and those that are left."""
    pattern = known.get(element)
    if pattern is None:
        return _template(list(sent), element)
    for operator, match in _OPERATORS.items():
        if operator in pattern:
            return match(list(sent), pattern[operator], known)
    raise KeyError(element)


def _template(sent: Sent, element: str) -> Found:
    if not sent:
        return PARTIAL, []
    return (SUCCESS, sent[1:]) if element in sent[0] else (FAILURE, sent)


def _sequence(sent: Sent, members: Sequence[str], known: Mapping[str, Json]) -> Found:
    left = sent
    for member in members:
        outcome, left = matches(left, member, known)
        if outcome is FAILURE:
            return FAILURE, sent
        if outcome is PARTIAL:
            return PARTIAL, []
    return SUCCESS, left


def _alternates(sent: Sent, members: Sequence[str], known: Mapping[str, Json]) -> Found:
    found = [matches(sent, member, known) for member in members]
    left = [rest for outcome, rest in found if outcome is SUCCESS]
    if left:
        return SUCCESS, min(left, key=len)
    return (PARTIAL, []) if any(outcome is PARTIAL for outcome, _ in found) else (FAILURE, sent)


def _one_or_more(sent: Sent, member: str, known: Mapping[str, Json]) -> Found:
    outcome, left = matches(sent, member, known)
    if outcome is not SUCCESS or len(left) == len(sent):
        return outcome, left
    return _zero_or_more(left, member, known)


def _zero_or_more(sent: Sent, member: str, known: Mapping[str, Json]) -> Found:
    last = sent
    while last:
        outcome, left = matches(last, member, known)
        if outcome is FAILURE:
            break
        if outcome is PARTIAL:
            return PARTIAL, last
        if len(left) == len(last):
            break
        last = left
    return SUCCESS, last


def _optional(sent: Sent, member: str, known: Mapping[str, Json]) -> Found:
    if not sent:
        return SUCCESS, []
    outcome, left = matches(sent, member, known)
    return (SUCCESS, sent) if outcome is FAILURE else (outcome, left)


_OPERATORS = {
    "sequence": _sequence,
    "alternates": _alternates,
    "oneOrMore": _one_or_more,
    "zeroOrMore": _zero_or_more,
    "optional": _optional,
}
