"""The forms of Communication 2.1.3.s1, `format`."""

import orjson
import pytest

from tests.tracking.cast import account, keep, said
from tracking.statements.formats import formatted
from tracking.statements.queries import Filter, statements

LESSON = "https://example.org/lessons/maps"
AGENT = {"objectType": "Agent", "name": "An", "mbox": "mailto:an@example.org"}
TEAM = {"objectType": "Group", "name": "Tổ 1", "member": [AGENT, account("b") | {"name": "B"}]}
NAMED_TEAM = {**TEAM, "mbox": "mailto:to1@example.org"}
BOTH = {"en-US": "one", "vi-VN": "một"}
VERB = {"id": "https://example.org/verbs/met", "display": BOTH}
REFERENCE = {"objectType": "StatementRef", "id": "8f87ccde-bb56-4c2e-ab83-44982ef22df0"}


def activity(iri=LESSON, **definition):
    return {"objectType": "Activity", "id": iri, "definition": definition or {"name": BOTH}}


def a_statement(**parts):
    return said(AGENT, **{"object": activity(), **parts}) | {"verb": VERB}


def given_out(session, sent, form, *languages):
    keep(session, sent)
    page = statements(session, Filter(ascending=True), limit=1)
    [raw] = formatted(session, page.statements, form, languages)
    return orjson.loads(raw)


@pytest.fixture
def whole(session):
    """A statement with everything that has a form."""
    sub = {"objectType": "SubStatement", "actor": NAMED_TEAM, "verb": VERB, "object": activity(LESSON + "/2")}
    context = {
        "instructor": AGENT,
        "team": TEAM,
        "contextActivities": {"category": [activity(LESSON + "/3")]},
    }
    attachment = {
        "usageType": "https://example.org/usage",
        "display": BOTH,
        "description": BOTH,
        "contentType": "text/plain",
        "length": 1,
        "sha2": "a" * 64,
        "fileUrl": "https://example.org/a.txt",
    }
    sub["context"] = {"contextActivities": {"other": [activity(LESSON + "/4")]}}
    return a_statement(object=sub, context=context, attachments=[attachment])


def test_exact_is_what_was_sent(session, whole):
    kept = given_out(session, whole, "exact")
    assert {name: kept[name] for name in whole} == whole


def test_ids_are_all_that_is_left_of_agents_verbs_and_activities(session, whole):
    kept = given_out(session, whole, "ids")
    assert kept["actor"] == {"mbox": AGENT["mbox"]}
    assert kept["verb"] == {"id": VERB["id"]}
    assert kept["object"] == {
        "objectType": "SubStatement",
        "actor": {"objectType": "Group", "mbox": NAMED_TEAM["mbox"]},
        "verb": {"id": VERB["id"]},
        "object": {"id": LESSON + "/2"},
        "context": {"contextActivities": {"other": [{"id": LESSON + "/4"}]}},
    }
    assert kept["context"] == {
        "instructor": {"mbox": AGENT["mbox"]},
        # An anonymous group is known by its members alone.
        "team": {
            "objectType": "Group",
            "member": [{"mbox": AGENT["mbox"]}, {"account": account("b")["account"]}],
        },
        "contextActivities": {"category": [{"id": LESSON + "/3"}]},
    }
    assert set(kept["authority"]) == {"account"}
    assert kept["attachments"] == whole["attachments"]


@pytest.mark.parametrize(("thing", "expected"), [
    (AGENT, {"objectType": "Agent", "mbox": AGENT["mbox"]}),
    (NAMED_TEAM, {"objectType": "Group", "mbox": NAMED_TEAM["mbox"]}),
    (REFERENCE, REFERENCE),
    ({"id": LESSON}, {"id": LESSON}),
])  # fmt: skip
def test_ids_still_tell_what_kind_of_object_it_is(session, thing, expected):
    assert given_out(session, a_statement(object=thing), "ids")["object"] == expected


@pytest.mark.parametrize(("language", "key"), [("vi", "vi-VN"), ("en", "en-US"), ("fr", "en-US")])
def test_canonical_has_one_language_in_every_map(session, whole, language, key):
    kept = given_out(session, whole, "canonical", language)
    one = {key: BOTH[key]}
    assert kept["verb"]["display"] == kept["object"]["verb"]["display"] == one
    assert [item["display"] for item in kept["attachments"]] == [one]
    assert [item["description"] for item in kept["attachments"]] == [one]
    for found in (
        kept["object"]["object"],
        kept["context"]["contextActivities"]["category"][0],
        kept["object"]["context"]["contextActivities"]["other"][0],
    ):
        assert found["definition"]["name"] == one
    assert kept["context"]["team"] == TEAM  # agents and groups are as they were sent
    assert kept["actor"] == AGENT


def test_canonical_is_what_all_statements_together_say_of_an_activity(session):
    more = {"description": {"vi": "Bản đồ"}, "type": "https://example.org/types/lesson"}
    first = a_statement(object={"id": LESSON})
    keep(session, first)
    keep(session, a_statement(object=activity(LESSON, name=BOTH)))
    keep(session, a_statement(object={"id": "https://example.org/x"}, context={
        "contextActivities": {"parent": [activity(LESSON, **more)]}
    }))  # fmt: skip
    page = statements(session, Filter(ascending=True))
    found = [orjson.loads(raw) for raw in formatted(session, page.statements, "canonical", ["vi"])]
    whole = {"name": {"vi-VN": "một"}, **more}
    assert found[0]["object"]["definition"] == found[1]["object"]["definition"] == whole
    assert found[2]["context"]["contextActivities"]["parent"][0]["definition"] == whole
    assert "definition" not in found[2]["object"]  # nobody said anything of it


def test_canonical_narrows_the_components_of_interactions(session):
    parts = {
        name: [{"id": "a", "description": BOTH}, {"id": "b"}]
        for name in ("choices", "scale", "source", "target", "steps")
    }
    for kind, names in (("choice", ["choices"]), ("likert", ["scale"]), ("matching", ["source", "target"]),
                        ("performance", ["steps"])):  # fmt: skip
        sent = activity(
            f"{LESSON}/{kind}",
            type="http://adlnet.gov/expapi/activities/cmi.interaction",
            interactionType=kind,
            **{name: parts[name] for name in names},
        )
        keep(session, a_statement(object=sent))
    page = statements(session, Filter())
    for raw in formatted(session, page.statements, "canonical", ["vi"]):
        definition = orjson.loads(raw)["object"]["definition"]
        components = [value for name, value in definition.items() if name in parts]
        assert components
        for listed in components:
            assert listed == [{"id": "a", "description": {"vi-VN": "một"}}, {"id": "b"}]
