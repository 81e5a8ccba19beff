"""Hypothesis strategies for valid statements of every shape."""

from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from tracking.statements.validation import Version

Json = dict[str, Any]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=8)
uuids = st.uuids().map(str) | st.uuids().map(lambda found: str(found).upper())
iris = st.builds(
    "{}{}".format,
    st.sampled_from(("http://example.org/", "https://ví-dụ.vn:8443/a?b=c#", "urn:uuid:", "tag:a@b,2026:%20")),
    words,
)
tags = st.sampled_from(
    ("vi", "en-US", "zh-Hant", "sr-Latn-RS", "de-CH-1901", "i-klingon", "x-a-b", "az-Arab-x-aze", "es-419")
)
language_maps = st.dictionaries(tags, texts, max_size=3)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**53), 2**53)
    | st.floats(allow_nan=False, allow_infinity=False)
    | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=5,
)
extensions = st.dictionaries(iris, json_values, max_size=2)
durations = st.sampled_from(
    ("PT0S", "PT1H0M0.1S", "P4W", "P3Y1M29DT4H35M59.14S", "P0.5Y", "PT16559,14S", "P1DT2H")
)
rfc_timestamps = st.sampled_from(
    ("2026-01-31T08:00:00Z", "2026-01-31T08:00:00.123456+07:00")
) | st.sampled_from(("2008-09-15 15:53:00.601+00:00", "2016-12-31T23:59:60Z", "1990-12-31t15:59:59.1234567z"))
iso_timestamps = rfc_timestamps | st.sampled_from(
    ("20260131T080000Z", "2026-01-31T08:00", "2026-01-31T08:00:00,5+07")
)


def timestamps(version: Version) -> SearchStrategy[str]:
    return iso_timestamps if version == "1.0.3" else rfc_timestamps


def objects(
    required: dict[str, SearchStrategy[Any]], **optional: SearchStrategy[Any]
) -> SearchStrategy[Json]:
    return st.fixed_dictionaries(required, optional=optional)


accounts = objects({"homePage": iris, "name": texts})
sha1s = st.text("0123456789abcdefABCDEF", min_size=40, max_size=40)
identifiers: SearchStrategy[Json] = st.one_of(
    st.fixed_dictionaries({"mbox": words.map("mailto:{}@Example.org".format)}),
    st.fixed_dictionaries({"mbox_sha1sum": sha1s}),
    st.fixed_dictionaries({"openid": words.map("https://openid.example.org/{}".format)}),
    st.fixed_dictionaries({"account": accounts}),
)
agents = st.builds(
    lambda who, more: who | more, identifiers, objects({}, objectType=st.just("Agent"), name=texts)
)
members = st.lists(agents, min_size=1, max_size=3)
_group = {"objectType": st.just("Group")}
anonymous_groups = objects({**_group, "member": members}, name=texts)
identified_groups = st.builds(
    lambda who, more: who | more, identifiers, objects(_group, name=texts, member=members)
)
groups = anonymous_groups | identified_groups
actors = agents | groups
authorities = agents | st.builds(
    lambda application, user: {"objectType": "Group", "member": [application, user]},
    objects({"account": accounts}),
    agents,
)

verbs = objects({"id": iris}, display=language_maps)
components = st.lists(
    objects({"id": words}, description=language_maps), max_size=3, unique_by=lambda component: component["id"]
)
_LISTS: dict[str, tuple[str, ...]] = {
    "choice": ("choices",),
    "sequencing": ("choices",),
    "likert": ("scale",),
    "matching": ("source", "target"),
    "performance": ("steps",),
    **dict.fromkeys(("true-false", "fill-in", "long-fill-in", "numeric", "other"), ()),
}
_described = {
    "name": language_maps,
    "description": language_maps,
    "type": iris,
    "moreInfo": iris,
    "extensions": extensions,
}


def interactions(kind: str) -> SearchStrategy[Json]:
    lists = dict.fromkeys(_LISTS[kind], components)
    patterns = st.lists(texts, max_size=2)
    return objects(
        {"interactionType": st.just(kind)}, correctResponsesPattern=patterns, **lists, **_described
    )


