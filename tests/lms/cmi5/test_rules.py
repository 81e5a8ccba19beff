"""Which statements a unit may send, and when: each rule of sections 7 to 10 on its own, without a database.

The numbers in the names of cases are the sections of the cmi5 specification.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lms.cmi5.models import Mode
from lms.cmi5.rules.standing import Broken, Standing
from lms.cmi5.rules.statement import take
from lms.core.vocabulary import iris
from tests.factories.cmi5 import RESULTS

Json = dict[str, Any]
ACTIVITY, PUBLISHER, SESSION = "http://localhost:8000/courses/c/lessons/au", "https://example.org/au", "s-1"
BEGUN = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
JUDGED = ("completed", "passed", "failed")


def standing(*said: str, begun: bool = True, **more: Any) -> Standing:
    """Of a session that said initialized, and these verbs."""
    found = Standing(
        session=SESSION,
        activity=ACTIVITY,
        publisher=PUBLISHER,
        mode=more.pop("mode", Mode.NORMAL),
        mastery=more.pop("mastery", 0.9),
        prepared=more.pop("prepared", True),
    )
    for verb in (("initialized",) if begun else ()) + said:
        take(found, statement(verb))
    for name, value in more.items():
        setattr(found, name, value)
    return found


def statement(verb: str, seconds: float = 0, **changes: Any) -> Json:
    defined = verb in RESULTS
    context: Json = {
        "registration": str(uuid4()),
        "contextActivities": {"grouping": [{"id": PUBLISHER}]},
        "extensions": {iris.SESSION_ID: SESSION},
    }
    if defined:
        more = [{"id": iris.MOVE_ON_CATEGORY}] if verb in JUDGED else []
        context["contextActivities"]["category"] = [{"id": iris.CMI5}, *more]
    made = {
        "id": str(uuid4()),
        "actor": {"account": {"homePage": "http://localhost:8000", "name": "1"}},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": ACTIVITY},
        "context": context,
        "timestamp": (BEGUN + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z"),
    }
    if RESULTS.get(verb):
        made["result"] = deepcopy(RESULTS[verb])
    return {**made, **changes}


def scored(verb: str, score: Json, named: float | None = 0.9) -> Json:
    made = statement(verb)
    made["result"]["score"] = score
    if named is not None:
        made["context"]["extensions"][iris.MASTERY_SCORE] = named
    return made


def altered(verb: str, alter: Callable[[Json], Any]) -> Json:
    made = statement(verb)
    alter(made)
    return made


def category(it: Json) -> list[Json]:
    found: list[Json] = it["context"]["contextActivities"].setdefault("category", [])
    return found


REFUSED: dict[str, tuple[Json, str]] = {
    "9.1 no id": (altered("experienced", lambda it: it.pop("id")), "9.1"),
    "9.7 no timestamp": (altered("experienced", lambda it: it.pop("timestamp")), "9.7"),
    "9.7 another zone": (statement("experienced", timestamp="2026-03-02T08:30:00-06:00"), "9.7"),
    "9.2 no account": (
        altered("passed", lambda it: it.update(actor={"mbox": "mailto:a@example.org"})),
        "9.2",
    ),
    "9.4 another object": (altered("passed", lambda it: it["object"].update(id="http://x.org/y")), "9.4"),
    "9.4 a statement as object": (
        altered("passed", lambda it: it.update(object={"objectType": "StatementRef", "id": str(uuid4())})),
        "9.4",
    ),
    "9.6.3.1 no session id": (
        altered("experienced", lambda it: it["context"]["extensions"].pop(iris.SESSION_ID)),
        "9.6.3.1",
    ),
    "9.6.3.1 another session": (
        altered("passed", lambda it: it["context"]["extensions"].update({iris.SESSION_ID: "s-2"})),
        "9.6.3.1",
    ),
    "10 no publisher id": (
        altered("passed", lambda it: it["context"]["contextActivities"].pop("grouping")),
        "10",
    ),
    "10 no publisher id, allowed": (
        altered("experienced", lambda it: it["context"].pop("contextActivities")),
        "10",
    ),
    "9.6 no context": (altered("passed", lambda it: it.pop("context")), "9.6"),
    "9.3 verb of the system": (statement("launched"), "9.3"),
    "9.3 satisfied": (
        altered("experienced", lambda it: it["verb"].update(id=iris.SATISFIED)),
        "9.3",
    ),
    "9.3 waived": (altered("experienced", lambda it: it["verb"].update(id=iris.WAIVED)), "9.3"),
    "9.3 abandoned": (altered("experienced", lambda it: it["verb"].update(id=iris.ABANDONED)), "9.3"),
    "7.1.3 a verb that is none": (
        altered("experienced", lambda it: category(it).append({"id": iris.CMI5})),
        "7.1.3",
    ),
    "7.1.3 completing without the category": (
        altered("completed", lambda it: it["context"]["contextActivities"].pop("category")),
        "7.1.3",
    ),
    "9.5.2 passed without success": (altered("passed", lambda it: it["result"].pop("success")), "9.5.2"),
    "9.5.2 passed with false": (altered("passed", lambda it: it["result"].update(success=False)), "9.5.2"),
    "9.5.2 failed without success": (altered("failed", lambda it: it["result"].pop("success")), "9.5.2"),
    "9.5.2 failed with true": (altered("failed", lambda it: it["result"].update(success=True)), "9.5.2"),
    "9.5.2 completed with success": (
        altered("completed", lambda it: it["result"].update(success=True)),
        "9.5.2",
    ),
    "9.5.2 terminated with success": (
        altered("terminated", lambda it: it["result"].update(success=True)),
        "9.5.2",
    ),
    "9.5.3 completed without": (altered("completed", lambda it: it["result"].pop("completion")), "9.5.3"),
    "9.5.3 completed with false": (
        altered("completed", lambda it: it["result"].update(completion=False)),
        "9.5.3",
    ),
    "9.5.3 passed with completion": (
        altered("passed", lambda it: it["result"].update(completion=True)),
        "9.5.3",
    ),
    "9.5.4.1 no result": (altered("terminated", lambda it: it.pop("result")), "9.5.4.1"),
    **{
        f"9.5.4.1 {verb} without duration": (
            altered(verb, lambda it: it["result"].pop("duration")),
            "9.5.4.1",
        )
        for verb in (*JUDGED, "terminated")
    },
    "9.5.1 completed with a score": (
        altered("completed", lambda it: it["result"].update(score={"scaled": 0.5})),
        "9.5.1",
    ),
    "9.5.1 raw without min": (scored("passed", {"scaled": 0.9, "raw": 90, "max": 100}), "9.5.1"),
    "9.5.1 raw without max": (scored("passed", {"scaled": 0.9, "raw": 90, "min": 0}), "9.5.1"),
    "9.5.1 raw no whole number": (
        scored("passed", {"scaled": 0.9, "raw": 90.5, "min": 0, "max": 100}),
        "9.5.1",
    ),
    "9.5.1 scaled below nought": (scored("failed", {"scaled": -0.1}), "9.5.1"),
    "9.3.4 passed below the mark": (scored("passed", {"scaled": 0.89}), "9.3.4"),
    "9.3.5 failed at the mark": (scored("failed", {"scaled": 0.9}), "9.3.5"),
    "9.3.5 failed above the mark": (scored("failed", {"scaled": 0.91}), "9.3.5"),
    "9.6.3.2 no pass mark named": (scored("passed", {"scaled": 0.95}, named=None), "9.6.3.2"),
    "9.6.3.2 another pass mark": (scored("passed", {"scaled": 0.95}, named=0.8), "9.6.3.2"),
    **{
        f"9.6.2.2 {verb} without moveon": (altered(verb, lambda it: category(it).pop()), "9.6.2.2")
        for verb in JUDGED
    },
    "9.6.2.2 terminated with moveon": (
        altered("terminated", lambda it: category(it).append({"id": iris.MOVE_ON_CATEGORY})),
        "9.6.2.2",
    ),
    "9.6.2.2 allowed with moveon": (
        altered("experienced", lambda it: category(it).append({"id": iris.MOVE_ON_CATEGORY})),
        "9.6.2.2",
    ),
    "9.5.5.1 progress of 101": (
        altered("terminated", lambda it: it["result"].update(extensions={iris.PROGRESS: 101})),
        "9.5.5.1",
    ),
    "9.3.2 initialized again": (statement("initialized"), "9.3"),
    "9.3 before initialized, by its timestamp": (statement("experienced", -60), "9.3"),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_statement_that_conflicts_is_refused_with_its_section(what: str):
    given, section = REFUSED[what]
    now = standing()
    before = deepcopy(now)
    with pytest.raises(Broken) as refused:
        take(now, given)
    assert section in str(refused.value)
    assert now == before, "nothing is remembered of what was refused"


@pytest.mark.parametrize(
    "given",
    [
        statement("experienced"),
        statement("experienced", object={"id": "http://example.org/page/2"}),
        statement("experienced", timestamp="2026-03-02T01:30:05+00:00"),
        statement("passed"),
        statement("failed"),
        statement("completed"),
        scored("passed", {"scaled": 0.9}),
        scored("passed", {"scaled": 1, "raw": 100, "min": 0, "max": 100}),
        scored("failed", {"scaled": 0.8999, "raw": 89, "min": 0, "max": 100}),
        altered("passed", lambda it: it["object"].update(objectType="Activity")),
        altered("experienced", lambda it: category(it).append({"id": "urn:x"})),
        altered("answered", lambda it: it["verb"].update(id="urn:a:verb:of:ones:own")),
        altered("experienced", lambda it: it.update(result={"extensions": {iris.PROGRESS: 40}})),
        # About something within the lesson an allowed statement may say what it likes (7.1.3).
        altered("passed", lambda it: (category(it).clear(), it["object"].update(id="http://x.org/quiz"))),
        statement("terminated"),
    ],
)
def test_a_statement_that_keeps_the_rules_is_taken(given: Json):
    take(standing(), given)


def test_the_mark_binds_only_where_there_is_one():
    take(standing(mastery=None), scored("passed", {"scaled": 0.1}, named=None))
    take(standing(mastery=None), scored("failed", {"scaled": 0.9}, named=None))


@pytest.mark.parametrize("verb", ["experienced", "completed", "terminated"])
def test_initialized_comes_first(verb: str):
    with pytest.raises(Broken, match=r"7\.1\.1"):
        take(standing(begun=False), statement(verb))


def test_initialized_waits_for_the_preferences():
    with pytest.raises(Broken, match="cmi5, 11"):
        take(standing(begun=False, prepared=False), statement("initialized"))


@pytest.mark.parametrize(
    ("said", "verb"),
    [
        (("completed",), "completed"),
        (("passed",), "passed"),
        (("failed",), "failed"),
        (("failed",), "passed"),
        (("passed",), "failed"),
    ],
)
def test_a_session_says_each_verb_once_and_judges_once(said: tuple[str, ...], verb: str):
    with pytest.raises(Broken, match=r"9\.3"):
        take(standing(*said), statement(verb))


@pytest.mark.parametrize("verb", ["experienced", "completed", "terminated", "initialized"])
def test_terminated_comes_last(verb: str):
    with pytest.raises(Broken):
        take(standing("terminated"), statement(verb, 5))


def test_terminated_is_last_by_its_timestamp_too():
    now = standing()
    take(now, statement("experienced", 60))
    with pytest.raises(Broken, match=r"9\.3"):
        take(now, statement("terminated", 30))
    take(now, statement("terminated", 59.5))  # written in whole seconds, perhaps


@pytest.mark.parametrize("verb", ["experienced", "completed", "terminated"])
def test_what_happens_at_this_moment_is_taken_though_the_clock_was_put_back(verb: str):
    now = standing("experienced", now=BEGUN - timedelta(hours=5))
    take(now, statement(verb, -5 * 3600 - 30))


def test_what_a_clock_says_that_is_wrong_now_is_not_believed():
    with pytest.raises(Broken, match=r"9\.3"):
        take(standing(now=BEGUN), statement("experienced", -600))


@pytest.mark.parametrize(
    ("before", "verb"), [("completed", "completed"), ("passed", "passed"), ("passed", "failed")]
)
def test_what_the_registration_has_is_not_said_again_in_another_session(before: str, verb: str):
    with pytest.raises(Broken, match="registration"):
        take(standing(**{before: True}), statement(verb))


def test_after_failing_one_may_pass_in_another_session():
    take(standing(), statement("failed"))
    take(standing(), statement("passed"))


@pytest.mark.parametrize("mode", [Mode.BROWSE, Mode.REVIEW])
def test_who_looks_around_or_again_is_not_judged(mode: Mode):
    now = standing(mode=mode)
    for verb in JUDGED:
        with pytest.raises(Broken, match="cmi5, 10"):
            take(now, statement(verb))
    take(now, statement("experienced"))
    take(now, statement("terminated"))
