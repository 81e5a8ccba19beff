"""Whether a unit may send this statement now (cmi5 sections 7.1, 9 and 10).

Statements are valid xAPI, of the right learner and registration, before they come here. A refusal is always a
`Broken`, with the section it rests on.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from lms.cmi5.rules import order
from lms.cmi5.rules.result import check_result
from lms.cmi5.rules.standing import DEFINED, Broken, Standing
from lms.core.vocabulary import iris
from tracking.completions.rules import outcome_of
from tracking.statements.parsing import timestamp

_UTC = re.compile(r"(Z|[+]00(:?00)?)")
_TIME = re.compile(r"[Tt ][0-9:.,]+")
# cmi5's own verbs that only an LMS uses (section 9.3).
OF_LMS = frozenset({iris.LAUNCHED, iris.ABANDONED, iris.WAIVED, iris.SATISFIED})
VERBS = {
    iris.INITIALIZED: "initialized",
    iris.COMPLETED: "completed",
    iris.PASSED: "passed",
    iris.FAILED: "failed",
    iris.TERMINATED: "terminated",
}


@dataclass(frozen=True)
class Said:
    """A statement that was taken in: `verb` is one of cmi5's (its last word), "" for any other."""

    verb: str
    at: datetime
    statement: dict[str, Any]


def take(standing: Standing, statement: dict[str, Any]) -> Said:
    """Check the statement, and bring the standing to where it is after it. Raises Broken."""
    at = _moment(statement)
    categories = _ids(statement, "category")
    _check_context(standing, statement)
    if statement["verb"]["id"] in OF_LMS:
        raise Broken("Only the learning system says launched, abandoned, waived or satisfied (cmi5, 9.3).")
    verb = ""
    if iris.CMI5 in categories:
        verb = _defined(standing, statement, categories, at)
    else:
        _check_allowed(standing, statement, categories)
    order.follow(standing, verb, at)
    return Said(verb, at, statement)


def is_defined(statement: dict[str, Any]) -> bool:
    """Whether it calls itself one of cmi5's own (section 9.6.2.1)."""
    return iris.CMI5 in _ids(statement, "category")


def _moment(statement: dict[str, Any]) -> datetime:
    """Its time; it must have one, in UTC, and an id."""
    if "id" not in statement:
        raise Broken("A lesson gives each of its statements an id (cmi5, 9.1).")
    written = str(statement.get("timestamp", ""))
    if not written:
        raise Broken("A lesson gives each of its statements a timestamp (cmi5, 9.7).")
    if not _UTC.fullmatch(_TIME.sub("", written[10:], count=1)):
        raise Broken("The timestamp of a statement must be in UTC, written with Z at its end (cmi5, 9.7).")
    return timestamp(written)


def _check_context(standing: Standing, statement: dict[str, Any]) -> None:
    """All that the template of the launch data holds must stand in the context (section 10)."""
    context = statement.get("context", {})
    if context.get("extensions", {}).get(iris.SESSION_ID) != standing.session:
        raise Broken("The context must have the session id from the launch data (cmi5, 9.6.3.1).")
    if standing.publisher not in _ids(statement, "grouping"):
        raise Broken(
            "The context must have all that is in the contextTemplate of the launch data, also the grouping "
            "activity %(id)s (cmi5, 10).",
            id=standing.publisher,
        )


def _defined(standing: Standing, statement: dict[str, Any], categories: set[str], at: datetime) -> str:
    verb = VERBS.get(statement["verb"]["id"], "")
    if verb not in DEFINED:
        raise Broken("This verb is none of cmi5's: leave its category out of the statement (cmi5, 7.1.3).")
    if "account" not in statement["actor"]:
        raise Broken("The actor must be the one of the launch, with its account (cmi5, 9.2).")
    about = statement["object"]
    if about.get("objectType", "Activity") != "Activity" or about.get("id") != standing.activity:
        raise Broken(
            "The object must be the activityId of the launch: %(id)s (cmi5, 9.4).", id=standing.activity
        )
    order.check(standing, verb, at)
    check_result(verb, statement, standing.mastery, moves_on=iris.MOVE_ON_CATEGORY in categories)
    return verb


def _check_allowed(standing: Standing, statement: dict[str, Any], categories: set[str]) -> None:
    """A statement that is not cmi5's own: any verb, but it must not decide about the lesson."""
    if iris.MOVE_ON_CATEGORY in categories:
        raise Broken("The category moveon belongs to completed, passed and failed alone (cmi5, 9.6.2.2).")
    if statement["object"].get("id") == standing.activity and outcome_of(statement):
        raise Broken("What completes the lesson must be a statement in the category cmi5 (cmi5, 7.1.3).")


def _ids(statement: dict[str, Any], kind: str) -> set[str]:
    """The ids of the context activities of a kind; one may stand without a list."""
    found = statement.get("context", {}).get("contextActivities", {}).get(kind, [])
    return {one["id"] for one in (found if isinstance(found, list) else [found])}