definitions = objects({}, **_described) | st.sampled_from(sorted(_LISTS)).flatmap(interactions)
activities = objects({"id": iris}, objectType=st.just("Activity"), definition=definitions)
statement_references = objects({"objectType": st.just("StatementRef"), "id": uuids})

_finite = st.floats(-1e6, 1e6) | st.integers(-1000, 1000)


def _score(values: list[float], keep: set[str]) -> Json:
    least, raw, most = sorted(values)
    found: Json = {"raw": raw, "min": least, "max": most}
    if least == most:
        found = {"raw": raw}
    return {name: value for name, value in found.items() if name in keep}


scores = st.builds(
    lambda score, scaled: score | scaled,
    st.builds(
        _score, st.lists(_finite, min_size=3, max_size=3), st.sets(st.sampled_from(("raw", "min", "max")))
    ),
    objects({}, scaled=st.floats(-1, 1) | st.integers(-1, 1)),
)
results = objects(
    {},
    score=scores,
    success=st.booleans(),
    completion=st.booleans(),
    response=texts,
    duration=durations,
    extensions=extensions,
)
attachments = st.lists(
    objects(
        {
            "usageType": iris,
            "display": language_maps,
            "contentType": st.sampled_from(("text/plain", 'application/vnd.x+json; charset=utf-8; v="1 2"')),
            "length": st.integers(0, 10**9),
            "sha2": st.sampled_from((56, 64, 96, 128)).flatmap(
                lambda size: st.text("0123456789abcdef", min_size=size, max_size=size)
            ),
        },
        description=language_maps,
        fileUrl=iris,
    ),
    max_size=2,
)
context_activities = objects(
    {},
    **dict.fromkeys(
        ("parent", "grouping", "category", "other"), activities | st.lists(activities, max_size=2)
    ),
)
relevant_types = st.lists(iris, min_size=1, max_size=2)
context_agents = st.lists(
    objects({"objectType": st.just("contextAgent"), "agent": agents}, relevantTypes=relevant_types),
    max_size=2,
)
context_groups = st.lists(
    objects({"objectType": st.just("contextGroup"), "group": groups}, relevantTypes=relevant_types),
    max_size=2,
)


def contexts(version: Version, *, of_activity: bool) -> SearchStrategy[Json]:
    """Contexts that a statement may have; some properties only when its object is an activity."""
    free = {"revision": texts, "platform": texts} if of_activity else {}
    new = {"contextAgents": context_agents, "contextGroups": context_groups} if version != "1.0.3" else {}
    return objects(
        {},
        registration=uuids,
        instructor=actors,
        team=groups,
        contextActivities=context_activities,
        language=tags,
        statement=statement_references,
        extensions=extensions,
        **free,
        **new,
    )


def _typed(kind: str, things: SearchStrategy[Json]) -> SearchStrategy[Json]:
    return things.map(lambda thing: thing | {"objectType": kind})


def _about(thing: SearchStrategy[Json], version: Version, *, is_activity: bool = False) -> dict[str, Any]:
    return {
        "required": {"actor": actors, "verb": verbs, "object": thing},
        "optional": {
            "result": results,
            "context": contexts(version, of_activity=is_activity),
            "timestamp": timestamps(version),
            "attachments": attachments,
        },
    }


def _shapes(version: Version) -> list[dict[str, Any]]:
    return [
        _about(activities, version, is_activity=True),
        _about(_typed("Agent", agents) | groups | statement_references, version),
    ]


def sub_statements(version: Version) -> SearchStrategy[Json]:
    kind = {"objectType": st.just("SubStatement")}
    return st.one_of(*(objects(shape["required"] | kind, **shape["optional"]) for shape in _shapes(version)))


def statements(version: Version = "2.0.0") -> SearchStrategy[Json]:
    """Valid statements about activities, agents, groups, references and sub-statements."""
    versions = ("1.0.0", "1.0", "1.0.9") if version == "1.0.3" else ("2.0.0", "2.0.1", "1.0.3")
    whole = {
        "id": uuids,
        "stored": timestamps(version),
        "authority": authorities,
        "version": st.sampled_from(versions),
    }
    shapes = [*_shapes(version), _about(sub_statements(version), version)]
    return st.one_of(*(objects(shape["required"], **shape["optional"], **whole) for shape in shapes))
