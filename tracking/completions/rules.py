"""What a statement means for the activity it is about."""

from enum import IntEnum
from typing import Any

COMPLETING_VERBS = frozenset(
    {
        "http://adlnet.gov/expapi/verbs/completed",
        "http://adlnet.gov/expapi/verbs/passed",
        "https://w3id.org/xapi/adl/verbs/satisfied",  # cmi5
    }
)


class Outcome(IntEnum):
    """That a statement completes its activity: always, or only while the activity demands no passing."""

    COMPLETES = 1
    COMPLETES_WITHOUT_PASSING = 2


def outcome_of(statement: dict[str, Any]) -> Outcome | None:
    """The outcome of a valid xAPI statement; None when it completes nothing.

    Only a single Agent completes an Activity, never a Group. A `result.completion` of false completes
    nothing. A `result.success` of false completes only what does not demand passing; an absent one is no
    failure.
    """
    if statement["verb"]["id"] not in COMPLETING_VERBS:
        return None
    if statement["actor"].get("objectType", "Agent") != "Agent":
        return None
    if statement["object"].get("objectType", "Activity") != "Activity":
        return None
    result = statement.get("result", {})
    if result.get("completion") is False:
        return None
    return Outcome.COMPLETES_WITHOUT_PASSING if result.get("success") is False else Outcome.COMPLETES
